-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile; quality_high_seconds, when that would be less than the low one. No
-- row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select c.id, client_json(c) as was,
           :etag is null or strpos(:etag, etag(client_json(c))) > 0 as same,
           coalesce((case when d ? 'quality_low_seconds' then coalesce(d ->> 'quality_low_seconds', '30') end)::integer,
                    c.quality_low_seconds)
           <= coalesce((case when d ? 'quality_high_seconds' then coalesce(d ->> 'quality_high_seconds', '90')
                        end)::integer, c.quality_high_seconds) as graded
      from body, clients c
     where c.tenant_id = current_tenant() and c.id = :id and c.deleted_at is null
       for no key update
), changed as (
    update clients c
       set external_id = case when d ? 'external_id' then d ->> 'external_id' else c.external_id end,
           name        = coalesce(d ->> 'name', c.name),
           forward_to  = case when d ? 'forward_to' then d ->> 'forward_to' else c.forward_to end,
           time_zone   = case when d ? 'time_zone' then d ->> 'time_zone' else c.time_zone end,
           disclosure_language = case when d ? 'disclosure_language' then d ->> 'disclosure_language'
                                      else c.disclosure_language end,
           quality_low_seconds  = case when d ? 'quality_low_seconds'
                                       then coalesce((d ->> 'quality_low_seconds')::integer, 30)
                                       else c.quality_low_seconds end,
           quality_high_seconds = case when d ? 'quality_high_seconds'
                                       then coalesce((d ->> 'quality_high_seconds')::integer, 90)
                                       else c.quality_high_seconds end
      from body, old
     where c.id = old.id and c.tenant_id = current_tenant() and old.same and old.graded
    returning client_json(c) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'client.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when not old.same then 'stale' when not old.graded then 'quality_high_seconds' else 'changed' end
       as verdict, (select doc from changed) as doc
  from old;
