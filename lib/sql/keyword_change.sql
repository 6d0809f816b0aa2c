-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select k.id, keyword_json(k) as was,
           :etag is null or strpos(:etag, etag(keyword_json(k))) > 0 as same
      from keywords k
     where k.tenant_id = current_tenant() and k.id = :id
       for no key update
), changed as (
    update keywords k
       set phrase     = coalesce(d ->> 'phrase', k.phrase),
           heard_from = coalesce(d ->> 'heard_from', k.heard_from),
           tag        = coalesce(d ->> 'tag', k.tag)
      from body, old
     where k.id = old.id and k.tenant_id = current_tenant() and old.same
    returning keyword_json(k) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'keyword.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when old.same then 'changed' else 'stale' end as verdict, (select doc from changed) as doc from old;
