-- How a recording's text stands, as the API's document: state, reason and next attempt, versions and runs, the newest
-- first. No row: not this tenant's, or no such recording.
-- in  id uuid
-- out doc json
-- maybe
select json_build_object(
           'recording_id', r.id, 'status', r.transcription_status, 'reason', r.transcription_reason,
           'next_attempt_at', (select rfc3339(min(j.due_at)) from jobs j
                                where j.tenant_id = r.tenant_id and j.kind in ('fetch', 'transcribe')
                                  and j.ref = r.id::text and j.state in ('waiting', 'parked')),
           'versions', coalesce((select json_agg(transcript_json(t) order by t.version desc)
                                   from (select v from transcripts v where v.recording_id = r.id
                                          order by v.version desc limit 50) x, lateral (select (x.v).*) t), '[]'),
           'runs', coalesce((select json_agg(run_json(n) order by n.created_at desc, n.id desc)
                               from transcript_runs n where n.recording_id = r.id), '[]')) as doc
  from recordings r
 where r.tenant_id = current_tenant() and r.id = :id;
