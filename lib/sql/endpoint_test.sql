-- Sends test.ping to one endpoint, also to one that is off. No row: not this tenant's, or none.
-- in  id uuid, actor text, origin text?
-- out delivery uuid
-- maybe
with e as (
    select id from webhook_endpoints where tenant_id = current_tenant() and id = :id
), m as (
    insert into webhook_messages (tenant_id, type, body)
    select current_tenant(), 'test.ping',
           json_build_object('type', 'test.ping', 'timestamp', rfc3339(now()),
                             'data', json_build_object('endpoint_id', e.id))
      from e
    returning id
), d as (
    insert into webhook_deliveries (tenant_id, endpoint_id, message_id)
    select current_tenant(), e.id, m.id from e, m
    returning id
), j as (
    insert into jobs (tenant_id, kind, ref) select current_tenant(), 'webhook', d.id::text from d
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'endpoint.test', e.id, '{}', left(:origin, 100), '' from e, d
)
select id as delivery from d;
