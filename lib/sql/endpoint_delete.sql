-- Deletes a webhook endpoint with its log. etag: what If-Match said, null: whatever is there. verdict: done; stale,
-- when it has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, etag text?, actor text, origin text
-- out verdict text, held text?
-- maybe
with old as materialized (
    select e.id, endpoint_json(e) as was, :etag is null or strpos(:etag, etag(endpoint_json(e))) > 0 as same
      from webhook_endpoints e
     where e.tenant_id = current_tenant() and e.id = :id
       for no key update
), gone as (
    delete from webhook_endpoints e using old where e.id = old.id and e.tenant_id = current_tenant() and old.same
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'endpoint.delete', old.id, jsonb_build_object('old', old.was),
           left(:origin, 100), ''
      from old
     where old.same
)
select case when not old.same then 'stale' else 'done' end as verdict, null as held from old;
