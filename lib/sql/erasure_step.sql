-- One step of an erasure (erasure_step()). at null: the next calls. n 0: nothing was left of it. No row: the lease was
-- lost.
-- in  job uuid, token bigint, erasure uuid, at int?, numbers jsonb, words jsonb, max int
-- out n bigint
-- maybe
with j as materialized (
    select id from jobs where id = :job and token = :token and state = 'running' for no key update
)
select erasure_step(:erasure, :at, array(select jsonb_array_elements_text(:numbers)),
                    array(select jsonb_array_elements_text(:words)), :max) as n
  from j;
