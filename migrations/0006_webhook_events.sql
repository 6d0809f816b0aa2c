-- Every delivery from Twilio as it came: the truth from which everything else can be rebuilt.
set local role switchhook_owner;

create table webhook_events (
    tenant_id   uuid        not null,
    digest      uuid        not null,
    kind        text        not null collate "C",
    event_type  text        not null collate "C",
    call_sid    text        not null collate "C",
    call_id     uuid,
    received_at timestamptz not null,
    raw         bytea       not null
);
comment on column webhook_events.digest   is
    'first 128 bits of SHA-256 over kind, account and the sorted fields: two deliveries of one callback are one row';
comment on column webhook_events.raw      is
    'the fields as they came; bytea, for text and jsonb refuse bytes that Twilio may send';
comment on column webhook_events.call_sid is 'of the leg; empty where a delivery names none';
comment on column webhook_events.call_id  is
    'null until the call is known; no foreign key, for it would cost each webhook and an event outlives its call';
create unique index webhook_events_once    on webhook_events (digest, tenant_id);
create index        webhook_events_call    on webhook_events (call_id, received_at) where call_id is not null;
create index        webhook_events_newest  on webhook_events using brin (received_at);
create index        webhook_events_orphans on webhook_events (call_sid, tenant_id) where call_id is null;

-- One urlencoded name or value as text that UTF-8 and jsonb can hold: a NUL becomes U+FFFD, and where the bytes are not
-- UTF-8 they are read as Latin-1.
create function form_text(encoded text) returns text language plpgsql immutable parallel safe as $$
declare
    bytes bytea;
begin
    select decode(coalesce(string_agg(case when m[1] = '%00'     then 'efbfbd'
                                           when length(m[1]) = 3 then substr(m[1], 2)
                                           when m[1] = '+'       then '20'
                                           else encode(convert_to(m[1], 'UTF8'), 'hex') end, '' order by n), ''), 'hex')
      into bytes
      from regexp_matches(encoded, '%[0-9a-fA-F]{2}|.', 'gs') with ordinality as t(m, n);
    return convert_from(bytes, 'UTF8');
exception when character_not_in_repertoire or untranslatable_character then
    return convert_from(bytes, 'LATIN1');
end $$;

-- The fields of a form as one object, the way the guides print them; of a repeated name the last value counts.
create function form_json(raw bytea) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(form_text(split_part(field, '=', 1)),
                                     form_text(case when strpos(field, '=') = 0 then ''
                                                    else substr(field, strpos(field, '=') + 1) end) order by n), '{}')
      from unnest(string_to_array(convert_from(raw, 'LATIN1'), '&')) with ordinality as f(field, n)
     where field <> ''
$$;

-- What happened in a call's life, oldest callbacks included that came before their call was known.
create view call_events with (security_invoker = true) as
    select e.digest as id, e.tenant_id, e.call_id, e.event_type, form_json(e.raw) as event_data,
           e.received_at as created_at, e.call_sid, e.kind, e.raw
      from webhook_events e;
comment on view call_events is 'event_data is parsed from raw, the body as it was received, when it is read';

call tenant_table('webhook_events');
call ingest_table('webhook_events', 'select, insert, update');
grant select on call_events to switchhook_app;
grant select on webhook_events, call_events to switchhook_reader;
