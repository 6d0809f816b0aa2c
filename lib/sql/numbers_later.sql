-- A look at all numbers has failed: again in an hour.
-- none
update tenants set numbers_checked_at = now() - interval '23 hours' where id = current_tenant();
