-- A run of retention by kind and client, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select retention_run_json(r, true) as doc
  from retention_runs r
 where r.tenant_id = current_tenant() and r.id = :id;
