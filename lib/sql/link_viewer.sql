-- Does the viewer of a signed link still have the right it was made with? kind: session, user or key; id names it.
-- No row: the session is over, the user or key is closed, or the role is another.
-- in  kind text, id text, role text
-- out user_id uuid?, role text, scopes text?
-- maybe
select v.user_id, v.role, v.scopes
  from (select u.id as user_id, u.role, null::text as scopes
          from users u
         where u.tenant_id = current_tenant() and u.disabled_at is null
           and u.id = case when :kind = 'session'
                           then (select s.user_id from sessions s
                                  where s.id = :id::uuid and s.tenant_id = current_tenant() and session_alive(s))
                           when :kind = 'user' then :id::uuid end
        union all
        select null, k.role, k.scopes
          from api_keys k
         where :kind = 'key' and k.tenant_id = current_tenant() and k.prefix = :id and k.revoked_at is null
           and (k.expires_at is null or k.expires_at > now())) v
  join tenants t on t.id = current_tenant() and t.disabled_at is null
 where v.role = :role;
