-- Decides about the number that was found, and promises to buy it. verdict: sending; owned (it is ours); price (over
-- what the request allows), cap (over what the tenant allows), unpriced (nobody knows, and there is such a limit);
-- gone: not looking any more. rent: what the numbers cost a month without it. Comes after number_lock.
-- in  id uuid, e164 text, number_type text, capabilities text, monthly_price numeric?, currency text?
-- in  max_price numeric?, bundle_sid text?, address_sid text?, origin text?
-- out verdict text, rent text, cap text?
-- one
with me as (
    select id, number_rent_cap as cap from tenants where id = current_tenant()
), used as (
    select coalesce((select sum(monthly_price) from numbers
                      where tenant_id = current_tenant() and released_at is null), 0)
           + coalesce((select sum(monthly_price) from number_purchases
                        where tenant_id = current_tenant() and state in ('sending', 'unknown')), 0) as rent
), v as (
    select case when p.state <> 'looking' then 'gone'
                when exists (select from numbers
                              where tenant_id = current_tenant() and e164 = :e164 and released_at is null)
                     or exists (select from number_purchases
                                 where tenant_id = current_tenant() and e164 = :e164
                                   and state in ('sending', 'unknown')) then 'owned'
                when :monthly_price is null and (:max_price is not null or me.cap is not null) then 'unpriced'
                when :monthly_price > :max_price then 'price'
                when used.rent + :monthly_price > me.cap then 'cap'
                else 'sending' end as word
      from number_purchases p, me, used
     where p.tenant_id = current_tenant() and p.id = :id
), p as (
    update number_purchases
       set state = 'sending', e164 = :e164, number_type = :number_type, capabilities = :capabilities,
           monthly_price = :monthly_price, currency = :currency, bundle_sid = :bundle_sid, address_sid = :address_sid
      from v
     where number_purchases.tenant_id = current_tenant() and number_purchases.id = :id and v.word = 'sending'
    returning number_purchases.id, number_purchases.e164, number_purchases.actor, number_purchases.monthly_price,
              number_purchases.currency
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, p.actor, 'number.buy', p.e164,
           jsonb_strip_nulls(jsonb_build_object('purchase', p.id, 'monthly_price', p.monthly_price,
                                                'currency', p.currency)), left(:origin, 100), ''
      from p
)
select coalesce((select word from v), 'gone') as verdict, used.rent::text, me.cap::text from used, me;
