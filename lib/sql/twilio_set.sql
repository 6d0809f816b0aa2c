-- The tenant's account at Twilio, its secrets already sealed; the operator's own base URL stays
-- unless base_wins. While a token is
-- rotated at Twilio the one before may still come in.
-- in  account_sid text, auth_token text, auth_token_secondary text?, api_key_sid text?, api_key_secret text?
-- in  twiml_app_sid text?, region text?, edge text?, api_base_url text?, base_wins bool, actor text, origin text
-- out doc json
-- one
with old as (
    select twilio_json(c) as doc from twilio_configurations c where c.tenant_id = current_tenant()
), c as (
    insert into twilio_configurations as n (tenant_id, account_sid, auth_token, auth_token_secondary, api_key_sid,
                                            api_key_secret, twiml_app_sid, region, edge, api_base_url)
    values (current_tenant(), :account_sid, :auth_token, :auth_token_secondary, :api_key_sid, :api_key_secret,
            :twiml_app_sid, :region, :edge, :api_base_url)
    on conflict (tenant_id) do update
       set account_sid = excluded.account_sid, auth_token = excluded.auth_token,
           auth_token_secondary = excluded.auth_token_secondary, api_key_sid = excluded.api_key_sid,
           api_key_secret = excluded.api_key_secret, twiml_app_sid = excluded.twiml_app_sid, region = excluded.region,
           edge = excluded.edge, updated_at = now(),
           api_base_url = case when :base_wins then excluded.api_base_url else n.api_base_url end
    returning n as made
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'twilio.change', 'twilio',
           json_build_object('old', (select doc from old), 'new', twilio_json(c.made)), left(:origin, 100), ''
      from c
)
select twilio_json(c.made) as doc from c;
