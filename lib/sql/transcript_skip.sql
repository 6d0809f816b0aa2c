-- There is nothing to transcribe: ends the job and says why, in one of the words skipped:...; a text that is there
-- stays. No row: the lease was lost.
-- in  job uuid, token bigint, recording uuid, word text, reason text?
-- out held bool
-- maybe
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = :reason, cause = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), r as (
    update recordings set transcription_status = :word, transcription_reason = :reason
      from j
     where recordings.tenant_id = j.tenant_id and recordings.id = :recording and recordings.status = 'stored'
       and not exists (select from transcripts t where t.recording_id = recordings.id)
)
select true as held from j;
