-- May this login be used? why is null if it may: row level security then binds it on every tenant's table, and whatever
-- it could become as well.
-- out role text, why text?
-- one
with mine as (
    select r.oid, r.rolname, r.rolsuper, r.rolbypassrls
      from pg_roles r
     where pg_has_role(current_user, r.oid, 'member')
), home as (
    select c.oid, c.relowner, c.relrowsecurity and c.relforcerowsecurity as closed
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
)
select current_user::text as role,
       case when (select rolsuper from pg_roles where rolname = current_user) then 'it is a superuser'
            when (select rolbypassrls from pg_roles where rolname = current_user)
                 then 'it bypasses row level security'
            when exists (select from mine where rolsuper or rolbypassrls)
                 then 'it is a member of a role that row level security does not bind'
            when exists (select from home h join mine m on m.oid = h.relowner and m.rolname = current_user)
                 then 'it owns tables'
            when exists (select from home h join mine m on m.oid = h.relowner)
                 then 'it is a member of a role that owns tables'
            when exists (select from mine where rolname in ('pg_read_all_data', 'pg_write_all_data'))
                 then 'it is a member of a role that reads or writes all data'
            when exists (select from home h
                           join pg_attribute a on a.attrelid = h.oid and a.attname = 'tenant_id' and not a.attisdropped
                          where not h.closed)
                 then 'a table of tenants lacks forced row level security' end as why;
