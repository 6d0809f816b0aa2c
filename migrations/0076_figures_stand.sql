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

-- Who has called before stays one who has, when the calls before are gone.
alter table calls add column repeated boolean not null default false;
comment on column calls.repeated is 'the caller''s call before this one, within 365 days, is no longer kept';
create function calls_remember(ids uuid[]) returns void language sql volatile as $$
    update calls n
       set repeated = true
      from calls g
     cross join lateral (select x.id
                           from calls x
                          where x.customer_number = g.customer_number and x.tenant_id = g.tenant_id
                            and (x.created_at, x.id) > (g.created_at, g.id)
                            and x.created_at <= g.created_at + interval '365 days' and x.direction = 'inbound'
                            and x.client_id is not distinct from g.client_id and x.id <> all (ids)
                            and x.outcome is distinct from 'blocked' and not x.test
                          order by x.created_at, x.id
                          limit 1) as f
     where g.id = any (ids) and g.direction = 'inbound' and g.outcome is distinct from 'blocked' and not g.test
       and n.id = f.id and not n.repeated
$$;

create or replace view call_marks with (security_invoker = true) as
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
                    c.repeated::integer +
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
