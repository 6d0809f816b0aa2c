-- What the tenant may call and ask for.
-- out doc json
-- one
select limits_json(t) as doc from tenants t where t.id = current_tenant();
