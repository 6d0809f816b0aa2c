-- The address of who asks, and the tenant's name. A key has no address.
-- in  user_id uuid?
-- out email text?, tenant text
-- one
select (select u.email from users u where u.tenant_id = t.id and u.id = :user_id and u.disabled_at is null) as email,
       t.name as tenant
  from tenants t
 where t.id = current_tenant();
