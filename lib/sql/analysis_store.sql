-- What a model read in a transcript: ends the job, keeps it with what it cost, and tags the call, all or nothing. No
-- row: the lease was lost.
-- in  job uuid, token bigint, transcript uuid, model text, sentiment text, score numeric, summary text
-- in  action_items jsonb, topics jsonb, tags jsonb
-- out held bool
-- maybe
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = null, cause = null
     where id = :job and token = :token and state = 'running'
    returning id, tenant_id
), a as (
    insert into analyses (tenant_id, transcript_id, version, model, sentiment, sentiment_score, summary, action_items,
                          topics, cost, currency)
    select t.tenant_id, t.id, (select coalesce(max(o.version), 0) + 1 from analyses o where o.transcript_id = t.id),
           :model, :sentiment, :score, :summary, :action_items, :topics, c.cost, c.currency
      from j
      join transcripts t on t.tenant_id = j.tenant_id and t.id = :transcript
      left join job_cost(j.id) c on true
    returning transcript_id
), r as (
    update recordings set transcription_reason = null
      from a join transcripts t on t.id = a.transcript_id
     where recordings.id = t.recording_id and recordings.transcription_reason like 'analysis: %'
), g as materialized (
    select call_tag(t.recording_id, :tags) from a join transcripts t on t.id = a.transcript_id
)
select true as held from j, (select count(*) from g) tagged;
