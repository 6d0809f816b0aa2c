-- Who calls most, and how often callers call, of millions of calls: from what is kept of each local day.
-- Nothing here holds a number: an erased or sealed one leaves nothing behind.
set local role switchhook_owner;

-- Inbound calls of a local day by the local day of the call before it, the second before it, ... of the same caller.
-- A range in which a caller has called k times has one call of his whose (k-1)th before is in it and whose kth is not;
-- so sums over days tell how many callers called once, twice, three times and six.
create table caller_gaps (
    tenant_id uuid        not null,
    at        timestamptz not null,
    back      smallint    not null check (back in (1, 2, 3, 5, 6)),
    before_at timestamptz not null,
    calls     bigint      not null,
    gap_us    bigint      not null,
    primary key (tenant_id, at, back, before_at)
);
comment on column caller_gaps.back      is 'how many calls before';
comment on column caller_gaps.before_at is 'when the local day of that call began; -infinity: there was none';
comment on column caller_gaps.gap_us    is 'of back 1: sum of the time since the call before';

-- How often a caller called in a local month or year, at least twice, by his first call in it. May be too many, where a
-- call has changed since, and is never too few up to stat_marks: it tells who may be among those who called most.
create table caller_cells (
    tenant_id uuid        not null,
    grain     text        not null collate "C" check (grain in ('month', 'year')),
    at        timestamptz not null,
    call_id   uuid        not null,
    calls     integer     not null check (calls >= 2),
    primary key (call_id, grain, tenant_id)
);
create index caller_cells_most on caller_cells (tenant_id, grain, at, calls desc) include (call_id);
call tenant_table('caller_gaps');
call tenant_table('caller_cells');

-- Sums up the inbound calls of some whole days anew, from lo to before hi. Their rows of caller_gaps are gone.
create function caller_fill(zone text, lo timestamptz, hi timestamptz) returns void language plpgsql as $$
begin
    insert into caller_gaps (tenant_id, at, back, before_at, calls, gap_us)
    select current_tenant(), date_trunc('day', m.created_at, zone), j,
           coalesce(date_trunc('day', p.v[j], zone), '-infinity'), count(*),
           coalesce(sum(extract(epoch from m.created_at - p.v[1]) * 1000000) filter (where j = 1), 0)::bigint
      from calls m
     cross join lateral (
           select array_agg(x.created_at order by x.created_at desc, x.id desc) as v
             from (select n.created_at, n.id
                     from calls n
                    where n.customer_number = m.customer_number and n.tenant_id = m.tenant_id
                      and (n.created_at, n.id) < (m.created_at, m.id) and n.direction = 'inbound' and not n.test
                      and coalesce(n.outcome not in ('blocked', 'refused'), true)
                    order by n.created_at desc, n.id desc limit 6) x
           offset 0) p
     cross join unnest('{1,2,3,5,6}'::smallint[]) j
     where m.tenant_id = current_tenant() and m.created_at >= lo and m.created_at < hi and m.direction = 'inbound'
       and not m.test and m.customer_number is not null and coalesce(m.outcome not in ('blocked', 'refused'), true)
     group by 2, 3, 4;
    insert into caller_cells as k (tenant_id, grain, at, call_id, calls)
    select current_tenant(), g, b.at, x.first_id, x.calls
      from unnest('{month,year}'::text[]) g
     cross join lateral (
           select distinct m.customer_number as number, date_trunc(g, m.created_at, zone) as at
             from calls m
            where m.tenant_id = current_tenant() and m.created_at >= lo and m.created_at < hi
              and m.direction = 'inbound' and not m.test and m.customer_number is not null
              and coalesce(m.outcome not in ('blocked', 'refused'), true)) b
     cross join lateral (
           select count(*)::integer as calls, (array_agg(n.id order by n.created_at, n.id))[1] as first_id
             from calls n
            where n.customer_number = b.number and n.tenant_id = current_tenant() and n.created_at >= b.at
              and n.created_at < (b.at at time zone zone + ('1 ' || g)::interval) at time zone zone
              and n.direction = 'inbound' and not n.test
              and coalesce(n.outcome not in ('blocked', 'refused'), true)
           offset 0) x
     where x.calls > 1
    on conflict (call_id, grain, tenant_id) do update set calls = excluded.calls where k.calls <> excluded.calls;
end $$;

-- The moments whose figures a call has a part in: its own, that of the next call of its caller, which it makes a
-- repeated one, and of the six next ones, which count it.
create or replace function stat_reach(c calls) returns setof timestamptz language plpgsql stable as $$
begin
    return query
    select c.created_at
     union all
    (select n.created_at from calls n
      where n.customer_number = c.customer_number and n.tenant_id = c.tenant_id and c.direction = 'inbound'
        and n.created_at >= c.created_at and n.created_at <= c.created_at + interval '365 days' and n.id <> c.id
        and n.direction = 'inbound' and n.client_id is not distinct from c.client_id and not n.test
        and n.outcome is distinct from 'blocked'
      order by n.created_at limit 1)
     union all
    (select n.created_at from calls n
      where n.customer_number = c.customer_number and n.tenant_id = c.tenant_id and c.direction = 'inbound'
        and (n.created_at, n.id) > (c.created_at, c.id) and n.direction = 'inbound' and not n.test
        and coalesce(n.outcome not in ('blocked', 'refused'), true)
      order by n.created_at, n.id limit 6);
end $$;

create or replace function stat_fill(first date, last date, zone text, since timestamptz, upto timestamptz, own boolean)
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
    if not own then
        delete from caller_gaps g where g.tenant_id = current_tenant() and g.at >= lo and g.at < hi;
    end if;
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
    perform stat_add_past(first::timestamp at time zone zone, (last + 1)::timestamp at time zone zone, zone, own);
    if not own then
        perform caller_fill(zone, lo, hi);
    end if;
end $$;

create or replace function stat_refresh(seconds integer default 5) returns integer language plpgsql as $$
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
        delete from caller_gaps where tenant_id = me;
        delete from caller_cells where tenant_id = me;
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
        select greatest((select max(created_at) from calls where tenant_id = me and created_at < since),
                        (select max(x.at) from stat_past x where x.tenant_id = me and x.at < since)) into last;
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
    if since > '-infinity' and not exists (select from calls where tenant_id = me and created_at < since)
       and not exists (select from stat_past x where x.tenant_id = me and x.at < since) then
        since := '-infinity';
    end if;
    insert into stat_marks values (me, since, upto, seen, old.xid, now())
        on conflict (tenant_id) do update
           set rolled_from = excluded.rolled_from, rolled_until = greatest(stat_marks.rolled_until, upto),
               older_xid = excluded.older_xid, xid = excluded.xid, rolled_at = excluded.rolled_at;
    return days;
end $$;

-- Fewer inbound calls than this are counted one by one.
create function callers_few() returns integer language sql immutable parallel safe as $$ select 20000 $$;

-- How often each of some callers called in a range, and when last.
create function callers_count(s stat_scope, numbers text[])
    returns table (number text, calls bigint, last_at timestamptz, country text, place text) language sql stable as $$
    select n.number, x.calls, x.last_at, x.country, x.place
      from unnest(numbers) as n(number)
     cross join lateral (
           select count(*) as calls, max(m.created_at) as last_at, max(m.customer_country) as country,
                  max(m.customer_place) as place
             from calls m
            where m.customer_number = n.number and m.tenant_id = current_tenant() and m.created_at >= s.lo
              and m.created_at < s.hi and m.direction = 'inbound' and not m.test
              and coalesce(m.outcome not in ('blocked', 'refused'), true)
           offset 0) x
     where x.calls > 0
$$;

-- Who called most. Whoever has called k times in a range of n months has called k / n times in one of them, or since
-- cells are kept: so with the k of a first guess, few callers are left to count. null: too many may be among them.
create function callers_most(s stat_scope, most integer) returns jsonb language plpgsql stable as $$
declare
    unit  text          := case when s.hi - s.lo <= interval '93 days' then 'month' else 'year' end;
    parts timestamptz[] := array(select d at time zone s.zone
                                   from generate_series(date_trunc(unit, s.lo at time zone s.zone),
                                                        s.hi at time zone s.zone - interval '1 second',
                                                        ('1 ' || unit)::interval) as d);
    young text[]        := array(select distinct m.customer_number
                                   from calls m
                                  where m.tenant_id = current_tenant() and m.created_at >= s.rolled_until
                                    and m.created_at < s.hi and m.direction = 'inbound'
                                    and m.customer_number is not null);
    guess text[]        := array(select distinct c.customer_number
                                   from unnest(parts) p(at)
                                  cross join lateral (select x.call_id from caller_cells x
                                                       where x.tenant_id = current_tenant() and x.grain = unit
                                                         and x.at = p.at
                                                       order by x.calls desc limit most) k
                                   join calls c on c.id = k.call_id and c.customer_number is not null);
    kth   bigint;
    share bigint;
    n     bigint;
begin
    select min(g.calls), count(*) into kth, n
      from (select c.calls from callers_count(s, guess) c order by c.calls desc limit most) g;
    share := (kth + cardinality(parts) - 1) / cardinality(parts);
    if n < most or share < 2 then
        return null;
    end if;
    select count(*) into n
      from (select from unnest(parts) p(at)
              join caller_cells x on x.tenant_id = current_tenant() and x.grain = unit and x.at = p.at
                                     and x.calls >= share
             limit 100001) x;
    if n > 100000 then
        return null;
    end if;
    guess := array(
        select c.customer_number
          from unnest(parts) p(at)
          join caller_cells x on x.tenant_id = current_tenant() and x.grain = unit and x.at = p.at
                                 and x.calls >= share
          join calls c on c.id = x.call_id and c.customer_number is not null
         group by c.customer_number
        having sum(x.calls) + (cardinality(parts) - count(distinct x.at)) * (share - 1) >= kth);
    return (
        select jsonb_agg(jsonb_build_object('customer_number', t.number, 'calls', t.calls, 'last_at',
                                            rfc3339(t.last_at), 'country', t.country, 'place', t.place)
                         order by t.calls desc, t.last_at desc, t.number)
          from (select c.*
                  from callers_count(s, array(select unnest(guess) union select unnest(young))) c
                 order by c.calls desc, c.last_at desc, c.number limit most) t);
end $$;

-- How many callers there are and how often they called: kept days, and the calls since.
create function callers_often(s stat_scope) returns jsonb language plpgsql stable as $$
begin
    return (
        with g as materialized (
            select x.back, x.before_at, x.calls, x.gap_us
              from caller_gaps x
             where x.tenant_id = current_tenant() and x.at >= s.lo and x.at < s.hi
            union all
            select j, coalesce(p.v[j], '-infinity'), 1,
                   case when j = 1 then coalesce(extract(epoch from m.created_at - p.v[1]) * 1000000, 0)::bigint
                        else 0 end
              from calls m
             cross join lateral (
                   select array_agg(x.created_at order by x.created_at desc, x.id desc) as v
                     from (select n.created_at, n.id
                             from calls n
                            where n.customer_number = m.customer_number and n.tenant_id = m.tenant_id
                              and (n.created_at, n.id) < (m.created_at, m.id) and n.direction = 'inbound'
                              and not n.test and coalesce(n.outcome not in ('blocked', 'refused'), true)
                            order by n.created_at desc, n.id desc limit 6) x
                   offset 0) p
             cross join unnest('{1,2,3,5,6}'::smallint[]) j
             where m.tenant_id = current_tenant() and m.created_at >= greatest(s.lo, s.rolled_until)
               and m.created_at < s.hi and m.direction = 'inbound' and not m.test and m.customer_number is not null
               and coalesce(m.outcome not in ('blocked', 'refused'), true)
        ), d as (
            select coalesce(sum(calls) filter (where back = 1), 0)::bigint as one,
                   coalesce(sum(calls) filter (where back = 2), 0)::bigint as two,
                   coalesce(sum(calls) filter (where back = 3), 0)::bigint as three,
                   coalesce(sum(calls) filter (where back = 5), 0)::bigint as five,
                   coalesce(sum(calls) filter (where back = 6), 0)::bigint as six
              from g where before_at < s.lo
        ), reached as (
            select one as callers, two - one as twice, three - two as thrice, six - five as often from d
        )
        select jsonb_build_object(
                   'callers', l.callers,
                   'frequency', jsonb_build_object('1', l.callers - l.twice, '2', l.twice - l.thrice,
                                                   '3-5', l.thrice - l.often, '6+', l.often),
                   'mean_days_between', (select round(sum(gap_us) / 86400000000.0 / nullif(sum(calls), 0), 4)
                                           from g where back = 1 and before_at >= s.lo))
          from reached l);
end $$;

create function callers_live(s stat_scope, most integer) returns jsonb language plpgsql stable as $$
declare
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
            'mean_days_between', (select round(sum(extract(epoch from last_at - first_at)) / 86400
                                               / nullif(sum(calls - 1), 0), 4) from c))$q$,
        stat_set(s), most) into doc;
    return doc;
end $$;

create or replace function stats_callers(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    most integer    := coalesce((a ->> 'limit')::integer, 10);
    sums stat_cells;
    top  jsonb;
begin
    if s.dim = 'total' and s.direction is distinct from 'outbound' and s.rolled_until > '-infinity'
       and s.rolled_from <= s.lo then
        select x.* into sums from stat_sum(s, 'day', null, '''''', false) x;
        if sums.inbound > callers_few() then
            top := callers_most(s, most);
        end if;
    end if;
    return stat_head(s) || case when top is null then callers_live(s, most)
        else callers_often(s) || jsonb_build_object(
                 'data', top, 'withheld', sums.inbound - sums.first_time - sums.repeat) end;
end $$;
