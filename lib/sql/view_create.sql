-- Keeps a look at the call log under a name.
-- in  who uuid?, doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into call_views (tenant_id, user_id, name, query, columns, shared)
    select current_tenant(), :who, d ->> 'name', coalesce(d ->> 'query', ''), coalesce(d -> 'columns', '[]'),
           coalesce((d ->> 'shared')::boolean, false)
      from (select :doc::jsonb as d) as b
    returning id, name, shared, call_view_json(call_views) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'view.create', made.id,
           jsonb_build_object('old', null, 'new', jsonb_build_object('name', name, 'shared', shared)),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
