-- Does a call or a contact stand yet, for a hold or because it is under way?
-- in  erasure uuid, numbers jsonb
-- out kept bool
-- one
select coalesce((select r.rest -> 'held' <> '[]' or (r.rest ->> 'running')::int + (r.rest ->> 'open')::int > 0
                   from erasures e, erasure_rest(e, array(select jsonb_array_elements_text(:numbers))) as r(rest)
                  where e.tenant_id = current_tenant() and e.id = :erasure), false) as kept;
