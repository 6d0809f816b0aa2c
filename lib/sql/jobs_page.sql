-- A page of the tenant's jobs that are not done, newest first, as the API's document: all, or those of a kind, a state.
-- before_us and before_id: the last of the page before; null: from the newest. next: the cursor of the page that
-- follows, null at the end.
-- in  before_us bigint?, before_id uuid?, max int, count bool, kind text?, state text?
-- out doc json, next text?
-- one
with page as (
    select x, x.created_at, x.id
      from jobs x
     where x.tenant_id = current_tenant() and x.state <> 'done'
       and (:kind is null or x.kind = :kind) and (:state is null or x.state = :state)
       and (:before_us is null
            or (x.created_at, x.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by x.created_at desc, x.id desc
     limit :max + 1
), shown as (
    select x, created_at, id from page order by created_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(job_json(s.x) order by s.created_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count
                         then (select count(*) from jobs x
                                where x.tenant_id = current_tenant() and x.state <> 'done'
                                  and (:kind is null or x.kind = :kind)
                                  and (:state is null or x.state = :state)) end) as doc,
       next.cursor as next
  from next;
