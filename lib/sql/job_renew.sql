-- Keeps the lease of a job. No row: it was lost, and whoever holds it now goes on.
-- in  id uuid, token bigint, lease int
-- out held bool
-- maybe
update jobs
   set leased_until = now() + make_interval(secs => :lease)
 where id = :id and token = :token and state = 'running'
returning true as held;
