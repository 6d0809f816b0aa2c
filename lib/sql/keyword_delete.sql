-- Deletes a keyword for good; calls keep the tags it made. etag: what If-Match said, null: whatever is there. verdict:
-- done; stale, when it has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, etag text?, actor text, origin text
-- out verdict text, held text?
-- maybe
with old as materialized (
    select k.id, keyword_json(k) as was, :etag is null or strpos(:etag, etag(keyword_json(k))) > 0 as same
      from keywords k
     where k.tenant_id = current_tenant() and k.id = :id
       for no key update
), gone as (
    delete from keywords k using old
     where k.id = old.id and k.tenant_id = current_tenant() and old.same
    returning k.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'keyword.delete', old.id, jsonb_build_object('old', old.was),
           left(:origin, 100), ''
      from old, gone
)
select case when old.same then 'done' else 'stale' end as verdict, null::text as held from old;
