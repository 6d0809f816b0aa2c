-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile. No row: not this tenant's, or none. The audit, from which nothing is
-- erased, names the members and not what they hold.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select c.id, contact_json(c) as was,
           :etag is null or strpos(:etag, etag(contact_json(c))) > 0 as same
      from contacts c
     where c.tenant_id = current_tenant() and c.id = :id
       for no key update
), changed as (
    update contacts c
       set external_id  = case when d ? 'external_id' then d ->> 'external_id' else c.external_id end,
           name         = coalesce(d ->> 'name', c.name),
           phone_number = case when d ? 'phone_number' then d ->> 'phone_number' else c.phone_number end,
           time_zone    = case when d ? 'time_zone' then d ->> 'time_zone' else c.time_zone end
      from body, old
     where c.id = old.id and c.tenant_id = current_tenant() and old.same
    returning contact_json(c) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'contact.change', old.id,
           jsonb_build_object('members', (select jsonb_agg(k) from body, jsonb_object_keys(d) k)),
           left(:origin, 100), ''
      from changed, old
)
select case when old.same then 'changed' else 'stale' end as verdict, (select doc from changed) as doc from old;
