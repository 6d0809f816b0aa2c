-- A mail of a report was sent, or has failed for good: ends the job. No row: the lease was lost.
-- in  job uuid, token bigint, mail uuid, state text, reason text?
-- out held bool
-- maybe
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = left(:reason, 500)
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), m as (
    update report_mails m set state = :state, reason = left(:reason, 500), ended_at = now()
      from j
     where m.tenant_id = j.tenant_id and m.id = :mail
)
select true as held from j;
