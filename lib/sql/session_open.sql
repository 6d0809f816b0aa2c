-- Opens a session: those of the user that nobody uses any more go. Notes that the user was here, and from where, in the
-- audit as well.
-- in  user_id uuid, email text, hash bytea, seconds int, origin text, agent text, csrf text
-- out doc json
-- one
with gone as (
    delete from sessions s where s.user_id = :user_id and not session_alive(s)
), s as (
    insert into sessions (token_hash, tenant_id, user_id, expires_at, origin, agent)
    select :hash, current_tenant(), id, now() + make_interval(secs => :seconds::int), left(:origin, 100),
           left(:agent, 200)
      from users
     where id = :user_id
    returning id, user_id, expires_at
), u as (
    update users set last_login_at = now() where id = :user_id returning id, email, name, role
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, 'user:' || s.user_id, 'session.open', s.id::text,
           json_build_object('new', json_build_object('id', s.id, 'agent', left(:agent, 200))), left(:origin, 100), ''
      from s
)
select json_build_object('user', json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role),
                         'session_id', s.id, 'expires_at', rfc3339(s.expires_at), 'csrf_token', :csrf) as doc
  from s
  join u on u.id = s.user_id
 cross join login_passed(:email, :origin);
