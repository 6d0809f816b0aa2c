-- Whose call is this? For the operator, who sees every tenant's.
-- in  id uuid?, sid text?
-- out tenant_id uuid?
-- maybe
select coalesce((select c.tenant_id from calls c where c.id = :id),
                (select l.tenant_id from call_legs l where l.sid = :sid limit 1),
                (select c.tenant_id from calls c where c.twilio_call_sid = :sid limit 1)) as tenant_id;
