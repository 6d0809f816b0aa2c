-- One of the tenant's numbers, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select number_json(c) as doc
  from numbers c
 where c.tenant_id = current_tenant() and c.id = :id and c.released_at is null;
