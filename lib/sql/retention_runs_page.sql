-- A page of the tenant's runs of retention, newest first, by kind; cursor as in calls_page.
-- in  before_us bigint?, before_id uuid?, max int, count bool
-- out doc json, next text?
-- one
with page as (
    select r, r.started_at, r.id
      from retention_runs r
     where r.tenant_id = current_tenant()
       and (:before_us is null
            or (r.started_at, r.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by r.started_at desc, r.id desc
     limit :max + 1
), shown as (
    select r, started_at, id from page order by started_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from started_at) * 1000000)::bigint || '.' || id
                        from shown order by started_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(retention_run_json(s.r, false) order by s.started_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count
                         then (select count(*) from retention_runs r where r.tenant_id = current_tenant()) end) as doc,
       next.cursor as next
  from next;
