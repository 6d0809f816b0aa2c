-- Which of the tenant's do-not-call lists have a number, and since when.
-- in  number text, token text?, marks text?
-- out list text, added_by text, created_at text, reason text?
-- many
select l.name as list, e.added_by, rfc3339(e.created_at) as created_at, e.reason
  from dnc_entries e
  join dnc_lists l on l.id = e.list_id
 where e.tenant_id = current_tenant() and e.number = any (array[:number, :token] || string_to_array(:marks, ' '))
 order by l.name
 limit 1000;
