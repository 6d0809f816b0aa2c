-- Keeps a look at the call log under a name.
-- in  who uuid?, doc text
-- out id uuid, doc json
-- one
insert into call_views (tenant_id, user_id, name, query, columns, shared)
select current_tenant(), :who, d ->> 'name', coalesce(d ->> 'query', ''), coalesce(d -> 'columns', '[]'),
       coalesce((d ->> 'shared')::boolean, false)
  from (select :doc::jsonb as d) as b
returning id, call_view_json(call_views) as doc;
