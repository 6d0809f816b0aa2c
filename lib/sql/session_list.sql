-- A user's sessions, the last used first, as the API's document.
-- in  user_id uuid, current uuid?
-- out doc json
-- one
select json_build_object(
           'data', coalesce(json_agg(json_build_object(
                       'id', s.id, 'current', s.id is not distinct from :current, 'origin', s.origin, 'agent', s.agent,
                       'created_at', rfc3339(s.created_at), 'seen_at', rfc3339(s.seen_at),
                       'expires_at', rfc3339(least(s.expires_at, s.seen_at + interval '30 minutes')))
                   order by s.seen_at desc, s.id), '[]'),
           'next_cursor', null) as doc
  from (select x.id, x.origin, x.agent, x.created_at, x.seen_at, x.expires_at
          from sessions x
         where x.tenant_id = current_tenant() and x.user_id = :user_id and session_alive(x)
         order by x.seen_at desc, x.id
         limit 100) s;
