-- Logins of people: a cookie holds 256 random bits, the table only their hash.
set local role switchhook_owner;

create table sessions (
    token_hash bytea       primary key check (length(token_hash) = 32),
    tenant_id  uuid        not null references tenants,
    user_id    uuid        not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    origin     text        check (length(origin) <= 100)
);
comment on column sessions.token_hash is 'SHA-256 of the cookie''s value, which is kept nowhere';
comment on column sessions.origin     is 'address the login came from';
create index sessions_user on sessions (user_id);

-- Who logs in: asked before a tenant is known, so it cannot be a plain select under row level security.
create function login_find(wanted text)
    returns table (id uuid, tenant_id uuid, role text, email text, password_hash text)
    language sql stable security definer set search_path = pg_catalog, public as $$
    select u.id, u.tenant_id, u.role, u.email, u.password_hash
      from public.users u join public.tenants t on t.id = u.tenant_id
     where u.email = lower(wanted) and u.disabled_at is null and t.disabled_at is null
$$;

-- Whose session is this.
create function session_find(hash bytea)
    returns table (user_id uuid, tenant_id uuid, role text) language sql stable security definer
    set search_path = pg_catalog, public as $$
    select u.id, u.tenant_id, u.role
      from public.sessions s
      join public.users u on u.id = s.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where s.token_hash = hash and s.expires_at > now()
$$;

call tenant_table('sessions');
create policy find_session on sessions for select to switchhook_owner using (true);
create policy find_user    on users    for select to switchhook_owner using (true);
revoke execute on function login_find   from public;
revoke execute on function session_find from public;
grant execute on function login_find   to switchhook_app;
grant execute on function session_find to switchhook_app;
