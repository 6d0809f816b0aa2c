-- Keeps which TwiML App browsers' calls of the tenant go through; what stays as it was is no entry in the audit.
-- in  twiml_app_sid text, actor text
-- out changed bool
-- one
with old as (
    select twilio_json(c) as doc from twilio_configurations c where c.tenant_id = current_tenant()
), c as (
    update twilio_configurations as n
       set twiml_app_sid = :twiml_app_sid, updated_at = now()
     where n.tenant_id = current_tenant() and n.twiml_app_sid is distinct from :twiml_app_sid
    returning n as made
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'twilio.change', 'twilio',
           json_build_object('old', (select doc from old), 'new', twilio_json(c.made)), '', ''
      from c
)
select exists (select from c) as changed;
