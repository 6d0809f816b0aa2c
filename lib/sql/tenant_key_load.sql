-- The key the tenant's secrets are sealed with, itself sealed. No row: it has none yet, or was shredded.
-- out sealed text?
-- maybe
select sealed from tenant_keys where tenant_id = current_tenant();
