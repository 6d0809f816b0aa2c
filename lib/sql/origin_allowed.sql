-- May a page of that origin call the API for this tenant?
-- in  origin text
-- out allowed bool
-- one
select exists (select from tenant_origins where tenant_id = current_tenant() and origin = :origin) as allowed;
