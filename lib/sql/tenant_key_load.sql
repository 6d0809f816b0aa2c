-- The key the tenant's secrets are sealed with, itself sealed; null: it has none yet. shredded: nor will it get one.
-- out sealed text?, shredded bool
-- maybe
select k.sealed, t.shredded_at is not null as shredded
  from tenants t
  left join tenant_keys k on k.tenant_id = t.id
 where t.id = current_tenant();
