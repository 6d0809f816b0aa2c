-- Text of recordings, and what a model read in it. Versions are kept; the newest counts.
set local role switchhook_owner;

create table transcripts (
    id           uuid        primary key default uuid7(),
    tenant_id    uuid        not null,
    recording_id uuid        not null references recordings on delete cascade,
    version      integer     not null default 1 check (version > 0),
    model        text        not null check (length(model) between 1 and 200),
    language     text        check (length(language) <= 40),
    text         text        not null,
    segments     jsonb       not null check (jsonb_typeof(segments) = 'array'),
    created_at   timestamptz not null default now(),
    unique (id, tenant_id),
    unique (recording_id, version)
);
comment on column transcripts.segments is
    '[{"speaker":"customer"|"agent"|"unknown","start":seconds,"end":seconds,"text":...}], in time order';

create table analyses (
    id              uuid          primary key default uuid7(),
    tenant_id       uuid          not null,
    transcript_id   uuid          not null references transcripts on delete cascade,
    version         integer       not null default 1 check (version > 0),
    model           text          not null check (length(model) between 1 and 200),
    sentiment       text          not null check (sentiment in ('positive', 'neutral', 'negative')),
    sentiment_score numeric(4, 3) not null check (sentiment_score between -1 and 1),
    summary         text          not null check (length(summary) <= 4000),
    action_items    jsonb         not null check (jsonb_typeof(action_items) = 'array'),
    topics          jsonb         not null check (jsonb_typeof(topics) = 'array'),
    created_at      timestamptz   not null default now(),
    unique (transcript_id, version)
);
comment on column analyses.action_items is
    '[{"text":..., "owner":"agent"|"customer"|"unknown", "quote": words of the transcript}]';

-- One row before each request that costs money, so that what was spent is known even if nobody lived to see the answer.
create table ai_requests (
    id           uuid        primary key default uuid7(),
    tenant_id    uuid        not null,
    recording_id uuid        not null references recordings on delete cascade,
    purpose      text        not null check (purpose in ('transcribe', 'analyse')),
    model        text        not null,
    seconds      integer     check (seconds >= 0),
    outcome      text        not null default 'sent' check (length(outcome) <= 200),
    created_at   timestamptz not null default now()
);
create index ai_requests_recording on ai_requests (recording_id);

call tenant_table('transcripts');
call tenant_table('analyses');
call tenant_table('ai_requests');
grant select on transcripts, analyses to switchhook_reader;
