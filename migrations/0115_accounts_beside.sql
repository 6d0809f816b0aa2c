-- Several accounts in one browser: who its sessions are, of whatever tenant.
set local role switchhook_owner;

-- Asked with digests of secrets that only their holder has: whoever holds one is who it names. At most five are looked
-- at, the one in use and four beside it. Looking is not using: a session that nobody uses ends on time.
create function sessions_beside(hashes bytea[])
    returns table (place bigint, session_id uuid, expires_at timestamptz, user_id uuid, email text, name text,
                   role text, tenant_id uuid, tenant_name text)
    language sql stable security definer set search_path = pg_catalog, public as $$
    select w.place, s.id, least(s.expires_at, s.seen_at + interval '30 minutes'), u.id, u.email, u.name, u.role,
           t.id, t.name
      from unnest(hashes[1:5]) with ordinality as w (hash, place)
      join public.sessions s on s.token_hash = w.hash
      join public.users u on u.id = s.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where public.session_alive(s)
     order by w.place
$$;
revoke execute on function sessions_beside from public;
grant execute on function sessions_beside to switchhook_app;
