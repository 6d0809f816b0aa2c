-- The tenants of that id or name; all, where neither is given. For the operator, who sees them all.
-- in  id uuid?, name text?
-- out id uuid, name text
-- many
select id, name from tenants
 where (:id is null or id = :id) and (:name is null or name = :name)
 order by created_at, id
 limit 1000;
