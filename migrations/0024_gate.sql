-- May a call be placed? One verdict over countries, do-not-call lists, consent, hours and caps, kept with the call.
set local role switchhook_owner;

-- When a day's calls may begin and end: 'mon-fri 08:00-21:00, sat 09:00-17:00'; without days, every day. The end of a
-- span is outside it.
create function plan_valid(plan text) returns boolean language sql immutable as $$
    select length(plan) <= 200 and not exists (
        select from string_to_table(plan, ', ') part
         where part !~ ('^((mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? )?'
                        || '([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$'))
$$;
create function days_valid(days text) returns boolean language sql immutable as $$
    select length(days) <= 2000 and days ~ '^\d{4}-\d\d-\d\d( \d{4}-\d\d-\d\d)*$'
$$;

create function within_plan(plan text, moment timestamp) returns boolean language sql immutable as $$
    select exists (
        select from regexp_split_to_table(plan, ', ') part
          cross join lateral (select regexp_match(part, '^(?:(\w{3})(?:-(\w{3}))? )?([\d:]{5})-([\d:]{5})$') as m) p
          cross join lateral (select strpos('montuewedthufrisatsun', m[1]) as first,
                                     strpos('montuewedthufrisatsun', coalesce(m[2], m[1])) as last,
                                     3 * extract(isodow from moment)::integer - 2 as today) d
         where (m[1] is null or case when first <= last then today between first and last
                                     else today >= first or today <= last end)
           and moment::time >= m[3]::time and moment::time < m[4]::time)
$$;

alter table tenants add column calling_hours text check (calling_hours = 'law' or plan_valid(calling_hours));
alter table tenants add column holidays      text check (days_valid(holidays));
alter table tenants add column consent_mode  text not null default 'off' check (consent_mode in ('off', 'required'));
comment on column tenants.calling_hours is
    'when people may be called, in their own zone; law: what region_hours says of their country; null: at any time';
comment on column tenants.holidays      is
    'days of the callee''s calendar on which nobody is called, where hours are set';
comment on column tenants.consent_mode  is
    'required: nobody is called who has not granted it; off: nobody who has refused or withdrawn it';

-- The zones of a country, from the tz database: https://data.iana.org/time-zones/tz-link.html (zone1970.tab). Filled by
-- switchhook migrate.
create table region_zones (
    region text   primary key check (region ~ '^[A-Z]{2}$'),
    zones  text[] not null check (cardinality(zones) > 0)
);
grant select on region_zones to switchhook_app, switchhook_ingest;

create table region_hours (
    region text primary key check (region ~ '^[A-Z]{2}$'),
    hours  text not null check (plan_valid(hours)),
    source text not null
);
comment on table region_hours is 'hours that the law of a country fixes without exceptions that we could not see';
insert into region_hours (region, hours, source) values
    ('US', '08:00-21:00', 'https://www.ecfr.gov/current/title-47/section-64.1200#p-64.1200(c)(1)');
grant select on region_hours to switchhook_app, switchhook_ingest;

alter table contacts add column time_zone text check (length(time_zone) between 1 and 64);
create function contact_zone() returns trigger language plpgsql as $$
begin
    if not exists (select from pg_timezone_names where name = new.time_zone) then
        raise exception 'time_zone: expected a zone of the tz database, such as Europe/London'
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger zone_is_known before insert or update of time_zone on contacts
    for each row when (new.time_zone is not null) execute function contact_zone();
comment on column contacts.time_zone is 'where the contact lives; null: every zone of its number''s country counts';

-- Whom nobody may call.
create table dnc_lists (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    name       text        not null check (length(name) between 1 and 200),
    created_at timestamptz not null default now(),
    unique (tenant_id, name)
);
create table dnc_entries (
    id         uuid        not null default uuid7(),
    tenant_id  uuid        not null,
    number     e164        not null,
    list_id    uuid        not null references dnc_lists on delete cascade,
    reason     text        check (length(reason) <= 500),
    added_by   text        not null check (length(added_by) between 1 and 200),
    created_at timestamptz not null default now(),
    primary key (tenant_id, number, list_id)
);
create index dnc_entries_newest on dnc_entries (tenant_id, created_at desc, id desc);
call tenant_table('dnc_lists');
call tenant_table('dnc_entries');
call ingest_table('dnc_lists', 'select');
call ingest_table('dnc_entries', 'select');

-- Who allowed or forbade what, when, and how it is known. The newest record of a number and purpose counts.
create table consent_records (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    number     e164        not null,
    contact_id uuid,
    call_id    uuid,
    purpose    text        not null check (purpose in ('recording', 'call', 'sms')),
    decision   text        not null check (decision in ('granted', 'refused', 'withdrawn')),
    method     text        not null check (method in ('announcement', 'keypress', 'agent', 'api', 'import')),
    evidence   jsonb       not null default '{}',
    created_at timestamptz not null default now(),
    created_by text        not null check (length(created_by) between 1 and 200)
);
create index consent_records_newest on consent_records (tenant_id, number, purpose, created_at desc, id desc);
call tenant_table('consent_records');
call ingest_table('consent_records', 'select');
grant select on consent_records to switchhook_reader;

alter table calls drop constraint calls_gate_refused_check;
alter table calls add constraint calls_gate_refused_check check (gate_refused in (
    'stopped', 'destination', 'premium', 'do_not_call', 'consent', 'hours', 'per_second', 'concurrent', 'minutes',
    'money'));
alter table calls add column verdict jsonb;
comment on column calls.verdict is
    'what the gate saw before the call and decided: refused (null: nothing), list, zones, consent, used; no number';

-- What the webhooks' role may read of a tenant besides: the limits, for calls of browsers.
grant select (time_zone, dial_countries, dial_blocked_prefixes, dial_per_second, dial_concurrent, dial_minutes_per_day,
              dial_money_per_day, dial_stopped_at, calling_hours, holidays, consent_mode) on tenants
    to switchhook_ingest;
grant select (id, tenant_id, time_zone) on contacts to switchhook_ingest;
do $$ begin
    if not exists (select from pg_policies where tablename = 'contacts' and 'switchhook_ingest' = any (roles)) then
        create policy every_tenant on contacts to switchhook_ingest using (true) with check (true);
    end if;
end $$;

-- Where, and how much: the limits of 0016 for any tenant. {"refused", "used": {...}}; null: no such tenant.
create function dial_caps(tenant uuid, wanted text, place text, premium boolean) returns jsonb language sql stable
    as $$
    with me as (
        select dial_countries, dial_blocked_prefixes, dial_per_second, dial_concurrent, dial_minutes_per_day,
               dial_money_per_day, dial_stopped_at,
               date_trunc('day', now() at time zone time_zone) at time zone time_zone as day
          from tenants
         where id = tenant
    ), recent as materialized (
        select c.created_at, c.ended_at, c.duration_seconds, c.price
          from calls c, me
         where c.tenant_id = tenant and c.direction = 'outbound' and c.gate_refused is null
           and c.created_at >= least(me.day, now() - interval '4 hours')
    ), used as (
        select count(*) filter (where r.created_at > clock_timestamp() - interval '1 second') as second,
               count(*) filter (where r.ended_at is null and r.created_at > now() - interval '4 hours') as running,
               sum(coalesce(r.duration_seconds,
                            case when r.ended_at is null then extract(epoch from now() - r.created_at) end, 0))
                   filter (where r.created_at >= me.day) as seconds,
               sum(abs(r.price)) filter (where r.created_at >= me.day) as money
          from recent r, me
    )
    select jsonb_build_object(
               'refused',
               case when me.dial_stopped_at is not null then 'stopped'
                    when place <> all (string_to_array(me.dial_countries, ' ')) then 'destination'
                    when premium or exists (select from string_to_table(me.dial_blocked_prefixes, ' ') p
                                             where starts_with(wanted, p)) then 'premium'
                    when used.second >= me.dial_per_second then 'per_second'
                    when used.running >= me.dial_concurrent then 'concurrent'
                    when used.seconds >= me.dial_minutes_per_day * 60 then 'minutes'
                    when used.money >= me.dial_money_per_day then 'money' end,
               'used', jsonb_build_object('second', used.second, 'running', used.running,
                                          'seconds', round(coalesce(used.seconds, 0)), 'money', used.money))
      from me left join used on true
$$;

-- The one verdict. callee: the contact that is called, null: nobody known. {"refused": the word for calls.gate_refused
-- or null, "about": in words, "region", "premium", "list", "consent", "hours", "zones", "used"}; null: no such tenant.
-- Reads rows of every tenant where its role may, so each is bound to tenant here. The caller holds dial_lock().
create function dial_verdict(tenant uuid, wanted text, place text, premium boolean, callee uuid default null,
                             moment timestamptz default now()) returns jsonb language sql stable as $$
    with me as (
        select t.consent_mode, t.holidays,
               case when t.calling_hours = 'law' then (select h.hours from region_hours h where h.region = place)
                    else t.calling_hours end as hours
          from tenants t
         where t.id = tenant
    ), listed as (
        select l.id, l.name
          from dnc_entries e
          join dnc_lists l on l.id = e.list_id and l.tenant_id = tenant
         where e.tenant_id = tenant and e.number = wanted
         order by l.name
         limit 1
    ), consent as (
        select r.decision, r.method, r.created_at
          from consent_records r
         where r.tenant_id = tenant and r.number = wanted and r.purpose = 'call'
         order by r.created_at desc, r.id desc
         limit 1
    ), clock as (
        select z.zone, moment at time zone z.zone as shown
          from me, unnest(coalesce((select array[k.time_zone] from contacts k
                                     where k.tenant_id = tenant and k.id = callee and k.time_zone is not null),
                                   (select r.zones from region_zones r where r.region = place))) as z(zone)
         where me.hours is not null
    ), shut as (
        select c.zone, c.shown
          from clock c, me
         where not within_plan(me.hours, c.shown)
            or coalesce(c.shown::date::text = any (string_to_array(me.holidays, ' ')), false)
         order by c.zone
         limit 1
    ), v as (
        select caps,
               case when caps ->> 'refused' in ('stopped', 'destination', 'premium') then caps ->> 'refused'
                    when exists (select from listed) then 'do_not_call'
                    when (select decision from consent) in ('refused', 'withdrawn')
                         or me.consent_mode = 'required' and not exists (select from consent) then 'consent'
                    when me.hours is not null and (exists (select from shut) or not exists (select from clock))
                         then 'hours'
                    else caps ->> 'refused' end as refused
          from me, dial_caps(tenant, wanted, place, premium) caps
    )
    select jsonb_build_object(
               'refused', v.refused,
               'about', case v.refused
                             when 'do_not_call' then (select name from listed)
                             when 'consent' then coalesce((select decision from consent), 'nobody has granted it')
                             when 'hours' then coalesce((select 'it is ' || to_char(shown, 'Dy HH24:MI') || ' in '
                                                                   || zone from shut),
                                                           'nobody knows its time zone') end,
               'region', place, 'premium', premium,
               'list', (select jsonb_build_object('id', id, 'name', name) from listed),
               'consent', (select jsonb_build_object('decision', decision, 'method', method, 'created_at', created_at)
                             from consent),
               'hours', me.hours,
               'zones', (select jsonb_object_agg(zone, to_char(shown, 'YYYY-MM-DD"T"HH24:MI')) from clock),
               'used', v.caps -> 'used')
      from v, me
$$;
comment on function dial_verdict is
    'callable by every program: wanted as E.164, place: the country of its number (ISO 3166-1, empty: none), premium';

-- As before, of the transaction's tenant: the word alone.
create or replace function dial_gate(wanted text, region text, premium boolean) returns text language sql stable as
    $$ select dial_verdict(current_tenant(), wanted, region, premium) ->> 'refused' $$;

-- Documents of the API: members that the gate adds to what they were.
alter function settings_json(tenants) rename to settings_without_gate;
create function settings_json(t tenants) returns json language sql stable as $$
    select (settings_without_gate(t)::jsonb || jsonb_build_object(
               'calling_hours', t.calling_hours, 'holidays', t.holidays, 'consent_mode', t.consent_mode))::json
$$;
alter function settings_default() rename to settings_default_without_gate;
create function settings_default() returns jsonb language sql immutable as $$
    select settings_default_without_gate()
           || jsonb_build_object('calling_hours', null, 'holidays', null, 'consent_mode', 'off')
$$;
alter function contact_json(contacts) rename to contact_without_zone;
create function contact_json(c contacts) returns json language sql stable as $$
    select (contact_without_zone(c)::jsonb || jsonb_build_object('time_zone', c.time_zone))::json
$$;

create function dnc_list_json(l dnc_lists) returns json language sql stable as $$
    select json_build_object('id', l.id, 'name', l.name,
                             'entries', (select count(*) from dnc_entries e where e.list_id = l.id),
                             'created_at', rfc3339(l.created_at))
$$;
create function dnc_entry_json(e dnc_entries) returns json language sql stable as $$
    select json_build_object('number', e.number, 'list_id', e.list_id,
                             'list', (select name from dnc_lists l where l.id = e.list_id), 'reason', e.reason,
                             'added_by', e.added_by, 'created_at', rfc3339(e.created_at))
$$;
create function consent_json(r consent_records) returns json language sql stable as $$
    select json_build_object('id', r.id, 'number', r.number, 'contact_id', r.contact_id, 'call_id', r.call_id,
                             'purpose', r.purpose, 'decision', r.decision, 'method', r.method,
                             'evidence', r.evidence, 'created_at', rfc3339(r.created_at),
                             'created_by', r.created_by)
$$;
