-- The first broken entry of each tenant's chain. For the operator, who sees them all.
-- out tenant_id uuid, seq bigint, why text
-- many
select tenant_id, seq, why from audit_broken() limit 1000;
