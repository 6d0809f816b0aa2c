-- One of the tenant's webhook deliveries, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select delivery_json(d) as doc from webhook_deliveries d where d.tenant_id = current_tenant() and d.id = :id;
