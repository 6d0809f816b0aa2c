-- One of the tenant's webhook endpoints, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select endpoint_json(e) as doc from webhook_endpoints e where e.tenant_id = current_tenant() and e.id = :id;
