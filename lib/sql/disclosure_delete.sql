-- Deletes what is said of a recording. etag: what If-Match said, null: whatever is there. verdict: done; stale, when it
-- has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, etag text?, actor text, origin text
-- out verdict text, held text?
-- maybe
with old as materialized (
    select r.id, disclosure_json(r) as was, :etag is null or strpos(:etag, etag(disclosure_json(r))) > 0 as same
      from disclosures r
     where r.tenant_id = current_tenant() and r.id = :id
       for no key update
), gone as (
    delete from disclosures r using old where r.id = old.id and r.tenant_id = current_tenant() and old.same
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'disclosure.delete', old.id, jsonb_build_object('old', old.was),
           left(:origin, 100), ''
      from old
     where old.same
)
select case when not old.same then 'stale' else 'done' end as verdict, null as held from old;
