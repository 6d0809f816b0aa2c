-- An answer that told of an erased person becomes another one: a repetition is still no second request.
-- in  key text, reply text
-- none
update idempotency_keys
   set status = 404, type = 'application/problem+json', head = null, reply = :reply,
       request_hash = sha256(uuid_send(gen_random_uuid()))
 where tenant_id = current_tenant() and key = :key and reply is not null;
