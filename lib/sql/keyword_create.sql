-- A new keyword, from a body that has been checked.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into keywords (tenant_id, phrase, heard_from, tag)
    select current_tenant(), d ->> 'phrase', coalesce(d ->> 'heard_from', 'anybody'), d ->> 'tag'
      from (select :doc::jsonb as d) as body
    returning id, tenant_id, keyword_json(keywords) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'keyword.add', made.id,
           jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
