-- Replaces the tenant's price list. Read it again afterwards. noted: false where it
-- is another since the etag was given, and nothing is done.
-- in  doc text, etag text?, actor text, origin text
-- out noted bool
-- one
with old as materialized (
    select :etag is null or strpos(:etag, etag(prices_json())) > 0 as same
), told as (
    select x from old, jsonb_array_elements((:doc::jsonb) -> 'prices') as e(x) where old.same
), gone as (
    delete from prices p
     using old
     where old.same and p.tenant_id = current_tenant()
       and not exists (select from told where x ->> 'kind' = p.kind and x ->> 'item' = p.item)
), come as (
    insert into prices (tenant_id, kind, item, unit, amount, currency)
    select current_tenant(), x ->> 'kind', x ->> 'item', x ->> 'unit', (x ->> 'amount')::numeric, x ->> 'currency'
      from told
    on conflict (tenant_id, kind, item) do update
       set unit = excluded.unit, amount = excluded.amount, currency = excluded.currency
    returning item
)
select case when old.same
            then audit_add(:actor, 'prices.set', 'prices',
                           jsonb_build_object('old', prices_json() -> 'prices', 'new', (:doc::jsonb) -> 'prices'),
                           :origin) > 0
                 and (select count(*) from come) >= 0
            else false end as noted
  from old;
