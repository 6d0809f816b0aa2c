-- Whose a number is, if it is no outsider's: it serves the tenant, and calls go through it.
-- in  number text
-- out owner text?
-- one
select case when exists (select from numbers n where n.tenant_id = current_tenant() and n.e164 = :number
                                                and n.released_at is null) then 'one of your numbers'
            when exists (select from users u where u.tenant_id = current_tenant() and u.forward_to = :number)
                then 'the phone of a user'
            when exists (select from clients c where c.tenant_id = current_tenant() and c.forward_to = :number
                                                and c.deleted_at is null) then 'the phone of a client'
            end as owner;
