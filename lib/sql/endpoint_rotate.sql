-- Gives a webhook endpoint another secret; the one before signs beside it for a day. No row: not this tenant's, or
-- none.
-- in  id uuid, secret text, actor text, origin text?
-- out doc json
-- maybe
with old as materialized (
    select e.id, e.secret, endpoint_json(e) as was
      from webhook_endpoints e
     where e.tenant_id = current_tenant() and e.id = :id
       for no key update
), made as (
    update webhook_endpoints e
       set secret = :secret, old_secret = old.secret, old_until = now() + interval '1 day'
      from old
     where e.id = old.id and e.tenant_id = current_tenant()
    returning endpoint_json(e) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'endpoint.rotate', old.id,
           jsonb_build_object('old', old.was, 'new', made.doc), left(:origin, 100), ''
      from old, made
)
select doc from made;
