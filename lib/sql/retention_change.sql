-- Changes how long what stays: members of the patch, whose shapes were checked; null: for ever, whatever the
-- installation says. clients replaces all
-- that clients have otherwise: a member that is there counts before the tenant's, one that is not does not. verdict:
-- done, stale (another since the etag was given), client_id (there is no such).
-- in  patch jsonb, etag text?, actor text, origin text
-- out verdict text, doc json?
-- one
with old as materialized (
    select retention_json() as was
), kinds as (
    select k as kind, k || '_days' as name from unnest('{audio,text,metadata}'::text[]) as k
), wanted as materialized (
    select distinct on ((e ->> 'client_id')::uuid) (e ->> 'client_id')::uuid as client_id, e
      from jsonb_array_elements(case when jsonb_typeof(:patch -> 'clients') = 'array' then :patch -> 'clients'
                                     else '[]' end) as e
), v as materialized (
    select case when :etag is not null and strpos(:etag, etag(o.was)) = 0 then 'stale'
                when exists (select from wanted w
                              where not exists (select from clients c where c.tenant_id = current_tenant()
                                                                        and c.id = w.client_id)
                                and not exists (select from retention_rules r where r.tenant_id = current_tenant()
                                                                                and r.client_id = w.client_id))
                then 'client_id' else 'done' end as verdict
      from old o
), rule as materialized (
    select null::uuid as client_id, k.kind, (:patch ->> k.name)::integer as days from kinds k where :patch ? k.name
     union all
    select w.client_id, k.kind, (w.e ->> k.name)::integer from wanted w, kinds k where w.e ? k.name
), gone as (
    delete from retention_rules r
     using v
     where r.tenant_id = current_tenant() and v.verdict = 'done' and :patch ? 'clients' and r.client_id is not null
       and not exists (select from rule x where x.client_id = r.client_id and x.kind = r.kind)
), made as (
    insert into retention_rules as r (tenant_id, client_id, kind, days)
    select current_tenant(), x.client_id, x.kind, x.days from v, rule x where v.verdict = 'done'
    on conflict (tenant_id, client_id, kind) do update set days = excluded.days
), shown as (
    select json_build_object(
               'audio_days', case when :patch ? 'audio_days' then :patch -> 'audio_days'
                                  else o.was::jsonb -> 'audio_days' end,
               'text_days', case when :patch ? 'text_days' then :patch -> 'text_days'
                                 else o.was::jsonb -> 'text_days' end,
               'metadata_days', case when :patch ? 'metadata_days' then :patch -> 'metadata_days'
                                     else o.was::jsonb -> 'metadata_days' end,
               'default_days', o.was -> 'default_days',
               'by_default', (select coalesce(jsonb_agg(d order by n), '[]')
                                from jsonb_array_elements(o.was::jsonb -> 'by_default') with ordinality as b (d, n)
                               where not :patch ? ((b.d #>> '{}') || '_days')),
               'clients', case when :patch ? 'clients'
                               then coalesce((select json_agg(k.doc order by k.client_id)
                                                from (select r.client_id, jsonb_build_object('client_id', r.client_id)
                                                             || jsonb_object_agg(r.kind || '_days', r.days) as doc
                                                        from rule r
                                                       where r.client_id is not null
                                                       group by r.client_id) as k), '[]')
                               else o.was -> 'clients' end) as doc
      from old o, v where v.verdict = 'done'
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'retention.change', 'retention',
           jsonb_build_object('old', o.was, 'new', s.doc), left(:origin, 100), ''
      from shown s, old o
)
select v.verdict, (select doc from shown) as doc from v;
