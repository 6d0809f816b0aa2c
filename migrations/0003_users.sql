-- People, machines, and what a person's phone does.
set local role switchhook_owner;

create table users (
    id            uuid        primary key default uuid7(),
    tenant_id     uuid        not null references tenants,
    email         text        not null unique
                              check (email = lower(email) and length(email) between 3 and 254 and email like '%_@_%'),
    name          text        not null default '' check (length(name) <= 200),
    role          text        not null check (role in ('admin', 'manager', 'agent', 'viewer')),
    password_hash text        check (password_hash like '$scrypt$%'),
    forward_to    e164,
    disabled_at   timestamptz,
    created_at    timestamptz not null default now(),
    unique (id, tenant_id)
);
comment on column users.email is 'lower case and unique in the installation: SQL that finds a user by it must find one';
comment on column users.forward_to is 'the phone that rings for this user when no browser does';

create view profiles with (security_invoker = true) as
    select id, id as user_id, tenant_id, email, name, role from users;

create table user_voip_settings (
    user_id               uuid primary key references users on delete cascade,
    tenant_id             uuid not null references tenants,
    assigned_phone_number e164,
    caller_id_number      e164,
    auto_record           boolean not null default true,
    auto_transcribe       boolean not null default true
);
comment on table user_voip_settings is 'written by page, API and by plain SQL that names no tenant';
create index user_voip_settings_number on user_voip_settings (assigned_phone_number, tenant_id);

-- SQL that was written for one tenant knows the user alone.
create function user_voip_settings_tenant() returns trigger language plpgsql as $$
begin
    select tenant_id into new.tenant_id from users where id = new.user_id;
    return new;
end $$;
create trigger fill_tenant before insert or update of user_id on user_voip_settings
    for each row execute function user_voip_settings_tenant();

create table api_keys (
    id           uuid        primary key default uuid7(),
    tenant_id    uuid        not null references tenants,
    name         text        not null check (length(name) between 1 and 100),
    prefix       text        not null collate "C" unique check (prefix ~ '^shk_(live|test)_[0-9a-z]{12}$'),
    secret_hash  bytea       not null check (length(secret_hash) = 32),
    role         text        not null default 'admin' check (role in ('admin', 'manager', 'agent', 'viewer')),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    created_at   timestamptz not null default now()
);
comment on column api_keys.secret_hash is 'SHA-256 of the whole key; the key itself is shown once and kept nowhere';

-- Who is this key: asked before a tenant is known, so it cannot be a plain select under row level security.
create function api_key_find(wanted text, hash bytea)
    returns table (id uuid, tenant_id uuid, role text) language sql stable security definer
    set search_path = pg_catalog, public as $$
    select k.id, k.tenant_id, k.role
      from public.api_keys k join public.tenants t on t.id = k.tenant_id
     where k.prefix = wanted and k.secret_hash = hash and k.revoked_at is null
       and (k.expires_at is null or k.expires_at > now()) and t.disabled_at is null
$$;

call tenant_table('users');
call tenant_table('user_voip_settings');
call tenant_table('api_keys');
call ingest_table('users', 'select (id, tenant_id, forward_to, disabled_at)');
call ingest_table('user_voip_settings', 'select');
grant select on profiles to switchhook_app;
grant select (id, tenant_id, email, name, role, created_at) on users to switchhook_reader;
grant select on user_voip_settings, profiles to switchhook_reader;
create policy find_key on api_keys for select to switchhook_owner using (true);
create policy find_key on tenants for select to switchhook_owner using (true);
revoke execute on function api_key_find from public;
grant execute on function api_key_find to switchhook_app;
