-- What was last found out about a number at Twilio. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select number_health_json(n) as doc
  from numbers n
 where n.tenant_id = current_tenant() and n.id = :id and n.released_at is null;
