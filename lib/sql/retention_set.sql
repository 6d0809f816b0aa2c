-- Sets how long one kind of the tenant, or of a client, stays: days, null for ever; or forgets a client's own word, so
-- that the tenant's counts. doc is null: there is no such client.
-- in  client uuid?, kind text, days int?, forget bool, actor text
-- out doc json?
-- one
with old as materialized (
    select retention_json() as was
     where :client is null
        or exists (select from clients c where c.tenant_id = current_tenant() and c.id = :client)
        or exists (select from retention_rules r where r.tenant_id = current_tenant() and r.client_id = :client)
), gone as (
    delete from retention_rules r
     using old
     where r.tenant_id = current_tenant() and r.client_id is not distinct from :client and r.kind = :kind and :forget
), made as (
    insert into retention_rules as r (tenant_id, client_id, kind, days)
    select current_tenant(), :client, :kind, :days from old where not :forget
    on conflict (tenant_id, client_id, kind) do update set days = excluded.days
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select current_tenant(), 0, left(:actor, 200), 'retention.change', coalesce(:client::text, 'retention'),
           jsonb_build_object('old', o.was, 'new', jsonb_build_object(
               'client_id', :client, :kind || '_days', case when not :forget then :days end)), ''
      from old o
)
select was as doc from old;
