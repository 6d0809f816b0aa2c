-- Every tenant for which standing work is done. Needs no tenant.
-- out id uuid
-- many
select id from tenants where disabled_at is null order by id limit 10000;
