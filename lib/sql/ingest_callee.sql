-- Phones that we rang and that were picked up: what they hear before they are connected. customer: he is the one whose
-- consent counts, else it is who talks for the tenant. recorded: nobody has said no; question: he is asked. from_disk:
-- the phone heard nothing. Each leg stands in a batch once.
-- in  tenant_id uuid, sid text, call_id uuid, from_disk bool
-- out call_id uuid?, customer bool, recorded bool, disclosure text?, question text?, goodbye text?
-- out disclosure_voice text?, disclosure_language text?
-- batch
with k as materialized (
    select e.tenant_id, e.sid, e.ord, c.id as call_id, c.root_role = 'agent' as customer, coalesce(c.record, false)
               as recorded, coalesce(q.state = 'open', false) as asks, d.mode, d.disclosure, d.question,
           case when d.refused = 'end' then d.goodbye end as goodbye, d.voice, d.language,
           c.announced_at is not null or q.call_id is not null or e.from_disk as told
      from :rows
      left join calls c on c.id = e.call_id and (c.tenant_id = e.tenant_id) is true
      left join consent_questions q on q.call_id = c.id
      left join lateral disclosure_for(e.tenant_id, c.number_id, c.client_id) as d on true
), asked as (
    update consent_questions q
       set sid = k.sid, spoken = left(k.disclosure || ' ' || k.question, 10000), language = k.language, asked_at = now()
      from k
     where q.call_id = k.call_id and k.asks and k.customer and q.sid is null
), announced as (
    select distinct on (call_id) tenant_id, call_id, disclosure as spoken, language,
           announcement_key(language, disclosure) as digest
      from k
     where customer and recorded and not asks and not told and mode <> 'off'
     order by call_id
), words as (
    insert into announcements (tenant_id, digest, spoken, language)
    select distinct tenant_id, digest, spoken, language
      from announced n
     where not exists (select from announcements w where w.digest = n.digest and w.tenant_id = n.tenant_id)
     order by tenant_id, digest
    on conflict do nothing
), noted as (
    update calls c
       set announced_at = now(), announcement_id = n.digest
      from announced n
     where c.id = n.call_id and (c.tenant_id = n.tenant_id) is true
)
select call_id, coalesce(customer, false) as customer, recorded, case when mode <> 'off' then disclosure end
           as disclosure, case when asks and customer then question end as question, goodbye,
       voice as disclosure_voice, language as disclosure_language
  from k
 order by ord;
