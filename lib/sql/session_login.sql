-- Who wants to log in: asked before a tenant is known. No row: no such user.
-- in  email text
-- out id uuid?, tenant_id uuid?, role text?, email text?, password_hash text?
-- maybe
select id, tenant_id, role, email, password_hash from login_find(:email);
