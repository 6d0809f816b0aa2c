-- Deletes the tenant's key, so that whatever is sealed with it is noise, and the secrets that serve nothing without it:
-- its account at Twilio and the secrets of its own login. It gets no other key, and seals nothing any more. No row:
-- that was done before.
-- in  actor text
-- out keys int?, accounts int?, logins int?
-- maybe
with t as (
    update tenants set shredded_at = now(), encrypt_metadata = false
     where id = current_tenant() and shredded_at is null
    returning id
), k as (
    delete from tenant_keys using t where tenant_keys.tenant_id = t.id returning tenant_keys.tenant_id
), c as (
    delete from twilio_configurations using t where twilio_configurations.tenant_id = t.id
    returning twilio_configurations.account_sid
), i as (
    delete from identity_providers using t where identity_providers.tenant_id = t.id and kind = 'secret'
    returning identity_providers.issuer
), n as (
    select (select count(*) from k)::int as keys, (select count(*) from c)::int as accounts,
           (select count(*) from i)::int as logins
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select t.id, 0, left(:actor, 200), 'tenant.shred', t.id,
           jsonb_build_object('old', jsonb_build_object('keys', n.keys, 'account_sid', (select account_sid from c),
                                                        'issuers', (select jsonb_agg(issuer) from i))), ''
      from t, n
)
select n.keys, n.accounts, n.logins from t, n;
