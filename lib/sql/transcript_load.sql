-- Begins the transcription of a recording, or a run that somebody asked for: says so, and tells what is needed. over:
-- the tenant's minutes do not suffice, and nothing was begun. The caller holds transcription_lock(), in a statement
-- before. No row: there is nothing to do any more.
-- in  job uuid, token bigint
-- out recording_id uuid, sid text, path text, kind text, duration_seconds int?, root_role text?, failures bigint
-- out model text?, language text?, over bool, storage text, sealed_key text?
-- maybe
with j as (
    select j.id, j.kind, j.tenant_id, n.model, n.language, coalesce(n.recording_id::text, j.ref) as recording
      from jobs j
      left join transcript_runs n on j.kind = 'retranscribe' and n.tenant_id = j.tenant_id and n.id::text = j.ref
     where j.id = :job and j.token = :token and j.state = 'running'
       and (j.kind = 'transcribe' or n.id is not null and n.transcript_id is null)
), r as (
    select r as was, j.id as job, j.kind = 'transcribe' as first, j.model,
           case when j.kind = 'transcribe' then transcription_language(r) else j.language end as language,
           coalesce(transcription_over(r), false) as over
      from j join recordings r on r.tenant_id = j.tenant_id and r.id::text = j.recording
     where r.status = 'stored'
       and (j.kind <> 'transcribe' or r.transcription_status in ('pending', 'processing', 'failed'))
), begun as (
    update recordings
       set transcription_status = 'processing', transcription_reason = null
      from r
     where recordings.id = (r.was).id and r.first and not r.over
    returning recordings.id
)
select (r.was).id as recording_id, (r.was).sid, (r.was).path, (r.was).kind, (r.was).duration_seconds,
       (select coalesce(nullif(l.role, 'other'), c.root_role)
          from calls c
          left join call_legs l on l.tenant_id = c.tenant_id and l.sid = (r.was).call_sid
         where c.id = (r.was).call_id) as root_role,
       (select count(*) from ai_requests a where a.recording_id = (r.was).id and a.purpose = 'transcribe'
           and a.outcome like 'unusable:%' and (a.job_id = r.job or r.first and a.job_id is null)) as failures,
       r.model, r.language, r.over, (r.was).storage, (r.was).sealed_key
  from r left join begun on true;
