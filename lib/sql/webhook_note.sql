-- How an attempt at a delivery ended, and what becomes of it: delivered; retry, after delay_ms; failed, which also
-- turns the endpoint off and tells its admins; dropped, when there was none (duration_ms null). No row: the lease was
-- lost.
-- in  job uuid, token bigint, delivery uuid, verdict text, status int?, duration_ms int?, response text, error text?
-- in  delay_ms bigint
-- out held bool
-- maybe
with j as (
    update jobs
       set state        = case when :verdict = 'retry' then 'waiting' else 'done' end,
           finished_at  = case when :verdict <> 'retry' then now() end,
           due_at       = case when :verdict = 'retry' then now() + :delay_ms * interval '1 millisecond'
                               else due_at end,
           leased_until = null,
           attempts     = 0,
           reason       = left(:error, 500)
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), d as (
    update webhook_deliveries d
       set attempts = d.attempts + case when :duration_ms is null then 0 else 1 end,
           state    = case when :verdict = 'retry' then 'waiting' else :verdict end,
           ended_at = case when :verdict <> 'retry' then now() end
      from j
     where d.tenant_id = j.tenant_id and d.id = :delivery
    returning d.id, d.tenant_id, d.endpoint_id, d.attempts
), t as (
    insert into webhook_attempts (delivery_id, tenant_id, n, status, duration_ms, response, error)
    select d.id, d.tenant_id, d.attempts, :status, :duration_ms, :response, left(:error, 500)
      from d
     where :duration_ms is not null
), e as (
    update webhook_endpoints e
       set enabled = false, disabled_at = now(),
           disabled_reason = left(case when :status = 410 then 'it answered 410'
                                       else d.attempts || ' attempts failed: ' || :error end, 500)
      from d
     where e.id = d.endpoint_id and e.tenant_id = d.tenant_id and :verdict = 'failed' and e.enabled
    returning e.id, e.url, e.disabled_reason
)
select true as held from j;
