-- Sends a message once more, as a delivery of its own with the same webhook-id. No row: not this tenant's, or none.
-- in  id uuid, actor text, origin text?
-- out id uuid, doc json
-- maybe
with d as (
    insert into webhook_deliveries as n (tenant_id, endpoint_id, message_id, resent)
    select o.tenant_id, o.endpoint_id, o.message_id, true
      from webhook_deliveries o
     where o.tenant_id = current_tenant() and o.id = :id
    returning n as made, id
), j as (
    insert into jobs (tenant_id, kind, ref) select current_tenant(), 'webhook', d.id::text from d
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'delivery.resend', :id,
           json_build_object('new', d.id), left(:origin, 100), ''
      from d
)
select id, delivery_json(made) as doc from d;
