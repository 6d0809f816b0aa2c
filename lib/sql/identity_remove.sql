-- Tokens of an issuer are believed no more. No row: the tenant has no such provider.
-- in  tenant_id uuid, id uuid, actor text
-- out issuer text?
-- maybe
with p as (
    delete from identity_providers where tenant_id = :tenant_id and id = :id returning tenant_id, issuer, audience
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select tenant_id, 0, left(:actor, 200), 'identity.remove', left(issuer, 200),
           jsonb_build_object('audience', audience), ''
      from p
)
select issuer from p;
