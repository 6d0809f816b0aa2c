-- Removes a do-not-call list with all its numbers; the audit keeps its name and how many they were.
-- in  id uuid, actor text, origin text?
-- out removed bool
-- one
with old as (
    select c.id, dnc_list_json(c) as was from dnc_lists c where c.tenant_id = current_tenant() and c.id = :id
), gone as (
    delete from dnc_lists using old where dnc_lists.id = old.id and dnc_lists.tenant_id = current_tenant()
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'dnc.remove_list', old.id, jsonb_build_object('old', old.was),
           left(:origin, 100), ''
      from old
)
select exists (select from old) as removed;
