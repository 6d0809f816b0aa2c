-- The tenant's do-not-call lists by name.
-- out name text, numbers text, id uuid
-- many
select l.name, (select count(*) from dnc_entries e where e.list_id = l.id)::text as numbers, l.id
  from dnc_lists l
 where l.tenant_id = current_tenant()
 order by l.name
 limit 1000;
