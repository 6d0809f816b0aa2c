-- Why a call is credited to whom, as the API's document; by our id, or by the CallSid of one of its legs. No row: not
-- this tenant's, or no such call.
-- in  id uuid?, sid text?
-- out doc jsonb?
-- maybe
select call_attribution(c) as doc
  from calls c
 where c.tenant_id = current_tenant()
   and c.id = coalesce(:id, (select l.call_id from call_legs l where l.tenant_id = current_tenant() and l.sid = :sid),
                       (select x.id from calls x where x.tenant_id = current_tenant() and x.twilio_call_sid = :sid));
