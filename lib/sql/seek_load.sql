-- The call whose recordings are sought. No row: it has gone.
-- in  id uuid
-- out sid text?
-- maybe
select c.twilio_call_sid as sid from calls c where c.tenant_id = current_tenant() and c.id = :id;
