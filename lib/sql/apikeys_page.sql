-- A page of the tenant's API keys, newest first, as the API's document. before_us and before_id: the last of the page
-- before; null: from the newest. next: the cursor of the page that follows, null at the end.
-- in  before_us bigint?, before_id uuid?, max int, count bool
-- out doc json, next text?
-- one
with page as (
    select k, k.created_at, k.id
      from api_keys k
     where k.tenant_id = current_tenant()
       and (:before_us is null
            or (k.created_at, k.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by k.created_at desc, k.id desc
     limit :max + 1
), shown as (
    select k, created_at, id from page order by created_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(key_json(s.k) order by s.created_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count
                         then (select count(*) from api_keys k where k.tenant_id = current_tenant()) end) as doc,
       next.cursor as next
  from next;
