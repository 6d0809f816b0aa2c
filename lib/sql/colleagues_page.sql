-- A page of the people of the tenant as their colleagues see them, newest first, as the API's document.
-- before_us and before_id: the last of the page before; null: from the newest. next: the cursor of the page that
-- follows, null at the end.
-- in  before_us bigint?, before_id uuid?, max int, count bool
-- out doc json, next text?
-- one
with fit as (
    select u, u.created_at, u.id
      from users u
     where u.tenant_id = current_tenant() and u.disabled_at is null
), page as (
    select u, created_at, id
      from fit
     where :before_us is null
        or (created_at, id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id)
     order by created_at desc, id desc
     limit :max + 1
), shown as (
    select u, created_at, id from page order by created_at desc, id desc limit :max
), busy as materialized (
    select b.id from users_in_call() as b (id)
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(colleague_json(s.u, exists (select from busy b where b.id = s.id))
                                             order by s.created_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count then (select count(*) from fit) end) as doc,
       next.cursor as next
  from next;
