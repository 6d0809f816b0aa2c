-- How the message of an alert ended, for all that it tells: sent, failed or unknown end the job; waiting: nothing was
-- sent, and it is tried again after delay_s; sending: nobody knows, and it is looked for after delay_s. No row: the
-- lease was lost.
-- in  job uuid, token bigint, alert uuid, state text, sid text?, reason text?, delay_s int
-- out held bool
-- maybe
with j as (
    update jobs
       set state        = case when :state in ('waiting', 'sending') then 'waiting' else 'done' end,
           finished_at  = case when :state in ('waiting', 'sending') then null else now() end,
           due_at       = case when :state in ('waiting', 'sending') then now() + make_interval(secs => :delay_s)
                               else due_at end,
           leased_until = null,
           reason       = left(:reason, 500)
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), a as (
    update alerts a
       set state = case when :state = 'waiting' and a.id <> :alert then 'sending' else :state end,
           sid = coalesce(:sid, a.sid), reason = left(:reason, 500),
           ended_at = case when :state in ('waiting', 'sending') then null else now() end
      from j
     where a.tenant_id = j.tenant_id and a.batch = :alert and a.state = 'sending'
)
select true as held from j;
