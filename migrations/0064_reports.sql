-- The questions that may be asked of the figures: each takes the parameters of its request and answers a document.
set local role switchhook_owner;

create function stat_head(s stat_scope) returns jsonb language sql stable as $$
    select jsonb_build_object('as_of', rfc3339(now()), 'time_zone', s.zone, 'from', s.from_date, 'to', s.to_date)
$$;

-- What the raw rows of a scope are: the set of product, as m.
create function stat_set(s stat_scope) returns text language sql stable as $$
    select format(' calls m where m.tenant_id = current_tenant() and not m.test and m.created_at >= %L
                    and m.created_at < %L and coalesce(m.outcome not in (''blocked'', ''refused''), true) %s',
                  s.lo, s.hi, s.cond)
$$;

-- The range before: as many days, or for a whole calendar month the month before.
create function stat_before(s stat_scope, out first date, out until date) language sql immutable as $$
    select case when s.from_date = date_trunc('month', s.from_date)
                     and s.to_date = s.from_date + interval '1 month' then (s.from_date - interval '1 month')::date
                else s.from_date - (s.to_date - s.from_date) end, s.from_date
$$;

create function stat_total(s stat_scope) returns jsonb language sql stable as $$
    select stat_figures(coalesce((select x from stat_sum(s, 'day', null, '''''') x), stat_none()))
$$;

-- (now - before) / before of every figure that is a number; null where before is 0 or nothing.
create function stat_change(was jsonb, now jsonb) returns jsonb language sql immutable as $$
    select jsonb_object_agg(n.key, case when jsonb_typeof(w.value) = 'number'
                                        then ratio((n.value #>> '{}')::numeric - (w.value #>> '{}')::numeric,
                                                   (w.value #>> '{}')::numeric) end)
      from jsonb_each(now) n join jsonb_each(was) w on w.key = n.key
     where jsonb_typeof(n.value) in ('number', 'null') and jsonb_typeof(w.value) in ('number', 'null')
$$;

create function stats_summary(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    p   record     := stat_before(s);
    f   jsonb      := stat_total(s);
    was jsonb;
begin
    if (a ->> 'compare')::boolean then
        was := stat_total(stat_scope(a || jsonb_build_object('from', p.first, 'to', p.until)));
    end if;
    return stat_head(s) || f || case when was is null then '{}' else jsonb_build_object('comparison',
        jsonb_build_object('from', p.first, 'to', p.until, 'figures', was, 'change', stat_change(was, f))) end;
end $$;

-- A moment in an hour that began at h as date_trunc() has it: where a clock moves by half an hour, the beginning itself
-- may belong to the hour before.
create function hour_end(h timestamptz) returns timestamptz language sql immutable as $$
    select h + interval '59 minutes 59 seconds'
$$;

-- By hour, day, week or month: buckets without calls are there, and one that is not over, or cut by the range, is
-- partial. The repeated hour of a DST change is two.
create function stats_timeline(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    unit text       := coalesce(a ->> 'by', 'day');
begin
    if unit = 'hour' and s.to_date - s.from_date > 93 then
        raise exception 'by=hour takes at most 93 days' using errcode = 'check_violation';
    end if;
    return stat_head(s) || jsonb_build_object('by', unit, 'data', coalesce((
        select jsonb_agg(jsonb_build_object('at', rfc3339(b.lo), 'label', b.label,
                                            'partial', b.hi > now() or b.lo < s.lo or b.hi > s.hi)
                         || case unit when 'hour' then f - '{talk_seconds_median,talk_seconds_p90,wait_seconds_median,
                                                             wait_seconds_p90,ring_seconds_median}'::text[]
                                      else f end order by b.lo)
          from (select h as lo, h + interval '1 hour' as hi,
                       to_char(o.last, 'YYYY-MM-DD"T"HH24:00')
                       || case when o.minutes < 0 then '-' else '+' end
                       || to_char(make_interval(mins => abs(o.minutes)), 'HH24:MI') as label
                  from stat_hours(s.zone, s.lo, s.hi) h
                 cross join lateral (select hour_end(h) at time zone s.zone as last, extract(epoch from
                                            (hour_end(h) at time zone s.zone)
                                            - (hour_end(h) at time zone 'UTC'))::integer / 60 as minutes) o
                 where unit = 'hour'
                union all
                select d at time zone s.zone, (d + ('1 ' || unit)::interval) at time zone s.zone,
                       case unit when 'month' then to_char(d, 'YYYY-MM') when 'week' then to_char(d, 'IYYY-"W"IW')
                                 else to_char(d, 'YYYY-MM-DD') end
                  from generate_series(date_trunc(unit, s.from_date::timestamp),
                                       s.to_date::timestamp - interval '1 day', ('1 ' || unit)::interval) as d
                 where unit <> 'hour') as b
          left join stat_sum(s, case unit when 'hour' then 'hour' else 'day' end, null,
                             case when unit in ('hour', 'day') then 'extract(epoch from x.at)::bigint::text'
                                  else format('extract(epoch from date_trunc(%L, x.at, %L))::bigint::text', unit,
                                              s.zone) end) x
                 on x.key = extract(epoch from b.lo)::bigint::text
         cross join lateral (select stat_figures(case when x.tenant_id is null then stat_none() else x end) as f) as g),
        '[]'));
end $$;

-- Calls by hour of the local day and day of the ISO week; how often each has been and is over; means over those.
create function stat_slots(s stat_scope) returns table (weekday integer, hour integer, calls bigint, answered bigint,
    missed bigint, attempts bigint, connected bigint, times bigint) language sql stable as $$
    with h as (
        select extract(isodow from hour_end(g) at time zone s.zone)::integer as weekday,
               extract(hour from hour_end(g) at time zone s.zone)::integer as hour,
               count(distinct (hour_end(g) at time zone s.zone)::date)
                   filter (where (date_trunc('day', g, s.zone) at time zone s.zone + interval '1 day')
                                 at time zone s.zone <= now()) as times
          from stat_hours(s.zone, s.lo, s.hi) g
         group by 1, 2
    ), x as (
        select extract(isodow from hour_end(c.at) at time zone s.zone)::integer as weekday,
               extract(hour from hour_end(c.at) at time zone s.zone)::integer as hour, sum(c.calls)::bigint as calls,
               sum(c.answered)::bigint as answered, sum(c.missed)::bigint as missed,
               sum(c.attempts)::bigint as attempts, sum(c.connected)::bigint as connected
          from stat_rows(s, 'hour') c
         group by 1, 2
    )
    select w, k, coalesce(x.calls, 0), coalesce(x.answered, 0), coalesce(x.missed, 0), coalesce(x.attempts, 0),
           coalesce(x.connected, 0), coalesce(h.times, 0)
      from generate_series(1, 7) w
     cross join generate_series(0, 23) k
      left join h on h.weekday = w and h.hour = k
      left join x on x.weekday = w and x.hour = k
$$;

-- Only whole days that are over count for a mean; a call of today counts in calls alone.
create function stat_over(s stat_scope) returns stat_scope language sql stable as $$
    select (s.zone, s.from_date, least(s.to_date, (now() at time zone s.zone)::date), s.lo,
            least(s.hi, date_trunc('day', now(), s.zone)), s.dim, s.key, s.direction, s.cond, s.rolled_from,
            s.rolled_until)::stat_scope
$$;

create function stats_hours(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    rows jsonb;
begin
    select jsonb_agg(jsonb_build_object('hour', x.hour, 'calls', x.calls, 'days', x.days,
                                        'mean', ratio(coalesce(o.calls, 0), x.days),
                                        'answer_rate', ratio(x.answered, x.answered + x.missed)) order by x.hour)
      into rows
      from (select hour, sum(calls) as calls, sum(answered) as answered, sum(missed) as missed, sum(times) as days
              from stat_slots(s) group by hour) as x
      left join (select hour, sum(calls) as calls from stat_slots(stat_over(s)) group by hour) as o on o.hour = x.hour;
    return stat_head(s) || jsonb_build_object('data', rows, 'peak_hour', (
        select (r ->> 'hour')::integer from jsonb_array_elements(rows) r
         where (r ->> 'mean')::numeric > 0 order by (r ->> 'mean')::numeric desc, (r ->> 'hour')::integer limit 1));
end $$;

create function stats_weekdays(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s stat_scope := stat_scope(a);
begin
    return stat_head(s) || jsonb_build_object('data', (
        select jsonb_agg(jsonb_build_object('weekday', w, 'calls', coalesce(x.calls, 0), 'days', coalesce(d.days, 0),
                                            'mean', ratio(coalesce(o.calls, 0), d.days),
                                            'answer_rate', ratio(x.answered, x.answered + x.missed)) order by w)
          from generate_series(1, 7) w
          left join (select weekday, sum(calls) as calls, sum(answered) as answered, sum(missed) as missed
                       from stat_slots(s) group by weekday) x on x.weekday = w
          left join (select weekday, sum(calls) as calls from stat_slots(stat_over(s)) group by weekday) o
                 on o.weekday = w
          left join (select extract(isodow from d.day)::integer as weekday, count(*) as days
                       from stat_days(s.zone, s.from_date, s.to_date) d where d.hi <= now() group by 1) d
                 on d.weekday = w));
end $$;

create function stats_heatmap(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    rows jsonb;
begin
    select jsonb_agg(jsonb_build_object(
               'weekday', x.weekday, 'hour', x.hour, 'calls', x.calls, 'days', x.times,
               'answer_rate', case when x.answered + x.missed >= 5 then ratio(x.answered, x.answered + x.missed) end)
               order by x.weekday, x.hour)
      into rows from stat_slots(s) x;
    return stat_head(s) || jsonb_build_object('data', rows, 'peak_slot', (
        select jsonb_build_object('weekday', x.weekday, 'hour', x.hour)
          from stat_slots(stat_over(s)) x where x.calls > 0 and x.times > 0
         order by x.calls::numeric / x.times desc, x.weekday, x.hour limit 1));
end $$;

-- Any figure by client, user, number, campaign, source or country. Calls without one are a row whose key is null.
create function stats_breakdown(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s  stat_scope := stat_scope(a);
    by_dim text   := coalesce(a ->> 'by', 'client');
begin
    return stat_head(s) || jsonb_build_object('by', by_dim, 'data', coalesce((
        select jsonb_agg(jsonb_build_object('key', nullif(x.key, ''), 'name', coalesce(
                   case by_dim when 'client' then (select name from clients where id::text = x.key)
                               when 'user' then (select coalesce(nullif(name, ''), email) from users
                                                  where id::text = x.key)
                               when 'number' then (select e164 from numbers where id::text = x.key)
                               when 'campaign' then (select name from campaigns where id::text = x.key) end,
                   nullif(x.key, ''))) || stat_figures(x) order by x.calls desc, x.key)
          from (select * from stat_sum(s, 'day', by_dim, 'x.key') order by calls desc, key limit 1000) x), '[]'));
end $$;

create function stats_callers(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        with c as (
            select m.customer_number as number, count(*) as calls, max(m.created_at) as last_at, min(m.created_at) as
                   first_at, max(m.customer_country) as country, max(m.customer_place) as place
              from %s and m.direction = 'inbound' and m.customer_number is not null
             group by 1
        )
        select jsonb_build_object(
            'data', coalesce((select jsonb_agg(jsonb_build_object(
                                  'customer_number', t.number, 'calls', t.calls, 'last_at', rfc3339(t.last_at),
                                  'country', t.country, 'place', t.place)
                                  order by t.calls desc, t.last_at desc, t.number)
                                from (select * from c order by calls desc, last_at desc, number limit %s) t), '[]'),
            'withheld', (select count(*) from %1$s and m.direction = 'inbound' and m.customer_number is null),
            'callers', (select count(*) from c),
            'frequency', (select jsonb_build_object('1', count(*) filter (where calls = 1),
                                     '2', count(*) filter (where calls = 2),
                                     '3-5', count(*) filter (where calls between 3 and 5),
                                     '6+', count(*) filter (where calls > 5)) from c),
            'mean_days_between', (select round(avg(extract(epoch from last_at - first_at) / 86400 / (calls - 1)), 4)
                                    from c where calls > 1))$q$,
        stat_set(s), coalesce((a ->> 'limit')::integer, 10)) into doc;
    return stat_head(s) || doc;
end $$;

-- Inbound calls by country, then place, then the first seven characters of the number (null: sealed). unknown,
-- withheld and non-geographic (country 001) are groups of their own.
create function stats_geography(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        with c as (
            select case when m.withheld or m.customer_number is null then 'withheld'
                        when m.customer_country is null then 'unknown'
                        when m.customer_country = '001' then 'non-geographic' else m.customer_country end as country,
                   m.customer_place as place,
                   case when not sealed(m.customer_number) then left(m.customer_number, 7) end as prefix,
                   count(*) as calls
              from %s and m.direction = 'inbound'
             group by 1, 2, 3
        )
        select jsonb_build_object('data', coalesce(jsonb_agg(jsonb_build_object(
                   'country', k.country, 'calls', k.calls, 'places', k.places) order by k.calls desc, k.country), '[]'))
          from (select country, sum(calls) as calls,
                       jsonb_agg(jsonb_build_object('place', place, 'calls', calls, 'prefixes', prefixes)
                                 order by calls desc, place) as places
                  from (select country, place, sum(calls) as calls,
                               jsonb_agg(jsonb_build_object('prefix', prefix, 'calls', calls)
                                         order by calls desc, prefix) as prefixes
                          from (select *, row_number() over (partition by country, place
                                                             order by calls desc, prefix) as n from c) r
                         where true group by country, place) p
                 group by country) k$q$, stat_set(s)) into doc;
    return stat_head(s) || doc;
end $$;

-- Agents: what they were offered (a leg of theirs rang), took, and how their own calls went.
create function stats_agents(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        select jsonb_agg(jsonb_build_object('user_id', x.user_id, 'offered', x.offered, 'answered', x.answered,
                   'missed_offers', x.offered - x.answered, 'talk_seconds_total', x.talk,
                   'talk_seconds_mean', ratio(x.talk, x.talks), 'attempts', x.attempts, 'connected', x.connected,
                   'connect_rate', ratio(x.connected, x.attempts), 'dispositions', x.dispositions)
                   || jsonb_build_object('name', (select coalesce(nullif(u.name, ''), u.email) from users u
                                                   where u.id = x.user_id)) order by x.offered + x.attempts desc,
                                                                                  x.user_id)
          from (select m.user_id,
                       count(*) filter (where m.direction = 'inbound' and (m.outcome = 'answered' or exists (
                           select from call_legs l where l.call_id = m.id and l.role = 'agent'))) as offered,
                       count(*) filter (where m.direction = 'inbound' and m.outcome = 'answered') as answered,
                       coalesce(sum(m.talk_seconds) filter (where m.answered_at is not null
                                                                  and m.kind = 'conversation'), 0) as talk,
                       count(m.talk_seconds) filter (where m.answered_at is not null and m.ended_at is not null
                                                           and m.kind = 'conversation') as talks,
                       count(*) filter (where m.direction = 'outbound' and (m.outcome in ('connected', 'busy',
                           'no-answer', 'canceled') or m.outcome = 'failed' and m.twilio_call_sid is not null))
                           as attempts,
                       count(*) filter (where m.outcome = 'connected') as connected,
                       (select coalesce(jsonb_object_agg(d.disposition, d.n), '{}')
                          from (select z.disposition, count(*) as n from unnest(array_agg(m.disposition)) z(disposition)
                                 where z.disposition is not null group by 1) d) as dispositions
                  from %s and m.user_id is not null
                 group by m.user_id) x$q$, stat_set(s)) into doc;
    return stat_head(s) || jsonb_build_object('data', coalesce(doc, '[]'));
end $$;

-- When people are reached: connect_rate by weekday and hour, ranked by the lower bound of Wilson's interval (95 %).
-- https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
create function stats_best_time(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s stat_scope := stat_scope(a);
begin
    return stat_head(s) || jsonb_build_object('data', coalesce((
        select jsonb_agg(jsonb_build_object('weekday', x.weekday, 'hour', x.hour, 'attempts', x.attempts,
                   'connected', x.connected, 'connect_rate', ratio(x.connected, x.attempts),
                   'lower_bound', case when x.attempts >= 20 then round(w.bound, 4) end)
                   order by case when x.attempts >= 20 then w.bound end desc nulls last, x.weekday, x.hour)
          from stat_slots(s) x
         cross join lateral (select 1.96 * 1.96 as z2, x.attempts::numeric as n,
                                    x.connected::numeric / x.attempts as p) v
         cross join lateral (select (p + z2 / (2 * n) - 1.96 * sqrt((p * (1 - p) + z2 / (4 * n)) / n)) / (1 + z2 / n)
                                    as bound) w
         where x.attempts > 0), '[]'));
end $$;

-- Money of one currency, and what is left of two when they have the same one.
create function money_only(m jsonb) returns numeric language sql immutable as $$
    select min(value::numeric) from jsonb_each_text(m) having count(*) = 1
$$;
create function money_ratio(part jsonb, whole jsonb, n numeric) returns numeric language sql immutable as $$
    select case when part = '{}' or (select array_agg(k) from jsonb_object_keys(part) k)
                                    = (select array_agg(k) from jsonb_object_keys(whole) k)
                then ratio(coalesce(money_only(part), 0) - n * money_only(whole), nullif(money_only(whole), 0)) end
$$;
-- Money for each of n; null over none.
create function money_per(m jsonb, n numeric) returns jsonb language sql immutable as $$
    select case when n > 0
                then coalesce(jsonb_object_agg(key, trim_scale(round(value::numeric / nullif(n, 0), 4))::text), '{}')
           end
      from jsonb_each_text(m)
$$;

-- What advertising brought: leads, conversions, revenue and cost, by campaign, source, client or in all.
create function stats_tracking(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    unit text       := coalesce(a ->> 'by', 'campaign');
    of_calls text   := case unit when 'campaign' then 'm.campaign_id::text' when 'source' then 'm.source'
                                 when 'client' then 'm.client_id::text' else '''''' end;
    of_costs text   := case unit when 'campaign' then 'm.campaign_id::text' when 'client' then 'm.client_id::text'
                                 when 'source' then '(select k.source from calls k where k.id = m.call_id)'
                                 else '''''' end;
    cond text       := replace(s.cond, ' and m.direction', ' and ''inbound''');
    doc  jsonb;
begin
    execute format($q$
        with cells as (
            select x.key, x as cell, stat_figures(x) as f from stat_sum($1, 'day', %L, %L, false) x
        ), sold as (
            select coalesce(%s, '') as key, count(*) as conversions, money_sum(v.currency, v.value) as revenue,
                   count(distinct m.id) filter (where m.direction = 'inbound' and m.outcome = 'answered') as converted
              from conversions v join calls m on m.id = v.call_id
             where v.tenant_id = current_tenant() and not m.test and m.created_at >= $1.lo and m.created_at < $1.hi
                   and coalesce(m.outcome not in ('blocked', 'refused'), true) %s
             group by 1
        ), advertised as (
            select %s as key, money_sum(k.currency, k.amount) as money
              from marketing_costs k join campaigns p on p.id = k.campaign_id
             where k.tenant_id = current_tenant() and k.day >= $1.from_date and k.day < $1.to_date and %s
             group by 1
        ), charged as (
            select coalesce(%s, '') as key, money_sum(m.currency, m.amount) as money
              from cost_entries m
             where m.tenant_id = current_tenant() and m.kind <> 'number' and m.at >= $1.lo and m.at < $1.hi and %s
             group by 1
        ), rented as (
            select coalesce(%s, '') as key, money_sum(m.currency, m.amount
                       * greatest(0, least($1.to_date, (n.month + interval '1 month')::date)
                                     - greatest($1.from_date, n.month::date))
                       / ((n.month + interval '1 month')::date - n.month::date)) as money
              from cost_entries m
             cross join lateral (select date_trunc('month', m.at at time zone $1.zone) as month) n
             where m.tenant_id = current_tenant() and m.kind = 'number' and m.at >= $1.lo - interval '32 days'
                   and m.at < $1.hi and %s
             group by 1
        ), keys as (
            select key from cells union select key from sold union select key from advertised union
            select key from charged union select key from rented where money <> '{}'
        ), sums as (
            select k.key, coalesce(c.f, stat_figures(stat_none())) as f, coalesce(v.conversions, 0) as conversions,
                   coalesce(v.converted, 0) as converted, coalesce(v.revenue, '{}') as revenue,
                   coalesce(d.money, '{}') as marketing, coalesce(g.money, '{}') as calls,
                   coalesce(r.money, '{}') as rent,
                   (select coalesce(jsonb_object_agg(x.key, trim_scale(x.sum)::text), '{}')
                      from (select e.key, sum(e.value::numeric) from
                                   (select * from jsonb_each_text(coalesce(d.money, '{}')) union all
                                    select * from jsonb_each_text(coalesce(g.money, '{}')) union all
                                    select * from jsonb_each_text(coalesce(r.money, '{}'))) as e(key, value)
                             group by 1) x) as cost
              from keys k
              left join cells c on c.key = k.key
              left join sold v on v.key = k.key
              left join advertised d on d.key = k.key
              left join charged g on g.key = k.key
              left join rented r on r.key = k.key
        )
        select jsonb_agg(jsonb_build_object('key', nullif(key, ''),
                   'name', (select p.name from campaigns p where p.id::text = key),
                   'inbound', f -> 'inbound', 'answered', f -> 'answered', 'answer_rate', f -> 'answer_rate',
                   'connect_rate', f -> 'connect_rate', 'talk_seconds_mean', f -> 'talk_seconds_mean',
                   'first_time', f -> 'first_time', 'repeat', f -> 'repeat', 'leads', f -> 'leads',
                   'leads_by_status', f -> 'leads_by_status', 'lead_quality', f -> 'lead_quality',
                   'conversions', conversions, 'conversion_rate', ratio(converted, (f ->> 'answered')::numeric),
                   'revenue', revenue, 'marketing_cost', marketing, 'call_cost', calls, 'number_rent', rent,
                   'cost', cost, 'roi', money_ratio(revenue, cost, 1),
                   'cost_per_call', money_per(cost, (f ->> 'inbound')::numeric),
                   'cost_per_lead', money_per(cost, (f ->> 'leads')::numeric),
                   'cost_per_qualified_lead', money_per(cost, (f #>> '{leads_by_status,qualified}')::numeric),
                   'cpl_marketing', money_per(marketing, (f ->> 'leads')::numeric))
                   order by (f ->> 'inbound')::bigint desc, key) from sums$q$,
        case unit when 'total' then null else unit end, case unit when 'total' then '''''' else 'x.key' end,
        of_calls, s.cond,
        case unit when 'campaign' then 'k.campaign_id::text' when 'source' then 'coalesce(p.source, '''')'
                  else '''''' end,
        case when a ? 'client_id' or a ? 'user_id' or a ? 'number_id' then 'false'
             else concat_ws(' and ', 'true',
                            case when a ? 'campaign_id' then format('k.campaign_id = %L', a ->> 'campaign_id') end,
                            case when a ? 'source' then format('p.source = %L', a ->> 'source') end) end,
        of_costs, case when s.cond = '' then 'true'
                       else format('m.call_id in (select m.id from %s)', stat_set(s)) end,
        case unit when 'source' then '(select k.source from numbers k where k.id = m.number_id)' else of_costs end,
        concat_ws(' and ', 'true', case when a ? 'client_id' then format('m.client_id = %L', a ->> 'client_id') end,
                  case when a ? 'campaign_id' then format('m.campaign_id = %L', a ->> 'campaign_id') end,
                  case when a ? 'number_id' then format('m.number_id = %L', a ->> 'number_id') end,
                  case when a ? 'user_id' or a ? 'source' then 'false' end)) into doc using s;
    return stat_head(s) || jsonb_build_object('by', unit, 'data', coalesce(doc, '[]'));
end $$;

-- Recordings, their text and what a model read in it.
create function stats_recordings(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        with c as (select m.id, m.status, m.record, m.answered_at, m.ended_at from %s),
        r as (
            select c.id as call_id, c.status, x.id, coalesce(x.transcription_status, 'none') as word, x.stored_at,
                   t.id as transcript_id, t.created_at as read_at
              from c
              left join lateral (select * from recordings y where y.call_id = c.id and y.kind = 'call'
                                  order by (y.status in ('completed', 'stored')) desc,
                                           y.duration_seconds desc nulls last, y.id limit 1) x on true
              left join lateral (select * from transcripts y where y.recording_id = x.id
                                  order by y.version desc limit 1) t on true
        ), read as (
            select n.sentiment, n.sentiment_score
              from r join lateral (select * from analyses y where y.transcript_id = r.transcript_id
                                    order by y.version desc limit 1) n on true
        ), due as (
            select exists (select from recordings y
                            where y.call_id = c.id and y.status in ('completed', 'stored')) as has
              from c
             where c.record and c.answered_at is not null and c.ended_at < now() - interval '15 minutes'
        )
        select jsonb_build_object(
            'by_status', (select coalesce(jsonb_agg(jsonb_build_object('status', g.status,
                              'transcription_status', g.word, 'calls', g.n) order by g.status, g.word), '[]')
                            from (select status, word, count(*) as n from r group by 1, 2) g),
            'transcription_coverage', (select ratio(count(*) filter (where word = 'completed'),
                                                    count(*) filter (where word in ('completed', 'failed', 'pending',
                                                                                    'processing'))) from r),
            'transcription_lag_seconds_median', (select round(percentile_cont(0.5) within group
                (order by extract(epoch from read_at - stored_at))::numeric, 4) from r where read_at is not null),
            'transcription_lag_seconds_p90', (select round(percentile_cont(0.9) within group
                (order by extract(epoch from read_at - stored_at))::numeric, 4) from r where read_at is not null),
            'recording_coverage', (select ratio(count(*) filter (where has), count(*)) from due),
            'analysed', (select count(*) from read),
            'sentiment', (select jsonb_build_object(
                'positive', ratio(count(*) filter (where sentiment = 'positive'), count(*)),
                'neutral', ratio(count(*) filter (where sentiment = 'neutral'), count(*)),
                'negative', ratio(count(*) filter (where sentiment = 'negative'), count(*)),
                'mean_score', round(avg(sentiment_score), 4)) from read))$q$, stat_set(s)) into doc;
    return stat_head(s) || doc;
end $$;

-- How soon a missed caller was spoken to or tried again, within seven days, same number and client; and how many calls
-- went on at once. Touching ends do not overlap.
create function stats_callbacks(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        with b as (
            select extract(epoch from x.created_at - m.created_at) as wait
              from (select * from %s and m.outcome = 'missed' and m.customer_number is not null) m
              left join lateral (
                   select k.created_at from calls k
                    where k.customer_number = m.customer_number and k.tenant_id = m.tenant_id and not k.test
                      and k.created_at > m.created_at and k.created_at <= m.created_at + interval '7 days'
                      and k.client_id is not distinct from m.client_id
                      and (k.direction = 'inbound' and k.outcome = 'answered'
                           or k.direction = 'outbound' and (k.outcome in ('connected', 'busy', 'no-answer', 'canceled')
                              or k.outcome = 'failed' and k.twilio_call_sid is not null))
                    order by k.created_at limit 1) x on true
        )
        select jsonb_build_object(
            'missed', count(*), 'called_back', count(wait),
            'seconds_median', round((percentile_cont(0.5) within group (order by wait))::numeric, 4),
            'seconds_p90', round((percentile_cont(0.9) within group (order by wait))::numeric, 4),
            'never', ratio(count(*) - count(wait), count(*))) from b$q$, stat_set(s)) into doc;
    return stat_head(s) || doc;
end $$;

create function stats_concurrency(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        with e as (
            select m.created_at as at, 1 as step from %s
            union all
            select m.ended_at, -1 from %1$s and m.ended_at is not null
        ), n as (
            select at, sum(step) over (order by at, step rows unbounded preceding) as n from e
        )
        select jsonb_build_object('concurrent_calls', coalesce(max(n), 0),
                                  'at', (select rfc3339(min(at)) from n where n = (select max(n) from n) and n > 0))
          from n$q$, stat_set(s)) into doc;
    return stat_head(s) || doc;
end $$;

-- Weekly calls against weekly revenue of the last 26 full ISO weeks, weeks of nothing included: no cause.
create function stats_correlation(a jsonb) returns jsonb language plpgsql stable as $$
declare
    z    text := (stat_scope(a)).zone;
    last date := date_trunc('week', (now() at time zone z))::date;
    s    stat_scope := stat_scope(a || jsonb_build_object('from', last - 182, 'to', last));
    doc  jsonb;
begin
    execute format($q$
        with w as (
            select d::date as week, coalesce(c.calls, 0) as calls, coalesce(v.revenue, 0) as revenue
              from generate_series($1.from_date::timestamp, $1.to_date::timestamp - interval '1 week',
                                   interval '1 week') d
              left join (select date_trunc('week', m.created_at at time zone $1.zone) as week, count(*) as calls
                           from %s group by 1) c on c.week = d
              left join (select date_trunc('week', m.created_at at time zone $1.zone) as week, sum(k.value) as revenue
                           from conversions k join (select m.* from %1$s) m on m.id = k.call_id
                          group by 1) v on v.week = d
             where d >= (select date_trunc('week', min(created_at) at time zone $1.zone) from calls
                          where tenant_id = current_tenant())
        )
        select jsonb_build_object(
            'weeks', count(*), 'note', 'not a cause',
            'r', case when count(*) >= 8 and (select count(distinct k.currency) <= 1 from conversions k
                                                join (select m.* from %1$s) m on m.id = k.call_id)
                      then round(corr(calls, revenue)::numeric, 4) end) from w$q$, stat_set(s)) into doc using s;
    return stat_head(s) || doc;
end $$;

-- Calls to expect by local day: the mean of the last eight same weekdays; the interval never below 0; beside it the
-- error of saying "as a week ago", over the same eight weeks.
create function stats_forecast(a jsonb) returns jsonb language plpgsql stable as $$
declare
    today date := (now() at time zone (stat_scope(a)).zone)::date;
    s     stat_scope := stat_scope(a || jsonb_build_object('from', today - 70, 'to', today));
begin
    return stat_head(s) || jsonb_build_object('data', (
        with x as materialized (
            select key, calls from stat_sum(s, 'day', null, format('(x.at at time zone %L)::date::text', s.zone), false)
        ), d as materialized (
            select c.day, coalesce(x.calls, 0) as calls
              from stat_days(s.zone, s.from_date, s.to_date) c
              left join x on x.key = c.day::text
             where c.day >= (select (min(created_at) at time zone s.zone)::date from calls
                              where tenant_id = current_tenant())
        ), ahead as (
            select today + i as day from generate_series(0, 6) i
        ), f as (
            select h.day, count(p.calls) as n, avg(p.calls) as mean, stddev_samp(p.calls) as sd, avg(p.miss) as naive
              from ahead h
              left join lateral (
                   select d.calls, abs(d.calls - b.calls) as miss
                     from d left join d b on b.day = d.day - 7
                    where extract(isodow from d.day) = extract(isodow from h.day) and d.day < today
                    order by d.day desc limit 8) p on true
             group by h.day
        )
        select jsonb_agg(jsonb_build_object('day', day, 'values', n,
                   'calls', case when n >= 3 then round(mean, 4) end,
                   'low', case when n >= 3 then round(greatest(0, mean - 1.28 * greatest(sd, sqrt(mean))), 4) end,
                   'high', case when n >= 3 then round(mean + 1.28 * greatest(sd, sqrt(mean)), 4) end,
                   'naive_error', round(naive, 4)) order by day) from f));
end $$;

-- Webhooks: how many of which kind, and how long after Twilio's own time they came, of the newest two thousand that
-- carry one. A clock of ours that is behind counts as 0.
create function stats_webhooks(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s stat_scope := stat_scope(a);
begin
    return stat_head(s) || (
        select jsonb_build_object('deliveries', coalesce(sum(k.n), 0),
                                  'by_kind', coalesce(jsonb_object_agg(k.kind, k.n), '{}'))
          from (select kind, count(*) as n
                  from webhook_events
                 where tenant_id = current_tenant() and received_at >= s.lo and received_at < s.hi group by 1) k)
        || (
        select jsonb_build_object(
                   'lag_seconds_median', round((percentile_cont(0.5) within group (order by g.lag))::numeric, 4),
                   'lag_seconds_p99', round((percentile_cont(0.99) within group (order by g.lag))::numeric, 4),
                   'lag_of', count(g.lag))
          from (select greatest(0, extract(epoch from e.received_at - twilio_time(form_text(
                           substring(convert_from(e.raw, 'LATIN1') from '(?:^|&)Timestamp=([^&]*)'))))) as lag
                  from webhook_events e
                 where e.tenant_id = current_tenant() and e.received_at >= s.lo and e.received_at < s.hi
                   and position('Timestamp='::bytea in e.raw) > 0
                 order by e.received_at desc limit 2000) g);
end $$;

-- This month so far: calls, minutes, recordings, seconds of models, money.
create function stats_usage(a jsonb) returns jsonb language plpgsql stable as $$
declare
    first date       := tenant_month(now())::date;
    s     stat_scope := stat_scope(a || jsonb_build_object('from', first, 'to', (first + interval '1 month')::date));
    f     jsonb      := stat_total(s);
begin
    return stat_head(s) || jsonb_build_object(
        'calls', f -> 'total_calls', 'minutes', ratio((f ->> 'duration_seconds_total')::numeric, 60),
        'recordings', (select count(*) from recordings r where r.tenant_id = current_tenant() and r.created_at >= s.lo),
        'model_seconds', (select coalesce(sum(r.seconds), 0) from ai_requests r
                           where r.tenant_id = current_tenant() and r.created_at >= s.lo),
        'cost', (select money_sum(currency, amount) from cost_entries
                  where tenant_id = current_tenant() and at >= s.lo and at < s.hi),
        'by_kind', (select coalesce(jsonb_object_agg(k.kind, k.money), '{}')
                      from (select kind, money_sum(currency, amount) as money from cost_entries
                             where tenant_id = current_tenant() and at >= s.lo and at < s.hi group by 1) k),
        'cap_minutes_per_day', (select dial_minutes_per_day from tenants where id = current_tenant()),
        'budgets', (select coalesce(jsonb_agg(budget_json(b)), '[]') from budgets b
                     where b.tenant_id = current_tenant()));
end $$;

-- What was charged, by kind, client, campaign, number or month, with whether all prices are known.
create function stats_costs(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    unit text       := coalesce(a ->> 'by', 'kind');
    doc  jsonb;
begin
    execute format($q$
        select jsonb_agg(jsonb_build_object('key', x.key, 'cost', x.money, 'entries', x.n) order by x.key)
          from (select %s as key, money_sum(m.currency, m.amount) as money, count(*) as n
                  from cost_entries m
                 where m.tenant_id = current_tenant() and m.at >= $1.lo and m.at < $1.hi and %s
                 group by 1) x$q$,
        case unit when 'client' then 'm.client_id::text' when 'campaign' then 'm.campaign_id::text'
                  when 'number' then 'm.number_id::text'
                  when 'month' then 'to_char(m.at at time zone $1.zone, ''YYYY-MM'')' else 'm.kind' end,
        concat_ws(' and ', 'true', case when a ? 'client_id' then format('m.client_id = %L', a ->> 'client_id') end,
                  case when a ? 'campaign_id' then format('m.campaign_id = %L', a ->> 'campaign_id') end,
                  case when a ? 'number_id' then format('m.number_id = %L', a ->> 'number_id') end))
        into doc using s;
    return stat_head(s) || jsonb_build_object('by', unit, 'data', coalesce(doc, '[]'),
        'cost_complete', not exists (
            select from calls c where c.tenant_id = current_tenant() and c.created_at >= s.lo and c.created_at < s.hi
               and c.ended_at is not null and c.twilio_call_sid is not null and c.price is null));
end $$;
