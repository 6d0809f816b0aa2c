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
-- By length of talk there is no index: all calls that fit are read.
create function calls_scan(f jsonb, sort text, at bigint, after uuid, out base text, out rest text, out reach integer)
    language plpgsql stable as $$
declare
    o     record := calls_order(sort);
    many  uuid[] := array(select n.id from numbers n where n.tenant_id = current_tenant() and n.e164 = f ->> 'number');
    lead  record;
    heads jsonb;
begin
    if f ? 'number' and cardinality(many) = 0 then
        f := (f - 'number') || jsonb_build_object('party', f -> 'number', 'party_token', f -> 'number_token');
    elsif cardinality(many) = 1 and not f ? 'number_id' then
        f := (f - 'number') || jsonb_build_object('number_id', many[1]);
    end if;
    if sort in ('longest', 'shortest') then
        base := calls_where(f);
        rest := '';
    else
        select * into lead from call_leads() l where f ? l.name and jsonb_typeof(f -> l.name) <> 'null'
         order by l.place limit 1;
        select coalesce(jsonb_object_agg(x.key, x.value), '{}') into heads
          from jsonb_each(f) x
         where x.key in ('from', 'to')
            or lead.condition is null and x.key in (lead.name, lead.name || '_token');
        base := calls_where(heads) || coalesce(' and ' || lead.condition, '');
        rest := calls_where(f - array(select jsonb_object_keys(heads)));
        reach := calls_reach();
        if coalesce(lead.ordered and jsonb_typeof(f -> (lead.name || '_token')) is distinct from 'string', true) then
            perform set_config('enable_sort', 'off', true);
            perform set_config('enable_bitmapscan', 'off', true);
            perform set_config('enable_seqscan', 'off', true);
        end if;
    end if;
    base := ' from calls c where c.tenant_id = current_tenant()' || base;
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
        'select (c.line).* from (select c as line, c.*%s limit %s) c where true%s order by c.created_at desc, c.id desc limit %s',
        s.base, s.reach, s.rest, max);
end $$;
