-- Opens a session and forgets the user's that are over.
-- in  user_id uuid, hash bytea, seconds int, origin text
-- out doc json
-- one
with gone as (
    delete from sessions where user_id = :user_id and expires_at < now()
), s as (
    insert into sessions (token_hash, tenant_id, user_id, expires_at, origin)
    select :hash, current_tenant(), id, now() + make_interval(secs => :seconds::int), left(:origin, 100)
      from users
     where id = :user_id
    returning user_id, expires_at
)
select json_build_object('user', json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role),
                         'expires_at', rfc3339(s.expires_at)) as doc
  from s
  join users u on u.id = s.user_id;
