-- The same figures, from fewer reads.
set local role switchhook_owner;

-- One call as numbers. What is asked about the call is worked out once (offset 0): a planner that may write it into
-- each column that needs it looks for earlier calls seven times.
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
          from (select coalesce(c.outcome not in ('blocked', 'refused'), true) as in_set) as b
        offset 0) as s
 where not c.test;

-- The cells of a scope by hour or day, whole or by another dimension: kept ones, and the rest summed up now. Row level
-- security lets no expression that it does not know into an index, so the dimension is worked out beforehand.
create or replace function stat_rows(s stat_scope, grain text, by_dim text default null) returns setof stat_cells
    language plpgsql stable as $$
declare
    kept boolean     := s.rolled_until > '-infinity' and s.dim is not null
                        and (by_dim is null or s.dim = 'total' or s.dim = by_dim)
                        and (grain = 'day' or by_dim is null and s.dim in ('total', 'client', 'own'));
    dim  text        := coalesce(by_dim, 'total');
    from_dim text    := coalesce(case when s.dim = 'total' then by_dim end, s.dim);
begin
    if not kept then
        return query select * from stat_build('call_marks', grain, dim, s.zone, s.lo, s.hi, s.cond);
        return;
    end if;
    return query
    select *
      from stat_cells x
     where x.tenant_id = current_tenant() and x.grain = stat_rows.grain
       and x.dim = from_dim and (s.dim = 'total' or x.key = s.key) and x.at >= s.lo and x.at < s.hi
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

-- Calls by hour of the local day and day of the ISO week; how often each has been and is over; past: those of days that
-- are over, of which means are made.
drop function stat_slots(stat_scope);
create function stat_slots(s stat_scope) returns table (weekday integer, hour integer, calls bigint, answered bigint,
    missed bigint, attempts bigint, connected bigint, times bigint, past bigint) language sql stable as $$
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
               sum(c.attempts)::bigint as attempts, sum(c.connected)::bigint as connected,
               sum(c.calls) filter (where c.at < date_trunc('day', now(), s.zone))::bigint as past
          from stat_rows(s, 'hour') c
         group by 1, 2
    )
    select w, k, coalesce(x.calls, 0), coalesce(x.answered, 0), coalesce(x.missed, 0), coalesce(x.attempts, 0),
           coalesce(x.connected, 0), coalesce(h.times, 0), coalesce(x.past, 0)
      from generate_series(1, 7) w
     cross join generate_series(0, 23) k
      left join h on h.weekday = w and h.hour = k
      left join x on x.weekday = w and x.hour = k
$$;

create or replace function stats_hours(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    rows jsonb;
begin
    select jsonb_agg(jsonb_build_object('hour', x.hour, 'calls', x.calls, 'days', x.days,
                                        'mean', ratio(x.past, x.days),
                                        'answer_rate', ratio(x.answered, x.answered + x.missed)) order by x.hour)
      into rows
      from (select hour, sum(calls) as calls, sum(answered) as answered, sum(missed) as missed, sum(times) as days,
                   sum(past) as past
              from stat_slots(s) group by hour) as x;
    return stat_head(s) || jsonb_build_object('data', rows, 'peak_hour', (
        select (r ->> 'hour')::integer from jsonb_array_elements(rows) r
         where (r ->> 'mean')::numeric > 0 order by (r ->> 'mean')::numeric desc, (r ->> 'hour')::integer limit 1));
end $$;

create or replace function stats_weekdays(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s stat_scope := stat_scope(a);
begin
    return stat_head(s) || jsonb_build_object('data', (
        select jsonb_agg(jsonb_build_object('weekday', w, 'calls', coalesce(x.calls, 0), 'days', coalesce(d.days, 0),
                                            'mean', ratio(coalesce(x.past, 0), d.days),
                                            'answer_rate', ratio(x.answered, x.answered + x.missed)) order by w)
          from generate_series(1, 7) w
          left join (select weekday, sum(calls) as calls, sum(answered) as answered, sum(missed) as missed,
                            sum(past) as past
                       from stat_slots(s) group by weekday) x on x.weekday = w
          left join (select extract(isodow from d.day)::integer as weekday, count(*) as days
                       from stat_days(s.zone, s.from_date, s.to_date) d where d.hi <= now() group by 1) d
                 on d.weekday = w));
end $$;

create or replace function stats_heatmap(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    rows jsonb;
    peak jsonb;
begin
    with x as materialized (
        select * from stat_slots(s)
    )
    select jsonb_agg(jsonb_build_object(
               'weekday', x.weekday, 'hour', x.hour, 'calls', x.calls, 'days', x.times,
               'answer_rate', case when x.answered + x.missed >= 5 then ratio(x.answered, x.answered + x.missed) end)
               order by x.weekday, x.hour),
           (select jsonb_build_object('weekday', p.weekday, 'hour', p.hour)
              from x p where p.past > 0 and p.times > 0
             order by p.past::numeric / p.times desc, p.weekday, p.hour limit 1)
      into rows, peak from x;
    return stat_head(s) || jsonb_build_object('data', rows, 'peak_slot', peak);
end $$;
drop function stat_over(stat_scope);

-- percentile_cont of all values in some spreads, for each of p; null over none.
create function spread_percentiles(p double precision[], s integer[]) returns numeric[]
    language plpgsql immutable parallel safe as $$
begin
    if coalesce(array_length(s, 1), 0) = 0 then
        return null;
    end if;
    return (
        with c as materialized (
            select v.value, sum(v.n) over (order by v.value) as upto, sum(v.n) over () as total
              from (select s[i] as value, sum(s[i + 1]) as n
                      from generate_series(1, array_length(s, 1), 2) as i group by 1) v
        )
        select array_agg(round((x.lo + (x.hi - x.lo) * (x.place - floor(x.place)))::numeric, 4) order by x.n)
          from (select q.n, q.place, (select min(value) from c where upto > floor(q.place)) as lo,
                       (select min(value) from c where upto > ceil(q.place)) as hi
                  from (select w.n, ((select max(total) from c) - 1) * w.p as place
                          from unnest(p) with ordinality as w(p, n)) as q) as x);
end $$;

-- The figures of one cell: every ratio of product is defined here and nowhere else.
create or replace function stat_figures(c stat_cells) returns jsonb language plpgsql immutable as $$
declare
    talk numeric[] := spread_percentiles('{0.5,0.9}', c.talk_spread);
    wait numeric[] := spread_percentiles('{0.5,0.9}', c.wait_spread);
    ring numeric[] := spread_percentiles('{0.5}', c.ring_spread);
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
        'talk_seconds_median', talk[1],
        'talk_seconds_p90', talk[2],
        'wait_seconds_mean', ratio(c.wait_seconds, c.waits),
        'wait_seconds_median', wait[1],
        'wait_seconds_p90', wait[2],
        'abandon_wait_seconds_mean', ratio(c.abandon_wait_seconds, c.abandoned),
        'ring_seconds_mean', ratio(c.ring_seconds, c.rings),
        'ring_seconds_median', ring[1],
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

-- Nobody asks for one alone.
drop function spread_percentile(double precision, integer[]);
drop function spread_pairs(integer[]);
