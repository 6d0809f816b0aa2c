-- Every account that may send webhooks, with its tenant and its sealed tokens.
-- out tenant_id uuid, account_sid text, auth_token text, auth_token_secondary text?
-- many
select c.tenant_id, c.account_sid, c.auth_token, c.auth_token_secondary
  from twilio_configurations c
  join tenants t on t.id = c.tenant_id
 order by c.account_sid
 limit 100000;
