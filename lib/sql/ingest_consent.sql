-- Keys that were pressed when somebody was asked, or that none was: the first answer of a call stands. granted: it is
-- recorded from here on. digits: what was pressed, empty: nothing; shown: the same as it is stored, maybe sealed;
-- late: the call went on unrecorded while the database was silent, whatever the key was. The number is the one that the
-- call has. Each call stands in a batch once.
-- in  tenant_id uuid, sid text, call_id uuid?, digits text, shown text, digest uuid, late bool, received_ms bigint
-- out granted bool
-- batch
with k as materialized (
    select e.*, c.id as found_id, c.customer_number, c.contact_id, c.client_id, c.record,
           case e.digits when '1' then 'granted' when '' then 'silent' else 'refused' end as answer
      from :rows
      left join lateral (select id, customer_number, contact_id, client_id, record from calls
                          where id = e.call_id and (tenant_id = e.tenant_id) is true
                          union all
                         select id, customer_number, contact_id, client_id, record from calls
                          where twilio_call_sid = e.sid and (tenant_id = e.tenant_id) is true
                          limit 1) c on true
), decided as (
    update consent_questions q
       set state = k.answer, sid = coalesce(q.sid, k.sid), decided_at = to_timestamp(k.received_ms / 1000.0)
      from k
     where q.call_id = k.found_id and q.state = 'open'
    returning q.call_id, q.tenant_id, q.state, q.spoken, q.language, k.ord
), kept as (
    insert into consent_records (tenant_id, number, contact_id, client_id, call_id, purpose, decision, method, evidence,
                                 created_by, created_at)
    select d.tenant_id, k.customer_number, k.contact_id, k.client_id, d.call_id, 'recording', d.state, 'keypress',
           jsonb_build_object('digits', k.shown, 'call_sid', k.sid, 'webhook', k.digest, 'spoken', d.spoken,
                              'language', d.language),
           'call:' || k.sid, to_timestamp(k.received_ms / 1000.0)
      from decided d join k on k.ord = d.ord
     where d.state <> 'silent'
), called as (
    update calls c
       set record = d.state = 'granted' and not k.late, record_reason = 'consent'
      from decided d join k on k.ord = d.ord
     where c.id = d.call_id
    returning c.id, c.record
)
select coalesce(called.record, k.record, false) as granted
  from k left join called on called.id = k.found_id
 order by k.ord;
