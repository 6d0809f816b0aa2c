-- Puts numbers (E.164 or their tokens, with blanks between) on a do-not-call list; those that are there stay as they
-- are, also as the other of the two (others, in that order). found: the tenant has that list. doc: the
-- last of them. The audit, from which nothing is erased, holds no number.
-- in  list_id uuid, numbers text, others text?, reason text?, actor text, origin text?
-- out found bool, added int, doc json?
-- one
with list as (
    select id, tenant_id from dnc_lists where tenant_id = current_tenant() and id = :list_id
), wanted as (
    select distinct n.number, n.other
      from unnest(string_to_array(:numbers, ' '), string_to_array(:others, ' ')) as n(number, other)
     where n.number <> ''
), made as (
    insert into dnc_entries (tenant_id, number, list_id, reason, added_by)
    select list.tenant_id, wanted.number, list.id, case when sealed(:reason) then :reason else left(:reason, 500) end,
           left(:actor, 200)
      from list, wanted
     where not exists (select from dnc_entries e
                        where e.tenant_id = list.tenant_id and e.number = wanted.other and e.list_id = list.id)
    on conflict (tenant_id, number, list_id) do nothing
    returning number, dnc_entry_json(dnc_entries) as doc
), known as (
    select e.number, dnc_entry_json(e) as doc
      from list
      join dnc_entries e on e.list_id = list.id and e.tenant_id = list.tenant_id
      join (select number, other from wanted order by number desc limit 1) w on e.number in (w.number, w.other)
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select list.tenant_id, 0, left(:actor, 200), 'dnc.add', list.id,
           jsonb_build_object('old', null, 'new', jsonb_build_object('numbers', (select count(*) from made))),
           left(:origin, 100), ''
      from list
     where exists (select from made)
)
select exists (select from list) as found, (select count(*) from made)::integer as added,
       coalesce((select doc from known limit 1), (select doc from made order by number desc limit 1)) as doc;
