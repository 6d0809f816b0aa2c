-- One do-not-call list as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select dnc_list_json(c) as doc from dnc_lists c where c.tenant_id = current_tenant() and c.id = :id;
