-- A job did not succeed. retry: waits delay_s, or 2^attempts seconds (half to one and a half of it) up to an hour,
-- and is dead after max attempts; park: waits for a cure and the attempt does not count; dead: is not tried again.
-- Whoever looks after it is alarmed once for all jobs of one cause. No row: the lease was lost.
-- in  id uuid, token bigint, fate text, reason text, delay_s int?, max int, cause text?
-- out state text
-- maybe
with j as (
    update jobs
       set state        = case when :fate = 'park' then 'parked'
                               when :fate = 'dead' or attempts >= :max then 'dead'
                               else 'waiting' end,
           finished_at  = case when :fate = 'dead' or (:fate = 'retry' and attempts >= :max) then now() end,
           attempts     = attempts - case when :fate = 'park' then 1 else 0 end,
           due_at       = now() + make_interval(secs => coalesce(
                              :delay_s, least(3600, power(2, attempts) * (0.5 + random())))),
           leased_until = null,
           reason       = left(:reason, 500),
           cause        = :cause
     where id = :id and token = :token and state = 'running'
    returning tenant_id, state, cause, reason
), alarm as (
    insert into alarms (tenant_id, cause, reason)
    select j.tenant_id, j.cause, j.reason from j where j.state in ('parked', 'dead') and j.cause is not null
    on conflict (cause, tenant_id) where cleared_at is null
       do update set n = alarms.n + 1, last_at = now(), reason = excluded.reason
)
select state from j;
