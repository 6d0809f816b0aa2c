-- Phones that we rang and that were picked up: what they hear before they are connected. customer: he is the one whose
-- consent counts, else it is who talks for the tenant. recorded: nobody has said no; question: he is asked. Each leg
-- stands in a batch once.
-- in  tenant_id uuid, sid text, call_id uuid
-- out call_id uuid?, customer bool, recorded bool, disclosure text?, question text?, goodbye text?
-- out disclosure_voice text?, disclosure_language text?
-- batch
with k as materialized (
    select e.tenant_id, e.sid, e.ord, c.id as call_id, c.root_role = 'agent' as customer, coalesce(c.record, false)
               as recorded, coalesce(q.state = 'open', false) as asks, d.mode, d.disclosure, d.question,
           case when d.refused = 'end' then d.goodbye end as goodbye, d.voice, d.language
      from :rows
      left join calls c on c.id = e.call_id and (c.tenant_id = e.tenant_id) is true
      left join consent_questions q on q.call_id = c.id
      left join lateral disclosure_for(e.tenant_id, c.number_id, c.client_id) as d on true
), asked as (
    update consent_questions q
       set sid = k.sid, spoken = left(k.disclosure || ' ' || k.question, 10000), language = k.language, asked_at = now()
      from k
     where q.call_id = k.call_id and k.asks and k.customer and q.sid is null
)
select call_id, coalesce(customer, false) as customer, recorded, case when mode <> 'off' then disclosure end
           as disclosure, case when asks and customer then question end as question, goodbye,
       voice as disclosure_voice, language as disclosure_language
  from k
 order by ord;
