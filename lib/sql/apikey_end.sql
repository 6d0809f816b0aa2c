-- Ends an API key of the tenant at once, by id or prefix, and says so in the audit. ended is false if it had been
-- revoked before. No row: not this tenant's, or none.
-- in  id uuid?, prefix text?, actor text, origin text?
-- out prefix text?, ended bool
-- maybe
with old as (
    select k.id, k.prefix, k.revoked_at is null as live, key_json(k) as was
      from api_keys k
     where k.tenant_id = current_tenant() and (k.id = :id or k.prefix = :prefix)
       for no key update
), k as (
    update api_keys as n
       set revoked_at = now()
      from old
     where n.id = old.id and n.tenant_id = current_tenant() and old.live
    returning n as made
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'key.revoke', old.prefix,
           json_build_object('old', old.was, 'new', key_json(k.made)), left(:origin, 100), ''
      from old, k
)
select prefix, live as ended from old;
