-- Calls under control while they run: what is asked of Twilio is written down before, and what came of it behind.
--   sending --> done | failed
--      '-----> unknown --> done | failed           (Twilio may have done it: looked up, never blindly done again)
set local role switchhook_owner;

create table call_commands (
    id          uuid        primary key,
    tenant_id   uuid        not null,
    call_id     uuid        not null references calls on delete cascade,
    kind        text        not null check (kind in ('end', 'transfer', 'consult', 'complete', 'cancel', 'hold',
                                                     'resume', 'dtmf', 'recording_pause', 'recording_resume')),
    target      text        check (length(target) <= 200),
    digits      text        check (digits ~ '^[0-9A-D*#w]{1,32}$'),
    seconds     integer     check (seconds between 1 and 3600),
    state       text        not null default 'sending' check (state in ('sending', 'unknown', 'done', 'failed')),
    reason      text        check (length(reason) <= 500),
    actor       text        not null check (length(actor) between 1 and 200),
    created_at  timestamptz not null default now(),
    settled_at  timestamptz
);
create unique index call_commands_one on call_commands (call_id) where state = 'sending';
create index call_commands_call on call_commands (call_id, created_at);
comment on table  call_commands         is 'at most one of a call is under way';
comment on column call_commands.target  is 'of transfer and consult: who is rung';
comment on column call_commands.seconds is 'of recording_pause: after how long it is resumed by itself';

create table call_controls (
    call_id                uuid        primary key references calls on delete cascade,
    tenant_id              uuid        not null,
    room                   text        collate "C" check (length(room) <= 100),
    conference_sid         text        collate "C" check (length(conference_sid) = 34),
    held                   boolean     not null default false,
    recording_paused       boolean     not null default false,
    recording_paused_until timestamptz,
    consult_sid            text        collate "C" check (length(consult_sid) = 34),
    transfer               jsonb
);
comment on column call_controls.room             is
    'name of the conference that the two legs of a Dial are to meet in; null: they are bridged by the Dial';
comment on column call_controls.recording_paused is 'what Twilio has said of it, not what was asked';
comment on column call_controls.consult_sid      is 'leg of whom the agent asks before a warm transfer';
comment on column call_controls.transfer         is
    'the last one: {"mode": blind or warm, "to", "state": sent, consulting, completed, cancelled}';

call tenant_table('call_commands');
call tenant_table('call_controls');
call ingest_table('call_controls', 'select');

-- What a call's page shows of it.
create function control_json(c calls) returns jsonb language sql stable as $$
    select jsonb_build_object('held', coalesce(x.held, false) and c.ended_at is null,
                              'conference', x.room is not null,
                              'recording_paused', coalesce(x.recording_paused, false) and c.ended_at is null,
                              'recording_paused_until',
                              case when c.ended_at is null then rfc3339(x.recording_paused_until) end,
                              'transfer', x.transfer)
      from (select c.id as call_id) k
      left join call_controls x on x.call_id = k.call_id
$$;
