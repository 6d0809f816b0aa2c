-- Answers that are kept for repeated requests, behind a key.
-- in  after text, max int
-- out key text, reply text
-- many
select key, reply from idempotency_keys
 where tenant_id = current_tenant() and key > :after and reply is not null
 order by key
 limit :max;
