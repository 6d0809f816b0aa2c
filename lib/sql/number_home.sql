-- Where the tenant looks for numbers when nobody says where.
-- out country text
-- one
select country from tenants where id = current_tenant();
