-- Origins whose pages were turned away and are not let in since, the latest first.
-- out doc json
-- one
select json_build_object('refused', coalesce(json_agg(json_build_object(
           'origin', r.origin, 'times', r.times, 'first_at', rfc3339(r.first_at), 'last_at', rfc3339(r.last_at))
           order by r.last_at desc, r.origin), '[]')) as doc
  from (select origin, times, first_at, last_at
          from refused_origins
         where tenant_id = current_tenant()
           and origin not in (select o.origin from tenant_origins o where o.tenant_id = current_tenant())
         order by last_at desc, origin
         limit 100) r;
