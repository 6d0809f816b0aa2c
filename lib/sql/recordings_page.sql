-- A page of the tenant's recordings, newest first, as the API's document; of one client if client is not null. cursor
-- as in calls_page. known is false where there is no such client.
-- in  before_us bigint?, before_id uuid?, max int, count bool, client uuid?
-- out doc json, next text?, known bool
-- one
with mine as (
    select r.id, r.created_at
      from recordings r
     where r.tenant_id = current_tenant()
       and (:client is null or r.call_id in (select c.id from calls c
                                              where c.tenant_id = current_tenant() and c.client_id = :client))
), page as (
    select m.id, m.created_at
      from mine m
     where :before_us is null
        or (m.created_at, m.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id)
     order by m.created_at desc, m.id desc
     limit :max + 1
), shown as (
    select created_at, id from page order by created_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(recording_json(r) order by s.created_at desc, s.id desc)
                               from shown s join recordings r on r.id = s.id), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count then (select count(*) from mine) end) as doc,
       next.cursor as next,
       :client is null
       or exists (select from clients c where c.tenant_id = current_tenant() and c.id = :client) as known
  from next;
