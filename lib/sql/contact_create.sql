-- A new contact, from a body that has been checked. The audit, from which nothing is erased, holds neither name
-- nor number.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into contacts (tenant_id, external_id, name, phone_number, time_zone)
    select current_tenant(), d ->> 'external_id', coalesce(d ->> 'name', ''), d ->> 'phone_number', d ->> 'time_zone'
      from (select :doc::jsonb as d) as body
    returning id, tenant_id, contact_json(contacts) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'contact.add', made.id,
           jsonb_build_object('new', jsonb_build_object('external_id', made.doc -> 'external_id')),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
