-- Logs of many millions of calls: a page of a filter that few calls fit ends in bounded time, and figures of all days
-- are first summed up by stretches of days rather than call by call.
set local role switchhook_owner;

-- How many calls a page looks at before it ends, full or not.
create function calls_reach() returns integer language sql immutable parallel safe as $$ select 50000 $$;

-- Filters that an index follows in the order of the log, the narrowest first: ordered. The others find few calls in
-- any order. condition: what is asked for rather than the filter itself; the filter is then checked as well.
create function call_leads() returns table (place integer, name text, ordered boolean, condition text)
    language sql immutable as $$
    values (1,  'text',            false, null),
           (2,  'contact_id',      false, null),
           (3,  'customer_number', true,  null),
           (4,  'party',           true,  null),
           (5,  'tag',             true,  'c.tags <> ''{}'''),
           (6,  'number_id',       true,  null),
           (7,  'campaign_id',     true,  null),
           (8,  'user_id',         true,  null),
           (9,  'client_id',       true,  null),
           (10, 'disposition',     true,  null),
           (11, 'lead_status',     true,  null)
$$;

-- What a page reads of the log: the next calls by one index, at most reach, and the filters that are checked of each.
-- By length of talk there is no index: all calls that fit are read. Days are given as moments: under row level security
-- no index takes an expression that works them out.
create function calls_scan(f jsonb, sort text, at bigint, after uuid, out base text, out rest text, out reach integer)
    language plpgsql stable as $$
declare
    o     record := calls_order(sort);
    many  uuid[] := array(select n.id from numbers n where n.tenant_id = current_tenant() and n.e164 = f ->> 'number');
    zone  text   := (select safe_zone(t.time_zone) from tenants t where t.id = current_tenant());
    days  text   := case when f ->> 'from' is null then ''
                         else format(' and c.created_at >= %L::timestamptz',
                                     (f ->> 'from')::timestamp at time zone zone) end
                    || case when f ->> 'to' is null then ''
                            else format(' and c.created_at < %L::timestamptz',
                                        (f ->> 'to')::timestamp at time zone zone) end;
    lead  record;
    heads jsonb;
begin
    if f ? 'number' and cardinality(many) = 0 then
        f := (f - 'number') || jsonb_build_object('party', f -> 'number', 'party_token', f -> 'number_token');
    elsif cardinality(many) = 1 and not f ? 'number_id' then
        f := (f - 'number') || jsonb_build_object('number_id', many[1]);
    end if;
    f := f - 'from' - 'to';
    if sort in ('longest', 'shortest') then
        base := calls_where(f);
        rest := '';
    else
        select * into lead from call_leads() l where f ? l.name and jsonb_typeof(f -> l.name) <> 'null'
         order by l.place limit 1;
        select coalesce(jsonb_object_agg(x.key, x.value), '{}') into heads
          from jsonb_each(f) x
         where lead.condition is null and x.key in (lead.name, lead.name || '_token');
        base := calls_where(heads) || coalesce(' and ' || lead.condition, '');
        rest := calls_where(f - array(select jsonb_object_keys(heads)));
        reach := calls_reach();
        if coalesce(lead.ordered and jsonb_typeof(f -> (lead.name || '_token')) is distinct from 'string', true) then
            perform set_config('enable_sort', 'off', true);
            perform set_config('enable_bitmapscan', 'off', true);
            perform set_config('enable_seqscan', 'off', true);
        end if;
    end if;
    base := ' from calls c where c.tenant_id = current_tenant()' || days || base;
    if at is not null then
        base := base || format(' and (%s, c.id) %s (%s, %L::uuid)', o.key, case o.way when 'asc' then '>' else '<' end,
                               format(o.place, at), after);
    end if;
    base := base || format(' order by %s %s, c.id %2$s', o.key, o.way);
end $$;

-- Where reading stops that began behind a call: at the last of as many calls as a page looks at. null: at the end.
create function calls_stop(f jsonb, sort text, at bigint, after uuid, out us bigint, out id uuid)
    language plpgsql stable set enable_sort = on set enable_bitmapscan = on set enable_seqscan = on as $$
declare
    s record := calls_scan(f, sort, at, after);
begin
    if s.reach is not null then
        execute format('select %s, c.id%s offset %s limit 1', (calls_order(sort)).number, s.base, s.reach - 1)
           into us, id;
    end if;
end $$;

-- A page of the log as the API's document. The filters are written into the statement, so that it is planned for those
-- that are there: one plan for all of them would read the whole log for a caller who has called once. It may be short,
-- or empty, and still have a next one: where few calls fit, it ends with the last call that was looked at.
create or replace function calls_page(f jsonb, sort text, at bigint, after uuid, max integer, counted boolean,
                                      out doc json, out next text)
    language plpgsql stable set enable_sort = on set enable_bitmapscan = on set enable_seqscan = on as $$
declare
    o     record := calls_order(sort);
    s     record;
    total bigint;
    n     integer;
begin
    if counted then
        execute 'select count(*) from calls c where c.tenant_id = current_tenant()' || calls_where(f) into total;
    end if;
    s := calls_scan(f, sort, at, after);
    execute format('
        with page as (
            select c.line as c, %1$s as number, row_number() over (order by %2$s %3$s, c.id %3$s) as n
              from (select c as line, c.*%4$s limit %5$s) c
             where true%6$s order by %2$s %3$s, c.id %3$s limit %7$s
        )
        select coalesce((select json_agg(call_row_json(p.c) order by p.n) from page p where p.n < %7$s), ''[]''),
               (select p.number || ''.'' || (p.c).id from page p where p.n = %7$s - 1),
               (select count(*) from page)',
        o.number, o.key, o.way, s.base, coalesce(s.reach::text, 'all'), s.rest, max + 1) into doc, next, n;
    if n <= max then
        next := (select x.us || '.' || x.id from calls_stop(f, sort, at, after) x);
    end if;
    doc := json_build_object('data', doc, 'next_cursor', next, 'total', total);
end $$;

-- The next rows of an export, newest first: by key and in parts, so that nothing is held while a slow reader reads. As
-- a page it may be short; calls_stop tells where the next one begins.
create or replace function calls_rows(f jsonb, at bigint, after uuid, max integer) returns setof calls
    language plpgsql stable set enable_sort = on set enable_bitmapscan = on set enable_seqscan = on as $$
declare
    s record := calls_scan(f, 'newest', at, after);
begin
    return query execute format(
        'select c.* from (select c.*%s limit %s) c where true%s
          order by c.created_at desc, c.id desc limit %s',
        s.base, s.reach, s.rest, max);
end $$;

-- Months and years of which all callers were counted at once, back to there; infinity: none.
alter table stat_marks add column month_from timestamptz not null default 'infinity';
alter table stat_marks add column year_from  timestamptz not null default 'infinity';
comment on column stat_marks.month_from is 'caller_cells of months are whole from here on';
comment on column stat_marks.year_from  is 'caller_cells of years are whole from here on';
update stat_marks set month_from = '-infinity', year_from = '-infinity' where rolled_from = '-infinity';

-- Sums up the gaps of some whole days anew, from lo to before hi. Their rows of caller_gaps are gone. The calls before
-- lo are looked for once for each caller.
drop function caller_fill(text, timestamptz, timestamptz);
create function caller_fill(zone text, lo timestamptz, hi timestamptz) returns void language plpgsql as $$
begin
    insert into caller_gaps (tenant_id, at, back, before_at, calls, gap_us)
    with mine as materialized (
        select m.customer_number as number, m.created_at, m.id
          from calls m
         where m.tenant_id = current_tenant() and m.created_at >= lo and m.created_at < hi
           and m.direction = 'inbound' and not m.test and m.customer_number is not null
           and coalesce(m.outcome not in ('blocked', 'refused'), true)
    ), line as (
        select * from mine
         union all
        select d.number, x.created_at, x.id
          from (select distinct number from mine) d
         cross join lateral (
               select n.created_at, n.id
                 from calls n
                where n.customer_number = d.number and n.tenant_id = current_tenant() and n.created_at < lo
                  and n.direction = 'inbound' and not n.test
                  and coalesce(n.outcome not in ('blocked', 'refused'), true)
                order by n.created_at desc, n.id desc limit 6) x
    ), g as (
        select l.created_at, lag(l.created_at, 1) over w as b1, lag(l.created_at, 2) over w as b2,
               lag(l.created_at, 3) over w as b3, lag(l.created_at, 5) over w as b5, lag(l.created_at, 6) over w as b6
          from line l
        window w as (partition by l.number order by l.created_at, l.id)
    )
    select current_tenant(), date_trunc('day', g.created_at, zone), v.back,
           coalesce(date_trunc('day', v.at, zone), '-infinity'), count(*),
           coalesce(sum(extract(epoch from g.created_at - v.at) * 1000000) filter (where v.back = 1), 0)::bigint
      from g
     cross join lateral (values (1::smallint, g.b1), (2, g.b2), (3, g.b3), (5, g.b5), (6, g.b6)) as v(back, at)
     where g.created_at >= lo
     group by 2, 3, 4;
end $$;

-- Counts the callers anew who called in some quarters of an hour. How many calls these have is not known to a planner,
-- who would read the log whole for each.
create function caller_recount(zone text, bins timestamptz[]) returns void language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    insert into caller_cells as k (tenant_id, grain, at, call_id, calls)
    select current_tenant(), g, b.at, x.first_id, x.calls
      from unnest('{month,year}'::text[]) g
     cross join lateral (
           select distinct m.customer_number as number, date_trunc(g, m.created_at, zone) as at
             from unnest(bins) q
            cross join lateral (
                  select c.customer_number, c.created_at
                    from calls c
                   where c.tenant_id = current_tenant() and c.created_at >= q
                     and c.created_at < q + interval '15 minutes' and c.direction = 'inbound' and not c.test
                     and c.customer_number is not null and coalesce(c.outcome not in ('blocked', 'refused'), true)
                  offset 0) m) b
     cross join lateral (
           select count(*)::integer as calls, (array_agg(n.id order by n.created_at, n.id))[1] as first_id
             from calls n
            where n.customer_number = b.number and n.tenant_id = current_tenant() and n.created_at >= b.at
              and n.created_at < (b.at at time zone zone + ('1 ' || g)::interval) at time zone zone
              and n.direction = 'inbound' and not n.test
              and coalesce(n.outcome not in ('blocked', 'refused'), true)
           offset 0) x
     where x.calls > 1
    on conflict (call_id, grain, tenant_id) do update set calls = excluded.calls, at = excluded.at
       where k.calls <> excluded.calls or k.at <> excluded.at;
end $$;

-- Counts all callers of the month or year that begins then, at once. head: microseconds and id of the first call, of
-- which the least is found without sorting.
create function caller_count(zone text, unit text, start timestamp) returns void language plpgsql as $$
begin
    insert into caller_cells as k (tenant_id, grain, at, call_id, calls)
    select current_tenant(), unit, start at time zone zone, substr(x.head, 18)::uuid, x.calls
      from (select count(*)::integer as calls,
                   min((lpad((extract(epoch from n.created_at) * 1000000)::bigint::text, 17, '0') || n.id)
                       collate "C") as head
              from calls n
             where n.tenant_id = current_tenant() and n.created_at >= start at time zone zone
               and n.created_at < (start + ('1 ' || unit)::interval) at time zone zone
               and n.direction = 'inbound' and not n.test and n.customer_number is not null
               and coalesce(n.outcome not in ('blocked', 'refused'), true)
             group by n.customer_number
            having count(*) > 1) x
    on conflict (call_id, grain, tenant_id) do update set calls = excluded.calls, at = excluded.at
       where k.calls <> excluded.calls or k.at <> excluded.at;
end $$;

-- The marks of some calls as a table of the session: more than one zone's cells are made of them. own: of clients in
-- that zone alone, else null.
create function stat_take(lo timestamptz, hi timestamptz, own text) returns void language plpgsql as $$
begin
    if to_regclass('pg_temp.stat_day') is null then
        create temporary table stat_day as select m.* from call_marks m limit 0;
    end if;
    truncate stat_day;
    insert into stat_day
    select * from call_marks m
     where m.tenant_id = current_tenant() and m.created_at >= lo and m.created_at < hi
       and (own is null or m.client_id in (select k.id from clients k
                                            where k.tenant_id = current_tenant() and safe_zone(k.time_zone) = own));
end $$;

-- As before. taken: stat_day has the marks of these days.
drop function stat_fill(date, date, text, timestamptz, timestamptz, boolean);
create function stat_fill(first date, last date, zone text, since timestamptz, upto timestamptz, own boolean,
                          taken boolean) returns void language plpgsql as $$
declare
    lo     timestamptz := first::timestamp at time zone zone;
    hi     timestamptz := (last + 1)::timestamp at time zone zone;
    dims   text[] := case when own then '{own}' else '{total,client,user,number,campaign,source,country}'::text[] end;
    ids    uuid[] := array(select k.id from clients k
                            where own and k.tenant_id = current_tenant() and safe_zone(k.time_zone) = zone);
    cond   text   := case when own then format('and m.client_id = any (%L::uuid[])', ids) else '' end;
    wanted text;
begin
    delete from stat_cells x
     where x.tenant_id = current_tenant() and x.grain in ('hour', 'day') and x.dim = any (dims)
       and x.at >= lo and x.at < hi and (not own or x.key = any (ids::text[]));
    if not own then
        delete from caller_gaps g where g.tenant_id = current_tenant() and g.at >= lo and g.at < hi;
    end if;
    lo := greatest(lo, since);
    hi := least(hi, upto);
    if not taken then
        perform stat_take(lo, hi, case when own then zone end);
    end if;
    foreach wanted in array dims loop
        insert into stat_cells select * from stat_build('stat_day', 'day', wanted, zone, lo, hi, cond);
        if wanted in ('total', 'client', 'own') then
            insert into stat_cells select * from stat_build('stat_day', 'hour', wanted, zone, lo, hi, cond);
        end if;
    end loop;
    perform stat_add_past(first::timestamp at time zone zone, (last + 1)::timestamp at time zone zone, zone, own);
    if not own then
        perform caller_fill(zone, lo, hi);
    end if;
end $$;

-- As before, of all days: callers are counted of days that are not summed up as well.
create or replace function stat_changed(old stat_marks, seen bigint, upto timestamptz) returns setof timestamptz
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
     where at >= least(old.rolled_from - interval '1 day', old.month_from, old.year_from) and at < upto
$$;

-- How far back in time a step goes: as many days as have so many calls, one at least, from the last one that has any.
create function stat_step(base text, since timestamptz) returns timestamptz language plpgsql stable as $$
declare
    me   uuid := current_tenant();
    last timestamptz;
    edge timestamptz;
    days integer;
begin
    select greatest((select max(created_at) from calls where tenant_id = me and created_at < since),
                    (select max(x.at) from stat_past x where x.tenant_id = me and x.at < since)) into last;
    foreach days in array '{28,7,2,1}'::integer[] loop
        edge := ((last at time zone base)::date - days + 1)::timestamp at time zone base;
        exit when (select count(*) from (select from calls where tenant_id = me and created_at >= edge
                                            and created_at < since limit 60001) as few) <= 60000;
    end loop;
    return edge;
end $$;

-- The next older month or year whose callers must be counted before figures go back to some time, as local time; null:
-- none. whole: from when on they are.
create function caller_due(base text, unit text, whole timestamptz, since timestamptz, edge timestamptz)
    returns timestamp language sql stable as $$
    select start
      from (select least(date_trunc(unit, whole at time zone base) - ('1 ' || unit)::interval,
                         date_trunc(unit, (since - interval '1 microsecond') at time zone base)) as start) x
     where start >= date_trunc(unit, edge at time zone base)
$$;

-- As before; the first time, by as many days as a few seconds allow, and callers by whole months and years.
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
    edge  timestamptz;
    due   timestamp;
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
        old := row(me, upto, upto, seen, seen, now(), 'infinity', 'infinity');
    end if;
    since := old.rolled_from;
    for w in select z.zone, (s.at at time zone z.zone)::date as day, z.own, array_agg(s.at) as bins,
                    max(s.at) >= old.rolled_from - interval '1 day' as kept
               from stat_changed(old, seen, upto) as s(at)
              cross join (select base as zone, false as own union all select unnest(zones), true) as z
              group by 1, 2, 3
              order by min(s.at) desc loop
        if clock_timestamp() >= till then
            insert into stat_dirty select me, unnest(w.bins);
            continue;
        end if;
        if w.kept then
            perform stat_fill(w.day, w.day, w.zone, since, upto, w.own, false);
        end if;
        if not w.own then
            perform caller_recount(w.zone, w.bins);
        end if;
        days := days + 1;
    end loop;
    while since > '-infinity' and clock_timestamp() < till loop
        edge := stat_step(base, since);
        exit when edge is null;
        days := days + 1;
        due := caller_due(base, 'year', old.year_from, since, edge);
        if due is not null then
            perform caller_count(base, 'year', due);
            old.year_from := due at time zone base;
            continue;
        end if;
        due := caller_due(base, 'month', old.month_from, since, edge);
        if due is not null then
            perform caller_count(base, 'month', due);
            old.month_from := due at time zone base;
            continue;
        end if;
        perform stat_take(edge, least(upto, since + interval '2 days'), null);
        for w in select z.zone, z.own
                   from (select base as zone, false as own union all select unnest(zones), true) as z loop
            perform stat_fill((edge at time zone w.zone)::date,
                              ((since - interval '1 microsecond') at time zone w.zone)::date, w.zone, edge, upto,
                              w.own, true);
        end loop;
        since := edge;
    end loop;
    if since > '-infinity' and not exists (select from calls where tenant_id = me and created_at < since)
       and not exists (select from stat_past x where x.tenant_id = me and x.at < since) then
        since := '-infinity';
        old.month_from := since;
        old.year_from := since;
    end if;
    insert into stat_marks values (me, since, upto, seen, old.xid, now(), old.month_from, old.year_from)
        on conflict (tenant_id) do update
           set rolled_from = excluded.rolled_from, rolled_until = greatest(stat_marks.rolled_until, upto),
               older_xid = excluded.older_xid, xid = excluded.xid, rolled_at = excluded.rolled_at,
               month_from = excluded.month_from, year_from = excluded.year_from;
    return days;
end $$;
