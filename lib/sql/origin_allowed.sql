-- May a page of that origin call the API, or show the phone, for this tenant? Whoever may not is noted for the admin,
-- as long as it is one of a hundred. ancestors: all that may, as frame-ancestors of a content policy has them.
-- in  origin text
-- out known bool, allowed bool, ancestors text
-- one
with o as (
    select exists (select from tenant_origins where tenant_id = current_tenant() and origin = :origin) as allowed
), noted as (
    insert into refused_origins as r (tenant_id, origin)
    select t.id, :origin
      from tenants t, o
     where t.id = current_tenant() and not o.allowed and length(:origin) <= 255
       and :origin ~ '^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$'
       and ((select count(*) from refused_origins x where x.tenant_id = t.id) < 100
            or exists (select from refused_origins x where x.tenant_id = t.id and x.origin = :origin))
    on conflict (origin, tenant_id) do update set times = r.times + 1, last_at = now()
)
select exists (select from tenants where id = current_tenant() and disabled_at is null) as known, o.allowed,
       coalesce((select string_agg(x.origin, ' ' order by x.origin)
                   from tenant_origins x
                  where x.tenant_id = current_tenant() and x.origin !~ '\['), '') as ancestors
  from o;
