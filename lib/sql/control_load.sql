-- What a command needs to know of its call, as it is at this moment. fresh: the legs are still bridged by a Dial. sids
-- are of legs that are in progress (of a root that Twilio tells us nothing about before its end: not over); child_sid:
-- the one that the other has dialled. No row: no such command.
-- in  command_id uuid
-- out call_id uuid, kind text, state text, target text?, digits text?, seconds int?, root_sid text?, root_live bool
-- out customer_sid text?, agent_sid text?, child_sid text?, consult_sid text?, room text?, conference_sid text?
-- out fresh bool, held bool, record bool, recorded bool, recording_sid text?, recording_leg text?, caller_id text?
-- out countries text, record_mode text, ring_timeout_s int, created_ms bigint, age_s bigint
-- maybe
select m.call_id, m.kind, m.state, m.target, m.digits, m.seconds, c.twilio_call_sid as root_sid,
       coalesce(call_rank(root.status) < 4, false) as root_live, customer.sid as customer_sid, agent.sid as agent_sid,
       case when agent.parent_sid = customer.sid then agent.sid else customer.sid end as child_sid, x.consult_sid,
       x.room, x.conference_sid, x.conference_sid is null as fresh, coalesce(x.held, false) as held, c.record,
       r.sid is not null as recorded, r.sid as recording_sid, r.call_sid as recording_leg,
       case c.direction when 'inbound' then c.to_number else c.from_number end as caller_id,
       t.dial_countries as countries, coalesce(n.record_mode, 'record-from-answer-dual') as record_mode,
       t.ring_timeout_seconds as ring_timeout_s, (extract(epoch from m.created_at) * 1000)::bigint as created_ms,
       extract(epoch from now() - m.created_at)::bigint as age_s
  from call_commands m
  join calls c on c.id = m.call_id
  join tenants t on t.id = c.tenant_id
  left join call_controls x on x.call_id = c.id
  left join numbers n on n.id = c.number_id
  left join call_legs root on root.tenant_id = c.tenant_id and root.sid = c.twilio_call_sid
  left join lateral (select l.sid, l.parent_sid from call_legs l
                      where l.call_id = c.id and l.role = 'customer'
                        and (l.status = 'in-progress' or l.sid = c.twilio_call_sid and call_rank(l.status) < 4)
                      order by l.answered_at desc nulls last, l.sid limit 1) customer on true
  left join lateral (select l.sid, l.parent_sid from call_legs l
                      where l.call_id = c.id and l.role = 'agent'
                        and (l.status = 'in-progress' or l.sid = c.twilio_call_sid and call_rank(l.status) < 4)
                        and l.sid is distinct from x.consult_sid
                      order by l.answered_at desc nulls last, l.sid limit 1) agent on true
  left join lateral (select r.sid, r.call_sid from recordings r
                      where r.call_id = c.id and r.status in ('in-progress', 'paused')
                      order by r.started_at desc nulls last, r.sid limit 1) r on true
 where m.tenant_id = current_tenant() and m.id = :command_id;
