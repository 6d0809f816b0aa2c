-- One request that costs money is about to be sent for a job: the row is there before the first byte leaves. Renews
-- the lease. No row: the lease was lost, and nothing may be sent.
-- in  job uuid, token bigint, recording uuid, purpose text, model text, seconds int?, lease int
-- out id uuid
-- maybe
with j as (
    update jobs set leased_until = now() + make_interval(secs => :lease)
     where id = :job and token = :token and state = 'running'
    returning id, tenant_id
)
insert into ai_requests (tenant_id, recording_id, purpose, model, seconds, job_id, cost, currency)
select j.tenant_id, r.id, :purpose, :model, :seconds, j.id, c.cost, c.currency
  from j
  join recordings r on r.tenant_id = j.tenant_id and r.id = :recording and r.status = 'stored'
  left join model_cost(:purpose, :model, :seconds) c on true
returning id;
