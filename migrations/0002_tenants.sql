-- Tenants, the settings they share with all they own, and their accounts at Twilio.
set local role switchhook_owner;

-- The tenant of this transaction. Unset and empty both mean nobody: policies then hide every row.
create function current_tenant() returns uuid language sql stable as
    $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;

-- A version 7 UUID (RFC 9562): 48 bits of milliseconds, then random; sorts by time.
create function uuid7() returns uuid language sql volatile as $$
    select encode(set_byte(overlay(b placing substring(int8send(ms) from 3) from 1 for 6),
                           6, get_byte(b, 6) & 15 | 112), 'hex')::uuid
      from (select uuid_send(gen_random_uuid()) as b,
                   floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms) as parts
$$;

create domain e164 as text collate "C" check (value ~ '^\+[1-9][0-9]{6,14}$');

create table tenants (
    id                      uuid        primary key default uuid7(),
    name                    text        not null check (length(name) between 1 and 200),
    time_zone               text        not null default 'UTC' check (length(time_zone) between 1 and 64),
    country                 text        not null default 'GB' check (country ~ '^[A-Z]{2}$'),
    language                text        not null default 'en-GB' check (length(language) between 2 and 20),
    voice                   text        check (length(voice) between 1 and 100),
    greeting                text        not null default 'Thank you for calling. Connecting you now.'
                                        check (length(greeting) <= 4096),
    connecting              text        not null default 'Connecting your call...' check (length(connecting) <= 4096),
    disclosure_mode         text        not null default 'announce' check (disclosure_mode in ('off', 'announce')),
    disclosure              text        not null default 'This call is recorded.' check (length(disclosure) <= 4096),
    unanswered              text        not null default 'Sorry, nobody can take your call at the moment. Goodbye.'
                                        check (length(unanswered) <= 4096),
    record                  boolean     not null default true,
    transcribe              boolean     not null default true,
    transcribe_over_seconds integer     not null default 10 check (transcribe_over_seconds >= 0),
    ring_timeout_seconds    integer     not null default 25 check (ring_timeout_seconds between 5 and 600),
    default_number          e164,
    disabled_at             timestamptz,
    created_at              timestamptz not null default now()
);
comment on column tenants.transcribe_over_seconds is 'a recording of exactly so many seconds is still too short';
comment on column tenants.default_number is 'caller ID of outbound calls whose user has none';
comment on column tenants.disclosure is 'said before a recorded call is connected, when disclosure_mode is announce';

-- Secrets are sealed by lib/seal.c (enc1|...); the database never sees them in the clear.
create table twilio_configurations (
    tenant_id            uuid        primary key references tenants,
    account_sid          text        not null collate "C" unique check (account_sid ~ '^AC[0-9a-f]{32}$'),
    auth_token           text        not null check (auth_token like 'enc1|%'),
    auth_token_secondary text        check (auth_token_secondary like 'enc1|%'),
    api_key_sid          text        check (api_key_sid ~ '^SK[0-9a-f]{32}$'),
    api_key_secret       text        check (api_key_secret like 'enc1|%'),
    twiml_app_sid        text        check (twiml_app_sid ~ '^AP[0-9a-f]{32}$'),
    region               text        check (region ~ '^[a-z]{2}[0-9]$'),
    edge                 text        check (edge ~ '^[a-z-]{2,40}$'),
    api_base_url         text        check (api_base_url ~ '^https?://'),
    updated_at           timestamptz not null default now()
);
comment on column twilio_configurations.account_sid is
    'unique in the installation: a webhook carries nothing else that tells whose it is';
comment on column twilio_configurations.auth_token_secondary is
    'accepted on webhooks while a token is rotated, https://www.twilio.com/docs/iam/api/authtoken';

-- Logins for reports, each bound to one tenant by its role name, which the session cannot change.
create table tenant_readers (
    role_name name primary key,
    tenant_id uuid not null references tenants
);

create function reader_tenant() returns uuid language sql stable security definer
    set search_path = pg_catalog, public as
    $$ select tenant_id from tenant_readers where role_name = session_user $$;

-- Every table with a tenant_id is closed the same way: forced row level security, the tenant of the transaction for the
-- programs, the tenant of the login for readers.
create procedure tenant_table(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy own_tenant on %s to switchhook_app using (tenant_id = current_tenant())', name);
    execute format('create policy own_reader on %s for select to switchhook_reader using (tenant_id = reader_tenant())',
                   name);
    execute format('grant select, insert, update, delete on %s to switchhook_app', name);
end $$;

-- What webhooks may touch besides: rows of every tenant, because a batch holds many. The statements join each row to
-- its tenant by themselves.
create procedure ingest_table(name regclass, grants text) language plpgsql as $$
begin
    execute format('create policy every_tenant on %s to switchhook_ingest using (true) with check (true)', name);
    execute format('grant %s on %s to switchhook_ingest', grants, name);
end $$;

alter table tenants enable row level security;
alter table tenants force  row level security;
create policy own_tenant on tenants to switchhook_app using (id = current_tenant());
create policy own_reader on tenants for select to switchhook_reader using (id = reader_tenant());
create policy every_tenant on tenants for select to switchhook_ingest using (true);
grant select, update on tenants to switchhook_app;
grant select on tenants to switchhook_reader;
grant select (id, language, voice, greeting, connecting, disclosure_mode, disclosure, unanswered, record,
              ring_timeout_seconds, default_number, disabled_at) on tenants to switchhook_ingest;

call tenant_table('twilio_configurations');
call ingest_table('twilio_configurations',
    'select (tenant_id, account_sid, auth_token, auth_token_secondary, updated_at)');

alter table tenant_readers enable row level security;
alter table tenant_readers force  row level security;
create policy own_row on tenant_readers for select to switchhook_owner using (role_name = session_user);
