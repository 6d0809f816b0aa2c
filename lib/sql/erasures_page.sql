-- A page of the erasures of the tenant, newest first; cursor as in calls_page.
-- in  before_us bigint?, before_id uuid?, max int, count bool
-- out doc json, next text?
-- one
with page as (
    select h, h.asked_at, h.id
      from erasures h
     where h.tenant_id = current_tenant()
       and (:before_us is null
            or (h.asked_at, h.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by h.asked_at desc, h.id desc
     limit :max + 1
), shown as (
    select h, asked_at, id from page order by asked_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from asked_at) * 1000000)::bigint || '.' || id
                        from shown order by asked_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(erasure_json(s.h) order by s.asked_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count
                         then (select count(*) from erasures h where h.tenant_id = current_tenant()) end) as doc,
       next.cursor as next
  from next;
