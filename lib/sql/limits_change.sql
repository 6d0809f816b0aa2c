-- Changes what the tenant may call: members of the patch, whose shapes were checked; null takes a limit away, and gives
-- the tenant's own country back. verdict: done; stale, another since the etag was given; loosens, which machine, when a
-- key asks, may not.
-- in  patch jsonb, etag text?, machine bool, actor text, origin text
-- out verdict text, doc json?
-- one
with old as (
    select t as was, t.dial_countries as countries, t.dial_blocked_prefixes as blocked, t.dial_stopped_at as stopped_at,
           t.dial_per_second as per_second, t.dial_concurrent as concurrent, t.dial_minutes_per_day as minutes,
           t.dial_money_per_day as money, t.country
      from tenants t
     where t.id = current_tenant()
       for no key update
), list as (
    select (select string_agg(distinct v, ' ') from jsonb_array_elements_text(nullif(:patch -> 'countries', 'null')) v)
               as countries,
           (select string_agg(distinct v, ' ')
              from jsonb_array_elements_text(nullif(:patch -> 'blocked_prefixes', 'null')) v) as blocked
), want as (
    select case when :patch ? 'countries' then coalesce(l.countries, o.country) else o.countries end as countries,
           case when :patch ? 'blocked_prefixes' then l.blocked else o.blocked end as blocked,
           case when :patch ? 'per_second' then (:patch ->> 'per_second')::integer else o.per_second end as per_second,
           case when :patch ? 'concurrent' then (:patch ->> 'concurrent')::integer else o.concurrent end as concurrent,
           case when :patch ? 'minutes_per_day' then (:patch ->> 'minutes_per_day')::integer else o.minutes end
               as minutes,
           case when :patch ? 'money_per_day' then (:patch ->> 'money_per_day')::numeric else o.money end as money,
           case when not :patch ? 'stopped' then o.stopped_at
                when (:patch ->> 'stopped')::boolean then coalesce(o.stopped_at, now()) end as stopped_at
      from old o, list l
), v as (
    select case when :etag is not null and strpos(:etag, etag(limits_json(o.was))) = 0 then 'stale'
                when :machine and (string_to_array(o.countries, ' ') @> string_to_array(w.countries, ' ')
                                   and string_to_array(coalesce(w.blocked, ''), ' ')
                                       @> string_to_array(coalesce(o.blocked, ''), ' ')
                                   and coalesce(w.per_second <= o.per_second, o.per_second is null)
                                   and coalesce(w.concurrent <= o.concurrent, o.concurrent is null)
                                   and coalesce(w.minutes <= o.minutes, o.minutes is null)
                                   and coalesce(w.money <= o.money, o.money is null)
                                   and (o.stopped_at is null or w.stopped_at is not null)) is not true
                then 'loosens'
                else 'done' end as verdict
      from old o, want w
), t as (
    update tenants as n
       set dial_countries = w.countries, dial_blocked_prefixes = w.blocked, dial_per_second = w.per_second,
           dial_concurrent = w.concurrent, dial_minutes_per_day = w.minutes, dial_money_per_day = w.money,
           dial_stopped_at = w.stopped_at
      from want w, v
     where v.verdict = 'done' and n.id = current_tenant()
    returning n as made
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'limits.change', 'limits',
           json_build_object('old', limits_json(o.was), 'new', limits_json(t.made)), left(:origin, 100), ''
      from t, old o
)
select v.verdict, (select limits_json(t.made) from t) as doc
  from v;
