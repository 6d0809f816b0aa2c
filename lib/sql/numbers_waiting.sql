-- The tenant's numbers that wait to be told their URLs, longest first.
-- out id uuid
-- many
select h.number_id as id
  from number_health h
  join numbers n on n.id = h.number_id and n.released_at is null
 where h.tenant_id = current_tenant() and h.apply_at <= now()
 order by h.apply_at, h.number_id
 limit 20000;
