-- Asks for a number to be given back once it has cooled; at once: without cooling. verdict: done; absent; held, by
-- whom holders says.
-- in  id uuid?, e164 text?, at_once bool, actor text, origin text?
-- out verdict text, holders text?, doc json?
-- one
with old as materialized (
    select n.id, number_holders(n) as holders, number_json(n) as was
      from numbers n
     where n.tenant_id = current_tenant() and (n.id = :id or n.e164 = :e164) and n.released_at is null
       for no key update
), n as (
    update numbers
       set release_asked_at = coalesce(numbers.release_asked_at, now()),
           cooling_until = case when :at_once then now()
                                else coalesce(numbers.cooling_until,
                                              now() + t.number_cool_down_days * interval '1 day') end
      from old, tenants t
     where numbers.id = old.id and numbers.tenant_id = current_tenant() and t.id = numbers.tenant_id
       and old.holders is null
    returning numbers as made, numbers.tenant_id, numbers.e164
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select n.tenant_id, 0, left(:actor, 200), 'number.release', n.e164,
           jsonb_build_object('old', old.was, 'new', number_json(n.made)), left(:origin, 100), ''
      from n, old
)
select case when exists (select from n) then 'done' when exists (select from old) then 'held' else 'absent' end
           as verdict,
       (select holders from old) as holders, (select number_json(n.made) from n) as doc;
