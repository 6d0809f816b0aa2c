-- A recording's audio is nowhere any more: ends the job and forgets what described the file. held is false when the
-- lease was lost.
-- in  job uuid, token bigint, recording uuid
-- out held bool
-- one
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), r as (
    update recordings
       set path = null, bytes = null, sha256 = null, stored_at = null, status_reason = 'it was deleted'
      from j
     where recordings.tenant_id = j.tenant_id and recordings.id = :recording and recordings.status = 'erased'
    returning recordings.sid
), a as (
    select audit_add('sweep', 'recording.erase', r.sid, '{}', null) as seq from r
)
select exists (select from j left join a on true) as held;
