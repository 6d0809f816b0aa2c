-- A job is done and there was nothing to write, or it is written already. No row: the lease was lost.
-- in  id uuid, token bigint
-- out held bool
-- maybe
update jobs
   set state = 'done', finished_at = now(), leased_until = null, reason = null
 where id = :id and token = :token and state = 'running'
returning true as held;
