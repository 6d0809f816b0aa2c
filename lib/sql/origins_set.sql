-- Replaces the origins whose pages may call the API for this tenant.
-- in  origins jsonb, actor text, origin text
-- out doc json
-- one
with wanted as (
    select distinct value as origin from jsonb_array_elements_text(:origins) limit 100
), old as (
    select coalesce(json_agg(origin order by origin), '[]') as list
      from tenant_origins
     where tenant_id = current_tenant()
), gone as (
    delete from tenant_origins
     where tenant_id = current_tenant() and origin not in (select origin from wanted)
), come as (
    insert into tenant_origins (tenant_id, origin) select current_tenant(), origin from wanted
    on conflict (origin, tenant_id) do nothing
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'origins.change', 'origins',
           json_build_object('old', old.list, 'new', :origins), left(:origin, 100), ''
      from old
)
select json_build_object('origins', coalesce(json_agg(origin order by origin), '[]')) as doc from wanted;
