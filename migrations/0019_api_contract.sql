-- What the API's contract rests on: answers kept for repeated requests, entity tags, documents, a feed in commit order.
set local role switchhook_owner;

-- One answer for every repetition of a request.
--   (no row) --> running --> answered          a row is forgotten after 24 hours, or when nothing was done
create table idempotency_keys (
    tenant_id    uuid        not null references tenants,
    key          text        not null collate "C" check (length(key) between 1 and 255),
    request_hash bytea       not null check (length(request_hash) = 32),
    attempt      uuid        not null,
    status       integer     check (status between 200 and 599),
    type         text        check (length(type) <= 100),
    head         text        check (length(head) <= 4000),
    reply        text        check (reply like 'enc1|%'),
    created_at   timestamptz not null default now(),
    primary key (tenant_id, key),
    check ((status is null) = (reply is null))
);
comment on column idempotency_keys.request_hash is 'who asks, method, address and body: what makes two requests equal';
comment on column idempotency_keys.attempt      is 'the request that holds the row; another one is refused meanwhile';
comment on column idempotency_keys.status       is 'null while the first request is under way';
comment on column idempotency_keys.reply        is
    'sealed: an answer may hold numbers, names and keys that are shown once';
call tenant_table('idempotency_keys');

-- The strong entity tag of a document, as workers make it from the bytes they send.
create function etag(json) returns text language sql immutable parallel safe as $$
    select '"' || left(encode(sha256(convert_to($1::text, 'UTF8')), 'hex'), 32) || '"'
$$;

create function contact_json(c contacts) returns json language sql stable as $$
    select json_build_object('id', c.id, 'external_id', c.external_id, 'name', c.name, 'phone_number', c.phone_number,
                             'created_at', rfc3339(c.created_at))
$$;

create function client_json(c clients) returns json language sql stable as $$
    select json_build_object('id', c.id, 'external_id', c.external_id, 'name', c.name, 'forward_to', c.forward_to,
                             'time_zone', c.time_zone, 'created_at', rfc3339(c.created_at))
$$;

create function campaign_json(c campaigns) returns json language sql stable as $$
    select json_build_object('id', c.id, 'external_id', c.external_id, 'name', c.name,
                             'created_at', rfc3339(c.created_at))
$$;

create function number_json(n numbers) returns json language sql stable as $$
    select json_build_object('id', n.id, 'phone_number', n.e164, 'twilio_sid', n.twilio_sid, 'client_id', n.client_id,
                             'user_id', n.user_id, 'campaign_id', n.campaign_id, 'forward_to', n.forward_to,
                             'greeting', n.greeting, 'disclosure_mode', n.disclosure_mode, 'disclosure', n.disclosure,
                             'record', n.record, 'record_mode', n.record_mode, 'mask_caller', n.mask_caller,
                             'ring_timeout_seconds', n.ring_timeout_seconds, 'created_at', rfc3339(n.created_at))
$$;

create function recording_json(r recordings) returns json language sql stable as $$
    select json_build_object('id', r.id, 'sid', r.sid, 'call_id', r.call_id, 'call_sid', r.call_sid, 'kind', r.kind,
                             'status', r.status, 'status_reason', r.status_reason, 'channels', r.channels,
                             'duration_seconds', r.duration_seconds, 'bytes', r.bytes,
                             'sha256', encode(r.sha256, 'hex'), 'transcription_status', r.transcription_status,
                             'transcription_reason', r.transcription_reason, 'created_at', rfc3339(r.created_at))
$$;

create index contacts_newest on contacts (tenant_id, created_at desc, id desc);

-- The feed reads what has been committed, in an order in which nothing can appear behind a reader: by transaction, up
-- to the oldest one that is still under way. BRIN, for transactions number themselves in the order of the pages, and a
-- webhook must not pay for a second tree.
alter table webhook_events add column xid bigint;
alter table webhook_events alter column xid set default pg_current_xact_id()::text::bigint;
comment on column webhook_events.xid is 'transaction that stored it; null: from before there was a feed';
create index webhook_events_feed on webhook_events using brin (xid) with (pages_per_range = 16, autosummarize = on);
