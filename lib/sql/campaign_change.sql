-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select c.id, campaign_json(c) as was,
           :etag is null or strpos(:etag, etag(campaign_json(c))) > 0 as same
      from campaigns c
     where c.tenant_id = current_tenant() and c.id = :id and c.deleted_at is null
       for no key update
), changed as (
    update campaigns c
       set external_id = case when d ? 'external_id' then d ->> 'external_id' else c.external_id end,
           name        = coalesce(d ->> 'name', c.name),
           source      = case when d ? 'source' then d ->> 'source' else c.source end,
           medium      = case when d ? 'medium' then d ->> 'medium' else c.medium end
      from body, old
     where c.id = old.id and c.tenant_id = current_tenant() and old.same
    returning campaign_json(c) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'campaign.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when old.same then 'changed' else 'stale' end as verdict, (select doc from changed) as doc from old;
