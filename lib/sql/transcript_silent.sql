-- Nobody speaks in a recording: ends the job, and keeps an empty text with the reason, so that it is read and counted
-- like any other. A text that is there stays the newest. No row: the lease was lost.
-- in  job uuid, token bigint, recording uuid, model text, reason text
-- out held bool
-- maybe
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = :reason, cause = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), r as (
    update recordings set transcription_status = 'skipped:silent', transcription_reason = :reason
      from j
     where recordings.tenant_id = j.tenant_id and recordings.id = :recording and recordings.status = 'stored'
       and not exists (select from transcripts t where t.recording_id = recordings.id)
    returning recordings.id, recordings.tenant_id
), t as (
    insert into transcripts (tenant_id, recording_id, model, text, segments)
    select r.tenant_id, r.id, :model, '', '[]' from r
)
select true as held from j;
