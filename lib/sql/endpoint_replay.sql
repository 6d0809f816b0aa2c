-- Sends once more to one endpoint what was told in a range of time, null: the last day, of the kinds that it wants, at
-- most 10,000. No row: not this tenant's, or none.
-- in  id uuid, since timestamptz?, until timestamptz?, actor text, origin text?
-- out id uuid, deliveries bigint
-- maybe
with e as (
    select id, events, coalesce(:since, now() - interval '1 day') as since, coalesce(:until, now()) as until
      from webhook_endpoints
     where tenant_id = current_tenant() and id = :id
), m as (
    select m.id, e.id as endpoint_id
      from e
      join webhook_messages m on m.tenant_id = current_tenant() and m.created_at >= e.since and m.created_at < e.until
                             and m.type = any (e.events)
     order by m.created_at, m.id
     limit 10000
), d as (
    insert into webhook_deliveries (tenant_id, endpoint_id, message_id, resent)
    select current_tenant(), m.endpoint_id, m.id, true from m
    returning id
), j as (
    insert into jobs (tenant_id, kind, ref) select current_tenant(), 'webhook', d.id::text from d
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'endpoint.replay', e.id,
           json_build_object('from', rfc3339(e.since), 'to', rfc3339(e.until)), left(:origin, 100), ''
      from e
)
select e.id, (select count(*) from d) as deliveries from e;
