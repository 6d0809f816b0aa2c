-- Tenants whose stored metadata have not yet followed their option. Needs no tenant.
-- out id uuid
-- many
select m.tenant_id as id
  from metadata_sealing m
  join tenants t on t.id = m.tenant_id
 where m.done_at is null and t.disabled_at is null
 order by m.tenant_id
 limit 10000;
