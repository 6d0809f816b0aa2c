-- Who asks: the user and the session, or the key, with the tenant.
-- in  user_id uuid?, session_id uuid?, key text?, role text, csrf text?
-- out doc json
-- one
select json_build_object(
           'user', (select user_json(u) from users u where u.tenant_id = t.id and u.id = :user_id),
           'key', :key, 'role', :role,
           'tenant', json_build_object('id', t.id, 'name', t.name, 'time_zone', t.time_zone, 'language', t.language),
           'session', (select json_build_object('id', s.id, 'expires_at', rfc3339(s.expires_at))
                         from sessions s where s.tenant_id = t.id and s.id = :session_id),
           'csrf_token', :csrf) as doc
  from tenants t
 where t.id = current_tenant();
