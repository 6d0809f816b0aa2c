-- Calls that ask what to do: finds whose number was dialled, or the intent that dialled, stores call and root leg, and
-- tells what routing needs. A repeated request finds the stored call. route is null where nobody knows the number, or
-- its tenant is disabled; refused: the gate's word for a browser's call (see ingest_browser); ring_client: the browser
-- that rings first, and the phone with it if ring_both; late: something of this call came before it, so that it must be
-- settled. record: how it is recorded, record_as: how it would be if whoever is asked (question) presses a key;
-- goodbye: what he hears if he does not, null: the call goes on. customer_token: what stands for the customer's number
-- where it is sealed, or was, customer_clear: the number, marks: where it was erased. from_disk: the caller was
-- answered from the disk, which announces nothing. Each call stands in a batch once. ("is true" keeps the planner from
-- an index that knows the tenant alone.)
-- in  tenant_id uuid, sid text, new_id uuid, intent_id uuid?, user_id uuid?, from_number text, to_number text
-- in  customer_number text?, status call_status, received_ms bigint, wish text?
-- in  customer_country text?, customer_place text?, place text?, customer_clear text?, customer_token text?
-- in  marks text?, from_disk bool
-- out call_id uuid?, route text?, say text?, disclosure text?, dial_to text?, caller_id text?, record text?
-- out record_as text?, question text?, goodbye text?, disclosure_voice text?, disclosure_language text?, agents bool
-- out ring_timeout_s int, voice text?, language text, intent_id uuid?, unanswered text
-- out refused text?, ring_client text?, ring_both bool, countries text?, late bool
-- batch
with k as materialized (
    select e.*, c.id as known_id, coalesce(c.id, case when coalesce(n.number_id, b.id) is not null
                                                                         then e.new_id end) as call_id,
           coalesce(c.root_role, case when b.id is null then 'customer' else 'agent' end) as root_role,
           coalesce(c.record, n.record and d.mode <> 'keypress' and not coalesce(o.stands, false), false) as recorded,
           case when o.stands or d.mode = 'keypress' then 'consent' else n.record_reason end as record_reason,
           coalesce(case when c.id is null then n.record and d.mode = 'keypress' and not coalesce(o.stands, false)
                         else q.state = 'open' end, false) as asks,
           d.disclosure, d.question, case when d.refused = 'end' then d.goodbye end as goodbye,
           d.voice as disclosure_voice, d.language as disclosure_language, d.agents, d.mode,
           c.announced_at is not null or q.call_id is not null or e.from_disk as told,
           n.number_id, n.client_id, n.campaign_id, n.source, coalesce(b.id, n.user_id) as owner_id, b.id as browser_id,
           case when t.disabled_at is not null then null
                when i.call_id is not null then i.mode
                when b.id is not null then 'browser'
                when n.number_id is not null then 'inbound' end as route,
           case when i.mode = 'message' then i.message when i.call_id is not null then t.connecting
                else n.greeting end as say,
           case when i.mode = 'customer_first' then i.agent_number when i.mode = 'agent_first' then i.to_number
                when b.id is not null then e.to_number else n.forward_to end as dial_to,
           case when i.call_id is not null then i.from_number
                when b.id is not null then browser_caller_id(b.id, e.wish)
                else n.caller_id end as caller_id,
           coalesce(n.record_mode, 'record-from-answer-dual') as record_mode,
           coalesce(n.ring_timeout_seconds, t.ring_timeout_seconds) as ring_timeout_s, t.voice, t.language,
           i.call_id as intent, t.unanswered, t.dial_countries, t.watched, c.gate_refused,
           r.client as ring_client,
           coalesce(r.too, false) as ring_both,
           exists (select from webhook_events
                    where call_sid = e.sid and (tenant_id = e.tenant_id) is true and call_id is null)
           or exists (select from call_legs
                       where parent_sid = e.sid and tenant_id = e.tenant_id and call_id is null) as late
      from :rows
      join tenants t on t.id = e.tenant_id
      left join lateral (select id, root_role, record, gate_refused, number_id, client_id, announced_at
                           from calls
                          where twilio_call_sid = e.sid and (tenant_id = e.tenant_id) is true
                          union all
                         select id, root_role, record, gate_refused, number_id, client_id, announced_at
                           from calls
                          where id = e.intent_id and (tenant_id = e.tenant_id) is true
                          limit 1) c on true
      left join consent_questions q on q.call_id = c.id
      left join call_intents i on i.call_id = c.id
      left join users b on b.id = e.user_id and (b.tenant_id = e.tenant_id) is true and b.disabled_at is null
      left join lateral (select number_id, client_id, campaign_id, user_id, record, record_reason, record_mode,
                                 caller_id, greeting, forward_to, ring_timeout_seconds, source, rings,
                                 available, presence, work_hours
                           from number_routes
                          where e164 = e.to_number and tenant_id = e.tenant_id
                            and i.call_id is null and e.user_id is null
                          limit 1) n on true
      left join lateral (select browser_identity(n.user_id, t.id) as client, n.rings = 'both' as too
                          where n.rings <> 'phone' and n.available
                            and (n.presence <> 'auto' or n.work_hours is null
                                 or within_plan(n.work_hours, now() at time zone t.time_zone))) r on true
      left join lateral disclosure_for(t.id, coalesce(n.number_id, c.number_id), coalesce(n.client_id, c.client_id))
                     as d on true
      left join lateral (select w.stands
                           from recording_objection(t.id, array[e.customer_clear, e.customer_token]
                                                          || string_to_array(e.marks, ' '), n.client_id,
                                                    d.mode = 'keypress') w
                          where c.id is null and n.record) o on true
), announced as (
    select ord, tenant_id, known_id, disclosure as spoken, disclosure_language as language,
           announcement_key(disclosure_language, disclosure) as digest, to_timestamp(received_ms / 1000.0) as at
      from k
     where recorded and not asks and not told and mode <> 'off' and route in ('inbound', 'customer_first')
       and (dial_to is not null or ring_client is not null)
), words as (
    insert into announcements (tenant_id, digest, spoken, language)
    select distinct tenant_id, digest, spoken, language
      from announced n
     where not exists (select from announcements w where w.digest = n.digest and w.tenant_id = n.tenant_id)
     order by tenant_id, digest
    on conflict do nothing
), noted as (
    update calls c
       set announced_at = n.at, announcement_id = n.digest
      from announced n
     where c.id = n.known_id and (c.tenant_id = n.tenant_id) is true
), created as (
    insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                       customer_number, withheld, number_id, client_id, user_id, campaign_id, record, record_reason,
                       nobody_to_dial, watched, customer_country, customer_place, source, announced_at, announcement_id,
                       created_at)
    select new_id, k.tenant_id, sid, from_number, to_number,
           case when browser_id is null then 'inbound' else 'outbound' end, root_role, status, customer_number,
           customer_number is null, number_id, client_id, owner_id, campaign_id, recorded, record_reason,
           dial_to is null and ring_client is null, watched, customer_country, coalesce(place, customer_place),
           coalesce(source, (select source from campaigns where id = k.campaign_id)), n.at, n.digest,
           to_timestamp(received_ms / 1000.0)
      from k
      left join announced n on n.ord = k.ord
     where k.known_id is null and call_id is not null
), located as (
    update calls c
       set customer_country = k.customer_country, customer_place = k.customer_place,
           source = coalesce((select source from numbers where id = c.number_id),
                             (select source from campaigns where id = c.campaign_id))
      from k
     where k.browser_id is not null and c.id = k.known_id and c.tenant_id = k.tenant_id
       and c.customer_country is null and k.customer_country is not null
), leg as (
    insert into call_legs (tenant_id, sid, call_id, role, status, endpoint, place)
    select tenant_id, sid, call_id, root_role, status, from_number, place from k where call_id is not null
    on conflict (tenant_id, sid) do update
       set call_id  = coalesce(call_legs.call_id, excluded.call_id),
           role     = excluded.role,
           endpoint = case when not call_legs.erased then coalesce(call_legs.endpoint, excluded.endpoint) end,
           status   = case when call_rank(excluded.status) > call_rank(call_legs.status) then excluded.status
                           else call_legs.status end,
           place    = case when not call_legs.erased then least(call_legs.place, excluded.place) end
     where call_legs.call_id is null or call_legs.endpoint is null or call_legs.place is distinct from excluded.place
        or call_rank(excluded.status) > call_rank(call_legs.status)
), asked as (
    insert into consent_questions (call_id, tenant_id, sid, spoken, language, asked_at)
    select call_id, tenant_id, sid, left(disclosure || ' ' || question, 10000), disclosure_language, now()
      from k
     where asks and root_role = 'customer' and route is not null
       and (dial_to is not null or ring_client is not null)
    on conflict (call_id) do update
       set sid = excluded.sid, spoken = excluded.spoken, language = excluded.language, asked_at = excluded.asked_at
     where consent_questions.sid is null
)
select call_id, route, say, case when mode <> 'off' then disclosure end as disclosure, dial_to, caller_id,
       case when recorded then record_mode end as record, record_mode as record_as,
       case when asks then question end as question, goodbye, disclosure_voice, disclosure_language,
       coalesce(agents and mode <> 'off' and (recorded or asks), false) as agents,
       ring_timeout_s, voice, language, intent as intent_id, unanswered, gate_refused as refused, ring_client,
       ring_both, dial_countries as countries, late
  from k
 order by ord;
