-- The gate, live calls, browsers' calls and sealed metadata as one: what the gate knows of a number is sealed like the
-- number itself, and a browser's call has the whole verdict.
set local role switchhook_owner;

-- Columns that hold plain text or a token (0020, lib/veil.h).
alter table dnc_entries alter column number type text collate "C";
alter table dnc_entries add check (number ~ '^(\+[1-9][0-9]{6,14}|sealed1\|n[A-Za-z0-9_-]{59,80})$');
alter table dnc_entries drop constraint dnc_entries_reason_check;
alter table dnc_entries add check (length(reason) <= 500 or sealed(reason) and length(reason) <= 3000);
alter table consent_records alter column number type text collate "C";
alter table consent_records add check (number ~ '^(\+[1-9][0-9]{6,14}|sealed1\|n[A-Za-z0-9_-]{59,80})$');
create unique index dnc_entries_id on dnc_entries (id);
comment on index dnc_entries_id is 'sealing goes through the entries in the order of their ids';
create index dnc_entries_list on dnc_entries (list_id, created_at desc, id desc);
alter table call_commands alter column id set default uuid7();
comment on column dnc_entries.number     is 'of a person who is not called, or its token';
comment on column consent_records.number is 'of whom it is about, or its token';
comment on column call_commands.target   is 'of transfer and consult: who is rung, or its token';
comment on column calls.record_reason    is
    'the switch that decided about recording: call, number, user, tenant, disclosure, consent';

-- Webhooks have a browser's call stored by browser_call(), which asks with the API's rights: they need none here.
revoke select on dnc_lists, dnc_entries, consent_records, region_zones, region_hours from switchhook_ingest;
drop policy every_tenant on dnc_lists;
drop policy every_tenant on dnc_entries;
drop policy every_tenant on consent_records;
revoke select (time_zone) on contacts from switchhook_ingest;
revoke select (time_zone, dial_blocked_prefixes, dial_per_second, dial_concurrent, dial_minutes_per_day,
               dial_money_per_day, dial_stopped_at, calling_hours, holidays, consent_mode) on tenants
    from switchhook_ingest;

-- What is evidence is sealed, and neither rewritten nor deleted.
revoke update, delete on consent_records from switchhook_app;
grant update (number, evidence) on consent_records to switchhook_app;

-- The documents in one piece.
create or replace function settings_json(t tenants) returns json language sql stable as $$
    select json_build_object(
        'name', t.name, 'time_zone', t.time_zone, 'country', t.country, 'language', t.language, 'voice', t.voice,
        'greeting', t.greeting, 'connecting', t.connecting, 'disclosure_mode', t.disclosure_mode,
        'disclosure', t.disclosure, 'unanswered', t.unanswered, 'record', t.record, 'transcribe', t.transcribe,
        'transcribe_over_seconds', t.transcribe_over_seconds, 'ring_timeout_seconds', t.ring_timeout_seconds,
        'default_number', t.default_number, 'encrypt_metadata', t.encrypt_metadata,
        'calling_hours', t.calling_hours, 'holidays', t.holidays, 'consent_mode', t.consent_mode)
$$;
create or replace function settings_default() returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'time_zone', 'UTC', 'country', 'GB', 'language', 'en-GB', 'voice', null,
        'greeting', 'Thank you for calling. Connecting you now.', 'connecting', 'Connecting your call...',
        'disclosure_mode', 'announce', 'disclosure', 'This call is recorded.',
        'unanswered', 'Sorry, nobody can take your call at the moment. Goodbye.', 'record', true, 'transcribe', true,
        'transcribe_over_seconds', 10, 'ring_timeout_seconds', 25, 'default_number', null, 'encrypt_metadata', false,
        'calling_hours', null, 'holidays', null, 'consent_mode', 'off')
$$;
create or replace function contact_json(c contacts) returns json language sql stable as $$
    select json_build_object('id', c.id, 'external_id', c.external_id, 'name', c.name, 'phone_number', c.phone_number,
                             'time_zone', c.time_zone, 'created_at', rfc3339(c.created_at))
$$;
drop function settings_without_gate(tenants);
drop function settings_default_without_gate();
drop function contact_without_zone(contacts);

drop function dial_verdict(uuid, text, text, boolean, uuid, timestamptz);
-- The one verdict. callee: the contact that is called, null: nobody known; token: what stands for the number where it
-- is sealed (lib/veil.h), null: nothing does. {"refused": the word for calls.gate_refused or null, "about": in words,
-- "region", "premium", "list", "consent", "hours", "zones", "used"}; null: no such tenant.
-- Reads rows of every tenant where its role may, so each is bound to tenant here. The caller holds dial_lock().
create function dial_verdict(tenant uuid, wanted text, place text, premium boolean, callee uuid default null,
                             moment timestamptz default now(), token text default null)
    returns jsonb language sql stable as $$
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
         where e.tenant_id = tenant and e.number in (wanted, token)
         order by l.name
         limit 1
    ), consent as (
        select r.decision, r.method, r.created_at
          from consent_records r
         where r.tenant_id = tenant and r.number in (wanted, token) and r.purpose = 'call'
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
    'wanted as E.164 (token: sealed), place: the country of its number (ISO 3166-1,'
    ' empty: none), premium';

reset role;
drop function browser_call(uuid, uuid, uuid, text, text, text, text, text, text, boolean, text, text, text,
                           timestamptz);
set local role switchhook_owner;

-- A call that a browser asks for: the gate's verdict (word null: it may go out) and the call, which keeps it, are one.
-- It runs with the rights of the API as one tenant, for what the gate counts and looks up is that tenant's alone. A
-- call that is there already stays as it is. dialled: the number in the clear, for the other columns may hold what
-- hides it; token: as of dial_verdict(). A contact that nobody names is the newest one with that number.
create function browser_call(new_id uuid, tenant uuid, who uuid, sid text, caller text, callee text, customer text,
                             dialled text, token text, region text, premium boolean, wish text, contact text,
                             campaign text, received timestamptz)
    returns text language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    uuids constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
    their uuid := case when contact  ~ uuids then contact::uuid end;
    whose uuid := case when campaign ~ uuids then campaign::uuid end;
    shown text;
    party uuid;
    seen  jsonb;
    word  text;
    objected boolean;
begin
    perform set_config('app.tenant', tenant::text, true);
    if exists (select from users u join tenants t on t.id = u.tenant_id and t.disabled_at is null
                where u.id = who and u.disabled_at is null)
       and not exists (select from calls c where c.twilio_call_sid = sid and c.tenant_id = tenant) then
        shown := browser_caller_id(who, wish);
        party := (select c.id from contacts c
                   where c.tenant_id = tenant
                     and (c.id = their or c.external_id = contact
                          or contact is null and c.phone_number in (dialled, token))
                   order by c.created_at desc, c.id desc
                   limit 1);
        objected := coalesce((select r.decision in ('refused', 'withdrawn') from consent_records r
                               where r.tenant_id = tenant and r.number in (dialled, token) and r.purpose = 'recording'
                               order by r.created_at desc, r.id desc
                               limit 1), false);
        perform dial_lock();
        seen := dial_verdict(tenant, dialled, region, premium, party, now(), token);
        word := seen ->> 'refused';
        insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                           customer_number, withheld, number_id, user_id, contact_id, campaign_id, record,
                           record_reason, nobody_to_dial, gate_refused, verdict, outcome, ended_at, created_at)
        select new_id, tenant, sid, caller, callee, 'outbound', 'agent',
               case when word is null then 'ringing'::call_status else 'failed' end, customer, customer is null,
               (select n.id from numbers n
                 where n.e164 = shown and n.tenant_id = tenant and n.released_at is null),
               who,
               party,
               (select c.id from campaigns c
                 where c.tenant_id = tenant and (c.id = whose or c.external_id = campaign) limit 1),
               not objected and t.disclosure_mode = 'off' and coalesce(s.auto_record, t.record),
               case when objected then 'consent' when t.disclosure_mode = 'announce' then 'disclosure'
                    when s.user_id is not null then 'user' else 'tenant' end,
               shown is null, word, seen, case when word is not null then 'refused' end,
               case when word is not null then received end, received
          from tenants t
          left join user_voip_settings s on s.user_id = who
         where t.id = tenant;
    end if;
    perform set_config('app.tenant', '', true);
    return word;
end $$;
reset role;
alter function browser_call owner to switchhook_app;
revoke execute on function browser_call from public;
grant execute on function browser_call to switchhook_ingest;
