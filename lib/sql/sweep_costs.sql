-- Costs that follow from our own price list, budgets, the lead rules for calls that have ended, and a job for each call
-- whose prices Twilio has had time to settle.
-- out added int, jobs int
-- one
with fresh as materialized (
    select c.id, c.tenant_id, c.ended_at, c.price, c.twilio_call_sid, c.lead_set_by, lead_rule(c) as word, c.lead_status
      from calls c
     where c.tenant_id = current_tenant() and c.created_at > now() - interval '4 days' and c.ended_at is not null
       and c.ended_at < now() - interval '2 minutes' and not c.test
       and (c.price is null and c.twilio_call_sid is not null
            or c.lead_status is null and c.direction = 'inbound')
     order by c.created_at desc
     limit 5000
), j as (
    insert into jobs (tenant_id, kind, ref)
    select tenant_id, 'price', id::text from fresh where price is null and twilio_call_sid is not null
    on conflict (tenant_id, kind, ref) do nothing
    returning id
), ruled as (
    update calls c set lead_status = fresh.word, lead_set_by = 'rule'
      from fresh
     where c.id = fresh.id and fresh.word is not null and fresh.lead_status is null
       and c.lead_set_by is distinct from 'person'
)
select cost_accrue() as added, (select count(*) from j)::integer as jobs;
