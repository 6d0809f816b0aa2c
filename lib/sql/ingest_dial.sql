-- The end of a Dial: what became of the leg that was dialled, and what the caller hears if nobody took the call. room:
-- the dialled leg was taken away to a conference, and this one shall follow. then_phone: a browser was rung, and its
-- user's phone comes next (dial_to). Each parent and each child stand in a batch once.
-- in  tenant_id uuid, sid text, child_sid text?, dial_status call_status, duration_seconds int?, then_phone bool
-- out answered bool, unanswered text, voice text?, language text, room text?, intent_id uuid?, dial_to text?
-- out caller_id text?, record text?, ring_timeout_s int?, countries text?, call_id uuid?, agents bool
-- batch
with k as materialized (
    select e.*, p.call_id, p.role as parent_role,
           x.room, e.dial_status = 'completed' and e.child_sid is not null and e.duration_seconds is null
                   and x.call_id is not null as taken
      from :rows
      left join call_legs p on p.tenant_id = e.tenant_id and p.sid = e.sid
      left join call_controls x on x.call_id = p.call_id
), legs as (
    insert into call_legs (tenant_id, sid, parent_sid, call_id, role, status, dial_status, duration_seconds)
    select tenant_id, sid, null, call_id, coalesce(parent_role, 'other'), 'in-progress', dial_status, null from k
     union all
    select tenant_id, child_sid, sid, call_id,
           case parent_role when 'customer' then 'agent' when 'agent' then 'customer' else 'other' end,
           case when taken then 'in-progress' else dial_status end, null, duration_seconds
      from k where child_sid is not null
    on conflict (tenant_id, sid) do update
       set parent_sid       = coalesce(call_legs.parent_sid, excluded.parent_sid),
           call_id          = coalesce(call_legs.call_id, excluded.call_id),
           role             = case when excluded.role = 'other' then call_legs.role else excluded.role end,
           status           = case when call_rank(excluded.status) > call_rank(call_legs.status) then excluded.status
                                   else call_legs.status end,
           dial_status      = coalesce(excluded.dial_status, call_legs.dial_status),
           duration_seconds = greatest(call_legs.duration_seconds, excluded.duration_seconds)
)
select k.dial_status = 'completed' as answered, t.unanswered, t.voice, t.language,
       case when k.taken then k.room end as room, i.call_id as intent_id, n.dial_to, n.caller_id,
       case when not k.taken then n.record when k.parent_role = 'customer' and c.record then 'dual' end as record,
       n.ring_timeout_s, t.dial_countries as countries, k.call_id,
       coalesce(t.disclosure_agents and n.record is not null, false) as agents
  from k
  join tenants t on t.id = k.tenant_id
  left join calls c on c.id = k.call_id and k.taken
  left join call_intents i on i.call_id = c.id
  left join lateral (select r.forward_to as dial_to, r.caller_id, case when c.record then r.record_mode end as record,
                            r.ring_timeout_seconds as ring_timeout_s
                       from calls c
                       join number_routes r on r.number_id = c.number_id
                      where k.then_phone and k.dial_status <> 'completed' and c.id = k.call_id
                      limit 1) n on true
 order by k.ord;
