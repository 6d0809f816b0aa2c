-- Telling a number its URLs has failed: again in a quarter of an hour.
-- in  id uuid
-- none
update number_health set apply_at = now() + interval '15 minutes'
 where tenant_id = current_tenant() and number_id = :id and apply_at is not null;
