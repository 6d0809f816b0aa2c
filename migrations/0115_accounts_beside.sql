-- Several accounts in one browser: who its sessions are, of whatever tenant.
set local role switchhook_owner;

-- Asked with digests of secrets that only their holder has: whoever holds one is who it names. At most five are looked
-- at, the one in use and four beside it. The browser that asks is in use, and with it all that it holds.
create function sessions_beside(hashes bytea[])
    returns table (place bigint, session_id uuid, expires_at timestamptz, user_id uuid, email text, name text,
                   role text, tenant_id uuid, tenant_name text)
    language sql volatile security definer set search_path = pg_catalog, public as $$
    with stale as (
        select s.id from public.sessions s
         where s.token_hash = any (hashes[1:5]) and s.seen_at < now() - interval '1 minute' and public.session_alive(s)
         order by s.id for no key update
    ), seen as (
        update public.sessions s set seen_at = now() from stale where s.id = stale.id returning s.id, s.seen_at
    )
    select w.place, s.id, least(s.expires_at, coalesce(seen.seen_at, s.seen_at) + interval '30 minutes'),
           u.id, u.email, u.name, u.role, t.id, t.name
      from unnest(hashes[1:5]) with ordinality as w (hash, place)
      join public.sessions s on s.token_hash = w.hash
      left join seen on seen.id = s.id
      join public.users u on u.id = s.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where public.session_alive(s)
     order by w.place
$$;
revoke execute on function sessions_beside from public;
grant execute on function sessions_beside to switchhook_app;
