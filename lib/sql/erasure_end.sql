-- The end of a job's turn (erasure_end()). more: it waits for what is left. No row: the lease was lost.
-- in  job uuid, token bigint, erasure uuid, numbers jsonb
-- out more bool
-- maybe
with j as materialized (
    select id from jobs where id = :job and token = :token and state = 'running' for no key update
)
select erasure_end(:erasure, array(select jsonb_array_elements_text(:numbers))) as more from j;
