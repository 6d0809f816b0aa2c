-- Who has lost a password: asked before a tenant is known. No row: no such user.
-- in  email text
-- out id uuid?, tenant_id uuid?
-- maybe
select id, tenant_id from login_find(:email);
