-- The job of an erasure waits for something that is no failure. No row: the lease was lost.
-- in  job uuid, token bigint, seconds int, reason text
-- out held bool
-- maybe
update jobs
   set state = 'waiting', attempts = 0, leased_until = null, due_at = now() + make_interval(secs => :seconds),
       reason = :reason
 where id = :job and token = :token and state = 'running'
returning true as held;
