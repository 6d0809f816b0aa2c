-- One consent record as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select consent_json(c) as doc from consent_records c where c.tenant_id = current_tenant() and c.id = :id;
