-- A webhook that carries an intent in its path: the call that was promised has happened, whatever became of Twilio's
-- reply.
-- in  tenant_id uuid, intent_id uuid, root_sid text
-- batch
with bound as (
    update calls
       set twilio_call_sid = e.root_sid
      from :rows
     where calls.id = e.intent_id and calls.tenant_id = e.tenant_id and calls.twilio_call_sid is null
)
update call_intents
   set state = 'created', settled_at = now()
  from :rows
 where call_intents.call_id = e.intent_id and call_intents.tenant_id = e.tenant_id and state in ('sending', 'unknown');
