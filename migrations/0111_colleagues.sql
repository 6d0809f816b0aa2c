-- Colleagues: whom of the team a call can be given to, as any of the team may see them.
set local role switchhook_owner;

-- How somebody of the team is called among colleagues, who need not know his address.
create function user_called(u users) returns text language sql immutable as $$
    select coalesce(nullif(btrim(u.name), ''), split_part(u.email, '@', 1))
$$;

-- What is rung when a call is given to a user: his browser while he is available in one, else his phone; null: nothing.
create function user_rung(u users) returns text language sql stable as $$
    select case when u.rings <> 'phone' and u.available
                     and (u.presence <> 'auto' or u.work_hours is null
                          or within_plan(u.work_hours, now() at time zone t.time_zone))
                then 'client:' || browser_identity(u.id, u.tenant_id) else u.forward_to end
      from tenants t
     where t.id = u.tenant_id
$$;

-- Neither address nor number. auto is what it comes to at this hour; a call lasts four hours at most.
create function colleague_json(u users) returns json language sql stable as $$
    select json_build_object(
        'id', u.id, 'name', user_called(u), 'role', u.role,
        'presence', case when u.presence <> 'auto' then u.presence
                         when u.work_hours is null or within_plan(u.work_hours, now() at time zone t.time_zone)
                         then 'available' else 'offline' end,
        'away_reason', u.away_reason,
        'in_call', exists (select from calls c
                            where c.user_id = u.id and c.tenant_id = u.tenant_id and c.ended_at is null
                              and c.created_at > now() - interval '4 hours'),
        'rings', case when r.target like 'client:%' then 'browser' when r.target is not null then 'phone' end)
      from tenants t, user_rung(u) as r (target)
     where t.id = u.tenant_id
$$;
