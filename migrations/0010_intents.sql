-- The promise to place one call, committed before Twilio is asked. One request may lead to at most one dial.
--   sending --> created | rejected | failed        (Twilio answered, or nothing left this machine)
--      '-----> unknown --> created | failed        (the request may have arrived: never dialled again; a webhook or
--                                                   Twilio's list tells)
set local role switchhook_owner;

create table call_intents (
    call_id         uuid        primary key references calls on delete cascade,
    tenant_id       uuid        not null,
    state           text        not null check (state in ('sending', 'unknown', 'created', 'rejected', 'failed')),
    mode            text        not null check (mode in ('customer_first', 'agent_first', 'message')),
    from_number     e164        not null,
    to_number       e164        not null,
    agent_number    e164,
    message         text        check (length(message) between 1 and 4096),
    idem_key        text        check (length(idem_key) between 1 and 255),
    request_hash    bytea       not null check (length(request_hash) = 32),
    links           jsonb       not null default '[]' check (jsonb_typeof(links) = 'array'),
    twilio_code     integer,
    reason          text        check (length(reason) <= 500),
    created_at      timestamptz not null default now(),
    settled_at      timestamptz,
    check (mode = 'message' or agent_number is not null),
    check (mode <> 'message' or message is not null)
);
comment on column call_intents.agent_number is 'the phone that is connected to the customer';
comment on column call_intents.idem_key is 'of the client''s request; the same key and body get the first answer again';
create unique index call_intents_once on call_intents (tenant_id, idem_key) where idem_key is not null;
create index call_intents_same on call_intents (tenant_id, request_hash, created_at desc);
create index call_intents_open on call_intents (created_at) where state in ('sending', 'unknown');

call tenant_table('call_intents');
call ingest_table('call_intents', 'select, update (state, settled_at)');
