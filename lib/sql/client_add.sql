-- A new client of a tenant.
-- in  tenant_id uuid, name text, external_id text?, forward_to text?, time_zone text?
-- out id uuid
-- one
insert into clients (tenant_id, name, external_id, forward_to, time_zone)
values (:tenant_id, :name, :external_id, :forward_to, :time_zone)
returning id;
