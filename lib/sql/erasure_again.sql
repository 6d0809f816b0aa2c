-- Has all erasures of the tenant compared with what it has. recent: of the last 30 days alone.
-- in  recent bool
-- out n bigint
-- one
with e as (
    update erasures set seek = true
     where tenant_id = current_tenant() and done_at is not null and not seek
       and (not :recent or asked_at > now() - interval '30 days')
    returning id
)
select count(*) as n from e;
