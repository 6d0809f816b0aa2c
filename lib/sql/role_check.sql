-- May this login serve requests? why is null if it may: row level security then binds it on every tenant's table.
-- out role text, why text?
-- one
select current_user::text as role,
       case when r.rolsuper then 'it is a superuser'
            when r.rolbypassrls then 'it bypasses row level security'
            when exists (select from pg_class c
                          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                            and c.relowner = r.oid)
                 then 'it owns tables'
            when pg_has_role(r.oid, 'switchhook_owner', 'member') then 'it is a member of switchhook_owner'
            when pg_has_role(r.oid, 'pg_read_all_data', 'member') then 'it is a member of pg_read_all_data'
            when exists (select from pg_class c
                           join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
                          where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                            and not (c.relrowsecurity and c.relforcerowsecurity))
                 then 'a table of tenants lacks forced row level security' end as why
  from pg_roles r
 where r.rolname = current_user;
