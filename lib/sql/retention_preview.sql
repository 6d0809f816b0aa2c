-- What retention would take in the next night, and until so many days later, as the API's document. wanted: days that
-- are only thought of, as retention_cuts() has them. known is false: there is no such client.
-- in  days int, wanted jsonb
-- out doc json, known bool
-- one
select json_build_object(
           'time_zone', n.zone, 'days', :days, 'wanted', case when :wanted <> '{}' then :wanted end,
           'tonight', retention_taking(n.night, :wanted),
           'within', retention_taking(n.night + :days::integer, :wanted)) as doc,
       not :wanted ? 'client_id'
       or exists (select from clients c where c.tenant_id = current_tenant()
                                          and c.id = (:wanted ->> 'client_id')::uuid)
       or exists (select from retention_rules r where r.tenant_id = current_tenant()
                                                  and r.client_id = (:wanted ->> 'client_id')::uuid) as known
  from retention_night() n;
