-- Records how a promised call ended. A webhook may have been faster: then nothing is left to settle. A failure before
-- anything was sent gives the key of the request free again.
-- in  call_id uuid, state text, call_sid text?, twilio_code int?, reason text?
-- out settled bool
-- one
with i as (
    update call_intents
       set state = :state, twilio_code = :twilio_code, reason = left(:reason, 500),
           settled_at = case when :state <> 'unknown' then now() end,
           idem_key = case when :state <> 'failed' then idem_key end
     where tenant_id = current_tenant() and call_id = :call_id and state in ('sending', 'unknown')
    returning call_id, tenant_id, mode, agent_number, to_number
), c as (
    update calls
       set twilio_call_sid = coalesce(calls.twilio_call_sid, :call_sid),
           status   = case when :state in ('rejected', 'failed') then 'failed' else calls.status end,
           outcome  = case :state when 'rejected' then 'refused' when 'failed' then 'failed' else calls.outcome end,
           ended_at = case when :state in ('rejected', 'failed') then now() else calls.ended_at end
      from i
     where calls.id = i.call_id and calls.tenant_id = i.tenant_id
    returning calls.id, calls.root_role
), l as (
    insert into call_legs (tenant_id, sid, call_id, role, status, endpoint)
    select i.tenant_id, :call_sid, i.call_id, c.root_role, 'queued',
           case i.mode when 'agent_first' then i.agent_number else i.to_number end
      from i, c
     where :call_sid is not null
    on conflict (tenant_id, sid) do update
       set call_id = coalesce(call_legs.call_id, excluded.call_id), role = excluded.role
     where call_legs.call_id is null
)
select exists (select from i) as settled;
