-- Replaces the tenant's price list. Read it again afterwards.
-- in  doc text, actor text, origin text
-- out noted bool
-- one
with told as (
    select x from jsonb_array_elements((:doc::jsonb) -> 'prices') as e(x)
), gone as (
    delete from prices p
     where p.tenant_id = current_tenant()
       and not exists (select from told where x ->> 'kind' = p.kind and x ->> 'item' = p.item)
), come as (
    insert into prices (tenant_id, kind, item, unit, amount, currency)
    select current_tenant(), x ->> 'kind', x ->> 'item', x ->> 'unit', (x ->> 'amount')::numeric, x ->> 'currency'
      from told
    on conflict (tenant_id, kind, item) do update
       set unit = excluded.unit, amount = excluded.amount, currency = excluded.currency
    returning item
)
select audit_add(:actor, 'prices.set', 'prices',
                 jsonb_build_object('old', prices_json() -> 'prices', 'new', (:doc::jsonb) -> 'prices'), :origin) > 0
       and (select count(*) from come) >= 0 as noted;
