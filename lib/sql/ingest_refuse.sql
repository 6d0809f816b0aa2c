-- Calls that were not forwarded, for the tenant does not call where they would have gone.
-- in  tenant_id uuid, call_id uuid
-- batch
update calls
   set gate_refused = 'destination', nobody_to_dial = true, announced_at = null, announcement_id = null
  from :rows
 where calls.id = e.call_id and calls.tenant_id = e.tenant_id and calls.gate_refused is null;
