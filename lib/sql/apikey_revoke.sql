-- Ends an API key at once, and says so in the audit. No row: the tenant has no such key, or it is revoked.
-- in  tenant_id uuid, prefix text, actor text
-- out prefix text?
-- maybe
with k as (
    update api_keys
       set revoked_at = now()
     where tenant_id = :tenant_id and prefix = :prefix and revoked_at is null
    returning tenant_id, prefix
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, hash)
    select tenant_id, 0, left(:actor, 200), 'key.revoke', prefix, '' from k
)
select prefix from k;
