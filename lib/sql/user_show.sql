-- One user of the tenant as the API shows him.
-- in  id uuid
-- out doc json
-- maybe
select user_json(u) as doc
  from users u
 where u.tenant_id = current_tenant() and u.id = :id;
