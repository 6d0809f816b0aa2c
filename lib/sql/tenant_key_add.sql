-- Gives the tenant a key unless it has one; answers the one that counts. No row: its key was shredded, and it gets no
-- other.
-- in  tenant_id uuid, sealed text
-- out sealed text?
-- maybe
with k as (
    insert into tenant_keys (tenant_id, sealed)
    select id, :sealed from tenants where id = :tenant_id and shredded_at is null
    on conflict (tenant_id) do nothing
    returning sealed
)
select sealed from k
union all
select sealed from tenant_keys where tenant_id = :tenant_id
 limit 1;
