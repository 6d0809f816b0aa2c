-- Who asks: the user and the session, or the key, with the tenant.
-- in  user_id uuid?, session_id uuid?, key text?, role text, csrf text?
-- out doc json
-- one
select json_build_object(
           'user', (select user_json(u) from users u where u.tenant_id = t.id and u.id = :user_id),
           'key', :key, 'role', :role,
           'tenant', json_build_object('id', t.id, 'name', t.name, 'time_zone', t.time_zone, 'language', t.language,
                                       'country', t.country),
           'phone', (select json_build_object('caller_id', browser_caller_id(:user_id, null),
                                              'caller_ids', browser_caller_ids(:user_id),
                                              'wrap_up_seconds', t.wrap_up_seconds,
                                              'disposition_required', t.disposition_required)
                      where :user_id is not null),
           'session', (select json_build_object('id', s.id, 'expires_at', rfc3339(s.expires_at))
                         from sessions s where s.tenant_id = t.id and s.id = :session_id),
           'csrf_token', :csrf) as doc
  from tenants t
 where t.id = current_tenant();
