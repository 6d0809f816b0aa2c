-- One erasure. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select erasure_json(e) as doc from erasures e where e.tenant_id = current_tenant() and e.id = :id;
