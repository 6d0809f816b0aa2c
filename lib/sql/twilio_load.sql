-- The tenant's account at Twilio, its secrets sealed. No row: none is set.
-- out account_sid text, auth_token text, api_key_sid text?, api_key_secret text?, region text?
-- out edge text?, api_base_url text?
-- maybe
select account_sid, auth_token, api_key_sid, api_key_secret, region, edge, api_base_url
  from twilio_configurations
 where tenant_id = current_tenant();
