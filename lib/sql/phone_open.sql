-- What a token for a user's browser phone is made of. user_role is null where the tenant has no such user.
-- in  user_id uuid
-- out user_role text?, caller_id text?, account_sid text?, api_key_sid text?, api_key_secret text?, twiml_app_sid text?
-- out region text?, api_base_url text?, data_key text?
-- one
select u.role as user_role, browser_caller_id(u.id, null) as caller_id, c.account_sid, c.api_key_sid, c.api_key_secret,
       c.twiml_app_sid, c.region, c.api_base_url, k.sealed as data_key
  from tenants t
  left join users u on u.id = :user_id and u.tenant_id = t.id and u.disabled_at is null
  left join twilio_configurations c on c.tenant_id = t.id
  left join tenant_keys k on k.tenant_id = t.id
 where t.id = current_tenant();
