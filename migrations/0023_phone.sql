-- The browser's phone: which device of a user rings, calls from it held to the gate, conversations.
set local role switchhook_owner;

alter table users add column rings     text    not null default 'phone' check (rings in ('phone', 'browser', 'both'));
alter table users add column available boolean not null default true;
comment on column users.rings     is 'where a call to the user rings first; a phone is rung when no browser answers';
comment on column users.available is 'false: no browser of the user is rung';
grant select (rings, available) on users to switchhook_ingest;
grant select (dial_countries) on tenants to switchhook_ingest;

-- A user as the API shows him.
create or replace function user_json(u users) returns json language sql stable as $$
    select json_build_object(
        'id', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'forward_to', u.forward_to,
        'rings', u.rings, 'available', u.available,
        'status', case when u.disabled_at is not null then 'disabled'
                       when u.password_hash is null then 'invited' else 'active' end,
        'created_at', rfc3339(u.created_at), 'last_login_at', rfc3339(u.last_login_at))
$$;

-- As whom a user's browser is known to Twilio.
create function browser_identity(who uuid, tenant uuid) returns text language sql immutable parallel safe as $$
    select 'user_' || replace(who::text, '-', '') || '_' || replace(tenant::text, '-', '')
$$;

-- The number that a user's calls show: the one he wishes if it is one he may show, else his own, else the tenant's.
create function browser_caller_id(who uuid, wish text) returns text language sql stable as $$
    select case when wish in (s.caller_id_number, s.assigned_phone_number, t.default_number)
                     or exists (select from numbers n
                                 where n.e164 = wish and n.tenant_id = u.tenant_id and n.user_id = u.id
                                   and n.released_at is null)
                then wish else coalesce(s.caller_id_number, t.default_number) end
      from users u
      join tenants t on t.id = u.tenant_id
      left join user_voip_settings s on s.user_id = u.id
     where u.id = who and u.disabled_at is null
$$;

-- One thread of calls with one contact, or with a number that is nobody's yet; for a campaign one of its own.
create table conversations (
    id              uuid        primary key default uuid7(),
    tenant_id       uuid        not null references tenants,
    contact_id      uuid,
    customer_number text        collate "C",
    campaign_id     uuid,
    created_at      timestamptz not null default now(),
    closed_at       timestamptz,
    unique (id, tenant_id),
    foreign key (contact_id, tenant_id)  references contacts  (id, tenant_id) on delete cascade,
    foreign key (campaign_id, tenant_id) references campaigns (id, tenant_id) on delete cascade,
    check ((contact_id is null) <> (customer_number is null))
);
comment on table  conversations           is 'calls.conversation_id points here; a new call joins the open one';
comment on column conversations.closed_at is 'null: open; the next call after it opens another';
create unique index conversations_open on conversations (contact_id, customer_number, campaign_id, tenant_id)
    nulls not distinct where closed_at is null;
create index conversations_newest on conversations (tenant_id, created_at desc, id desc);
call tenant_table('conversations');
call ingest_table('conversations', 'select, insert');
grant select on conversations to switchhook_reader;
create policy conversation_contact on contacts for select to switchhook_ingest using (true);
grant select (id, tenant_id, phone_number, created_at) on contacts to switchhook_ingest;

alter table calls add column conversation_id uuid;
comment on column calls.gate_refused is
    'why the gate let no call out, of an inbound call why it was not forwarded; null: it did';

-- The open conversation of a contact or number, made where there is none.
create function conversation_of(tenant uuid, contact uuid, number text, campaign uuid) returns uuid
    language plpgsql volatile as $$
declare
    party uuid := coalesce(contact, (select c.id from contacts c
                                      where c.tenant_id = tenant and c.phone_number = number
                                      order by c.created_at, c.id
                                      limit 1));
    found_id uuid;
begin
    if party is null and number is null then return null; end if;
    for i in 1..3 loop -- another call of the same contact may make it first, or close it
        if party is not null then
            select c.id into found_id
              from conversations c
             where c.contact_id = party and c.tenant_id = tenant and c.closed_at is null
               and c.campaign_id is not distinct from campaign;
        else
            select c.id into found_id
              from conversations c
             where c.contact_id is null and c.customer_number = number and c.tenant_id = tenant
               and c.closed_at is null and c.campaign_id is not distinct from campaign;
        end if;
        exit when found_id is not null;
        insert into conversations (tenant_id, contact_id, customer_number, campaign_id)
        values (tenant, party, case when party is null then number end, campaign)
        on conflict do nothing
        returning id into found_id;
        exit when found_id is not null;
    end loop;
    return found_id;
end $$;

create function call_conversation() returns trigger language plpgsql as $$
begin
    new.conversation_id := conversation_of(new.tenant_id, new.contact_id, new.customer_number, new.campaign_id);
    return new;
end $$;
create trigger join_conversation before insert on calls
    for each row when (new.conversation_id is null) execute function call_conversation();

create or replace function call_json(c calls) returns json language sql stable as $$
    select json_build_object(
        'id', c.id, 'twilio_call_sid', c.twilio_call_sid, 'direction', c.direction, 'status', c.status,
        'outcome', c.outcome, 'missed_reason', c.missed_reason, 'from_number', c.from_number, 'to_number', c.to_number,
        'customer_number', c.customer_number, 'withheld', c.withheld, 'number_id', c.number_id,
        'client_id', c.client_id, 'user_id', c.user_id, 'campaign_id', c.campaign_id, 'contact_id', c.contact_id,
        'conversation_id', c.conversation_id,
        'record', c.record, 'test', c.test, 'duration_seconds', c.duration_seconds, 'talk_seconds', c.talk_seconds,
        'recording_url', c.recording_url, 'price', c.price::text, 'price_unit', c.price_unit,
        'created_at', rfc3339(c.created_at), 'answered_at', rfc3339(c.answered_at), 'ended_at', rfc3339(c.ended_at))
$$;

create function conversation_json(c conversations) returns json language sql stable as $$
    select json_build_object('id', c.id, 'contact_id', c.contact_id, 'customer_number', c.customer_number,
                             'campaign_id', c.campaign_id, 'closed', c.closed_at is not null,
                             'created_at', rfc3339(c.created_at), 'closed_at', rfc3339(c.closed_at))
$$;

-- A call that a browser asks for: the gate's verdict (null: it may go out) and the call are one. It runs with the
-- rights of the API as one tenant, for what the gate counts and looks up is that tenant's alone. A call that is there
-- already stays as it is. dialled: the number in the clear, for the other columns may hold what hides it.
create function browser_call(new_id uuid, tenant uuid, who uuid, sid text, caller text, callee text, customer text,
                             dialled text, region text, premium boolean, wish text, contact text, campaign text,
                             received timestamptz)
    returns text language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    uuids constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
    their uuid := case when contact  ~ uuids then contact::uuid end;
    whose uuid := case when campaign ~ uuids then campaign::uuid end;
    shown text;
    word  text;
begin
    perform set_config('app.tenant', tenant::text, true);
    if exists (select from users u join tenants t on t.id = u.tenant_id and t.disabled_at is null
                where u.id = who and u.disabled_at is null)
       and not exists (select from calls c where c.twilio_call_sid = sid and c.tenant_id = tenant) then
        shown := browser_caller_id(who, wish);
        perform dial_lock();
        word := dial_gate(dialled, region, premium);
        insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                           customer_number, withheld, number_id, user_id, contact_id, campaign_id, record,
                           record_reason, nobody_to_dial, gate_refused, outcome, ended_at, created_at)
        select new_id, tenant, sid, caller, callee, 'outbound', 'agent',
               case when word is null then 'ringing'::call_status else 'failed' end, customer, customer is null,
               (select n.id from numbers n
                 where n.e164 = shown and n.tenant_id = tenant and n.released_at is null),
               who,
               (select c.id from contacts c
                 where c.tenant_id = tenant and (c.id = their or c.external_id = contact) limit 1),
               (select c.id from campaigns c
                 where c.tenant_id = tenant and (c.id = whose or c.external_id = campaign) limit 1),
               t.disclosure_mode = 'off' and coalesce(s.auto_record, t.record),
               case when t.disclosure_mode = 'announce' then 'disclosure'
                    when s.user_id is not null then 'user' else 'tenant' end,
               shown is null, word, case when word is not null then 'refused' end,
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
