-- One of the tenant's clients, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select client_json(c) as doc from clients c
 where c.tenant_id = current_tenant() and c.id = :id and c.deleted_at is null;
