-- A new API key of a tenant; the key itself is not stored.
-- in  tenant_id uuid, name text, prefix text, hash bytea, role text
-- out id uuid
-- one
insert into api_keys (tenant_id, name, prefix, secret_hash, role)
values (:tenant_id, :name, :prefix, :hash, :role)
returning id;
