-- Ticks an action item of a transcript's newest analysis, or takes the tick back; what is so already stays as it is.
-- verdict: done, item (there is none in that place). No row: not this tenant's, or nothing was analysed.
-- in  id uuid, item int, done bool, actor text, origin text
-- out verdict text, doc json?
-- maybe
with a as materialized (
    select a.id, a.tenant_id, :item < jsonb_array_length(a.action_items) as there
      from transcripts t
      join analyses a on a.transcript_id = t.id
     where t.tenant_id = current_tenant() and t.id = :id
     order by a.version desc
     limit 1
), old as materialized (
    select k as tick from a join action_ticks k on k.analysis_id = a.id and k.item = :item
), made as (
    insert into action_ticks as k (tenant_id, analysis_id, item, done_by)
    select a.tenant_id, a.id, :item, left(:actor, 200) from a where a.there and :done
    on conflict (analysis_id, item) do nothing
    returning k as tick
), gone as (
    delete from action_ticks k using a where k.analysis_id = a.id and k.item = :item and not :done
    returning k as tick
), log as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'action.tick', :id::text,
           jsonb_build_object('item', :item, 'old', exists (select from old), 'new', :done), left(:origin, 100), ''
     where exists (select from made) or exists (select from gone)
)
select case when a.there then 'done' else 'item' end as verdict,
       json_build_object('transcript_id', :id::uuid, 'item', :item, 'done', :done,
                         'tick', case when :done then coalesce((select tick_json(tick) from old),
                                                               (select tick_json(tick) from made)) end) as doc
  from a;
