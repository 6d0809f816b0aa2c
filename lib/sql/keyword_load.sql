-- One of the tenant's keywords, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select keyword_json(k) as doc from keywords k
 where k.tenant_id = current_tenant() and k.id = :id;
