-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select c.id, dnc_list_json(c) as was,
           :etag is null or strpos(:etag, etag(dnc_list_json(c))) > 0 as same
      from dnc_lists c
     where c.tenant_id = current_tenant() and c.id = :id
       for no key update
), changed as (
    update dnc_lists c
       set name = coalesce(d ->> 'name', c.name)
      from body, old
     where c.id = old.id and c.tenant_id = current_tenant() and old.same
    returning dnc_list_json(c) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'dnc.change_list', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when old.same then 'changed' else 'stale' end as verdict, (select doc from changed) as doc from old;
