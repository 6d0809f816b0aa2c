-- One of the tenant's rules for alerts, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select rule_json(r) as doc from alert_rules r where r.tenant_id = current_tenant() and r.id = :id;
