-- Logins of other systems: whose tokens are believed, and which user of ours a token means. Keys of machines: what they
-- are for, until when, and when they were last used.
set local role switchhook_owner;

alter table users add column external_id text collate "C" check (length(external_id) between 1 and 255);
alter table users add constraint users_external unique (tenant_id, external_id);
comment on column users.external_id is 'the CRM''s own name for the user: what sub says in its tokens';

create table identity_providers (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    issuer     text        not null collate "C" check (length(issuer) between 1 and 500),
    audience   text        not null collate "C" check (length(audience) between 1 and 500),
    kind       text        not null check (kind in ('secret', 'jwks')),
    secret     text        check (secret ~ '^enc[12]\|'),
    jwks_url   text        check (jwks_url ~ '^https?://' and length(jwks_url) <= 500),
    claim      text        not null default 'sub' check (claim in ('sub', 'email')),
    created_at timestamptz not null default now(),
    unique (issuer, audience),
    check ((kind = 'secret') = (secret is not null)),
    check ((kind = 'jwks') = (jwks_url is not null))
);
comment on column identity_providers.issuer is
    'iss; with the audience unique in the installation, for a token carries nothing else that tells whose it is';
comment on column identity_providers.kind is
    'secret: HS256 with a shared secret; jwks: RS256 or ES256 with the keys at jwks_url';
comment on column identity_providers.claim is
    'what names the user: sub is users.external_id, email is users.email';
call tenant_table('identity_providers');

-- Who issues this: asked before a tenant is known, so it cannot be a plain select under row level security.
create function identity_find(wanted text)
    returns table (id uuid, tenant_id uuid, audience text, secret text, jwks_url text, claim text)
    language sql stable security definer set search_path = pg_catalog, public as $$
    select p.id, p.tenant_id, p.audience, p.secret, p.jwks_url, p.claim
      from public.identity_providers p join public.tenants t on t.id = p.tenant_id and t.disabled_at is null
     where p.issuer = wanted
     order by p.audience
     limit 32
$$;
create policy find_identity on identity_providers for select to switchhook_owner using (true);
revoke execute on function identity_find from public;
grant execute on function identity_find to switchhook_app;

-- The words a key may carry; null: whatever its role may do.
alter table api_keys add column scopes text check (scopes ~ ('^(admin|[a-z_]{1,30}:(read|write))'
                                                             '( (admin|[a-z_]{1,30}:(read|write)))*$'));
comment on column api_keys.scopes is '"calls:read calls:write"; admin: everything; null: whatever the role may do';

-- Whose key is this; notes, once a minute, that it is used.
create function api_key_use(wanted text, hash bytea)
    returns table (tenant_id uuid, role text, scopes text) language sql volatile security definer
    set search_path = pg_catalog, public as $$
    with k as (
        select k.id, k.tenant_id, k.role, k.scopes
          from public.api_keys k join public.tenants t on t.id = k.tenant_id
         where k.prefix = wanted and k.secret_hash = hash and k.revoked_at is null
           and (k.expires_at is null or k.expires_at > now()) and t.disabled_at is null
    ), used as (
        update public.api_keys a
           set last_used_at = now()
          from k
         where a.id = k.id and (a.last_used_at is null or a.last_used_at < now() - interval '1 minute')
    )
    select k.tenant_id, k.role, k.scopes from k
$$;
create policy use_key on api_keys for update to switchhook_owner using (true);
revoke execute on function api_key_use from public;
grant execute on function api_key_use to switchhook_app;
