-- Counts one request of a key or user against its own limit and, if that lets it pass, against the tenant's. The
-- figures are those of the tighter one.
-- in  subject text
-- out allowed bool, max int, remaining bigint, reset_s bigint, retry_s bigint
-- one
with limits as (
    select requests_per_minute as all_of_us, key_requests_per_minute as one from tenants where id = current_tenant()
), mine as (
    insert into rate_buckets as b (tenant_id, subject, full_at)
    select current_tenant(), :subject, now() + interval '1 minute' / one from limits
    on conflict (subject, tenant_id) do update
       set full_at = greatest(b.full_at, now()) + (excluded.full_at - now())
     where greatest(b.full_at, now()) + (excluded.full_at - now()) <= now() + interval '1 minute'
    returning full_at
), ours as (
    insert into rate_buckets as b (tenant_id, subject, full_at)
    select current_tenant(), '', now() + interval '1 minute' / all_of_us from limits, mine
    on conflict (subject, tenant_id) do update
       set full_at = greatest(b.full_at, now()) + (excluded.full_at - now())
     where greatest(b.full_at, now()) + (excluded.full_at - now()) <= now() + interval '1 minute'
    returning full_at
), both_of_them (n, full_at, taken) as (
    select one, (select full_at from mine), exists (select from mine) from limits
     union all
    select all_of_us, (select full_at from ours), exists (select from ours) from limits where exists (select from mine)
)
select (select bool_and(taken) from both_of_them) as allowed, n as max,
       coalesce(floor(extract(epoch from now() + interval '1 minute' - full_at) * n / 60), 0)::bigint as remaining,
       ceil(extract(epoch from coalesce(full_at, now() + interval '1 minute') - now()))::bigint as reset_s,
       greatest(1, ceil(60.0 / n))::bigint as retry_s
  from both_of_them
 order by taken, remaining, n
 limit 1;
