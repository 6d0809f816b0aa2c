-- One audio object of a call. Twilio's words for status, then ours: stored (the file is here), erased.
set local role switchhook_owner;

create function recording_rank(text) returns integer language sql immutable parallel safe as $$
    select case $1 when 'in-progress' then 0 when 'paused' then 1 when 'stopped' then 2 when 'processing' then 3
                   when 'completed' then 4 when 'absent' then 4 when 'stored' then 5 when 'erased' then 6 end
$$;

create table recordings (
    id                   uuid        primary key default uuid7(),
    tenant_id            uuid        not null,
    sid                  text        not null collate "C" check (sid ~ '^RE[0-9a-f]{32}$'),
    call_sid             text        not null collate "C" check (call_sid ~ '^CA[0-9a-f]{32}$'),
    call_id              uuid        references calls on delete cascade,
    kind                 text        not null default 'call' check (kind in ('call', 'voicemail')),
    status               text        not null check (recording_rank(status) is not null),
    status_reason        text        check (length(status_reason) <= 500),
    source               text        check (length(source) <= 60),
    channels             integer     check (channels between 1 and 2),
    duration_seconds     integer     check (duration_seconds >= 0),
    started_at           timestamptz,
    path                 text        check (path ~ '^[0-9a-f-]{36}/RE[0-9a-f]{32}\.wav$'),
    bytes                bigint      check (bytes > 0),
    sha256               bytea       check (length(sha256) = 32),
    peaks                bytea       check (length(peaks) <= 8000),
    stored_at            timestamptz,
    transcription_status text        not null default 'none' check (transcription_status in (
                             'none', 'pending', 'processing', 'completed', 'failed', 'skipped:short', 'skipped:silent',
                             'skipped:consent', 'skipped:off', 'skipped:cap', 'skipped:too_large')),
    transcription_reason text        check (length(transcription_reason) <= 500),
    created_at           timestamptz not null default now(),
    unique (sid, tenant_id),
    unique (id, tenant_id),
    check ((status = 'stored') = (path is not null and sha256 is not null) or status = 'erased')
);
comment on column recordings.call_sid is 'of the parent leg; https://www.twilio.com/docs/voice/api/recording';
comment on column recordings.call_id  is 'null until the call is known: this callback may come first';
comment on column recordings.path     is 'below RECORDINGS_DIR: <tenant>/<sid>.wav';
comment on column recordings.peaks    is
    'loudest sample of each of up to 2,000 slices, a byte a channel, channels interleaved';
comment on column recordings.transcription_status is 'pending and processing have a job; all others are final';
create index recordings_call    on recordings (call_id) where call_id is not null;
create index recordings_orphans on recordings (call_sid, tenant_id) where call_id is null;

call tenant_table('recordings');
call ingest_table('recordings', 'select (id, tenant_id, sid, call_sid, call_id, status, status_reason, channels,
    duration_seconds, source, started_at, transcription_status), insert, update');
grant select on recordings to switchhook_reader;
