-- A do-not-call list by its name; created if there is none and make says so.
-- in  name text, make bool
-- out id uuid
-- maybe
with made as (
    insert into dnc_lists (tenant_id, name) select current_tenant(), :name where :make
    on conflict (tenant_id, name) do nothing
    returning id
)
select id from made
 union all
select id from dnc_lists where tenant_id = current_tenant() and name = :name;
