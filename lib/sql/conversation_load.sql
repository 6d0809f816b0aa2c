-- One of the tenant's conversations, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select conversation_json(c) as doc from conversations c where c.tenant_id = current_tenant() and c.id = :id;
