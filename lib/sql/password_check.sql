-- A user's password hash, and whether a guess may be judged now: wait, in seconds; 0: this one.
-- in  user_id uuid, address text
-- out wait int, email text, password_hash text?, tenant text
-- maybe
select login_try(u.email, :address) as wait, u.email, u.password_hash, t.name as tenant
  from users u
  join tenants t on t.id = u.tenant_id
 where u.tenant_id = current_tenant() and u.id = :user_id;
