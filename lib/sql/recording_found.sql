-- A recording that Twilio has of a call, whether its callbacks came or not: as if they had come now.
-- in  call uuid, call_sid text, sid text, status text, source text?, channels int?, duration_seconds int?
-- out id uuid
-- one
with r as (
    insert into recordings (tenant_id, sid, call_sid, call_id, kind, status, source, channels, duration_seconds,
                            transcription_status)
    values (current_tenant(), :sid, :call_sid, :call, case :source when 'RecordVerb' then 'voicemail' else 'call' end,
            :status, :source, :channels, :duration_seconds,
            case :status when 'completed' then 'pending' else 'none' end)
    on conflict (sid, tenant_id) do update
       set call_id              = coalesce(recordings.call_id, excluded.call_id),
           channels             = coalesce(recordings.channels, excluded.channels),
           duration_seconds     = coalesce(recordings.duration_seconds, excluded.duration_seconds),
           transcription_status = case when recordings.transcription_status = 'none'
                                            and recording_rank(recordings.status) < 4
                                       then excluded.transcription_status else recordings.transcription_status end,
           status               = case when recording_rank(excluded.status) > recording_rank(recordings.status)
                                       then excluded.status else recordings.status end
    returning id, tenant_id, status
), j as (
    insert into jobs (tenant_id, kind, ref) select r.tenant_id, 'fetch', r.id::text from r where r.status = 'completed'
    on conflict (ref, kind, tenant_id) do nothing
)
select id from r;
