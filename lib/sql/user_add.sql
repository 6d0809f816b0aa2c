-- A new user of a tenant.
-- in  tenant_id uuid, email text, name text?, role text, password_hash text?, forward_to text?
-- out id uuid
-- one
insert into users (tenant_id, email, name, role, password_hash, forward_to)
values (:tenant_id, lower(:email), coalesce(:name, ''), :role, :password_hash, :forward_to)
returning id;
