-- What advertising cost: rows of {campaign_id or campaign (its external_id or name), day or month, amount, currency}. A
-- month's amount is spread evenly over its days; a day that comes again replaces. missing: rows of no known campaign.
-- in  rows jsonb, actor text, origin text
-- out days int, missing json
-- one
with told as (
    select x, n,
           (select c.id from campaigns c
             where c.tenant_id = current_tenant()
               and (c.id::text = x ->> 'campaign_id'
                    or x ->> 'campaign_id' is null and x ->> 'campaign' in (c.external_id, c.name))
             order by c.external_id = x ->> 'campaign' desc nulls last, c.id
             limit 1) as campaign_id
      from jsonb_array_elements(:rows) with ordinality as e(x, n)
), spread as (
    select t.campaign_id, t.n, upper(x ->> 'currency') as currency, d::date as day,
           case when x ->> 'month' is null then (x ->> 'amount')::numeric
                else (x ->> 'amount')::numeric / extract(day from m.first + interval '1 month' - interval '1 day') end
               as amount
      from told t
     cross join lateral (select case when x ->> 'month' is not null then (x ->> 'month' || '-01')::timestamp
                                     else (x ->> 'day')::timestamp end as first) m
     cross join generate_series(m.first, case when x ->> 'month' is null then m.first
                                              else m.first + interval '1 month' - interval '1 day' end,
                                interval '1 day') as d
     where t.campaign_id is not null
), wanted as materialized (
    select distinct on (campaign_id, day, currency) campaign_id, day, amount, currency
      from spread
     order by campaign_id, day, currency, n desc
), was as materialized (
    select count(*) as days, sum(m.amount) as amount
      from marketing_costs m
      join wanted w on w.campaign_id = m.campaign_id and w.day = m.day and w.currency = m.currency
     where m.tenant_id = current_tenant()
), made as (
    insert into marketing_costs (tenant_id, campaign_id, day, amount, currency)
    select current_tenant(), campaign_id, day, amount, currency from wanted
    on conflict (campaign_id, day, currency) do update set amount = excluded.amount, imported_at = now()
    returning day
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'marketing.set', 'marketing_costs',
           jsonb_build_object('old', to_jsonb(was),
                              'new', (select jsonb_build_object('days', count(*), 'amount', sum(amount))
                                        from wanted)), left(:origin, 100), ''
      from was
     where exists (select from made)
)
select (select count(*) from made)::integer as days,
       coalesce((select json_agg(n order by n) from told where campaign_id is null), '[]') as missing;
