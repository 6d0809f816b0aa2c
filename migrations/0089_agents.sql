-- What each agent was offered and took, leg by leg; how long each could be rung; how much of the numbers is in use.
set local role switchhook_owner;

-- When a user could be rung in the browser, from this migration on.
create table user_availability (
    tenant_id uuid        not null,
    user_id   uuid        not null,
    from_at   timestamptz not null default clock_timestamp(),
    to_at     timestamptz,
    foreign key (user_id, tenant_id) references users (id, tenant_id) on delete cascade,
    check (to_at >= from_at)
);
comment on table user_availability is 'written by a trigger, so that every way to become available leaves its trace';
create index user_availability_user on user_availability (user_id, from_at);
create unique index user_availability_open on user_availability (user_id, tenant_id) where to_at is null;
-- Before its rows are of their tenants alone.
insert into user_availability (tenant_id, user_id)
select tenant_id, id from users where available and disabled_at is null;
call tenant_table('user_availability');

create function note_availability() returns trigger language plpgsql as $$
begin
    if new.available and new.disabled_at is null then
        insert into user_availability (tenant_id, user_id) values (new.tenant_id, new.id)
            on conflict (user_id, tenant_id) where to_at is null do nothing;
    else
        update user_availability set to_at = greatest(from_at, clock_timestamp())
         where user_id = new.id and tenant_id = new.tenant_id and to_at is null;
    end if;
    return null;
end $$;
create trigger note_availability after insert or update of available, disabled_at on users for each row
    execute function note_availability();

-- Whose phone or browser a leg rings; null: nobody's that is known, or it is sealed.
create function leg_user(endpoint text) returns uuid language sql stable as $$
    select case when endpoint ~ '^client:user_[0-9a-f]{32}_' then substr(endpoint, 13, 32)::uuid
                else (select u.id from users u
                       where u.tenant_id = current_tenant() and u.forward_to = endpoint
                       order by u.created_at, u.id limit 1) end
$$;

-- Agents: offered is a call of which a leg of theirs was made; lost_race, that another took it; talk is their own
-- leg's, while the customer was there. A leg that tells no user is of the call's. Calls without legs count by what they
-- say.
create or replace function stats_agents(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s   stat_scope := stat_scope(a);
    doc jsonb;
begin
    execute format($q$
        with m as materialized (
            select m.id, m.user_id, m.direction, m.outcome, m.disposition, m.kind = 'conversation' as conversation,
                   case when m.answered_at is not null and m.ended_at is not null and m.kind = 'conversation'
                        then m.talk_seconds end as talk,
                   m.direction = 'outbound' and (m.outcome in ('connected', 'busy', 'no-answer', 'canceled')
                       or m.outcome = 'failed' and m.twilio_call_sid is not null) as attempt
              from %s
        ), leg as (
            select m.id, m.direction, coalesce(leg_user(l.endpoint), m.user_id) as user_id,
                   l.answered_at is not null or l.status in ('in-progress', 'completed') as took,
                   case when m.conversation and l.ended_at is not null
                        then case when l.answered_at is null then l.duration_seconds
                                  else greatest(0, round(extract(epoch from least(l.ended_at, k.ended_at)
                                                                 - greatest(l.answered_at, k.answered_at)))) end
                        end as talk
              from m
              join call_legs l on l.call_id = m.id and l.role = 'agent'
             cross join lateral (select min(o.answered_at) as answered_at, max(o.ended_at) as ended_at
                                   from call_legs o where o.call_id = m.id and o.role = 'customer') k
             where m.direction = 'inbound' or m.attempt
        ), offer as (
            select id, direction, user_id, bool_or(took) as took, sum(talk) filter (where took) as talk,
                   count(talk) filter (where took and talk > 0) as talks
              from leg where user_id is not null group by 1, 2, 3
            union all
            select m.id, m.direction, m.user_id, m.outcome in ('answered', 'connected'), m.talk, count(m.talk)
              from m
             where m.user_id is not null and (m.outcome in ('answered', 'connected') or m.talk is not null)
               and not exists (select from leg where leg.id = m.id)
             group by m.id, m.direction, m.user_id, m.outcome, m.talk
        ), taken as (
            select o.user_id, count(*) filter (where o.direction = 'inbound') as offered,
                   count(*) filter (where o.direction = 'inbound' and o.took) as answered,
                   count(*) filter (where o.direction = 'inbound' and not o.took and w.taken) as lost,
                   coalesce(sum(o.talk), 0) as talk, sum(o.talks) as talks
              from offer o
             cross join lateral (select exists (select from offer x where x.id = o.id and x.took
                                                   and x.user_id <> o.user_id) as taken) w
             group by 1
        ), own as (
            select m.user_id, count(*) filter (where m.attempt) as attempts,
                   count(*) filter (where m.outcome = 'connected') as connected
              from m where m.user_id is not null group by 1
        )
        select jsonb_agg(jsonb_build_object(
                   'user_id', u.user_id, 'offered', coalesce(t.offered, 0), 'answered', coalesce(t.answered, 0),
                   'lost_race', coalesce(t.lost, 0),
                   'missed_offers', coalesce(t.offered - t.answered - t.lost, 0),
                   'talk_seconds_total', coalesce(t.talk, 0), 'talk_seconds_mean', ratio(t.talk, t.talks),
                   'attempts', coalesce(o.attempts, 0), 'connected', coalesce(o.connected, 0),
                   'connect_rate', ratio(o.connected, o.attempts),
                   'dispositions', (select coalesce(jsonb_object_agg(d.disposition, d.n), '{}')
                                      from (select m.disposition, count(*) as n from m
                                             where m.user_id = u.user_id and m.disposition is not null group by 1) d),
                   'available_seconds', (
                       select coalesce(sum(extract(epoch from least(coalesce(v.to_at, now()), $1.hi, now())
                                                              - greatest(v.from_at, $1.lo))), 0)::bigint
                         from user_availability v
                        where v.user_id = u.user_id and v.tenant_id = current_tenant() and v.from_at < $1.hi
                          and coalesce(v.to_at, now()) > $1.lo),
                   'name', (select coalesce(nullif(w.name, ''), w.email) from users w where w.id = u.user_id))
                   order by coalesce(t.offered, 0) + coalesce(o.attempts, 0) desc, u.user_id)
          from (select user_id from taken union select user_id from own) u
          left join taken t on t.user_id = u.user_id
          left join own o on o.user_id = u.user_id$q$, stat_set(s)) into doc using s;
    return stat_head(s) || jsonb_build_object('data', coalesce(doc, '[]'));
end $$;

-- How much of the numbers in service was given to somebody, hour by hour: the most at once, and the mean over time.
-- Above 0.75 more numbers are wanted.
create function stats_numbers(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope  := stat_scope(a);
    upto timestamptz := least(s.hi, now());
    rows jsonb;
begin
    if s.to_date - s.from_date > 93 then
        raise exception 'by hour takes at most 93 days' using errcode = 'check_violation';
    end if;
    with given as (
        select g.number_id, greatest(g.from_at, s.lo) as f, least(coalesce(g.to_at, upto), upto) as t
          from number_assignments g
         where g.tenant_id = current_tenant() and g.from_at < upto and coalesce(g.to_at, upto) > s.lo
           and (g.user_id is not null or g.campaign_id is not null or g.client_id is not null and g.pool is null)
    ), had as (
        select n.id, greatest(n.created_at, s.lo) as f,
               least(coalesce(n.released_at, upto), coalesce(n.disabled_at, upto), upto) as t
          from numbers n
         where n.tenant_id = current_tenant() and n.created_at < upto and coalesce(n.released_at, upto) > s.lo
    ), edge as (
        select f as at from given union select t from given union select f from had union select t from had
        union select h from stat_hours(s.zone, s.lo, s.hi) h where h < upto union select upto
    ), step as (
        select date_trunc('hour', e.at, s.zone) as hour, e.at as f, lead(e.at) over (order by e.at) as t
          from edge e where e.at >= s.lo and e.at <= upto
    ), use as (
        select p.hour, extract(epoch from p.t - p.f) as seconds,
               (select count(*) from had h where h.f <= p.f and h.t > p.f) as numbers,
               (select count(distinct g.number_id) from given g join had h on h.id = g.number_id
                 where g.f <= p.f and g.t > p.f and h.f <= p.f and h.t > p.f) as given
          from step p where p.t > p.f
    ), hours as (
        select hour, max(numbers) as numbers, max(ratio(given, numbers)) as most,
               ratio(sum(given * seconds / nullif(numbers, 0)), sum(seconds) filter (where numbers > 0)) as mean
          from use group by 1
    )
    select jsonb_build_object(
               'utilisation_max', max(most), 'utilisation_mean', round(avg(mean), 4),
               'data', coalesce(jsonb_agg(jsonb_build_object('at', rfc3339(hour), 'numbers', numbers, 'max', most,
                                                             'mean', mean) order by hour), '[]'))
      into rows from hours;
    return stat_head(s) || rows;
end $$;
