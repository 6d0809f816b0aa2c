-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile; closed, when it should open again. No row: not this tenant's, or
-- none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select c.id, conversation_json(c) as was,
           :etag is null or strpos(:etag, etag(conversation_json(c))) > 0 as same
      from conversations c
     where c.tenant_id = current_tenant() and c.id = :id
       for no key update
), changed as (
    update conversations c
       set closed_at = case when d ->> 'closed' = 'true' then coalesce(c.closed_at, now()) else c.closed_at end
      from body, old
     where c.id = old.id and c.tenant_id = current_tenant() and old.same
       and (c.closed_at is null or d ->> 'closed' is distinct from 'false')
    returning conversation_json(c) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'conversation.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when not old.same then 'stale' when exists (select from changed) then 'changed' else 'closed' end
           as verdict,
       (select doc from changed) as doc from old;
