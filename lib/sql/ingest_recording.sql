-- Recording callbacks: a recording only moves forward, and a finished one gets its job: of an erased call the one that
-- deletes it. Each recording stands in a
-- batch once.
-- in  tenant_id uuid, sid text, call_sid text, new_id uuid, status text, reason text?, source text?, channels int?
-- in  duration_seconds int?, started_ms bigint?
-- batch
with r as (
    insert into recordings (id, tenant_id, sid, call_sid, call_id, kind, status, status_reason, source, channels,
                            duration_seconds, started_at, transcription_status)
    select e.new_id, e.tenant_id, e.sid, e.call_sid, l.call_id,
           case e.source when 'RecordVerb' then 'voicemail' else 'call' end,
           case when l.erased then 'erased' else e.status end,
           case when l.erased then 'it is being deleted' else e.reason end, e.source, e.channels,
           e.duration_seconds, to_timestamp(e.started_ms / 1000.0),
           case when e.status = 'completed' and l.erased is not true then 'pending' else 'none' end
      from :rows
      left join call_legs l on l.tenant_id = e.tenant_id and l.sid = e.call_sid
    on conflict (tenant_id, sid) do update
       set call_id              = coalesce(recordings.call_id, excluded.call_id),
           source               = coalesce(recordings.source, excluded.source),
           channels             = coalesce(excluded.channels, recordings.channels),
           duration_seconds     = coalesce(recordings.duration_seconds, excluded.duration_seconds),
           started_at           = least(recordings.started_at, excluded.started_at),
           status_reason        = case when recording_rank(excluded.status) > recording_rank(recordings.status)
                                       then excluded.status_reason else recordings.status_reason end,
           transcription_status = case when recordings.transcription_status = 'none'
                                            and recording_rank(recordings.status) < 4
                                       then excluded.transcription_status else recordings.transcription_status end,
           status               = case when recording_rank(excluded.status) > recording_rank(recordings.status)
                                       then excluded.status else recordings.status end
    returning id, tenant_id, status
)
insert into jobs (tenant_id, kind, ref)
select tenant_id, case status when 'erased' then 'erase' else 'fetch' end, id::text
  from r where status in ('completed', 'erased')
on conflict (tenant_id, kind, ref) do nothing;
