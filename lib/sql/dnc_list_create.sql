-- A new do-not-call list, from a body that has been checked.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into dnc_lists (tenant_id, name)
    select current_tenant(), d ->> 'name'
      from (select :doc::jsonb as d) as body
    returning id, tenant_id, dnc_list_json(dnc_lists) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'dnc.add_list', made.id, jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
