-- A page of the tenant's calls, newest first, as the API's document. before_us and before_id: the last call of the page
-- before; null: from the newest.
-- in  before_us bigint?, before_id uuid?, max int
-- out doc json
-- one
with page as (
    select c, c.created_at, c.id
      from calls c
     where c.tenant_id = current_tenant()
       and (:before_us is null
            or (c.created_at, c.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by c.created_at desc, c.id desc
     limit :max + 1
), shown as (
    select * from page order by created_at desc, id desc limit :max
), last as (
    select created_at, id from shown order by created_at, id limit 1
)
select json_build_object(
           'data', coalesce((select json_agg(call_json(s.c) order by s.created_at desc, s.id desc) from shown s), '[]'),
           'next_cursor', case when (select count(*) from page) > :max
                               then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                                       from last) end)
       as doc;
