-- Keeps what the installation says of tenants that say nothing; days null: for ever. Needs no tenant.
-- in  days int?
-- none
with gone as (
    delete from retention_default where :days is null
)
insert into retention_default as r (days)
select :days where :days is not null
on conflict (one) do update set days = excluded.days where r.days <> excluded.days;
