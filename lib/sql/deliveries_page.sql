-- A page of the tenant's webhook deliveries, newest first, as the API's document: all, or those of an endpoint, a call,
-- a state. before_us and before_id: the last of the page before; null: from the newest.
-- in  before_us bigint?, before_id uuid?, max int, endpoint uuid?, call uuid?, state text?
-- out doc json, next text?
-- one
with page as (
    select d, d.created_at, d.id
      from webhook_deliveries d
     where d.tenant_id = current_tenant()
       and (:endpoint is null or d.endpoint_id = :endpoint)
       and (:state is null or d.state = :state)
       and (:call is null or exists (select from webhook_messages m where m.id = d.message_id and m.call_id = :call))
       and (:before_us is null
            or (d.created_at, d.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by d.created_at desc, d.id desc
     limit :max + 1
), shown as (
    select d, created_at, id from page order by created_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(delivery_json(s.d) order by s.created_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor) as doc,
       next.cursor as next
  from next;
