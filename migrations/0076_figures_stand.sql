-- Figures of calls that are no longer kept: sums that name nobody stand for them, so that no figure of a day falls when
-- the calls of that day are gone. Only cells have them: a question that reads calls themselves sees those that are
-- there.
set local role switchhook_owner;

create table stat_past (like stat_cells including comments);
alter table stat_past add primary key (tenant_id, at, grain, dim, key, direction);
comment on table stat_past is 'cells of calls that retention has taken, added to those of the calls that are there';
call tenant_table('stat_past');
revoke delete on stat_past from switchhook_app;

-- "calls = x.calls + excluded.calls, ...": how a cell is added to another.
create function stat_addition() returns text language sql stable as $$
    select string_agg(format('%1$I = x.%1$I + excluded.%1$I', c), ', ')
           || ', talk_spread = x.talk_spread || excluded.talk_spread, wait_spread = x.wait_spread || '
           || 'excluded.wait_spread, ring_spread = x.ring_spread || excluded.ring_spread'
      from unnest(stat_columns()) as c
$$;

-- Keeps the figures of calls that are about to go, by the same cells: of the tenant's zone, and of each client that has
-- another.
create function stat_keep(ids uuid[]) returns void language plpgsql volatile as $$
declare
    base text := (select safe_zone(t.time_zone) from tenants t where t.id = current_tenant());
    z    record;
    d    text;
    g    text;
begin
    if cardinality(ids) = 0 then return; end if;
    if to_regclass('pg_temp.stat_gone') is null then
        create temporary table stat_gone as select m.* from call_marks m limit 0;
    end if;
    truncate stat_gone;
    insert into stat_gone select m.* from call_marks m where m.tenant_id = current_tenant() and m.id = any (ids);
    for z in select base as zone, null::uuid[] as clients
              union all
             select safe_zone(k.time_zone), array_agg(k.id)
               from clients k
              where k.tenant_id = current_tenant() and k.time_zone is not null and safe_zone(k.time_zone) <> base
              group by 1 loop
        foreach d in array case when z.clients is null
                                then '{total,client,user,number,campaign,source,country}'::text[] else '{own}' end loop
            foreach g in array case when d in ('total', 'client', 'own') then '{day,hour}'::text[] else '{day}' end loop
                execute 'insert into stat_past as x select * from stat_build(''stat_gone'', $1, $2, $3, ''-infinity'',
                         ''infinity'', $4) on conflict (tenant_id, at, grain, dim, key, direction) do update set '
                        || stat_addition()
                  using g, d, z.zone, case when z.clients is null then ''
                                           else format(' and m.client_id = any (%L::uuid[])', z.clients) end;
            end loop;
        end loop;
    end loop;
end $$;

-- Adds them to the cells of some days, which have just been summed up anew from the calls that are there. A day of
-- another zone than it was summed up in counts where it began.
create function stat_add_past(lo timestamptz, hi timestamptz, zone text, own boolean) returns void
    language plpgsql volatile as $$
begin
    if not exists (select from stat_past p where p.tenant_id = current_tenant() and p.at >= lo and p.at < hi) then
        return;
    end if;
    execute format(
        'insert into stat_cells as x
         select p.tenant_id, p.grain, p.dim, p.key, date_trunc(p.grain, p.at, $3), p.direction, %s,
                nullif(spread_join(p.talk_spread), ''{}''), nullif(spread_join(p.wait_spread), ''{}''),
                nullif(spread_join(p.ring_spread), ''{}'')
           from stat_past p
          where p.tenant_id = current_tenant() and p.at >= $1 and p.at < $2
            and case when $4 then p.dim = ''own'' and p.key in (select k.id::text from clients k
                                                               where k.tenant_id = current_tenant()
                                                                 and safe_zone(k.time_zone) = $3)
                     else p.dim <> ''own'' end
          group by p.tenant_id, p.grain, p.dim, p.key, date_trunc(p.grain, p.at, $3), p.direction
         on conflict (tenant_id, grain, dim, at, key, direction) do update set %s',
        (select string_agg(format('sum(p.%I)::bigint', c), ', ' order by o)
           from unnest(stat_columns()) with ordinality as u (c, o)), stat_addition())
      using lo, hi, zone, own;
end $$;

-- As before, and what is no longer kept is added.
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
end $$;

-- As before; days of which only the sums are there are gone through as well.
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

-- What retention takes changes no figure: its transaction says so.
create or replace function stat_touch() returns trigger language plpgsql as $$
begin
    if current_setting('app.figures_stand', true) = 'on' then return null; end if;
    if tg_op <> 'INSERT' then
        insert into stat_dirty (tenant_id, at) select old.tenant_id, at from stat_reach(old) at;
    end if;
    if tg_op <> 'DELETE' then
        insert into stat_dirty (tenant_id, at) select new.tenant_id, at from stat_reach(new) at;
    end if;
    return null;
end $$;
