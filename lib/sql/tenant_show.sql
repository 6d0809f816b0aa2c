-- A tenant with its settings and what it has.
-- out doc json
-- one
select (settings_json(t)::jsonb || jsonb_build_object(
           'id', t.id, 'created_at', rfc3339(t.created_at), 'disabled_at', rfc3339(t.disabled_at),
           'shredded_at', rfc3339(t.shredded_at),
           'twilio_account', (select account_sid from twilio_configurations c where c.tenant_id = t.id),
           'sealed_key', exists (select from tenant_keys k where k.tenant_id = t.id),
           'sealed_logins', (select count(*) from identity_providers p where p.tenant_id = t.id and p.kind = 'secret'),
           'users', (select count(*) from users u where u.tenant_id = t.id and u.disabled_at is null),
           'keys', (select count(*) from api_keys k where k.tenant_id = t.id and k.revoked_at is null
                       and (k.expires_at is null or k.expires_at > now())),
           'numbers', (select count(*) from numbers n where n.tenant_id = t.id and n.released_at is null),
           'calls', (select count(*) from calls c where c.tenant_id = t.id)))::json as doc
  from tenants t
 where t.id = current_tenant();
