-- What is said of a recording, from a body that has been checked. No row: there is no such client.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into disclosures as x (tenant_id, client_id, language, disclosure, question, goodbye, voice)
    select current_tenant(), (d ->> 'client_id')::uuid, d ->> 'language', d ->> 'disclosure', d ->> 'question',
           d ->> 'goodbye', d ->> 'voice'
      from (select :doc::jsonb as d) as body
     where d ->> 'client_id' is null
        or exists (select from clients c where c.tenant_id = current_tenant() and c.id = (d ->> 'client_id')::uuid
                                           and c.deleted_at is null)
    returning x.id, x.tenant_id, disclosure_json(x) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'disclosure.add', made.id, jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
