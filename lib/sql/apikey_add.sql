-- A new API key of a tenant; the key itself is not stored. scopes null: all its role may do; days null: for ever.
-- in  tenant_id uuid, name text, prefix text, hash bytea, role text, scopes text?, days int?
-- out id uuid
-- one
insert into api_keys (tenant_id, name, prefix, secret_hash, role, scopes, expires_at)
values (:tenant_id, :name, :prefix, :hash, :role, :scopes, now() + make_interval(days => :days::int))
returning id;
