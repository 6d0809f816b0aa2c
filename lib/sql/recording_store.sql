-- The file of a recording is here: ends the job, says where the file is, gives the call its address, and decides
-- about the transcript, all or nothing. held is false when the lease was lost. No transcription_status: the recording
-- was erased while it was fetched.
-- in  job uuid, token bigint, recording uuid, path text, bytes bigint, sha256 bytea, peaks bytea, channels int
-- in  seconds int, url text, storage text, sealed_key text?
-- out held bool, transcription_status text?
-- one
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), decided as (
    select r.id, v.word, transcription_reason(r, v.word) as why
      from j
      join recordings r on r.tenant_id = j.tenant_id and r.id = :recording and r.status not in ('stored', 'erased')
     cross join lateral (select transcription_verdict(r, :seconds::integer) as word) v
), r as (
    update recordings
       set status = 'stored', status_reason = null, storage = :storage, sealed_key = :sealed_key, path = :path,
           bytes = :bytes, sha256 = :sha256, peaks = :peaks,
           channels = :channels, duration_seconds = coalesce(recordings.duration_seconds, :seconds), stored_at = now(),
           transcription_status = decided.word, transcription_reason = decided.why
      from decided
     where recordings.id = decided.id
    returning recordings.id, recordings.tenant_id, recordings.call_id, recordings.kind, recordings.transcription_status
), c as (
    update calls set recording_url = :url || calls.twilio_call_sid || '.wav'
      from r
     where calls.id = r.call_id and r.kind = 'call' and calls.twilio_call_sid is not null
), q as (
    insert into jobs (tenant_id, kind, ref)
    select tenant_id, 'transcribe', id::text from r where transcription_status = 'pending'
    on conflict do nothing
)
select exists (select from j) as held, (select transcription_status from r) as transcription_status;
