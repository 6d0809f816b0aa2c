-- Says on a recording how its job ended that did not succeed: in the transaction of job_fail, after it. mark: what a
-- dead job leaves: absent, skipped:too_large, or null for failed. A transcript stays completed without its analysis;
-- the reason tells.
-- in  id uuid, token bigint, mark text?
-- none
update recordings r
   set status               = case when j.kind = 'fetch' and j.state = 'dead' and :mark = 'absent' then 'absent'
                                   else r.status end,
       status_reason        = case j.kind when 'fetch' then j.reason
                                          when 'erase' then left('it is being deleted: ' || j.reason, 500)
                                          else r.status_reason end,
       transcription_status = case when j.kind in ('analyse', 'erase') then r.transcription_status
                                   when j.state = 'dead' and :mark like 'skipped:%' then :mark
                                   when j.state = 'dead' then 'failed'
                                   when j.kind = 'transcribe' then 'pending'
                                   else r.transcription_status end,
       transcription_reason = case when j.kind = 'erase' then r.transcription_reason
                                   when j.kind = 'analyse' then left('analysis: ' || j.reason, 500)
                                   when j.kind = 'transcribe' or j.state = 'dead' then j.reason
                                   when r.transcription_status = 'pending' then left('not fetched: ' || j.reason, 500)
                                   else r.transcription_reason end
  from jobs j
 where j.id = :id and j.token = :token and j.state <> 'running' and (r.status <> 'erased' or j.kind = 'erase')
   and r.tenant_id = j.tenant_id
   and r.id = case when j.kind in ('fetch', 'transcribe', 'erase') then j.ref::uuid
                   when j.kind = 'analyse' then (select t.recording_id from transcripts t where t.id = j.ref::uuid) end;
