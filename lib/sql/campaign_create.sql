-- A new campaign, from a body that has been checked.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into campaigns (tenant_id, external_id, name, source, medium)
    select current_tenant(), d ->> 'external_id', d ->> 'name', d ->> 'source', d ->> 'medium'
      from (select :doc::jsonb as d) as body
    returning id, tenant_id, campaign_json(campaigns) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'campaign.add', made.id,
           jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
