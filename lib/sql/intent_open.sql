-- Decides about a call that is asked for, and promises it: call and intent are one commit. verdict: open; or again,
-- running, reused (there was such a request); contact, client, user, campaign (unknown); not_owned, no_number (caller
-- ID); not_configured (no account); no_agent (nobody to connect the customer to); gate_...: calls.gate_refused, which
-- is kept with all that the gate saw; reason is then what it was about. A contact that nobody names is the newest one
-- with that number. to_number, message and links may be sealed; gate_number is the number itself, and to_token what
-- stands for it where it is sealed; marks: where it was erased. other_hash as in idem_begin. Comes after
-- intent_lock, in its transaction.
-- in  call_id uuid, to_number text, from_number text?, contact text?, contact_id uuid?, client text?, client_id uuid?
-- in  campaign text?, campaign_id uuid?, user_id uuid?, asked_by uuid?, message text?, mode text, record bool?
-- in  transcribe bool?
-- in  links text, test bool, idem_key text?, request_hash bytea, other_hash bytea?, region text, premium bool
-- in  gate_number text, to_token text?, marks text?, customer_country text?, customer_place text?
-- in  actor text, origin text?
-- out verdict text, call_id uuid, state text?, twilio_call_sid text?, twilio_code int?, reason text?
-- out caller_id text?, dial_to text?, agent text?, countries text
-- one
with me as (
    select id, default_number, record, dial_countries from tenants where id = current_tenant()
), earlier as (
    select i.call_id, i.state, i.request_hash, i.twilio_code, i.reason, c.twilio_call_sid
      from call_intents i
      join calls c on c.id = i.call_id
     where i.tenant_id = current_tenant()
       and (:idem_key is not null and i.idem_key = :idem_key
            or :idem_key is null and i.request_hash in (:request_hash, :other_hash) and i.state <> 'failed'
               and i.created_at > now() - interval '10 seconds')
     order by i.created_at desc
     limit 1
), contact as (
    select id
      from contacts
     where tenant_id = current_tenant()
       and (id = :contact_id or external_id = :contact
            or :contact is null and phone_number in (:gate_number, :to_token))
     order by created_at desc, id desc
     limit 1
), client as (
    select id, forward_to
      from clients
     where tenant_id = current_tenant() and deleted_at is null and (id = :client_id or external_id = :client)
     limit 1
), campaign as (
    select id
      from campaigns
     where tenant_id = current_tenant() and deleted_at is null and (id = :campaign_id or external_id = :campaign)
     limit 1
), who as (
    select u.id, u.forward_to, s.caller_id_number, s.assigned_phone_number, s.auto_record
      from users u
      left join user_voip_settings s on s.user_id = u.id
     where u.tenant_id = current_tenant() and u.id = coalesce(:user_id, :asked_by) and u.disabled_at is null
), caller as (
    select coalesce(:from_number, who.caller_id_number, who.assigned_phone_number, me.default_number) as e164
      from me
      left join who on true
), number as (
    select n.id, r.forward_to, n.record
      from numbers n
      join caller on caller.e164 = n.e164
      join number_routes r on r.number_id = n.id and r.tenant_id = n.tenant_id
     where n.tenant_id = current_tenant() and n.released_at is null
), agent as (
    select coalesce((select forward_to from client), (select forward_to from who), (select forward_to from number),
                    (select forward_to
                       from numbers
                      where tenant_id = current_tenant() and released_at is null and forward_to is not null
                      order by created_at, id
                      limit 1)) as e164
), objection as (
    select o.stands, told.asks
      from (select d.mode = 'keypress' and :mode <> 'message' as asks
              from disclosure_for(current_tenant(), (select id from number), (select id from client)) d) told
      left join recording_objection(current_tenant(), array[:gate_number, :to_token]
                                                        || string_to_array(:marks, ' '), (select id from client),
                                    told.asks) o on true
), wish as (
    select coalesce(:record, (select auto_record from who), (select record from number), (select record from me))
           and not coalesce((select stands from objection), false) as stands
), v as (
    select case when e.request_hash <> :request_hash and e.request_hash is distinct from :other_hash then 'reused'
                when e.state = 'sending' then 'running'
                when e.state is not null then 'again'
                when :contact is not null and not exists (select from contact) then 'contact'
                when :client is not null and not exists (select from client) then 'client'
                when :campaign is not null and not exists (select from campaign) then 'campaign'
                when :user_id is not null and not exists (select from who) then 'user'
                when :from_number is not null and not exists (select from number) then 'not_owned'
                when caller.e164 is null then 'no_number'
                when not exists (select from twilio_configurations where tenant_id = current_tenant())
                     then 'not_configured'
                when :mode <> 'message' and agent.e164 is null then 'no_agent'
                else coalesce('gate_' || (g.verdict ->> 'refused'), 'open') end as word,
           g.verdict, caller.e164 as caller_id, agent.e164 as agent
      from caller
      join agent on true
      join dial_verdict(current_tenant(), :gate_number, :region, :premium, (select id from contact), now(),
                        dial_token(current_tenant(), :to_token, :marks)) g(verdict) on true
      left join earlier e on true
), c as (
    insert into calls (id, tenant_id, from_number, to_number, direction, root_role, status, customer_number, number_id,
                       client_id, user_id, campaign_id, contact_id, record, record_reason, transcribe, test,
                       gate_refused, verdict, customer_country, customer_place, source, outcome, ended_at)
    select :call_id, me.id, v.caller_id, :to_number, 'outbound',
           case :mode when 'agent_first' then 'agent' else 'customer' end,
           case v.word when 'open' then 'queued'::call_status else 'failed' end, :to_number,
           (select id from number), (select id from client), (select id from who), (select id from campaign),
           (select id from contact),
           (select w.stands and not o.asks from wish w, objection o),
           case when (select o.stands or w.stands and o.asks from wish w, objection o) then 'consent'
                when :record is not null then 'call'
                when (select auto_record from who) is not null then 'user'
                when (select record from number) is not null then 'number' else 'tenant' end,
           :transcribe, :test, case when v.word <> 'open' then substr(v.word, 6) end, v.verdict, :customer_country,
           :customer_place,
           coalesce((select source from numbers where id = (select id from number)),
                    (select source from campaigns where id = (select id from campaign))),
           case when v.word <> 'open' then 'refused' end, case when v.word <> 'open' then now() end
      from v, me
     where v.word = 'open' or v.word like 'gate\_%'
    returning id, tenant_id, gate_refused
), i as (
    insert into call_intents (call_id, tenant_id, state, mode, from_number, to_number, agent_number, message, idem_key,
                              request_hash, links)
    select c.id, c.tenant_id, 'sending', :mode, v.caller_id, :to_number, case when :mode <> 'message' then v.agent end,
           :message, :idem_key, :request_hash, :links::jsonb
      from c, v
     where c.gate_refused is null
), question as (
    insert into consent_questions (call_id, tenant_id)
    select c.id, c.tenant_id
      from c, wish w, objection o
     where c.gate_refused is null and w.stands and o.asks
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select c.tenant_id, 0, left(:actor, 200), case when c.gate_refused is null then 'call.place' else 'call.refuse' end,
           c.id, jsonb_strip_nulls(jsonb_build_object('gate', c.gate_refused, 'about', v.verdict ->> 'about')),
           left(:origin, 100), ''
      from c, v
)
select v.word as verdict, coalesce(e.call_id, :call_id) as call_id, e.state, e.twilio_call_sid, e.twilio_code,
       coalesce(e.reason, v.verdict ->> 'about') as reason,
       v.caller_id, case :mode when 'agent_first' then v.agent else :to_number end as dial_to,
       case when :mode <> 'message' then v.agent end as agent, me.dial_countries as countries
  from me
  join v on true
  left join earlier e on true;
