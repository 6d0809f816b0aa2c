-- Legs that were heard of before their call join it, as soon as their parent has.
-- in  tenant_id uuid, root_sid text
-- batch
update call_legs
   set call_id = p.call_id, role = case p.role when 'customer' then 'agent' when 'agent' then 'customer' else 'other' end
  from :rows
  join call_legs p on p.tenant_id = e.tenant_id and p.sid = e.root_sid and p.call_id is not null
 where call_legs.tenant_id = e.tenant_id and call_legs.parent_sid = e.root_sid and call_legs.call_id is null;
