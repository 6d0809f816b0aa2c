-- One more origin whose pages may call the API for a tenant.
-- in  tenant_id uuid, origin text
-- none
insert into tenant_origins (tenant_id, origin) values (:tenant_id, :origin) on conflict (origin, tenant_id) do nothing;
