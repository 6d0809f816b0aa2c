-- A mail that waits. No row: it was sent, is older than a day, or its user is gone.
-- in  id uuid
-- out user_id uuid?, kind text, email text, name text, tenant text
-- maybe
select m.user_id, m.kind, u.email, u.name, t.name as tenant
  from mail_outbox m
  join users u on u.id = m.user_id and u.tenant_id = m.tenant_id and u.disabled_at is null
  join tenants t on t.id = m.tenant_id
 where m.tenant_id = current_tenant() and m.id = :id and m.sent_at is null and m.created_at > now() - interval '1 day';
