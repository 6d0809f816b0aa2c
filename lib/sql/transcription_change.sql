-- Changes what a tenant decides about its transcripts: members of the patch, whose shapes were checked; null gives the
-- default back. exceptions replaces all of them. verdict: done, stale (another since the etag was given), client_id or
-- number_id (there is no such).
-- in  patch jsonb, etag text?, actor text, origin text
-- out verdict text, doc json?
-- one
with old as materialized (
    select transcription_settings_json() as was
), wanted as materialized (
    select e.client_id, e.number_id, e.transcribe, e.language
      from jsonb_to_recordset(case when :patch ? 'exceptions' then coalesce(nullif(:patch -> 'exceptions', 'null'),
                                                                                 '[]')
                                   else '[]' end)
           as e (client_id uuid, number_id uuid, transcribe boolean, language text)
), v as materialized (
    select case when :etag is not null and strpos(:etag, etag(o.was)) = 0 then 'stale'
                when exists (select from wanted w
                              where w.client_id is not null
                                and not exists (select from clients c where c.tenant_id = current_tenant()
                                                                        and c.id = w.client_id)) then 'client_id'
                when exists (select from wanted w
                              where w.number_id is not null
                                and not exists (select from numbers n where n.tenant_id = current_tenant()
                                                                        and n.id = w.number_id)) then 'number_id'
                else 'done' end as verdict
      from old o
), s as (
    insert into transcription_settings as t (tenant_id, language, minutes_per_month, analysis)
    select current_tenant(), :patch ->> 'language', (:patch ->> 'minutes_per_month')::integer,
           coalesce((:patch ->> 'analysis')::boolean, true)
      from v where v.verdict = 'done'
    on conflict (tenant_id) do update
       set language          = case when :patch ? 'language' then excluded.language else t.language end,
           minutes_per_month = case when :patch ? 'minutes_per_month' then excluded.minutes_per_month
                                    else t.minutes_per_month end,
           analysis           = case when :patch ? 'analysis' then excluded.analysis else t.analysis end
    returning t.language, t.minutes_per_month, t.analysis
), gone as (
    delete from transcription_exceptions e
     using v
     where e.tenant_id = current_tenant() and v.verdict = 'done' and :patch ? 'exceptions'
       and not exists (select from wanted w where w.client_id = e.client_id or w.number_id = e.number_id)
), c as (
    insert into transcription_exceptions as e (tenant_id, client_id, transcribe, language)
    select distinct on (w.client_id) current_tenant(), w.client_id, w.transcribe, w.language
      from v, wanted w where v.verdict = 'done' and w.client_id is not null
    on conflict (client_id, tenant_id) do update set transcribe = excluded.transcribe, language = excluded.language
), n as (
    insert into transcription_exceptions as e (tenant_id, number_id, transcribe, language)
    select distinct on (w.number_id) current_tenant(), w.number_id, w.transcribe, w.language
      from v, wanted w where v.verdict = 'done' and w.number_id is not null
    on conflict (number_id, tenant_id) do update set transcribe = excluded.transcribe, language = excluded.language
), made as (
    select (json_build_object('language', s.language, 'minutes_per_month', s.minutes_per_month, 'analysis', s.analysis,
                'exceptions', case when :patch ? 'exceptions'
                                   then coalesce((select json_agg(json_build_object(
                                                             'client_id', w.client_id, 'number_id', w.number_id,
                                                             'transcribe', w.transcribe, 'language', w.language)
                                                         order by w.client_id, w.number_id) from wanted w), '[]')
                                   else o.was -> 'exceptions' end)) as doc
      from s, old o
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'transcription.change', 'transcription',
           jsonb_build_object('old', o.was, 'new', made.doc), left(:origin, 100), ''
      from made, old o
)
select v.verdict, (select doc from made) as doc from v;
