-- A new client, from a body that has been checked.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into clients (tenant_id, external_id, name, forward_to, time_zone, quality_low_seconds, quality_high_seconds)
    select current_tenant(), d ->> 'external_id', d ->> 'name', d ->> 'forward_to', d ->> 'time_zone',
           coalesce((d ->> 'quality_low_seconds')::integer, 30), coalesce((d ->> 'quality_high_seconds')::integer, 90)
      from (select :doc::jsonb as d) as body
    returning id, tenant_id, client_json(clients) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'client.add', made.id,
           jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
