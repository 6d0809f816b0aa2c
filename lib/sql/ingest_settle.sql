-- What a call is follows from its legs: recomputed for the calls of a batch, the same whatever order the facts came in.
-- in  tenant_id uuid, root_sid text
-- batch
with e as (
    select distinct tenant_id, root_sid from :rows
), t as (
    select distinct l.tenant_id, l.call_id
      from e join call_legs l on l.tenant_id = e.tenant_id and l.sid = e.root_sid
     where l.call_id is not null
), l as (
    select l.tenant_id, l.call_id, l.sid, l.parent_sid, l.role, l.status, l.dial_status, l.duration_seconds, l.ended_at,
           l.rang_at, l.place,
           coalesce(l.answered_at, case when l.status = 'completed' and l.duration_seconds > 0
                                        then l.ended_at - l.duration_seconds * interval '1 second' end) as answered_at
      from t join call_legs l on l.call_id = t.call_id
), f as (
    select call_id,
           min(status) filter (where parent_sid is null) as root_status,
           min(dial_status) filter (where parent_sid is null) as dial_status,
           min(ended_at) filter (where parent_sid is null) as root_ended_at,
           (array_agg(status order by call_rank(status) desc, sid)
               filter (where role = 'customer'))[1] as customer_status,
           min(answered_at) filter (where role = 'customer') as customer_answered_at,
           max(ended_at) filter (where role = 'customer') as customer_ended_at,
           max(duration_seconds) filter (where role = 'customer') as customer_duration,
           min(answered_at) filter (where role = 'agent') as agent_answered_at,
           max(ended_at) filter (where role = 'agent') as agent_ended_at,
           bool_or(role = 'agent' and (answered_at is not null or status in ('in-progress', 'completed')))
               as agent_answered,
           count(*) filter (where role = 'agent') as agents,
           count(*) filter (where role = 'agent' and status = 'busy') as agents_busy,
           count(*) filter (where role = 'agent' and status = 'failed') as agents_failed,
           bool_or(role = 'agent' and status in ('busy', 'no-answer', 'failed')) as agent_refused,
           max(place) filter (where parent_sid is null) as place,
           max(ended_at - duration_seconds * interval '1 second') filter (where parent_sid is null) as root_began_at,
           range_agg(tstzrange(answered_at, ended_at)) filter (where role = 'agent' and answered_at <= ended_at)
               as agent_spans,
           range_agg(tstzrange(answered_at, ended_at)) filter (where role = 'customer' and answered_at <= ended_at)
               as customer_spans,
           (array_agg(answered_at - rang_at order by answered_at, sid)
               filter (where role = 'agent' and rang_at <= answered_at))[1] as agent_rang,
           max(ended_at - rang_at) filter (where role = 'agent' and rang_at <= ended_at) as agent_rang_longest,
           max(coalesce(answered_at, ended_at) - rang_at)
               filter (where role = 'customer' and rang_at <= coalesce(answered_at, ended_at)) as customer_rang
      from l
     group by call_id
), s as materialized (
    select c.id, c.tenant_id,
           case when c.gate_refused is not null and c.direction = 'outbound' then 'failed'
                when c.direction = 'inbound' then
                     case when call_rank(f.root_status) < 4 then
                               case when f.agent_answered then 'in-progress' else f.root_status end
                          when f.agent_answered or (f.agents = 0 and f.dial_status is null) then f.root_status
                          when f.agents > 0 and f.agents_busy = f.agents or f.agents = 0 and f.dial_status = 'busy'
                              then 'busy'
                          when f.agents > 0 and f.agents_failed = f.agents or f.agents = 0 and f.dial_status = 'failed'
                          then 'failed'
                          else 'no-answer' end
                else coalesce(f.customer_status,
                              case when call_rank(f.root_status) < 2 then 'queued' when call_rank(f.root_status) < 4
                                   then 'ringing' when f.root_status = 'completed' then 'canceled'
                                   else f.root_status end) end::call_status as status,
           case when c.direction = 'inbound' then f.agent_answered_at
                when i.mode = 'message' then f.customer_answered_at
                when f.agent_answered then greatest(f.agent_answered_at, f.customer_answered_at) end as answered_at,
           coalesce(f.customer_ended_at, f.root_ended_at) as ended_at,
           f.customer_duration, f.agent_answered, f.agent_ended_at, f.customer_status, f.customer_answered_at, f.agents,
           f.agents_failed, f.agent_refused, f.dial_status, f.root_status, c.direction, c.nobody_to_dial,
           c.gate_refused,
           f.customer_ended_at, f.root_began_at, f.agent_spans, f.customer_spans, f.customer_rang,
           coalesce(f.agent_rang, f.agent_rang_longest) as agent_rang, coalesce(f.place, c.customer_place) as place,
           case when i.mode = 'message' then 'message' else c.kind end as kind,
           (select k.abandoned_seconds from tenants k where k.id = c.tenant_id) as abandoned_seconds
      from f
      join calls c on c.id = f.call_id
      left join call_intents i on i.call_id = c.id
), v as materialized (
    select s.*, call_rank(s.status) = 4 as ended,
           case when call_rank(s.status) < 4 then null
                when s.gate_refused is not null and s.direction = 'outbound' then 'refused'
                when s.direction = 'inbound' then case when s.agent_answered then 'answered' else 'missed' end
                when s.customer_status is null then 'agent_unreached'
                when s.customer_answered_at is not null or s.customer_status = 'completed' then 'connected'
                else s.customer_status::text end as outcome
      from s
), z as materialized (
    select v.id, v.tenant_id, v.status, v.answered_at, v.outcome, case when v.ended then v.ended_at end as ended_at,
           case when v.ended then v.customer_duration end as duration_seconds,
           case when not v.ended then null when v.answered_at is null or v.kind = 'message' then 0
                when v.agent_spans * v.customer_spans <> '{}'
                     then (select round(extract(epoch from sum(upper(x) - lower(x))))
                             from unnest(v.agent_spans * v.customer_spans) as x)::integer
                else greatest(0, round(extract(epoch from least(v.agent_ended_at, v.ended_at)
                                                          - v.answered_at)))::integer
                end as talk_seconds,
           case when v.outcome is distinct from 'missed' then null
                when v.nobody_to_dial then 'nobody_available'
                when v.customer_duration < v.abandoned_seconds and not coalesce(v.agent_refused, false)
                     and coalesce(v.dial_status, 'canceled') = 'canceled' then 'abandoned'
                when v.agents = 0 and v.dial_status is null then 'nobody_available'
                when v.agents > 0 and v.agents_failed = v.agents then 'failed'
                else 'no_answer' end as missed_reason,
           case when v.ended and v.direction = 'inbound'
                then greatest(0, round(extract(epoch from coalesce(v.answered_at, v.ended_at)
                                                          - v.root_began_at)))::integer end as wait_seconds,
           case when v.ended
                then round(extract(epoch from case v.direction when 'inbound' then v.agent_rang
                                                   else v.customer_rang end))::integer end as ring_seconds,
           case when v.ended and v.answered_at is not null and v.kind <> 'message'
                     and abs(extract(epoch from v.agent_ended_at - v.customer_ended_at)) > 1
                then case when v.agent_ended_at < v.customer_ended_at then 'agent' else 'customer' end end as ended_by,
           v.place, v.kind,
           v.outcome = 'missed'
           and exists (select from recordings r
                        where r.call_id = v.id and r.kind = 'voicemail' and r.duration_seconds >= 3) as voicemail
      from v
)
update calls c
   set status = z.status, answered_at = z.answered_at, ended_at = z.ended_at, duration_seconds = z.duration_seconds,
       talk_seconds = z.talk_seconds, outcome = z.outcome, missed_reason = z.missed_reason,
       wait_seconds = z.wait_seconds, ring_seconds = z.ring_seconds,
       ended_by = coalesce(z.ended_by, case z.missed_reason when 'abandoned' then 'customer' end),
       customer_place = z.place, kind = z.kind, voicemail = coalesce(z.voicemail, false)
  from z
 where c.id = z.id
   and (c.status, c.answered_at, c.ended_at, c.duration_seconds, c.talk_seconds, c.outcome, c.missed_reason,
        c.wait_seconds, c.ring_seconds, c.ended_by, c.customer_place, c.kind, c.voicemail)
       is distinct from
       (z.status, z.answered_at, z.ended_at, z.duration_seconds, z.talk_seconds, z.outcome, z.missed_reason,
        z.wait_seconds, z.ring_seconds, coalesce(z.ended_by, case z.missed_reason when 'abandoned' then 'customer' end),
        z.place, z.kind, coalesce(z.voicemail, false));
