-- Has a mail sent to a user of the tenant, at most three an hour; none to who is unknown or disabled.
-- in  user_id uuid, kind text
-- none
with u as (
    select id from users
     where tenant_id = current_tenant() and id = :user_id and disabled_at is null
       and (select count(*) from mail_outbox where user_id = :user_id and created_at > now() - interval '1 hour') < 3
), m as (
    insert into mail_outbox (tenant_id, user_id, kind) select current_tenant(), id, :kind from u returning id
)
insert into jobs (tenant_id, kind, ref) select current_tenant(), 'mail', id::text from m;
