-- A transcript is complete: ends the job, keeps the text, asks for its analysis, all or nothing. held is false when
-- the lease was lost.
-- in  job uuid, token bigint, recording uuid, model text, language text?, text text, segments jsonb
-- out held bool, id uuid?
-- one
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), r as (
    update recordings set transcription_status = 'completed', transcription_reason = null
      from j
     where recordings.tenant_id = j.tenant_id and recordings.id = :recording and recordings.status = 'stored'
    returning recordings.id, recordings.tenant_id
), t as (
    insert into transcripts (tenant_id, recording_id, version, model, language, text, segments)
    select r.tenant_id, r.id,
           (select coalesce(max(o.version), 0) + 1 from transcripts o where o.recording_id = r.id),
           :model, left(:language, 40), :text, :segments
      from r
    returning id, tenant_id
), q as (
    insert into jobs (tenant_id, kind, ref) select tenant_id, 'analyse', id::text from t
    on conflict do nothing
)
select exists (select from j) as held, (select id from t) as id;
