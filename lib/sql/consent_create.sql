-- A new consent record, from a body that has been checked (number may be sealed; other: it is not, or its token); its
-- contact is the newest one with that number. Who forbids to be recorded while he talks: his live calls are not to be
-- recorded from now on; live: those in which one runs. The audit, from which nothing is erased, holds no number. No
-- row: the client is unknown.
-- in  doc text, actor text, origin text
-- out id uuid?, doc json, live json
-- maybe
with made as (
    insert into consent_records (tenant_id, number, contact_id, client_id, purpose, decision, method, evidence,
                                 created_by)
    select current_tenant(), d ->> 'number',
           (select id from contacts
             where tenant_id = current_tenant() and phone_number in (d ->> 'number', d ->> 'other')
             order by created_at desc, id desc limit 1),
           (d ->> 'client_id')::uuid, d ->> 'purpose', d ->> 'decision', coalesce(d ->> 'method', 'api'),
           jsonb_strip_nulls(jsonb_build_object('text', d ->> 'evidence')), left(:actor, 200)
      from (select :doc::jsonb as d) as body
     where d ->> 'client_id' is null
        or exists (select from clients k where k.tenant_id = current_tenant() and k.id = (d ->> 'client_id')::uuid)
    returning id, tenant_id, client_id, consent_json(consent_records) as doc,
              purpose = 'recording' and decision <> 'granted' as objects
), quiet as (
    update calls c
       set record = false, record_reason = 'consent'
      from made, (select :doc::jsonb as d) as body
     where made.objects and c.tenant_id = current_tenant() and c.ended_at is null
       and c.customer_number in (d ->> 'number', d ->> 'other')
       and (made.client_id is null or c.client_id = made.client_id)
    returning c.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'consent.add', made.id,
           jsonb_build_object('purpose', made.doc -> 'purpose', 'decision', made.doc -> 'decision',
                              'client_id', made.doc -> 'client_id'), left(:origin, 100), ''
      from made
)
select made.id, made.doc,
       coalesce((select json_agg(q.id) from quiet q
                  where exists (select from recordings r
                                 where r.call_id = q.id and r.tenant_id = current_tenant()
                                   and r.status in ('in-progress', 'paused'))), '[]') as live
  from made;
