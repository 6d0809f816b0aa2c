-- One of the tenant's API keys, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select key_json(k) as doc from api_keys k where k.tenant_id = current_tenant() and k.id = :id;
