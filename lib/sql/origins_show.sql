-- The origins whose pages may call the API for this tenant.
-- out doc json
-- one
select json_build_object('origins', coalesce(json_agg(o.origin order by o.origin), '[]')) as doc
  from (select origin from tenant_origins where tenant_id = current_tenant() order by origin limit 100) o;
