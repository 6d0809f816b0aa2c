-- A mail has gone, and its job is done. No row: the lease was lost.
-- in  job uuid, token bigint, id uuid
-- out held bool
-- maybe
with j as (
    update jobs
       set state = 'done', finished_at = now(), leased_until = null, reason = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), m as (
    update mail_outbox set sent_at = now() from j where mail_outbox.tenant_id = j.tenant_id and mail_outbox.id = :id
)
select true as held from j;
