-- What a tenant decides for itself: settings, whose pages may call us, and the key its secrets are sealed with.
set local role switchhook_owner;

-- Pages elsewhere that may use the API from a browser: exact origins, no patterns.
create table tenant_origins (
    tenant_id  uuid        not null references tenants,
    origin     text        not null collate "C" check (length(origin) <= 255
                           and origin ~ '^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$'),
    created_at timestamptz not null default now(),
    primary key (origin, tenant_id)
);
comment on column tenant_origins.origin is 'scheme, host and port as a browser sends them in Origin, lower case';
call tenant_table('tenant_origins');

-- A browser asks for leave before it says who asks: may any tenant's page be this one?
create function origin_known(wanted text) returns boolean language sql stable security definer
    set search_path = pg_catalog, public as
    $$ select exists (select from public.tenant_origins o where o.origin = wanted) $$;
create policy find_origin on tenant_origins for select to switchhook_owner using (true);
revoke execute on function origin_known from public;
grant execute on function origin_known to switchhook_app;

-- The key a tenant's secrets are sealed with, itself sealed by a master key. Deleting the row makes all of them noise,
-- in backups as well.
create table tenant_keys (
    tenant_id  uuid        primary key references tenants,
    sealed     text        not null check (sealed like 'enc1|%'),
    created_at timestamptz not null default now(),
    rotated_at timestamptz
);
comment on column tenant_keys.rotated_at is 'when a newer master key took it over';
call tenant_table('tenant_keys');
call ingest_table('tenant_keys', 'select (tenant_id, sealed)');

alter table twilio_configurations drop constraint twilio_configurations_auth_token_check;
alter table twilio_configurations drop constraint twilio_configurations_auth_token_secondary_check;
alter table twilio_configurations drop constraint twilio_configurations_api_key_secret_check;
alter table twilio_configurations add check (auth_token ~ '^enc[12]\|');
alter table twilio_configurations add check (auth_token_secondary ~ '^enc[12]\|');
alter table twilio_configurations add check (api_key_secret ~ '^enc[12]\|');

-- Settings as the API shows them; settings_default() is what null gives back, and agrees with the columns' defaults.
create function settings_json(t tenants) returns json language sql stable as $$
    select json_build_object(
        'name', t.name, 'time_zone', t.time_zone, 'country', t.country, 'language', t.language, 'voice', t.voice,
        'greeting', t.greeting, 'connecting', t.connecting, 'disclosure_mode', t.disclosure_mode,
        'disclosure', t.disclosure, 'unanswered', t.unanswered, 'record', t.record, 'transcribe', t.transcribe,
        'transcribe_over_seconds', t.transcribe_over_seconds, 'ring_timeout_seconds', t.ring_timeout_seconds,
        'default_number', t.default_number)
$$;

create function settings_default() returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'time_zone', 'UTC', 'country', 'GB', 'language', 'en-GB', 'voice', null,
        'greeting', 'Thank you for calling. Connecting you now.', 'connecting', 'Connecting your call...',
        'disclosure_mode', 'announce', 'disclosure', 'This call is recorded.',
        'unanswered', 'Sorry, nobody can take your call at the moment. Goodbye.', 'record', true, 'transcribe', true,
        'transcribe_over_seconds', 10, 'ring_timeout_seconds', 25, 'default_number', null)
$$;

-- A tenant's account at Twilio without its secrets.
create function twilio_json(c twilio_configurations) returns json language sql stable as $$
    select json_build_object(
        'account_sid', c.account_sid, 'auth_token_set', true,
        'auth_token_secondary_set', c.auth_token_secondary is not null, 'api_key_sid', c.api_key_sid,
        'api_key_secret_set', c.api_key_secret is not null, 'twiml_app_sid', c.twiml_app_sid, 'region', c.region,
        'edge', c.edge, 'updated_at', rfc3339(c.updated_at))
$$;
