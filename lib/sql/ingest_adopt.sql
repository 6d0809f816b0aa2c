-- What came before its call joins it, once the call's root leg is known: legs, deliveries, recordings. To an erased
-- call it brings nothing of a person.
-- in  tenant_id uuid, root_sid text
-- batch
with p as materialized (
    select distinct l.tenant_id, l.sid, l.call_id, l.role, l.erased
      from :rows
      join call_legs l on l.tenant_id = e.tenant_id and l.sid = e.root_sid and l.call_id is not null
), child as materialized (
    select p.tenant_id, o.sid, p.call_id, p.erased,
           case p.role when 'customer' then 'agent' when 'agent' then 'customer' else 'other' end as role
      from p
     cross join lateral (select sid from call_legs
                          where parent_sid = p.sid and tenant_id = p.tenant_id and call_id is null
                         offset 0) o
), leg as (
    update call_legs l
       set call_id = child.call_id, role = child.role, erased = child.erased,
           endpoint = case when not child.erased then l.endpoint end
      from child
     where l.sid = child.sid and l.tenant_id = child.tenant_id
), mine as materialized (
    select tenant_id, sid, call_id, erased from p
     union all
    select tenant_id, sid, call_id, erased from child
     union all
    select p.tenant_id, l.sid, p.call_id, p.erased from p join call_legs l on l.call_id = p.call_id and l.sid <> p.sid
), delivery as (
    update webhook_events w
       set call_id = mine.call_id, raw = case when not mine.erased then w.raw else '' end
      from mine
     cross join lateral (select tenant_id, digest from webhook_events
                          where call_sid = mine.sid and tenant_id = mine.tenant_id and call_id is null
                         offset 0) o
     where w.digest = o.digest and w.tenant_id = o.tenant_id
)
update recordings r
   set call_id = mine.call_id
  from mine
 cross join lateral (select id from recordings
                      where call_sid = mine.sid and tenant_id = mine.tenant_id and call_id is null
                     offset 0) o
 where r.id = o.id;
