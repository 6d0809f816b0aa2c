-- Every tenant, also those that are disabled: their calls grow old as well. Needs no tenant.
-- out id uuid
-- many
select id from tenants order by id limit 10000;
