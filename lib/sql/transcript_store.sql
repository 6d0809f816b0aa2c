-- A transcript is complete: ends the job, keeps the text and what it cost, tags the call, asks for its analysis, all or
-- nothing. words: tokens of a sealed text's words. held is false when the lease was lost.
-- in  job uuid, token bigint, recording uuid, model text, language text?, text text, segments jsonb, words jsonb?
-- in  tags jsonb
-- out held bool, id uuid?
-- one
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = null, cause = null
     where id = :job and token = :token and state = 'running'
    returning id, tenant_id, kind, ref
), r as (
    update recordings set transcription_status = 'completed', transcription_reason = null
      from j
     where recordings.tenant_id = j.tenant_id and recordings.id = :recording and recordings.status = 'stored'
    returning recordings.id, recordings.tenant_id, j.id as job, j.kind, j.ref
), t as (
    insert into transcripts (tenant_id, recording_id, version, model, language, text, segments, words, cost, currency,
                             asked_by)
    select r.tenant_id, r.id,
           (select coalesce(max(o.version), 0) + 1 from transcripts o where o.recording_id = r.id),
           :model, left(:language, 40), :text, :segments,
           (select array_to_tsvector(array_agg(distinct w)) from jsonb_array_elements_text(:words) w),
           c.cost, c.currency,
           (select n.asked_by from transcript_runs n where r.kind = 'retranscribe' and n.id::text = r.ref)
      from r left join job_cost(r.job) c on true
    returning id, tenant_id
), n as (
    update transcript_runs n set transcript_id = t.id
      from t, r
     where r.kind = 'retranscribe' and n.tenant_id = r.tenant_id and n.id::text = r.ref
), g as materialized (
    select call_tag(r.id, :tags) from r
), q as (
    insert into jobs (tenant_id, kind, ref)
    select t.tenant_id, 'analyse', t.id::text
      from t left join transcription_settings s on s.tenant_id = t.tenant_id
     where coalesce(s.analysis, true)
    on conflict do nothing
)
select exists (select from j) as held, (select id from t) as id
  from (select count(*) from g) tagged;
