-- Changes the members that a checked body has; what is enabled again forgets why it was not. etag: what If-Match said,
-- null: whatever is there now. verdict: changed; stale, when it has become another one meanwhile; events, when a kind
-- is unknown. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select d, case when d ? 'events'
                   then array(select distinct v from jsonb_array_elements_text(d -> 'events') v
                               order by v) end as events
      from (select :doc::jsonb as d) x
), old as materialized (
    select e.id, endpoint_json(e) as was, :etag is null or strpos(:etag, etag(endpoint_json(e))) > 0 as same,
           body.events is null or cardinality(body.events) > 0 and body.events <@ webhook_kinds() as known
      from body, webhook_endpoints e
     where e.tenant_id = current_tenant() and e.id = :id
       for no key update of e
), changed as (
    update webhook_endpoints e
       set url             = coalesce(d ->> 'url', e.url),
           description     = case when d ? 'description' then d ->> 'description' else e.description end,
           events          = coalesce(body.events, e.events),
           enabled         = coalesce((d ->> 'enabled')::boolean, e.enabled),
           disabled_at     = case coalesce((d ->> 'enabled')::boolean, e.enabled)
                             when true then null else coalesce(e.disabled_at, now()) end,
           disabled_reason = case coalesce((d ->> 'enabled')::boolean, e.enabled)
                             when true then null else e.disabled_reason end
      from body, old
     where e.id = old.id and e.tenant_id = current_tenant() and old.same and old.known
    returning endpoint_json(e) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'endpoint.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when not old.same then 'stale' when not old.known then 'events' else 'changed' end as verdict,
       (select doc from changed) as doc
  from old;
