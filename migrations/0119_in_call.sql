-- Who is in a call is told by the legs of those that run: also who was given one, and no longer who gave it away.
set local role switchhook_owner;

-- Whose browser or phone rings or talks. A call in which no leg is its user's yet, or whose legs are sealed, counts for
-- him until it is over. A call lasts four hours at most.
create function users_in_call() returns setof uuid language sql stable as $$
    with live as materialized (
        select c.id, c.user_id
          from calls c
         where c.tenant_id = current_tenant() and c.ended_at is null and c.created_at > now() - interval '4 hours'
    ), reach as materialized (
        select u.id, e.endpoint
          from users u
         cross join unnest(array['client:' || browser_identity(u.id, u.tenant_id), u.forward_to]) as e (endpoint)
         where u.tenant_id = current_tenant() and u.disabled_at is null
    ), his as materialized (
        select v.id, r.id as user_id, bool_or(call_rank(l.status) < 4) as runs
          from live v
          join call_legs l on l.call_id = v.id and l.role = 'agent'
          join reach r on r.endpoint = l.endpoint
         group by v.id, r.id
    )
    select h.user_id from his h where h.runs
     union
    select v.user_id
      from live v
     where v.user_id is not null and not exists (select from his h where h.id = v.id and h.user_id = v.user_id)
$$;

-- As it was, but that whoever asks for many says at once who is in a call.
drop function colleague_json(users);
create function colleague_json(u users, in_call boolean) returns json language sql stable as $$
    select json_build_object(
        'id', u.id, 'name', user_called(u), 'role', u.role,
        'presence', case when u.presence <> 'auto' then u.presence
                         when u.work_hours is null or within_plan(u.work_hours, now() at time zone t.time_zone)
                         then 'available' else 'offline' end,
        'away_reason', u.away_reason, 'in_call', in_call,
        'rings', case when r.target like 'client:%' then 'browser' when r.target is not null then 'phone' end)
      from tenants t, user_rung(u) as r (target)
     where t.id = u.tenant_id
$$;
