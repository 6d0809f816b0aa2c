-- SIDs are checked by their readers (lib/ingest_read.c) and here by length alone: a pattern would be matched again at
-- each of a call's many updates.
--
-- One row a call, one row a leg. Legs hold what Twilio said; what a call is follows from its legs (call_settle.sql).
set local role switchhook_owner;

-- https://www.twilio.com/docs/voice/api/call-resource#call-status-values
create type call_status as enum (
    'queued', 'initiated', 'ringing', 'in-progress', 'completed', 'busy', 'failed', 'no-answer', 'canceled');

-- How far a call has come. A status never gives way to one of the same or a lower rank.
--   queued 0 -> initiated 1 -> ringing 2 -> in-progress 3 -> completed | busy | failed | no-answer | canceled 4
create function call_rank(call_status) returns integer language sql immutable parallel safe as $$
    select case $1 when 'queued' then 0 when 'initiated' then 1 when 'ringing' then 2 when 'in-progress' then 3
                   else 4 end
$$;

create table calls (
    id               uuid        primary key default uuid7(),
    tenant_id        uuid        not null,
    twilio_call_sid  text        collate "C" check (length(twilio_call_sid) = 34),
    from_number      text        not null,
    to_number        text        not null,
    direction        text        not null check (direction in ('inbound', 'outbound')),
    root_role        text        not null check (root_role in ('customer', 'agent')),
    status           call_status not null,
    customer_number  text        collate "C",
    withheld         boolean     not null default false,
    number_id        uuid,
    client_id        uuid,
    user_id          uuid,
    campaign_id      uuid,
    contact_id       uuid,
    record           boolean     not null default false,
    record_reason    text        not null default 'tenant',
    nobody_to_dial   boolean     not null default false,
    outcome          text        check (outcome in ('answered', 'missed', 'handled', 'blocked', 'connected', 'busy',
                                                    'no-answer', 'failed', 'canceled', 'agent_unreached', 'refused',
                                                    'unknown')),
    missed_reason    text        check (missed_reason in ('out_of_hours', 'abandoned', 'nobody_available', 'rejected',
                                                          'failed', 'no_answer')),
    duration_seconds integer     check (duration_seconds >= 0),
    talk_seconds     integer     check (talk_seconds >= 0),
    recording_url    text,
    price            numeric(12, 5),
    price_unit       text,
    test             boolean     not null default false,
    created_at       timestamptz not null default now(),
    answered_at      timestamptz,
    ended_at         timestamptz,
    unique (twilio_call_sid, tenant_id)
) with (fillfactor = 85);
comment on column calls.twilio_call_sid  is 'of the root leg; null until Twilio has accepted an outbound call';
comment on column calls.from_number      is 'E.164, sip:..., client:... or anonymous: whatever Twilio''s From says';
comment on column calls.root_role        is
    'whose phone the root leg is: agent when an outbound call rings the agent first';
comment on column calls.status           is
    'of the customer''s leg; an inbound call that ended unanswered: why nobody answered';
comment on column calls.customer_number  is 'the outside party, E.164; null when withheld';
comment on column calls.record_reason    is
    'the switch that decided about recording: call, number, user, tenant, disclosure';
comment on column calls.nobody_to_dial   is 'the number forwarded nowhere when this call asked: we ended it';
comment on column calls.duration_seconds is 'CallDuration of the customer''s leg; not rounded up to billing units';
comment on column calls.talk_seconds     is 'agent and customer connected; null until the call has ended';
comment on column calls.recording_url    is
    'our own address of the audio, which needs a login; null until it is stored here';
comment on column calls.price            is 'Twilio''s, negative; null until Twilio has settled it';
-- status stands in no index: moving a call forward then rewrites no index (HOT), see fillfactor.
create index calls_newest on calls (tenant_id, created_at desc, id desc);

create table call_legs (
    tenant_id        uuid        not null,
    sid              text        not null collate "C" check (length(sid) = 34),
    parent_sid       text        collate "C" check (length(parent_sid) = 34),
    call_id          uuid        references calls on delete cascade,
    role             text        not null default 'other' check (role in ('customer', 'agent', 'other')),
    status           call_status not null,
    dial_status      call_status,
    endpoint         text,
    started_at       timestamptz,
    rang_at          timestamptz,
    answered_at      timestamptz,
    ended_at         timestamptz,
    duration_seconds integer     check (duration_seconds >= 0),
    price            numeric(12, 5),
    price_unit       text,
    primary key (sid, tenant_id)
) with (fillfactor = 85);
comment on column call_legs.call_id     is 'null until the call is known: a leg''s callback may come first';
comment on column call_legs.dial_status is 'of a parent: DialCallStatus of its last Dial';
comment on column call_legs.endpoint    is 'who was dialled: number, client:..., sip:...';
comment on column call_legs.started_at  is
    'this and the next three: Twilio''s Timestamp where it sends one, else when we received it';
create index call_legs_call    on call_legs (call_id) where call_id is not null;
create index call_legs_orphans on call_legs (parent_sid, tenant_id) where call_id is null;

call tenant_table('calls');
call tenant_table('call_legs');
call ingest_table('calls', 'select, insert, update');
call ingest_table('call_legs', 'select, insert, update');
grant select on calls, call_legs to switchhook_reader;
