-- The tenant's account at Twilio, its secrets sealed, and the key they are sealed with. No row: none is set.
-- out account_sid text, auth_token text, api_key_sid text?, api_key_secret text?, region text?
-- out edge text?, api_base_url text?, data_key text?
-- maybe
select c.account_sid, c.auth_token, c.api_key_sid, c.api_key_secret, c.region, c.edge, c.api_base_url,
       k.sealed as data_key
  from twilio_configurations c
  left join tenant_keys k on k.tenant_id = c.tenant_id
 where c.tenant_id = current_tenant();
