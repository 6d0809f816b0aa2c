-- A new consent record, from a body that has been checked (number may be sealed; other: it is not, or its token); its
-- contact is the newest one with that number. The audit,
-- from which nothing is erased, holds no number.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into consent_records (tenant_id, number, contact_id, purpose, decision, method, evidence, created_by)
    select current_tenant(), d ->> 'number',
           (select id from contacts
             where tenant_id = current_tenant() and phone_number in (d ->> 'number', d ->> 'other')
             order by created_at desc, id desc limit 1),
           d ->> 'purpose', d ->> 'decision', coalesce(d ->> 'method', 'api'),
           jsonb_strip_nulls(jsonb_build_object('text', d ->> 'evidence')), left(:actor, 200)
      from (select :doc::jsonb as d) as body
    returning id, tenant_id, consent_json(consent_records) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'consent.add', made.id,
           jsonb_build_object('purpose', made.doc -> 'purpose', 'decision', made.doc -> 'decision'),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
