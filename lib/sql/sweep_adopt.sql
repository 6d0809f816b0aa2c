-- Recordings of the tenant that came before their call was known find it by their leg, and the calls of the last day
-- whose recording is stored get its address.
-- in  url text
-- out adopted bigint, addressed bigint
-- one
with a as (
    update recordings r set call_id = l.call_id
      from call_legs l
     where r.tenant_id = current_tenant() and r.call_id is null
       and l.tenant_id = r.tenant_id and l.sid = r.call_sid and l.call_id is not null
    returning r.id
), c as (
    update calls c set recording_url = :url || c.twilio_call_sid || '.wav'
     where c.tenant_id = current_tenant() and c.created_at > now() - interval '1 day' and c.recording_url is null
       and c.twilio_call_sid is not null
       and exists (select from recordings r where r.call_id = c.id and r.status = 'stored' and r.kind = 'call')
    returning c.id
)
select (select count(*) from a) as adopted, (select count(*) from c) as addressed;
