-- The same as the API's document.
-- in  hashes bytea
-- out doc json
-- one
select json_build_object('data', coalesce(json_agg(json_build_object(
           'session_id', b.session_id, 'expires_at', rfc3339(b.expires_at),
           'user', json_build_object('id', b.user_id, 'email', b.email, 'name', b.name, 'role', b.role),
           'tenant', json_build_object('id', b.tenant_id, 'name', b.tenant_name)) order by b.place), '[]')) as doc
  from sessions_beside(array(select substring(:hashes from 32 * i + 1 for 32)
                               from generate_series(0, length(:hashes) / 32 - 1) i order by i)) b;
