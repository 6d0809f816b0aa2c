-- Gives the tenant a key unless it has one; answers the one that counts.
-- in  tenant_id uuid, sealed text
-- out sealed text
-- one
with k as (
    insert into tenant_keys (tenant_id, sealed) values (:tenant_id, :sealed) on conflict (tenant_id) do nothing
    returning sealed
)
select sealed from k
union all
select sealed from tenant_keys where tenant_id = :tenant_id
 limit 1;
