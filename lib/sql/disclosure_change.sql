-- Replaces what is said of a recording by a checked body; what is absent is empty. etag: what If-Match said, null:
-- whatever is there now. verdict: changed; stale, when it has become another one meanwhile; client_id, when there is no
-- such client. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select x.id, disclosure_json(x) as was, :etag is null or strpos(:etag, etag(disclosure_json(x))) > 0 as same,
           d ->> 'client_id' is null
           or exists (select from clients c where c.tenant_id = current_tenant()
                                              and c.id = (d ->> 'client_id')::uuid) as known
      from body, disclosures x
     where x.tenant_id = current_tenant() and x.id = :id
       for no key update of x
), changed as (
    update disclosures x
       set client_id = (d ->> 'client_id')::uuid, language = d ->> 'language', disclosure = d ->> 'disclosure',
           question = d ->> 'question', goodbye = d ->> 'goodbye', voice = d ->> 'voice'
      from body, old
     where x.id = old.id and x.tenant_id = current_tenant() and old.same and old.known
    returning disclosure_json(x) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'disclosure.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when not old.same then 'stale' when not old.known then 'client_id' else 'changed' end as verdict,
       (select doc from changed) as doc
  from old;
