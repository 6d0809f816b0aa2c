-- Every account that may send webhooks, with its tenant, its sealed tokens and the key they are sealed with. sealing:
-- as veil_load has it.
-- out tenant_id uuid, account_sid text, auth_token text, auth_token_secondary text?, data_key text?
-- out sealing bool?
-- many
select c.tenant_id, c.account_sid, c.auth_token, c.auth_token_secondary, k.sealed as data_key,
       m.sealing
  from twilio_configurations c
  join tenants t on t.id = c.tenant_id
  left join tenant_keys k on k.tenant_id = c.tenant_id
  left join metadata_sealing m on m.tenant_id = c.tenant_id and (m.sealing or m.done_at is null)
 order by c.account_sid
 limit 100000;
