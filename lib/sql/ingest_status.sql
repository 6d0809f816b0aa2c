-- What status callbacks say about legs: whatever comes, in whatever order, a leg only gains facts. Creates the call
-- when its root leg is first heard of here and its number is ours; a leg whose call is not known yet waits with
-- call_id null. A leg without a parent that is not the call's root has been called into its conference by ourselves.
-- late: this leg has just found its call, and something had waited for that.
-- Each leg stands in a batch once; of an erased call it names nobody. ("is true" keeps the planner from an index that
-- knows the tenant alone.)
-- in  tenant_id uuid, sid text, parent_sid text?, new_id uuid, intent_id uuid?, status call_status, direction text
-- in  from_number text, to_number text, customer_number text?, duration_seconds int?, started_ms bigint?
-- in  rang_ms bigint?, answered_ms bigint?, ended_ms bigint?, received_ms bigint, customer_country text?
-- in  customer_place text?, place text?, customer_clear text?, customer_token text?, marks text?
-- out late bool
-- batch
with k as materialized (
    select e.*, c.id as known_id,
           coalesce(c.id, case when n.number_id is not null then e.new_id end) as call_id,
           case when o.call_id is not null and o.role <> 'other' then o.role
                when c.twilio_call_sid <> e.sid and e.parent_sid is null then 'agent'
                when e.parent_sid is null
                then coalesce(c.root_role, case when n.number_id is not null then 'customer' end)
                else case coalesce(p.role, c.root_role) when 'customer' then 'agent' when 'agent' then 'customer' end
                end as role,
           coalesce(e.parent_sid, case when c.twilio_call_sid <> e.sid then c.twilio_call_sid end) as above_sid,
           n.number_id, n.client_id, n.user_id, n.campaign_id,
           n.record and n.disclosure_mode <> 'keypress' and not coalesce(w.stands, false) as record,
           n.record and n.disclosure_mode = 'keypress' and not coalesce(w.stands, false) as asks,
           case when w.stands or n.disclosure_mode = 'keypress' then 'consent' else n.record_reason end
               as record_reason, n.source,
           c.erased_at is not null as erased,
           case when o.call_id is not null then false
                else exists (select from webhook_events
                              where call_sid = e.sid and (tenant_id = e.tenant_id) is true and call_id is null)
                     or exists (select from call_legs
                                 where parent_sid = e.sid and tenant_id = e.tenant_id and call_id is null) end as late
      from :rows
      left join call_legs o on o.tenant_id = e.tenant_id and o.sid = e.sid
      left join call_legs p on p.tenant_id = e.tenant_id and p.sid = case when o.call_id is null then e.parent_sid end
      left join lateral (select id, root_role, twilio_call_sid, erased_at from calls
                          where id = coalesce(o.call_id, p.call_id)
                          union all
                         select id, root_role, twilio_call_sid, erased_at from calls
                          where twilio_call_sid = coalesce(e.parent_sid, e.sid) and (tenant_id = e.tenant_id) is true
                          union all
                         select id, root_role, twilio_call_sid, erased_at from calls
                          where id = e.intent_id and (tenant_id = e.tenant_id) is true
                          limit 1) c on true
      left join lateral (select number_id, client_id, campaign_id, user_id, record, record_reason, disclosure_mode,
                                source
                           from number_routes
                          where e164 = case e.direction when 'inbound' then e.to_number else e.from_number end
                            and tenant_id = e.tenant_id and c.id is null and e.parent_sid is null
                          limit 1) n on true
      left join lateral (select r.stands
                           from recording_objection(e.tenant_id, array[e.customer_clear, e.customer_token]
                                                                || string_to_array(e.marks, ' '), n.client_id,
                                                    n.disclosure_mode = 'keypress') r
                          where n.record) w on true
), created as (
    insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                       customer_number, withheld, number_id, client_id, user_id, campaign_id, record, record_reason,
                       customer_country, customer_place, source, created_at)
    select new_id, tenant_id, sid, from_number, to_number, direction, 'customer', status, customer_number,
           customer_number is null, number_id, client_id, user_id, campaign_id, record and direction = 'inbound',
           record_reason, customer_country, coalesce(place, customer_place),
           coalesce(source, (select source from campaigns where id = k.campaign_id)),
           to_timestamp(received_ms / 1000.0)
      from k
     where known_id is null and call_id is not null
), leg as (
    insert into call_legs (tenant_id, sid, parent_sid, call_id, role, status, endpoint, started_at, rang_at,
                           answered_at, ended_at, duration_seconds, place, erased)
    select tenant_id, sid, above_sid, call_id, coalesce(role, 'other'), status,
           case when erased then null when parent_sid is null and direction = 'inbound' then from_number
                else to_number end,
           to_timestamp(started_ms / 1000.0), to_timestamp(rang_ms / 1000.0), to_timestamp(answered_ms / 1000.0),
           to_timestamp(ended_ms / 1000.0), duration_seconds,
           case when not erased then place end, erased
      from k
    on conflict (tenant_id, sid) do update
       set parent_sid       = coalesce(call_legs.parent_sid, excluded.parent_sid),
           call_id          = coalesce(call_legs.call_id, excluded.call_id),
           role             = case when excluded.role = 'other' then call_legs.role else excluded.role end,
           status           = case when call_rank(excluded.status) > call_rank(call_legs.status) then excluded.status
                                   else call_legs.status end,
           endpoint         = case when not call_legs.erased
                                   then coalesce(excluded.endpoint, call_legs.endpoint) end,
           started_at       = least(call_legs.started_at, excluded.started_at),
           rang_at          = least(call_legs.rang_at, excluded.rang_at),
           answered_at      = least(call_legs.answered_at, excluded.answered_at),
           ended_at         = least(call_legs.ended_at, excluded.ended_at),
           duration_seconds = greatest(call_legs.duration_seconds, excluded.duration_seconds),
           place            = case when not call_legs.erased then least(call_legs.place, excluded.place) end,
           erased           = call_legs.erased or excluded.erased
), asked as (
    insert into consent_questions (call_id, tenant_id)
    select call_id, tenant_id from k where known_id is null and call_id is not null and asks
)
select late from k order by ord;
