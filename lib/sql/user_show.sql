-- One user of the tenant as the API shows him, by id or e-mail address.
-- in  id uuid?, email text?
-- out doc json
-- maybe
select user_json(u) as doc
  from users u
 where u.tenant_id = current_tenant() and (u.id = :id or u.email = lower(:email));
