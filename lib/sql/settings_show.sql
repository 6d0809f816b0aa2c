-- The tenant's settings as the API shows them.
-- out doc json
-- one
select settings_json(t) as doc from tenants t where t.id = current_tenant();
