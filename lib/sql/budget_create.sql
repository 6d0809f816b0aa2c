-- What may be spent in a month. verdict: made; client_id, campaign_id, when that one is unknown.
-- in  doc text, actor text, origin text
-- out verdict text, id uuid?, doc json?
-- one
with body as (
    select (d ->> 'client_id')::uuid as client_id, (d ->> 'campaign_id')::uuid as campaign_id,
           (d ->> 'amount')::numeric as amount, d ->> 'currency' as currency
      from (select :doc::jsonb as d) as b
), v as (
    select case when client_id is not null
                     and not exists (select from clients where tenant_id = current_tenant() and id = b.client_id)
                     then 'client_id'
                when campaign_id is not null
                     and not exists (select from campaigns where tenant_id = current_tenant() and id = b.campaign_id)
                     then 'campaign_id'
                else 'made' end as verdict
      from body b
), made as (
    insert into budgets (tenant_id, client_id, campaign_id, amount, currency)
    select current_tenant(), client_id, campaign_id, amount, currency from body, v where v.verdict = 'made'
    returning id, budget_json(budgets) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'budget.create', made.id,
           jsonb_build_object('old', null, 'new', made.doc), left(:origin, 100), ''
      from made
)
select v.verdict, (select id from made) as id, (select doc from made) as doc from v;
