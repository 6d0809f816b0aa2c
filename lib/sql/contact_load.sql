-- One of the tenant's contacts, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select contact_json(c) as doc from contacts c where c.tenant_id = current_tenant() and c.id = :id;
