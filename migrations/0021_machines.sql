-- Keys, limits and the audit as the API shows them; what was deleted and lives on in history; tenants without a key.
set local role switchhook_owner;

alter table clients   add column deleted_at timestamptz;
alter table campaigns add column deleted_at timestamptz;
comment on column clients.deleted_at   is 'not null: gone for everybody but the calls of that time';
comment on column campaigns.deleted_at is 'not null: gone for everybody but the calls of that time';
alter table clients   add check (deleted_at is null or external_id is null);
alter table campaigns add check (deleted_at is null or external_id is null);

alter table tenants add column shredded_at timestamptz;
comment on column tenants.shredded_at is
    'when the tenant''s key was deleted: its secrets do not open again, and it gets no other key';

create index api_keys_newest on api_keys (tenant_id, created_at desc, id desc);
create index audit_entries_actor  on audit_entries (tenant_id, actor, seq);
create index audit_entries_object on audit_entries (tenant_id, object, seq);

create function key_json(k api_keys) returns json language sql stable as $$
    select json_build_object(
        'id', k.id, 'prefix', k.prefix, 'name', k.name, 'role', k.role, 'scopes', k.scopes,
        'test', starts_with(k.prefix, 'shk_test_'),
        'state', case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired'
                      else 'active' end,
        'created_at', rfc3339(k.created_at), 'last_used_at', rfc3339(k.last_used_at),
        'expires_at', rfc3339(k.expires_at), 'revoked_at', rfc3339(k.revoked_at))
$$;

-- What a tenant may call and ask for. null: no limit.
create function limits_json(t tenants) returns json language sql stable as $$
    select json_build_object(
        'countries', string_to_array(t.dial_countries, ' '),
        'blocked_prefixes', coalesce(string_to_array(t.dial_blocked_prefixes, ' '), '{}'),
        'per_second', t.dial_per_second, 'concurrent', t.dial_concurrent, 'minutes_per_day', t.dial_minutes_per_day,
        'money_per_day', t.dial_money_per_day::text, 'stopped', t.dial_stopped_at is not null,
        'stopped_at', rfc3339(t.dial_stopped_at), 'requests_per_minute', t.requests_per_minute,
        'key_requests_per_minute', t.key_requests_per_minute)
$$;

-- An entry of the audit; old and new are what was and what is, detail all that is said besides.
create function audit_json(e audit_entries) returns json language sql stable as $$
    select json_build_object(
        'id', e.id, 'seq', e.seq, 'created_at', rfc3339(e.created_at), 'actor', e.actor,
        'actor_name', case split_part(e.actor, ':', 1)
            when 'user' then (select u.email from users u
                               where u.tenant_id = e.tenant_id and u.id::text = split_part(e.actor, ':', 2))
            when 'key' then (select k.name from api_keys k
                              where k.tenant_id = e.tenant_id and k.prefix = split_part(e.actor, ':', 2)) end,
        'origin', e.origin, 'action', e.action, 'object', e.object, 'old', e.detail -> 'old', 'new', e.detail -> 'new',
        'detail', e.detail - 'old' - 'new')
$$;

-- Whose link is this, and whose tenant's: asked before a tenant is known.
create function link_owner(hash bytea)
    returns table (user_id uuid, tenant_id uuid, email text, tenant text) language sql stable security definer
    set search_path = pg_catalog, public as $$
    select f.user_id, f.tenant_id, f.email, t.name
      from public.link_find(hash) f
      join public.tenants t on t.id = f.tenant_id
$$;
revoke execute on function link_owner from public;
grant execute on function link_owner to switchhook_app;
