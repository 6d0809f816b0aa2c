-- The TwiML App that browsers' calls of the tenant go through.
-- out twiml_app_sid text?
-- maybe
select twiml_app_sid from twilio_configurations where tenant_id = current_tenant();
