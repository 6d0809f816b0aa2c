-- Begins the transcription of a recording: says so, and tells what is needed. No row: there is nothing to do any
-- more.
-- in  job uuid, token bigint, recording uuid
-- out sid text, path text, kind text, duration_seconds int?, root_role text?, failures bigint
-- out storage text, sealed_key text?
-- maybe
update recordings r
   set transcription_status = 'processing', transcription_reason = null
  from jobs j
 where j.id = :job and j.token = :token and j.state = 'running' and r.tenant_id = j.tenant_id and r.id = :recording
   and r.status = 'stored' and r.transcription_status in ('pending', 'processing', 'failed')
returning r.sid, r.path, r.kind, r.duration_seconds,
          (select coalesce(nullif(l.role, 'other'), c.root_role)
             from calls c
             left join call_legs l on l.tenant_id = r.tenant_id and l.sid = r.call_sid
            where c.id = r.call_id) as root_role,
          (select count(*) from ai_requests a where a.recording_id = r.id and a.purpose = 'transcribe'
              and a.outcome like 'unusable:%') as failures,
          r.storage, r.sealed_key;
