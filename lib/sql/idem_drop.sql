-- Forgets an attempt that has done nothing: its key may be used again.
-- in  key text, attempt uuid
-- none
delete from idempotency_keys
 where tenant_id = current_tenant() and key = :key and attempt = :attempt and status is null;
