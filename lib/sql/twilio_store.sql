-- The tenant's account at Twilio, its secrets already sealed.
-- in  tenant_id uuid, account_sid text, auth_token text, api_key_sid text?, api_key_secret text?, twiml_app_sid text?
-- in  region text?, edge text?, api_base_url text?
-- none
insert into twilio_configurations (tenant_id, account_sid, auth_token, api_key_sid, api_key_secret,
                                   twiml_app_sid, region, edge, api_base_url)
values (:tenant_id, :account_sid, :auth_token, :api_key_sid, :api_key_secret, :twiml_app_sid, :region, :edge,
        :api_base_url)
on conflict (tenant_id) do update
   set account_sid = excluded.account_sid, auth_token = excluded.auth_token, api_key_sid = excluded.api_key_sid,
       api_key_secret = excluded.api_key_secret, twiml_app_sid = excluded.twiml_app_sid, region = excluded.region,
       edge = excluded.edge, api_base_url = excluded.api_base_url, updated_at = now();
