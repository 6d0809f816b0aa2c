-- Counts of the log, and its order by length of talk, end in bounded time as well: they are of the newest calls, so
-- many at most, and say whether these were all.
set local role switchhook_owner;

-- How many calls a count and an order by length look at.
create function calls_most() returns integer language sql immutable parallel safe as $$ select 200000 $$;

-- What a page reads of the log: the next calls by one index, at most reach, and the filters that are checked of each.
-- By length of talk there is no index: the newest are read, and the page is looked for among these. Days are given as
-- moments: under row level security no index takes an expression that works them out.
create or replace function calls_scan(f jsonb, sort text, at bigint, after uuid, out base text, out rest text,
                                      out reach integer)
    language plpgsql stable as $$
declare
    o     record := calls_order(sort);
    talk  boolean := sort in ('longest', 'shortest');
    many  uuid[] := array(select n.id from numbers n where n.tenant_id = current_tenant() and n.e164 = f ->> 'number');
    zone  text   := (select safe_zone(t.time_zone) from tenants t where t.id = current_tenant());
    days  text   := case when f ->> 'from' is null then ''
                         else format(' and c.created_at >= %L::timestamptz',
                                     (f ->> 'from')::timestamp at time zone zone) end
                    || case when f ->> 'to' is null then ''
                            else format(' and c.created_at < %L::timestamptz',
                                        (f ->> 'to')::timestamp at time zone zone) end;
    seek  text   := '';
    lead  record;
    heads jsonb;
begin
    if f ? 'number' and cardinality(many) = 0 then
        f := (f - 'number') || jsonb_build_object('party', f -> 'number', 'party_token', f -> 'number_token');
    elsif cardinality(many) = 1 and not f ? 'number_id' then
        f := (f - 'number') || jsonb_build_object('number_id', many[1]);
    end if;
    f := f - 'from' - 'to';
    select * into lead from call_leads() l where f ? l.name and jsonb_typeof(f -> l.name) <> 'null'
     order by l.place limit 1;
    select coalesce(jsonb_object_agg(x.key, x.value), '{}') into heads
      from jsonb_each(f) x
     where lead.condition is null and x.key in (lead.name, lead.name || '_token');
    base := calls_where(heads) || coalesce(' and ' || lead.condition, '');
    rest := calls_where(f - array(select jsonb_object_keys(heads)));
    reach := case when talk then calls_most() else calls_reach() end;
    if coalesce(lead.ordered and jsonb_typeof(f -> (lead.name || '_token')) is distinct from 'string', true) then
        perform set_config('enable_sort', 'off', true);
        perform set_config('enable_bitmapscan', 'off', true);
        perform set_config('enable_seqscan', 'off', true);
    end if;
    base := ' from calls c where c.tenant_id = current_tenant()' || days || base;
    if at is not null then
        seek := format(' and (%s, c.id) %s (%s, %L::uuid)', o.key, case o.way when 'asc' then '>' else '<' end,
                       format(o.place, at), after);
    end if;
    base := base || case when talk then ' order by c.created_at desc, c.id desc'
                         else seek || format(' order by %s %s, c.id %2$s', o.key, o.way) end;
    rest := rest || case when talk then seek else '' end;
end $$;

-- A page of the log as the API's document. The filters are written into the statement, so that it is planned for those
-- that are there: one plan for all of them would read the whole log for a caller who has called once. It may be short,
-- or empty, and still have a next one: where few calls fit, it ends with the last call that was looked at. complete:
-- the count, or the order by length, is of all calls that are asked for, and not of the newest alone.
create or replace function calls_page(f jsonb, sort text, at bigint, after uuid, max integer, counted boolean,
                                      out doc json, out next text)
    language plpgsql stable set enable_sort = on set enable_bitmapscan = on set enable_seqscan = on as $$
declare
    o     record := calls_order(sort);
    s     record;
    talk  boolean := sort in ('longest', 'shortest');
    total bigint;
    whole boolean;
    n     integer;
begin
    if counted or talk then
        s := calls_scan(f, 'longest', null, null);
        execute format('select count(*) filter (where true%1$s and c.n <= %3$s), count(*) <= %3$s
                          from (select c.*, row_number() over () as n from (select c.*%2$s limit %3$s + 1) c) c',
                       s.rest, s.base, s.reach) into total, whole;
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
        next := (select x.us || '.' || x.id from calls_stop(f, sort, at, after) x where not talk);
    end if;
    doc := json_build_object('data', doc, 'next_cursor', next, 'total', case when counted then total end,
                             'complete', whole);
end $$;
