-- Alarms of the tenant that nothing causes any more are over: no job waits for their cause, and none was given up for
-- it since yesterday.
-- out cleared bigint
-- one
with c as (
    update alarms a set cleared_at = now()
     where a.tenant_id = current_tenant() and a.cleared_at is null
       and not exists (select from jobs j
                        where j.tenant_id = a.tenant_id and j.cause = a.cause and j.state <> 'done'
                          and (j.state <> 'dead' or j.finished_at > now() - interval '1 day'))
    returning a.id
)
select count(*) as cleared from c;
