-- A delivery that waits, with all that is needed to send it: its secrets are sealed, with the key they are sealed with;
-- wanted is false when its endpoint is off. No row: it has ended, or is gone.
-- in  delivery uuid
-- out endpoint uuid, url text, secret text, old_secret text?, data_key text?, message text, body json
-- out attempts int, wanted bool
-- maybe
select e.id as endpoint, e.url, e.secret, case when e.old_until > now() then e.old_secret end as old_secret,
       k.sealed as data_key, 'msg_' || replace(m.id::text, '-', '') as message, m.body, d.attempts,
       e.enabled or m.type = 'test.ping' as wanted
  from webhook_deliveries d
  join webhook_endpoints e on e.id = d.endpoint_id
  join webhook_messages m on m.id = d.message_id
  left join tenant_keys k on k.tenant_id = d.tenant_id
 where d.tenant_id = current_tenant() and d.id = :delivery and d.state = 'waiting';
