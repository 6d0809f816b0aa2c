-- The tenant's account at Twilio without its secrets. No row: none is set.
-- out doc json?
-- maybe
select twilio_json(c) as doc from twilio_configurations c where c.tenant_id = current_tenant();
