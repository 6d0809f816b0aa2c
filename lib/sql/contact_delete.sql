-- Deletes a contact for good: it is about a person. Calls keep its id, which then leads nowhere, and the number they
-- had themselves. etag: what If-Match said, null: whatever is there. verdict: done; stale, when it has become another
-- one meanwhile. No row: not this tenant's, or none. The audit, from which nothing is erased, holds neither name nor
-- number.
-- in  id uuid, etag text?, actor text, origin text
-- out verdict text, held text?
-- maybe
with old as materialized (
    select c.id, c.external_id, :etag is null or strpos(:etag, etag(contact_json(c))) > 0 as same
      from contacts c
     where c.tenant_id = current_tenant() and c.id = :id
       for no key update
), gone as (
    delete from contacts c using old where c.id = old.id and c.tenant_id = current_tenant() and old.same
    returning c.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'contact.delete', old.id,
           jsonb_build_object('old', jsonb_build_object('external_id', old.external_id)), left(:origin, 100), ''
      from old, gone
)
select case when old.same then 'done' else 'stale' end as verdict, null::text as held from old;
