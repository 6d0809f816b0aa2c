-- The looks at the call log that somebody may use: his own and the shared ones; a key sees the shared ones and those
-- that keys made.
-- in  who uuid?
-- out doc json
-- one
select json_build_object('data', coalesce(json_agg(call_view_json(v) order by v.created_at desc, v.id desc), '[]'),
                         'next_cursor', null) as doc
  from (select v.*
          from call_views v
         where v.tenant_id = current_tenant() and (v.shared or v.user_id is not distinct from :who)
         order by v.created_at desc, v.id desc
         limit 500) as x
  join call_views v on v.id = x.id;
