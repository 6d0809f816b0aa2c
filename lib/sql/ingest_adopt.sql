-- Legs that were heard of before their call join it, as soon as their parent has.
-- in  tenant_id uuid, root_sid text
-- batch
update call_legs
   set call_id = p.call_id, role = case p.role when 'customer' then 'agent' when 'agent' then 'customer' else 'other' end
  from :rows
  join call_legs p on p.tenant_id = e.tenant_id and p.sid = e.root_sid and p.call_id is not null
 cross join lateral (select tenant_id, sid from call_legs
                      where parent_sid = e.root_sid and tenant_id = e.tenant_id and call_id is null
                     offset 0) o
 where call_legs.sid = o.sid and call_legs.tenant_id = o.tenant_id;
