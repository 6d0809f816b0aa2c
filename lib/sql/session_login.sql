-- Who wants to log in, and may he be judged now: asked before a tenant is known. wait: seconds until the account's next
-- guess may be made; 0: this one. id is null: no such user.
-- in  email text, address text
-- out wait int, id uuid?, tenant_id uuid?, role text?, email text?, password_hash text?
-- one
select t.wait, u.id, u.tenant_id, u.role, u.email, u.password_hash
  from (select login_try(:email, :address) as wait) t
  left join login_find(:email) u on true;
