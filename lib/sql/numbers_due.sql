-- What the tenant's numbers wait for: purchases without an end, numbers to be given back and to be told their URLs, and
-- once a day a look at all of them.
-- out work text, id uuid
-- many
select work, id
  from (select 1 as turn, 'purchase' as work, id, created_at as since
          from number_purchases
         where tenant_id = current_tenant() and state in ('looking', 'sending', 'unknown')
           and created_at < now() - interval '30 seconds'
        union all
        select 2, 'release', n.id, n.cooling_until
          from numbers n
         where n.tenant_id = current_tenant() and n.released_at is null and n.release_asked_at is not null
           and n.cooling_until <= now() and number_holders(n) is null
        union all
        select 3, 'apply', h.number_id, h.apply_at
          from number_health h
          join numbers n on n.id = h.number_id and n.released_at is null
         where h.tenant_id = current_tenant() and h.apply_at <= now()
        union all
        select 4, 'check', t.id, t.created_at
          from tenants t
         where t.id = current_tenant()
           and (t.numbers_checked_at is null or t.numbers_checked_at < now() - interval '1 day')
           and exists (select from twilio_configurations where tenant_id = t.id)
           and exists (select from numbers where tenant_id = t.id and released_at is null)) as due
 order by turn, since
 limit 50;
