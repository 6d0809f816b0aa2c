-- Every figure that is shown is defined here, once. A call is a row of marks (0, 1 or seconds); marks are summed into
-- cells; figures are made of the sums. Cells of past calls are kept, so that no question reads millions of calls.
--   calls --call_marks--> marks --stat_build--> cells (kept by stat_refresh, or made now) --stat_figures--> JSON
set local role switchhook_owner;

-- A cell: the sums of all calls of one key in one hour or local day. The columns from calls on are added up; their
-- names are those of call_marks.
create table stat_cells (
    tenant_id  uuid        not null,
    grain      text        not null collate "C" check (grain in ('hour', 'day')),
    dim        text        not null collate "C",
    key        text        not null collate "C",
    at         timestamptz not null,
    direction  text        not null collate "C",
    calls                 bigint not null,
    inbound               bigint not null,
    outbound              bigint not null,
    in_progress           bigint not null,
    answered              bigint not null,
    missed                bigint not null,
    handled               bigint not null,
    abandoned             bigint not null,
    out_of_hours          bigint not null,
    nobody_available      bigint not null,
    rejected              bigint not null,
    unroutable            bigint not null,
    rang_out              bigint not null,
    voicemails            bigint not null,
    connected             bigint not null,
    attempts              bigint not null,
    agent_unreached       bigint not null,
    busy                  bigint not null,
    no_answer             bigint not null,
    failed                bigint not null,
    canceled              bigint not null,
    unknown               bigint not null,
    refused               bigint not null,
    blocked               bigint not null,
    first_time            bigint not null,
    repeat                bigint not null,
    talks                 bigint not null,
    talk_seconds          bigint not null,
    waits                 bigint not null,
    wait_seconds          bigint not null,
    abandon_wait_seconds  bigint not null,
    rings                 bigint not null,
    ring_seconds          bigint not null,
    durations             bigint not null,
    duration_seconds      bigint not null,
    in_time               bigint not null,
    by_customer           bigint not null,
    by_agent              bigint not null,
    by_system             bigint not null,
    by_unknown            bigint not null,
    quality_low           bigint not null,
    quality_medium        bigint not null,
    quality_high          bigint not null,
    lead_open             bigint not null,
    lead_qualified        bigint not null,
    lead_unqualified      bigint not null,
    lead_spam             bigint not null,
    lead_duplicate        bigint not null,
    talk_spread           integer[],
    wait_spread           integer[],
    ring_spread           integer[],
    primary key (tenant_id, grain, dim, at, key, direction)
);
comment on column stat_cells.dim is
    'total; client, user, number, campaign, source, country in the tenant''s zone; own: a client in its own zone';
comment on column stat_cells.key is 'id or word; empty: calls that have none';
comment on column stat_cells.at  is 'when the hour or local day began';
comment on column stat_cells.talk_spread is 'of a day: value, how often, value, how often: for medians and percentiles';

-- How far cells go: they hold the calls that were created from rolled_from to before rolled_until, and what was known
-- of them in the transactions before xid. All others are summed up when asked for.
create table stat_marks (
    tenant_id    uuid        primary key references tenants,
    rolled_from  timestamptz not null,
    rolled_until timestamptz not null,
    xid          bigint      not null,
    older_xid    bigint      not null,
    rolled_at    timestamptz not null
);
comment on column stat_marks.older_xid is
    'of the run before: what a delivery changes may be committed just after it, so it is looked at twice';

-- Moments whose day must be summed up anew, besides those that webhooks tell of. No key: to note one waits for nobody.
create table stat_dirty (
    tenant_id uuid        not null,
    at        timestamptz not null,
    noted_at  timestamptz not null default clock_timestamp()
);
comment on column stat_dirty.at is '-infinity: all days';
create index stat_dirty_tenant on stat_dirty (tenant_id, at);
call tenant_table('stat_cells');
call tenant_table('stat_marks');
revoke delete on stat_marks from switchhook_app;
call tenant_table('stat_dirty');

-- One call as numbers. Set: without tests; blocked and refused calls have their own marks and no other.
create view call_marks with (security_invoker = true) as
select c.tenant_id, c.id, c.created_at, c.direction, c.client_id, c.user_id, c.number_id, c.campaign_id, c.source,
       case when c.direction = 'inbound' then c.customer_country end as country, c.customer_number, c.withheld,
       c.customer_place, s.in_set as calls, s.inbound::int as inbound, s.outbound::int as outbound,
       case when c.ended_at is null then s.in_set else 0 end as in_progress,
       (s.inbound and c.outcome = 'answered')::int as answered,
       s.missed::int as missed,
       (s.inbound and c.outcome = 'handled')::int as handled,
       (s.missed and c.missed_reason = 'abandoned')::int as abandoned,
       (s.missed and c.missed_reason = 'out_of_hours')::int as out_of_hours,
       (s.missed and c.missed_reason = 'nobody_available')::int as nobody_available,
       (s.missed and c.missed_reason = 'rejected')::int as rejected,
       (s.missed and c.missed_reason = 'failed')::int as unroutable,
       (s.missed and coalesce(c.missed_reason, 'no_answer') = 'no_answer')::int as rang_out,
       (s.missed and c.voicemail)::int as voicemails,
       (s.outbound and c.outcome = 'connected')::int as connected,
       (s.outbound and (c.outcome in ('connected', 'busy', 'no-answer', 'canceled')
                        or c.outcome = 'failed' and c.twilio_call_sid is not null))::int as attempts,
       (s.outbound and c.outcome = 'agent_unreached')::int as agent_unreached,
       (s.outbound and c.outcome = 'busy')::int as busy,
       (s.outbound and c.outcome = 'no-answer')::int as no_answer,
       (s.outbound and c.outcome = 'failed')::int as failed,
       (s.outbound and c.outcome = 'canceled')::int as canceled,
       (s.in_set = 1 and c.outcome = 'unknown')::int as unknown,
       (c.outcome = 'refused')::int as refused,
       (c.outcome = 'blocked')::int as blocked,
       (s.inbound and s.prior = 0)::int as first_time,
       (s.inbound and s.prior > 0)::int as repeat,
       s.talked::int as talks,
       case when s.talked then c.talk_seconds else 0 end as talk_seconds,
       s.waited::int as waits,
       case when s.waited then c.wait_seconds else 0 end as wait_seconds,
       case when s.missed and c.missed_reason = 'abandoned' then coalesce(c.wait_seconds, 0) else 0 end
           as abandon_wait_seconds,
       (s.in_set = 1 and c.ring_seconds is not null)::int as rings,
       case when s.in_set = 1 then coalesce(c.ring_seconds, 0) else 0 end as ring_seconds,
       (s.in_set = 1 and c.duration_seconds > 0)::int as durations,
       case when s.in_set = 1 then coalesce(c.duration_seconds, 0) else 0 end as duration_seconds,
       (s.inbound and c.outcome = 'answered' and c.wait_seconds <= t.answer_within_seconds)::int as in_time,
       (s.spoken and c.ended_by = 'customer')::int as by_customer,
       (s.spoken and c.ended_by = 'agent')::int as by_agent,
       (s.spoken and c.ended_by = 'system')::int as by_system,
       (s.spoken and c.ended_by is null)::int as by_unknown,
       (s.rated and c.talk_seconds < coalesce(q.quality_low_seconds, 30))::int as quality_low,
       (s.rated and c.talk_seconds >= coalesce(q.quality_low_seconds, 30)
                and c.talk_seconds < coalesce(q.quality_high_seconds, 90))::int as quality_medium,
       (s.rated and c.talk_seconds >= coalesce(q.quality_high_seconds, 90))::int as quality_high,
       (s.inbound and s.prior = 0 and coalesce(c.lead_status, 'open') = 'open')::int as lead_open,
       (s.inbound and s.prior = 0 and coalesce(c.lead_status, 'open') = 'qualified')::int as lead_qualified,
       (s.inbound and s.prior = 0 and coalesce(c.lead_status, 'open') = 'unqualified')::int as lead_unqualified,
       (s.inbound and s.prior = 0 and coalesce(c.lead_status, 'open') = 'spam')::int as lead_spam,
       (s.inbound and s.prior = 0 and coalesce(c.lead_status, 'open') = 'duplicate')::int as lead_duplicate,
       case when s.talked then c.talk_seconds end as talk, case when s.waited then c.wait_seconds end as wait,
       case when s.in_set = 1 then c.ring_seconds end as ring
  from calls c
  join tenants t on t.id = c.tenant_id
  left join clients q on q.id = c.client_id
 cross join lateral (
        select b.in_set::int as in_set, b.in_set and c.direction = 'inbound' as inbound,
               b.in_set and c.direction = 'outbound' as outbound,
               b.in_set and c.direction = 'inbound' and c.outcome = 'missed' as missed,
               b.in_set and c.answered_at is not null and c.ended_at is not null and c.kind = 'conversation'
                   and c.talk_seconds is not null as talked,
               b.in_set and c.direction = 'inbound' and c.outcome = 'answered' and c.wait_seconds is not null as waited,
               b.in_set and (c.direction = 'inbound' and c.outcome = 'answered'
                             or c.direction = 'outbound' and c.outcome = 'connected') as spoken,
               b.in_set and c.direction = 'inbound' and c.outcome = 'answered' and c.talk_seconds is not null
                   and c.lead_status is distinct from 'spam' as rated,
               case when b.in_set and c.direction = 'inbound' and c.customer_number is not null then
                    (select count(*)
                       from (select
                               from calls p
                              where p.customer_number = c.customer_number and p.tenant_id = c.tenant_id
                                and p.created_at >= c.created_at - interval '365 days'
                                and (p.created_at, p.id) < (c.created_at, c.id) and p.direction = 'inbound'
                                and p.client_id is not distinct from c.client_id
                                and p.outcome is distinct from 'blocked' and not p.test
                              limit 1) as earlier) end as prior
          from (select coalesce(c.outcome not in ('blocked', 'refused'), true) as in_set) as b) as s
 where not c.test;
comment on view call_marks is 'marks of one call: what is added up; talk, wait, ring: the values, null where none';
grant select on call_marks to switchhook_app, switchhook_reader;

-- The columns of a cell that are added up, in order.
create function stat_columns() returns text[] language sql stable as $$
    select array_agg(attname::text order by attnum)
      from pg_attribute
     where attrelid = 'stat_cells'::regclass and attnum > 0 and not attisdropped and atttypid = 'bigint'::regtype
$$;

-- Values and how often each one comes, for a percentile that can be made of parts.
create function spread_of(v integer[]) returns integer[] language plpgsql immutable parallel safe as $$
begin
    return (
        select array_agg(x.number order by g.value, x.place)
          from (select value, count(*)::integer as n
                  from unnest(v) as u(value) where value is not null group by value) g
         cross join lateral (values (1, g.value), (2, g.n)) as x(place, number));
end $$;
create function spread_pairs(s integer[]) returns table (value integer, n integer)
    language sql immutable parallel safe as $$
    select s[i], s[i + 1] from generate_series(1, coalesce(array_length(s, 1), 0), 2) as i
$$;

-- percentile_cont of all values in some spreads; null over none. state: values and counts that were joined.
create function spread_percentile(p double precision, s integer[]) returns numeric
    language plpgsql immutable parallel safe as $$
begin
    if coalesce(array_length(s, 1), 0) = 0 then
        return null;
    end if;
    return (
        with v as (
            select value, sum(n) as n from spread_pairs(s) group by value
        ), c as (
            select value, sum(n) over (order by value) as upto, sum(n) over () as total from v
        ), at as (
            select (max(total) - 1) * p as place from c
        )
        select round((lo + (hi - lo) * (place - floor(place)))::numeric, 4)
          from at, lateral (select (select min(value) from c where upto > floor(place)) as lo,
                                   (select min(value) from c where upto > ceil(place)) as hi) as x);
end $$;
create aggregate spread_join(integer[]) (sfunc = array_cat, stype = integer[], initcond = '{}');

-- The marks' column behind a dimension, as a key.
create function stat_key(dim text) returns text language sql immutable as $$
    select case dim when 'client' then 'coalesce(m.client_id::text, '''')' when 'own' then 'm.client_id::text'
                    when 'user' then 'coalesce(m.user_id::text, '''')'
                    when 'number' then 'coalesce(m.number_id::text, '''')'
                    when 'campaign' then 'coalesce(m.campaign_id::text, '''')'
                    when 'source' then 'coalesce(m.source, '''')'
                    when 'country' then 'case when m.direction = ''inbound''
                        then case when m.withheld then ''withheld'' else coalesce(m.country, ''unknown'') end
                        else '''' end'
                    else '''''' end
$$;

-- Sums of calls as cells, from the calls themselves. marks: call_marks, or a table of the same columns; cond: more
-- conditions on it as m.
create function stat_build(marks regclass, grain text, dim text, zone text, lo timestamptz, hi timestamptz, cond text)
    returns setof stat_cells language plpgsql stable as $$
begin
    return query execute format(
        'select current_tenant(), %1$L::text, %2$L::text, (%3$s)::text collate "C",
                date_trunc(%1$L, m.created_at, %4$L), m.direction::text collate "C", %5$s, %6$s
           from %7$s m
          where m.tenant_id = current_tenant() and m.created_at >= %8$L and m.created_at < %9$L %10$s
          group by 4, 5, 6',
        grain, dim, stat_key(dim), zone,
        (select string_agg(format('coalesce(sum(m.%I), 0)', c), ', ' order by o)
           from unnest(stat_columns()) with ordinality u(c, o)),
        case grain when 'day' then 'spread_of(array_agg(m.talk)), spread_of(array_agg(m.wait)),
                                    spread_of(array_agg(m.ring))'
                   else 'null::integer[], null::integer[], null::integer[]' end,
        marks, lo, hi, cond);
end $$;

-- What is asked about: whose zone, from when to when, which calls.
create type stat_scope as (
    zone text, from_date date, to_date date, lo timestamptz, hi timestamptz, dim text, key text, direction text,
    cond text, rolled_from timestamptz, rolled_until timestamptz
);

create function stat_scope(a jsonb) returns stat_scope language plpgsql stable as $$
declare
    s     stat_scope;
    named record;
    n     integer := 0;
    own   text    := (select time_zone from clients where tenant_id = current_tenant()
                                                       and id = (a ->> 'client_id')::uuid);
    base  text    := (select time_zone from tenants where id = current_tenant());
    today date;
begin
    s.zone := safe_zone(coalesce(own, base));
    today := (now() at time zone s.zone)::date;
    s.to_date := coalesce((a ->> 'to')::date, today + 1);
    s.from_date := coalesce((a ->> 'from')::date, s.to_date - 30);
    if s.from_date >= s.to_date or s.to_date - s.from_date > 3700 then
        raise exception 'from must be before to, and within ten years' using errcode = 'check_violation';
    end if;
    s.lo := s.from_date::timestamp at time zone s.zone;
    s.hi := s.to_date::timestamp at time zone s.zone;
    s.direction := a ->> 'direction';
    s.dim := 'total';
    s.key := '';
    s.cond := case when s.direction is not null then format(' and m.direction = %L', s.direction) else '' end;
    for named in select * from (values ('client_id', 'client', 'm.client_id = %L'),
                                       ('user_id', 'user', 'm.user_id = %L'),
                                       ('number_id', 'number', 'm.number_id = %L'),
                                       ('campaign_id', 'campaign', 'm.campaign_id = %L'),
                                       ('source', 'source', 'm.source = %L')) as v(name, dim, cond)
                  where a ? v.name loop
        n := n + 1;
        s.dim := case when named.dim = 'client' and s.zone <> safe_zone(base) then 'own' else named.dim end;
        s.key := a ->> named.name;
        s.cond := s.cond || ' and ' || format(named.cond, s.key);
    end loop;
    if n > 1 or (n = 1 and own is not null and s.dim not in ('own', 'client')) then
        s.dim := null;
    end if;
    select m.rolled_from, m.rolled_until into s.rolled_from, s.rolled_until
      from stat_marks m
     where m.tenant_id = current_tenant()
       and not exists (select from stat_dirty d where d.tenant_id = m.tenant_id and d.at = '-infinity');
    s.rolled_from := coalesce(s.rolled_from, '-infinity');
    s.rolled_until := coalesce(s.rolled_until, '-infinity');
    return s;
end $$;

-- The cells of a scope by hour or day, whole or by another dimension: kept ones, and the rest summed up now.
create function stat_rows(s stat_scope, grain text, by_dim text default null) returns setof stat_cells
    language plpgsql stable as $$
declare
    kept boolean     := s.rolled_until > '-infinity' and s.dim is not null
                        and (by_dim is null or s.dim = 'total' or s.dim = by_dim)
                        and (grain = 'day' or by_dim is null and s.dim in ('total', 'client', 'own'));
    dim  text        := coalesce(by_dim, 'total');
begin
    if not kept then
        return query select * from stat_build('call_marks', grain, dim, s.zone, s.lo, s.hi, s.cond);
        return;
    end if;
    return query
    select *
      from stat_cells x
     where x.tenant_id = current_tenant() and x.grain = stat_rows.grain
       and x.dim = coalesce(case when s.dim = 'total' then by_dim end, s.dim)
       and (s.dim = 'total' or x.key = s.key) and x.at >= s.lo and x.at < s.hi
       and (s.direction is null or x.direction = s.direction);
    if s.lo < s.rolled_from then
        return query
        select * from stat_build('call_marks', grain, dim, s.zone, s.lo, least(s.hi, s.rolled_from), s.cond);
    end if;
    if s.hi > s.rolled_until then
        return query
        select * from stat_build('call_marks', grain, dim, s.zone, greatest(s.lo, s.rolled_until), s.hi, s.cond);
    end if;
end $$;

-- Sums of cells, by a key that is written in SQL over x (a cell). spread: also of the values.
create function stat_sum(s stat_scope, grain text, by_dim text, keyed text, spread boolean default true)
    returns setof stat_cells language plpgsql stable as $$
begin
    return query execute format(
        'select current_tenant(), %1$L::text, %2$L::text, (%3$s)::text collate "C", min(x.at), ''''::text collate "C",
                %4$s, %5$s
           from stat_rows($1, %1$L, %6$L) x group by 4',
        grain, coalesce(by_dim, 'total'), keyed,
        (select string_agg(format('sum(x.%I)::bigint', c), ', ' order by o)
           from unnest(stat_columns()) with ordinality u(c, o)),
        case when spread and grain = 'day'
             then 'spread_join(x.talk_spread), spread_join(x.wait_spread), spread_join(x.ring_spread)'
             else 'null::integer[], null::integer[], null::integer[]' end, by_dim) using s;
end $$;

create function ratio(part numeric, whole numeric) returns numeric language sql immutable parallel safe as $$
    select round(part / nullif(whole, 0), 4)
$$;

-- The figures of one cell: every ratio of product is defined here and nowhere else.
create function stat_figures(c stat_cells) returns jsonb language plpgsql immutable as $$
begin
    return jsonb_build_object(
        'total_calls', c.calls, 'inbound', c.inbound, 'outbound', c.outbound, 'in_progress', c.in_progress,
        'answered', c.answered, 'missed', c.missed, 'handled', c.handled, 'abandoned', c.abandoned,
        'voicemails', c.voicemails,
        'missed_by_reason', jsonb_build_object(
            'out_of_hours', c.out_of_hours, 'abandoned', c.abandoned, 'nobody_available', c.nobody_available,
            'rejected', c.rejected, 'failed', c.unroutable, 'no_answer', c.rang_out),
        'answer_rate', ratio(c.answered, c.answered + c.missed),
        'answer_rate_excl_abandoned', ratio(c.answered, c.answered + c.missed - c.abandoned),
        'attempts', c.attempts, 'connected', c.connected, 'connect_rate', ratio(c.connected, c.attempts),
        'outbound_by_outcome', jsonb_build_object(
            'connected', c.connected, 'busy', c.busy, 'no-answer', c.no_answer, 'failed', c.failed,
            'canceled', c.canceled, 'agent_unreached', c.agent_unreached),
        'success_rate', ratio(c.answered + c.connected, c.answered + c.missed + c.attempts),
        'unknown', c.unknown, 'refused', c.refused, 'blocked', c.blocked)
    || jsonb_build_object(
        'talk_seconds_total', c.talk_seconds, 'talk_seconds_mean', ratio(c.talk_seconds, c.talks),
        'talk_seconds_median', spread_percentile(0.5, c.talk_spread),
        'talk_seconds_p90', spread_percentile(0.9, c.talk_spread),
        'wait_seconds_mean', ratio(c.wait_seconds, c.waits),
        'wait_seconds_median', spread_percentile(0.5, c.wait_spread),
        'wait_seconds_p90', spread_percentile(0.9, c.wait_spread),
        'abandon_wait_seconds_mean', ratio(c.abandon_wait_seconds, c.abandoned),
        'ring_seconds_mean', ratio(c.ring_seconds, c.rings),
        'ring_seconds_median', spread_percentile(0.5, c.ring_spread),
        'duration_seconds_total', c.duration_seconds, 'duration_seconds_mean', ratio(c.duration_seconds, c.durations),
        'first_time', c.first_time, 'repeat', c.repeat, 'unknown_callers', c.inbound - c.first_time - c.repeat,
        'service_level', ratio(c.in_time, c.answered + c.missed - c.abandoned),
        'hang_up_by', jsonb_build_object(
            'customer', ratio(c.by_customer, c.answered + c.connected),
            'agent', ratio(c.by_agent, c.answered + c.connected),
            'system', ratio(c.by_system, c.answered + c.connected),
            'unknown', ratio(c.by_unknown, c.answered + c.connected)),
        'leads', c.lead_open + c.lead_qualified + c.lead_unqualified,
        'leads_by_status', jsonb_build_object(
            'open', c.lead_open, 'qualified', c.lead_qualified, 'unqualified', c.lead_unqualified,
            'spam', c.lead_spam, 'duplicate', c.lead_duplicate),
        'lead_quality', jsonb_build_object('low', c.quality_low, 'medium', c.quality_medium, 'high', c.quality_high));
end $$;

-- A cell of no calls.
create function stat_none() returns stat_cells language sql stable as $$
    select jsonb_populate_record(null::stat_cells, (select jsonb_object_agg(c, 0) from unnest(stat_columns()) as c))
$$;

-- Days of a zone, as instants: each edge becomes one once, so that a day of 23 or 25 hours is one.
create function stat_days(zone text, first date, until date) returns table (day date, lo timestamptz, hi timestamptz)
    language sql stable as $$
    select d::date, d at time zone zone, (d + interval '1 day') at time zone zone
      from generate_series(first::timestamp, until::timestamp - interval '1 day', interval '1 day') as d
$$;

-- Hours of a timeline: steps of half an hour, for there are zones and shifts of half an hour.
create function stat_hours(zone text, lo timestamptz, hi timestamptz) returns setof timestamptz
    language sql stable as $$
    select distinct date_trunc('hour', g, zone)
      from generate_series(lo, hi - interval '1 second', interval '30 minutes') g
$$;

-- Sums up some local days anew, for the cells of a zone: of all dimensions in the tenant's own, or of its clients that
-- have another. Only the calls from since to before upto.
create function stat_fill(first date, last date, zone text, since timestamptz, upto timestamptz, own boolean)
    returns void language plpgsql as $$
declare
    lo     timestamptz := first::timestamp at time zone zone;
    hi     timestamptz := (last + 1)::timestamp at time zone zone;
    dims   text[] := case when own then '{own}' else '{total,client,user,number,campaign,source,country}'::text[] end;
    wanted text;
begin
    if to_regclass('pg_temp.stat_day') is null then
        create temporary table stat_day as select m.* from call_marks m limit 0;
    end if;
    truncate stat_day;
    delete from stat_cells x
     where x.tenant_id = current_tenant() and x.grain in ('hour', 'day') and x.dim = any (dims)
       and x.at >= lo and x.at < hi
       and (not own or x.key in (select k.id::text from clients k
                                  where k.tenant_id = current_tenant() and safe_zone(k.time_zone) = zone));
    lo := greatest(lo, since);
    hi := least(hi, upto);
    insert into stat_day
    select * from call_marks m
     where m.tenant_id = current_tenant() and m.created_at >= lo and m.created_at < hi
       and (not own or m.client_id in (select k.id from clients k
                                        where k.tenant_id = current_tenant() and safe_zone(k.time_zone) = zone));
    foreach wanted in array dims loop
        insert into stat_cells select * from stat_build('stat_day', 'day', wanted, zone, lo, hi, '');
        if wanted in ('total', 'client', 'own') then
            insert into stat_cells select * from stat_build('stat_day', 'hour', wanted, zone, lo, hi, '');
        end if;
    end loop;
end $$;

-- The moments whose figures a call has a part in: its own, and that of the next call of its caller, which it makes a
-- repeated one.
create function stat_reach(c calls) returns setof timestamptz language plpgsql stable as $$
begin
    return query
    select c.created_at
     union all
    (select n.created_at from calls n
      where n.customer_number = c.customer_number and n.tenant_id = c.tenant_id and c.direction = 'inbound'
        and n.created_at >= c.created_at and n.created_at <= c.created_at + interval '365 days' and n.id <> c.id
        and n.direction = 'inbound' and n.client_id is not distinct from c.client_id and not n.test
        and n.outcome is distinct from 'blocked'
      order by n.created_at limit 1);
end $$;

-- The moments in which a tenant's calls have changed, as far as cells go: by quarters of an hour, in which every zone's
-- days begin. What was noted is taken.
create function stat_changed(old stat_marks, seen bigint, upto timestamptz) returns setof timestamptz
    language sql volatile as $$
    with gone as (
        delete from stat_dirty where tenant_id = old.tenant_id returning at
    ), told as (
        select distinct e.call_id from webhook_events e
         where e.tenant_id = old.tenant_id and e.xid >= old.older_xid and e.xid < seen and e.call_id is not null
    ), moments as (
        select at from gone where at > '-infinity'
         union all
        select c.created_at from calls c
         where c.tenant_id = old.tenant_id and c.created_at >= old.rolled_until and c.created_at < upto
         union all
        select x.at
          from told
          join calls c on c.id = told.call_id and c.tenant_id = old.tenant_id
         cross join lateral stat_reach(c) as x(at)
    )
    select distinct date_bin('15 minutes', at, '2000-01-01 00:00:00+00')
      from moments
     where at >= old.rolled_from - interval '1 day' and at < upto
$$;

-- Brings the kept cells of the transaction's tenant up to now less two hours: sums up anew each local day in which a
-- call has changed, as webhooks, people and the clock tell; then goes back in time until all is kept, by weeks, or by
-- days where there are many calls.
-- Stops after so many seconds and notes what is left. How many days and weeks were done.
create function stat_refresh(seconds integer default 5) returns integer language plpgsql as $$
declare
    me    uuid        := current_tenant();
    base  text        := (select safe_zone(time_zone) from tenants where id = current_tenant());
    seen  bigint      := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    upto  timestamptz := date_trunc('minute', now() - interval '2 hours');
    till  timestamptz := clock_timestamp() + seconds * interval '1 second';
    zones text[]      := array(select distinct safe_zone(k.time_zone) from clients k
                                where k.tenant_id = current_tenant() and k.time_zone is not null);
    old   stat_marks;
    since timestamptz;
    last  timestamptz;
    week  timestamptz;
    days  integer     := 0;
    w     record;
begin
    perform pg_advisory_xact_lock(hashtextextended('stat' || me, 0));
    zones := array_remove(zones, base);
    select * into old from stat_marks where tenant_id = me;
    if old.tenant_id is null or exists (select from stat_dirty where tenant_id = me and at = '-infinity') then
        delete from stat_cells where tenant_id = me;
        delete from stat_dirty where tenant_id = me;
        old := row(me, upto, upto, seen, seen, now());
    end if;
    since := old.rolled_from;
    for w in select z.zone, (s.at at time zone z.zone)::date as day, z.own, min(s.at) as at
               from stat_changed(old, seen, upto) as s(at)
              cross join (select base as zone, false as own union all select unnest(zones), true) as z
              group by 1, 2, 3
              order by 4 desc loop
        if clock_timestamp() < till then
            perform stat_fill(w.day, w.day, w.zone, since, upto, w.own);
            days := days + 1;
        else
            insert into stat_dirty values (me, w.at);
        end if;
    end loop;
    while since > '-infinity' and clock_timestamp() < till loop
        select max(created_at) into last from calls where tenant_id = me and created_at < since;
        exit when last is null;
        week := ((last at time zone base)::date - 6)::timestamp at time zone base;
        last := (last at time zone base)::date::timestamp at time zone base;
        if (select count(*) from (select from calls where tenant_id = me and created_at >= week and created_at < since
                                   limit 20001) as few) <= 20000 then
            last := week;
        end if;
        for w in select z.zone, z.own
                   from (select base as zone, false as own union all select unnest(zones), true) as z loop
            perform stat_fill((last at time zone w.zone)::date,
                              ((since - interval '1 microsecond') at time zone w.zone)::date, w.zone, last, upto,
                              w.own);
        end loop;
        since := last;
        days := days + 1;
    end loop;
    if since > '-infinity' and not exists (select from calls where tenant_id = me and created_at < since) then
        since := '-infinity';
    end if;
    insert into stat_marks values (me, since, upto, seen, old.xid, now())
        on conflict (tenant_id) do update
           set rolled_from = excluded.rolled_from, rolled_until = greatest(stat_marks.rolled_until, upto),
               older_xid = excluded.older_xid, xid = excluded.xid, rolled_at = excluded.rolled_at;
    return days;
end $$;

-- What changes a call beside webhooks notes its day. The hooks pool tells by its deliveries instead: this trigger would
-- cost each of them.
create function stat_touch() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into stat_dirty (tenant_id, at) select old.tenant_id, at from stat_reach(old) at;
    end if;
    if tg_op <> 'DELETE' then
        insert into stat_dirty (tenant_id, at) select new.tenant_id, at from stat_reach(new) at;
    end if;
    return null;
end $$;
create trigger stat_touch_added after insert or delete on calls for each row
    when (current_user <> 'switchhook_ingest') execute function stat_touch();
create trigger stat_touch_changed after update on calls for each row
    when (current_user <> 'switchhook_ingest') execute function stat_touch();

-- A zone or a threshold that changes is another set of figures for all days.
create function stat_touch_all() returns trigger language plpgsql as $$
begin
    insert into stat_dirty (tenant_id, at)
    values (coalesce((to_jsonb(new) ->> 'tenant_id')::uuid, new.id), '-infinity');
    return null;
end $$;
create trigger stat_touch after update on tenants for each row
    when (old.time_zone <> new.time_zone or old.answer_within_seconds <> new.answer_within_seconds)
    execute function stat_touch_all();
create trigger stat_touch after update on clients for each row
    when (old.time_zone is distinct from new.time_zone or old.quality_low_seconds <> new.quality_low_seconds
          or old.quality_high_seconds <> new.quality_high_seconds)
    execute function stat_touch_all();
create trigger stat_touch_new after insert on clients for each row when (new.time_zone is not null)
    execute function stat_touch_all();
