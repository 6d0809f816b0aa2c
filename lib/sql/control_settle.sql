-- Writes what came of a command: its state, what is so about the call from now on (members of patch alone), an event of
-- the call, and that nobody need see to it any more. transfer is kept of what it was but for the members given.
-- in  command_id uuid, state text, reason text?, patch text
-- out doc json?
-- one
with p as (
    select :patch::jsonb as d
), m as (
    update call_commands
       set state = :state, reason = left(:reason, 500), settled_at = case when :state <> 'unknown' then now() end
     where tenant_id = current_tenant() and id = :command_id and state in ('sending', 'unknown')
    returning id, tenant_id, call_id, kind
), x as (
    update call_controls
       set room             = case when d ? 'room' then d ->> 'room' else call_controls.room end,
           conference_sid   = case when d ? 'conference_sid' then d ->> 'conference_sid'
                                   else call_controls.conference_sid end,
           held             = coalesce((d ->> 'held')::boolean, call_controls.held),
           recording_paused = coalesce((d ->> 'recording_paused')::boolean, call_controls.recording_paused),
           recording_paused_until = case when d ? 'pause_seconds'
                                         then now() + (d ->> 'pause_seconds')::integer * interval '1 second'
                                         when d ? 'recording_paused' then null
                                         else call_controls.recording_paused_until end,
           consult_sid      = case when d ? 'consult_sid' then d ->> 'consult_sid' else call_controls.consult_sid end,
           transfer         = case when d ? 'transfer'
                                   then coalesce(call_controls.transfer, '{}') || (d -> 'transfer')
                                   else call_controls.transfer end
      from m, p
     where call_controls.call_id = m.call_id and call_controls.tenant_id = m.tenant_id
    returning call_controls.call_id, call_controls.held, call_controls.room, call_controls.recording_paused,
              call_controls.recording_paused_until, call_controls.transfer
), leg as (
    insert into call_legs (tenant_id, sid, parent_sid, call_id, role, status, endpoint)
    select m.tenant_id, p.d ->> 'consult_sid', c.twilio_call_sid, m.call_id, 'agent', 'queued', k.target
      from m
      join p on true
      join calls c on c.id = m.call_id
      join call_commands k on k.id = m.id
     where p.d ->> 'consult_sid' is not null
    on conflict (tenant_id, sid) do update
       set call_id = excluded.call_id, parent_sid = excluded.parent_sid, role = 'agent'
), canceled as (
    update call_legs
       set status = 'canceled', ended_at = coalesce(call_legs.ended_at, now())
      from m, p
     where call_legs.tenant_id = m.tenant_id and call_legs.sid = p.d ->> 'canceled_sid'
       and call_rank(call_legs.status) < 4
    returning call_legs.sid, call_legs.call_id
), closed as (
    update calls
       set status = 'canceled', ended_at = now(),
           outcome = case calls.root_role when 'agent' then 'agent_unreached' else 'canceled' end
      from canceled
     where calls.id = canceled.call_id and calls.twilio_call_sid = canceled.sid and calls.ended_at is null
), jobs_over as (
    update jobs
       set state = case when :state = 'unknown' then jobs.state else 'done' end,
           due_at = case when :state = 'unknown' then now() + interval '10 seconds' else jobs.due_at end,
           finished_at = case when :state = 'unknown' then null else now() end
      from m
     where jobs.tenant_id = m.tenant_id and jobs.state = 'waiting'
       and (jobs.kind = 'control' and jobs.ref = m.id::text
            or jobs.kind = 'unpause' and jobs.ref = m.call_id::text
               and (m.kind = 'recording_resume' and :state = 'done'
                    or m.kind = 'recording_pause' and :state = 'failed'))
), event as (
    insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
    select m.tenant_id, gen_random_uuid(), 'control',
           'control.' || m.kind || case :state when 'done' then '' else '.' || :state end,
           coalesce(c.twilio_call_sid, ''), m.call_id, clock_timestamp(), ''
      from m
      join calls c on c.id = m.call_id
)
select json_build_object('call_id', m.call_id, 'command', m.kind, 'state', :state, 'held', x.held,
                         'conference', x.room is not null, 'recording_paused', x.recording_paused,
                         'recording_paused_until', rfc3339(x.recording_paused_until), 'transfer', x.transfer) as doc
  from p
  left join m on true
  left join x on x.call_id = m.call_id;
