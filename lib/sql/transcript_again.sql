-- Has a recording transcribed once more, with a model and a language (null: as its settings say; "auto": the model
-- finds out). The caller holds transcription_lock(), in a statement before. verdict: made; audio, when there is none
-- here; running, when a run is under way; cost, when it would be more than the most that was allowed; cap, when the
-- tenant's minutes do not suffice. No row: not this tenant's, or no such recording.
-- in  id uuid, model text, language text?, most numeric?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with r as (
    select r as rec, r.id, r.tenant_id, c.cost, c.currency,
           case when r.status <> 'stored' then 'audio'
                when exists (select from jobs j
                              where j.tenant_id = r.tenant_id and j.state <> 'done'
                                and (j.kind = 'transcribe' and j.ref = r.id::text and j.state <> 'dead'
                                     or j.kind = 'retranscribe' and j.state <> 'dead'
                                        and j.ref in (select n.id::text from transcript_runs n
                                                       where n.recording_id = r.id))) then 'running'
                when c.cost > :most then 'cost'
                when transcription_over(r) then 'cap'
                else 'made' end as verdict
      from recordings r
      left join model_cost('transcribe', :model, coalesce(r.duration_seconds, 0) * coalesce(r.channels, 2)) c on true
     where r.tenant_id = current_tenant() and r.id = :id
), n as (
    insert into transcript_runs (tenant_id, recording_id, model, language, estimate, currency, asked_by)
    select r.tenant_id, r.id, :model, nullif(coalesce(:language, transcription_language(r.rec)), 'auto'), r.cost,
           r.currency, left(:actor, 200)
      from r where r.verdict = 'made'
    returning transcript_runs as run, id, tenant_id
), j as (
    insert into jobs (tenant_id, kind, ref) select tenant_id, 'retranscribe', id::text from n
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select n.tenant_id, 0, left(:actor, 200), 'transcript.run', :id::text,
           jsonb_build_object('new', run_json(n.run)), left(:origin, 100), ''
      from n
)
select r.verdict, (select (run_json(n.run)::jsonb || '{"state": "waiting"}')::json from n) as doc from r;
