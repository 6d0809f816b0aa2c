-- Says who a user is in the tenant's own login, and enters it in the audit. No row: the tenant has no such user.
-- in  tenant_id uuid, email text, external_id text, actor text
-- out id uuid?
-- maybe
with old as (
    select id, tenant_id, external_id from users where tenant_id = :tenant_id and email = lower(:email)
       for no key update
), u as (
    update users set external_id = :external_id from old where users.id = old.id returning users.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select old.tenant_id, 0, left(:actor, 200), 'identity.map', old.id,
           jsonb_build_object('old', old.external_id, 'new', :external_id), ''
      from old, u
)
select id from u;
