-- Calls of the tenant that were to be recorded and in which people talked, ended for two minutes, and of which no
-- finished recording is known: a job asks Twilio about each, once.
-- out jobs bigint
-- one
with c as (
    select c.id
      from calls c
     where c.tenant_id = current_tenant() and c.created_at > now() - interval '3 days' and c.record
       and c.talk_seconds > 0 and c.ended_at < now() - interval '2 minutes' and c.twilio_call_sid is not null
       and c.erased_at is null
       and not exists (select from recordings r
                        where r.tenant_id = c.tenant_id and r.call_id = c.id
                          and r.status in ('completed', 'stored', 'absent', 'erased'))
       and not exists (select from jobs j
                        where j.tenant_id = c.tenant_id and j.kind = 'seek' and j.ref = c.id::text)
     order by c.created_at
     limit 50
), j as (
    insert into jobs (tenant_id, kind, ref) select current_tenant(), 'seek', c.id::text from c
    on conflict (ref, kind, tenant_id) do nothing
    returning id
)
select count(*) as jobs from j;
