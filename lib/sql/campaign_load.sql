-- One of the tenant's campaigns, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select campaign_json(c) as doc from campaigns c
 where c.tenant_id = current_tenant() and c.id = :id and c.deleted_at is null;
