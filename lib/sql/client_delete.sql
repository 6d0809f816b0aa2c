-- Deletes a client: nobody finds it any more, and its external_id is free; what calls of that time say of it stays.
-- etag: what If-Match said, null: whatever is there. verdict: done; stale, when it has become another one meanwhile;
-- held, by the numbers in service that serve it. No row: not this tenant's, or none.
-- in  id uuid, etag text?, actor text, origin text
-- out verdict text, held text?
-- maybe
with old as materialized (
    select c.id, client_json(c) as was, :etag is null or strpos(:etag, etag(client_json(c))) > 0 as same
      from clients c
     where c.tenant_id = current_tenant() and c.id = :id and c.deleted_at is null
       for no key update
), held as materialized (
    select string_agg(n.e164, ', ' order by n.e164) as numbers
      from (select e164 from numbers
             where tenant_id = current_tenant() and client_id = :id and released_at is null
             order by e164
             limit 5) n
), gone as (
    update clients c
       set deleted_at = now(), external_id = null
      from old, held
     where c.id = old.id and c.tenant_id = current_tenant() and old.same and held.numbers is null
    returning c.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'client.delete', old.id, jsonb_build_object('old', old.was),
           left(:origin, 100), ''
      from old, gone
)
select case when not old.same then 'stale' when held.numbers is not null then 'held' else 'done' end as verdict,
       held.numbers as held
  from old, held;
