-- A tenant's limits; what is given is changed first ("none": no limit, or for countries the tenant's own), and the
-- audit keeps what was and what is.
-- in  tenant_id uuid, actor text, countries text?, blocked_prefixes text?, per_second text?, concurrent text?
-- in  minutes_per_day text?, money_per_day text?, requests text?, key_requests text?, stop bool?
-- in  number_rent text?, number_cool_down text?
-- out countries text, blocked_prefixes text?, per_second text?, concurrent text?, minutes_per_day text?
-- out money_per_day text?, requests text, key_requests text, stopped_at text?, number_rent text?
-- out number_cool_down text
-- one
with old as (
    select id, dial_countries, dial_blocked_prefixes, dial_per_second, dial_concurrent, dial_minutes_per_day,
           dial_money_per_day, requests_per_minute, key_requests_per_minute, dial_stopped_at,
           number_rent_cap, number_cool_down_days
      from tenants
     where id = :tenant_id
), t as (
    update tenants
       set dial_countries        = case when :countries is null then tenants.dial_countries
                                        else nullif(:countries, 'none') end,
           dial_blocked_prefixes = case when :blocked_prefixes is null then tenants.dial_blocked_prefixes
                                        else nullif(:blocked_prefixes, 'none') end,
           dial_per_second       = case when :per_second is null then tenants.dial_per_second
                                        else nullif(:per_second, 'none')::integer end,
           dial_concurrent       = case when :concurrent is null then tenants.dial_concurrent
                                        else nullif(:concurrent, 'none')::integer end,
           dial_minutes_per_day  = case when :minutes_per_day is null then tenants.dial_minutes_per_day
                                        else nullif(:minutes_per_day, 'none')::integer end,
           dial_money_per_day    = case when :money_per_day is null then tenants.dial_money_per_day
                                        else nullif(:money_per_day, 'none')::numeric end,
           requests_per_minute     = coalesce(:requests::integer, tenants.requests_per_minute),
           key_requests_per_minute = coalesce(:key_requests::integer, tenants.key_requests_per_minute),
           number_rent_cap       = case when :number_rent is null then tenants.number_rent_cap
                                        else nullif(:number_rent, 'none')::numeric end,
           number_cool_down_days = coalesce(:number_cool_down::integer, tenants.number_cool_down_days),
           dial_stopped_at       = case when :stop is null then tenants.dial_stopped_at
                                        when :stop then coalesce(tenants.dial_stopped_at, now()) end
      from old
     where tenants.id = old.id
    returning tenants.id, tenants.dial_countries, tenants.dial_blocked_prefixes,
              tenants.dial_per_second, tenants.dial_concurrent, tenants.dial_minutes_per_day,
              tenants.dial_money_per_day, tenants.requests_per_minute, tenants.key_requests_per_minute,
              tenants.dial_stopped_at, tenants.number_rent_cap, tenants.number_cool_down_days
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select t.id, 0, left(:actor, 200), 'tenant.limits', t.id, jsonb_build_object('old', o.now, 'new', n.now), ''
      from t, (select to_jsonb(old) - 'id' as now from old) o, (select to_jsonb(t) - 'id' as now from t) n
     where o.now <> n.now
)
select dial_countries as countries, dial_blocked_prefixes as blocked_prefixes,
       dial_per_second::text as per_second, dial_concurrent::text as concurrent,
       dial_minutes_per_day::text as minutes_per_day, dial_money_per_day::text as money_per_day,
       requests_per_minute::text as requests, key_requests_per_minute::text as key_requests,
       rfc3339(dial_stopped_at) as stopped_at, number_rent_cap::text as number_rent,
       number_cool_down_days::text as number_cool_down
  from t;
