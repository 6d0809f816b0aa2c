-- The session of a phone inside another page.
-- in  user_id uuid, hash bytea, seconds int, remote text, agent text, page text
-- out doc json?
-- maybe
with s as (
    insert into sessions (token_hash, tenant_id, user_id, expires_at, origin, agent)
    select :hash, current_tenant(), id, now() + make_interval(secs => :seconds::int), left(:remote, 100),
           left(:agent, 200)
      from users
     where id = :user_id and tenant_id = current_tenant()
    returning id, user_id, expires_at
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, 'user:' || s.user_id, 'session.open', s.id::text,
           json_build_object('new', json_build_object('id', s.id, 'agent', left(:agent, 200), 'page', :page)),
           left(:remote, 100), ''
      from s
)
select json_build_object('origin', :page, 'user_id', s.user_id, 'session_id', s.id,
                         'expires_at', rfc3339(s.expires_at)) as doc
  from s;
