-- A session that was held beside another is the one in use from now on; its time stays as it is. No row: it is over.
-- in  id uuid, origin text, agent text, csrf text
-- out doc json
-- maybe
with s as (
    update sessions s set seen_at = now()
     where s.tenant_id = current_tenant() and s.id = :id and session_alive(s)
    returning s.id, s.user_id, s.expires_at
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, 'user:' || s.user_id, 'session.switch', s.id::text,
           json_build_object('new', json_build_object('id', s.id, 'agent', left(:agent, 200))), left(:origin, 100), ''
      from s
)
select json_build_object('user', json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role),
                         'session_id', s.id, 'expires_at', rfc3339(s.expires_at), 'csrf_token', :csrf) as doc
  from s
  join users u on u.id = s.user_id;
