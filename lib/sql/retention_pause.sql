-- Gives the job of a run back, to be taken again at once: others have their turn. held is false: the lease was lost.
-- in  job uuid, token bigint
-- out held bool
-- one
with j as (
    update jobs set state = 'waiting', due_at = now(), leased_until = null, attempts = greatest(attempts - 1, 0)
     where id = :job and token = :token and state = 'running'
    returning id
)
select exists (select from j) as held;
