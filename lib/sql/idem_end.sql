-- Keeps the answer that an attempt has come to.
-- in  key text, attempt uuid, status int, type text?, head text?, reply text
-- none
update idempotency_keys
   set status = :status, type = :type, head = :head, reply = :reply
 where tenant_id = current_tenant() and key = :key and attempt = :attempt and status is null;
