-- Takes a number off a do-not-call list.
-- in  list_id uuid, number text, token text?, marks text?, actor text, origin text?
-- out removed bool
-- one
with gone as (
    delete from dnc_entries
     where tenant_id = current_tenant() and list_id = :list_id
       and number = any (array[:number, :token] || string_to_array(:marks, ' '))
    returning tenant_id, list_id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select tenant_id, 0, left(:actor, 200), 'dnc.remove', list_id,
           jsonb_build_object('old', jsonb_build_object('numbers', 1)), left(:origin, 100), ''
      from gone
)
select exists (select from gone) as removed;
