-- Reports by mail: what the figures of a week or a month were, computed by the functions that the API answers with.
set local role switchhook_owner;

create function mail_addresses(texts text[]) returns boolean language sql immutable parallel safe as $$
    select coalesce(bool_and(t ~ '^[^@[:space:]<>(),;:"\\]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$' and length(t) <= 254),
                    false)
      from unnest(texts) t
$$;

create table report_schedules (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    client_id  uuid,
    every      text        not null check (every in ('week', 'month')),
    recipients text[]      not null check (cardinality(recipients) between 1 and 20 and mail_addresses(recipients)),
    send_at    time        not null default '07:00',
    enabled    boolean     not null default true,
    created_at timestamptz not null default now(),
    unique (id, tenant_id),
    foreign key (client_id, tenant_id) references clients (id, tenant_id) on delete cascade
);
comment on column report_schedules.client_id is 'null: the whole tenant';
comment on column report_schedules.send_at   is
    'in the zone of the client, else of the tenant, on the first day after the ISO week or the month';
create index report_schedules_newest on report_schedules (tenant_id, created_at desc, id desc);

create table reports (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null,
    schedule_id uuid        not null,
    client_id   uuid,
    every       text        not null check (every in ('week', 'month')),
    from_date   date        not null,
    to_date     date        not null,
    figures     jsonb       not null check (jsonb_typeof(figures) = 'object'),
    subject     text        check (length(subject) <= 300),
    html        text,
    plain       text,
    created_at  timestamptz not null default now(),
    unique (id, tenant_id),
    unique (schedule_id, from_date, tenant_id),
    check (from_date < to_date),
    foreign key (schedule_id, tenant_id) references report_schedules (id, tenant_id) on delete cascade
);
comment on column reports.to_date is 'the day after the last one';
comment on column reports.figures is 'as the API said when the report was made; the past may change later';
comment on column reports.html    is 'as it was mailed; null: not made yet';
create index reports_newest on reports (tenant_id, created_at desc, id desc);

create table report_mails (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null,
    report_id  uuid        not null,
    recipient  text        not null check (length(recipient) between 3 and 254),
    state      text        not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    reason     text        check (length(reason) <= 500),
    created_at timestamptz not null default now(),
    ended_at   timestamptz,
    foreign key (report_id, tenant_id) references reports (id, tenant_id) on delete cascade
);
create index report_mails_report on report_mails (report_id);

do $$
declare
    name text;
begin
    foreach name in array '{report_schedules,reports,report_mails}'::text[] loop
        call tenant_table(name::regclass);
    end loop;
end $$;

-- The week or month that was over last before a moment: the ISO week, the calendar month of a zone.
create function report_period(every text, zone text, at timestamptz, out first date, out until date)
    language sql stable as $$
    select (date_trunc(every, at at time zone zone) - ('1 ' || every)::interval)::date,
           date_trunc(every, at at time zone zone)::date
$$;

-- All that a report shows, each by the function that answers the API for the same parameters.
create function report_figures(client uuid, first date, until date) returns jsonb language plpgsql stable as $$
declare
    a jsonb := jsonb_strip_nulls(jsonb_build_object('client_id', client, 'from', first, 'to', until));
begin
    return jsonb_build_object(
        'summary', stats_summary(a || '{"compare": true}'),
        'timeline', stats_timeline(a || '{"by": "day"}'),
        'hours', stats_hours(a),
        'campaigns', stats_breakdown(a || '{"by": "campaign"}'),
        'tracking', stats_tracking(a || '{"by": "campaign"}'),
        'callbacks', stats_callbacks(a));
end $$;

-- Makes the report of a schedule for the last period that was over, and its jobs; null: it is there already.
create function report_make(s report_schedules, again boolean) returns uuid language plpgsql as $$
declare
    zone text := (select safe_zone(coalesce((select k.time_zone from clients k where k.id = s.client_id), t.time_zone))
                    from tenants t where t.id = s.tenant_id);
    p    record := report_period(s.every, zone, now());
    made uuid;
begin
    select r.id into made from reports r
     where r.schedule_id = s.id and r.from_date = p.first and r.tenant_id = s.tenant_id;
    if made is not null and not again then
        return null;
    end if;
    if made is null then
        insert into reports (tenant_id, schedule_id, client_id, every, from_date, to_date, figures)
        values (s.tenant_id, s.id, s.client_id, s.every, p.first, p.until,
                report_figures(s.client_id, p.first, p.until))
        on conflict (schedule_id, from_date, tenant_id) do nothing
        returning id into made;
        if made is null then
            return null;
        end if;
    end if;
    with m as (
        insert into report_mails (tenant_id, report_id, recipient)
        select s.tenant_id, made, unnest(s.recipients)
        returning id
    )
    insert into jobs (tenant_id, kind, ref) select s.tenant_id, 'report', id::text from m;
    return made;
end $$;

-- Reports of the transaction's tenant that are due: none of a period that was over before there was a schedule.
create function reports_due() returns bigint language sql volatile as $$
    select count(report_make(s, false))
      from report_schedules s
      join tenants t on t.id = s.tenant_id
      left join clients k on k.id = s.client_id
     cross join lateral (select safe_zone(coalesce(k.time_zone, t.time_zone)) as zone) z
     cross join lateral report_period(s.every, z.zone, now()) p
     where s.tenant_id = current_tenant() and s.enabled and k.deleted_at is null
       and now() >= (p.until + s.send_at) at time zone z.zone
       and s.created_at < p.until::timestamp at time zone z.zone
       and not exists (select from reports r where r.schedule_id = s.id and r.from_date = p.first)
$$;

create function schedule_json(s report_schedules) returns json language sql stable as $$
    select json_build_object('id', s.id, 'client_id', s.client_id, 'every', s.every, 'recipients', s.recipients,
                             'send_at', to_char(s.send_at, 'HH24:MI'), 'enabled', s.enabled,
                             'created_at', rfc3339(s.created_at))
$$;

create function report_json(r reports) returns json language sql stable as $$
    select json_build_object(
        'id', r.id, 'schedule_id', r.schedule_id, 'client_id', r.client_id, 'every', r.every, 'from', r.from_date,
        'to', r.to_date, 'subject', r.subject, 'created_at', rfc3339(r.created_at),
        'mails', coalesce((select json_agg(json_build_object('recipient', m.recipient, 'state', m.state,
                                               'reason', m.reason, 'ended_at', rfc3339(m.ended_at))
                                               order by m.created_at, m.recipient)
                             from report_mails m where m.report_id = r.id), '[]'))
$$;

create function percent(r jsonb) returns text language sql immutable parallel safe as $$
    select case when jsonb_typeof(r) = 'number'
                then trim_scale(round((r #>> '{}')::numeric * 100, 2))::text || ' %' else '–' end
$$;

create function seconds_text(r jsonb) returns text language sql immutable parallel safe as $$
    select case when jsonb_typeof(r) = 'number' then trim_scale((r #>> '{}')::numeric)::text || ' s' else '–' end
$$;

-- A report in words: what its template is filled with. site: the public origin.
create function report_words(r reports, site text) returns json language plpgsql stable as $$
declare
    f jsonb := r.figures -> 'summary';
    c jsonb := f -> 'comparison' -> 'change';
    who text := coalesce((select name from clients where id = r.client_id),
                         (select name from tenants where id = r.tenant_id));
begin
    return json_build_object(
        'subject', format('%s: calls in %s', who, to_char(r.from_date, case r.every when 'week' then '"week" IYYY-"W"IW'
                                                                                     else 'FMMonth YYYY' end)),
        'who', who, 'every', r.every, 'zone', f ->> 'time_zone',
        'period', to_char(r.from_date, 'FMDD Mon') || ' – ' || to_char(r.to_date - 1, 'FMDD Mon YYYY'),
        'href', site || '/app/analytics?from=' || r.from_date || '&to=' || r.to_date
                || coalesce('&client_id=' || r.client_id, ''),
        'empty', (f ->> 'total_calls')::bigint = 0,
        'cards', (select json_agg(json_build_object(
                             'key', k.key, 'name', k.name,
                             'value', case k.kind when 'count' then coalesce(f ->> k.key, '–')
                                                  when 'ratio' then percent(f -> k.key)
                                                  else seconds_text(f -> k.key) end,
                             'change', case when jsonb_typeof(c -> k.key) = 'number'
                                            then case when (c ->> k.key)::numeric > 0 then '+' else '' end
                                                 || percent(c -> k.key) end) order by k.n)
                    from (values (1, 'total_calls', 'Calls', 'count'), (2, 'inbound', 'Inbound', 'count'),
                                 (3, 'answered', 'Answered', 'count'), (4, 'missed', 'Missed', 'count'),
                                 (5, 'answer_rate', 'Answer rate', 'ratio'), (6, 'outbound', 'Outbound', 'count'),
                                 (7, 'first_time', 'First-time callers', 'count'), (8, 'leads', 'Leads', 'count'),
                                 (9, 'wait_seconds_median', 'Median wait', 'time'),
                                 (10, 'talk_seconds_mean', 'Mean talk', 'time')) as k(n, key, name, kind)),
        'days', (select json_agg(json_build_object('label', d ->> 'label',
                            'short', to_char((d ->> 'label')::date,
                                             case r.every when 'week' then 'Dy FMDD' else 'FMDD' end),
                            'calls', d -> 'total_calls', 'answered', d -> 'answered', 'missed', d -> 'missed')
                            order by d ->> 'label')
                   from jsonb_array_elements(r.figures -> 'timeline' -> 'data') d),
        'hours', (select json_agg(json_build_object('label', to_char((h ->> 'hour')::integer, 'FM00') || ':00',
                             'short', h ->> 'hour', 'calls', h -> 'calls') order by (h ->> 'hour')::integer)
                    from jsonb_array_elements(r.figures -> 'hours' -> 'data') h),
        'campaigns', (select json_agg(json_build_object('name', coalesce(k ->> 'name', 'Without a campaign'),
                                 'calls', k -> 'total_calls', 'answered', k -> 'answered', 'missed', k -> 'missed',
                                 'leads', k -> 'leads') order by (k ->> 'total_calls')::bigint desc, k ->> 'name')
                        from (select k from jsonb_array_elements(r.figures -> 'campaigns' -> 'data') k limit 20) x));
end $$;

create function notice_budget() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform notice_raise('spend', new.tenant_id, new.budget_id || ' ' || new.month || ' ' || new.level, null,
        (select b.client_id from budgets b where b.id = new.budget_id),
        (select jsonb_build_object('level', new.level::text, 'month', to_char(new.month, 'YYYY-MM'),
                                   'spent', trim_scale(new.spent)::text || ' ' || b.currency,
                                   'budget', trim_scale(b.amount)::text || ' ' || b.currency)
           from budgets b where b.id = new.budget_id));
    return null;
end $$;
create policy tell on budgets for select to switchhook_owner using (true);
create trigger notice after insert on budget_alerts for each row execute function notice_budget();
revoke execute on function notice_budget from public;
