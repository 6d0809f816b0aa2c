-- What is transcribed, in which language, for how much; runs with other models; words that are looked for and found.
set local role switchhook_owner;

-- What a tenant decides about its transcripts; no row: the defaults.
create table transcription_settings (
    tenant_id         uuid    primary key references tenants,
    language          text    check (language ~ '^[a-z]{2,3}$'),
    minutes_per_month integer check (minutes_per_month >= 0),
    analysis          boolean not null default true
);
comment on column transcription_settings.language          is
    'ISO 639-1, told to the model; null: the model finds out';
comment on column transcription_settings.minutes_per_month is
    'of audio sent to models since the month began in the tenant''s zone, each channel by itself; null: no limit';
call tenant_table('transcription_settings');

-- What a client or a number has otherwise.
create table transcription_exceptions (
    id         uuid    primary key default uuid7(),
    tenant_id  uuid    not null references tenants,
    client_id  uuid,
    number_id  uuid,
    transcribe boolean,
    language   text    check (language ~ '^([a-z]{2,3}|auto)$'),
    check (num_nonnulls(client_id, number_id) = 1),
    foreign key (client_id, tenant_id) references clients (id, tenant_id) on delete cascade,
    foreign key (number_id, tenant_id) references numbers (id, tenant_id) on delete cascade
);
comment on table  transcription_exceptions            is
    'a number''s word counts before its client''s, that before the tenant''s';
comment on column transcription_exceptions.transcribe is 'null: as the next one says';
comment on column transcription_exceptions.language   is 'auto: the model finds out; null: as the next one says';
create unique index transcription_exceptions_client on transcription_exceptions (client_id, tenant_id);
create unique index transcription_exceptions_number on transcription_exceptions (number_id, tenant_id);
call tenant_table('transcription_exceptions');

create function transcription_settings_json() returns json language sql stable as $$
    select json_build_object(
        'language', s.language, 'minutes_per_month', s.minutes_per_month, 'analysis', coalesce(s.analysis, true),
        'exceptions', coalesce((select json_agg(json_build_object('client_id', e.client_id, 'number_id', e.number_id,
                                                    'transcribe', e.transcribe, 'language', e.language)
                                                order by e.client_id, e.number_id)
                                  from transcription_exceptions e where e.tenant_id = current_tenant()), '[]'))
      from (select current_tenant() as id) t
      left join transcription_settings s on s.tenant_id = t.id
$$;

-- The language a recording's model is told: its number's, client's or tenant's. Null: none.
create function transcription_language(r recordings) returns text language sql stable as $$
    select nullif(coalesce(n.language, e.language, s.language), 'auto')
      from (select r.tenant_id as id) t
      left join calls c on c.id = r.call_id
      left join transcription_exceptions n on n.tenant_id = t.id and n.number_id = c.number_id
      left join transcription_exceptions e on e.tenant_id = t.id and e.client_id = c.client_id
      left join transcription_settings s on s.tenant_id = t.id
$$;

-- Is a recording of so many seconds transcribed? The word for transcription_status: pending, or why not. Strictly more
-- than the tenant's threshold is transcribed.
create function transcription_verdict(r recordings, seconds integer) returns text language sql stable as $$
    select case when r.transcription_status like 'skipped:%' then r.transcription_status
                when not coalesce(n.transcribe, e.transcribe, t.transcribe) or not coalesce(s.auto_transcribe, true)
                then 'skipped:off'
                when coalesce(r.duration_seconds, seconds) <= t.transcribe_over_seconds then 'skipped:short'
                else 'pending' end
      from tenants t
      left join calls c on c.id = r.call_id
      left join user_voip_settings s on s.user_id = c.user_id
      left join transcription_exceptions n on n.tenant_id = t.id and n.number_id = c.number_id
      left join transcription_exceptions e on e.tenant_id = t.id and e.client_id = c.client_id
     where t.id = r.tenant_id
$$;

-- The price of a model: what prices has for its name, else for '*'; no row: nobody has said. The table is made by a
-- later migration of the ledger's.
create function model_price(purpose text, model text)
    returns table (unit text, amount numeric, currency text) language plpgsql stable as $$
begin
    if to_regclass('public.prices') is null then return; end if;
    return query
        select p.unit, p.amount, p.currency
          from prices p
         where p.tenant_id = current_tenant() and p.kind = purpose and p.item in (model, '*')
         order by p.item = '*'
         limit 1;
end $$;

create function model_cost(purpose text, model text, seconds numeric)
    returns table (cost numeric, currency text) language sql stable as $$
    select round(case p.unit when 'minute' then coalesce(seconds, 0) / 60 * p.amount else p.amount end, 6), p.currency
      from model_price(purpose, model) p
$$;

-- What each request cost, and for which job; what a version cost in all is kept with it.
alter table ai_requests add column job_id   uuid;
alter table ai_requests add column cost     numeric(14, 6);
alter table ai_requests add column currency text check (currency ~ '^[A-Z]{3}$');
comment on column ai_requests.cost is 'by the tenant''s prices when it was sent; null: it was refused, or has no price';
create index ai_requests_month on ai_requests (tenant_id, created_at) include (seconds) where purpose = 'transcribe';
alter table transcripts add column cost     numeric(14, 6);
alter table transcripts add column currency text check (currency ~ '^[A-Z]{3}$');
alter table transcripts add column asked_by text check (length(asked_by) <= 200);
comment on column transcripts.cost     is
    'of all requests of its run, repeated ones included; null: nobody knows prices';
comment on column transcripts.asked_by is 'who had it made once more; null: the sweep, by the tenant''s settings';
alter table analyses    add column cost     numeric(14, 6);
alter table analyses    add column currency text check (currency ~ '^[A-Z]{3}$');

create function job_cost(job uuid) returns table (cost numeric, currency text) language sql stable as $$
    select sum(a.cost), min(a.currency) from ai_requests a where a.job_id = job and a.cost is not null
    having count(*) > 0
$$;
create index ai_requests_job on ai_requests (job_id) where job_id is not null;

-- Seconds of audio that the tenant's transcripts have taken or will take this month: sent to a model, whatever came of
-- it, refusals excepted; and of recordings in work what is still to be sent. Not counted: those of `mine`.
create function transcription_used(mine uuid) returns numeric language sql stable as $$
    with month as (
        select date_trunc('month', now() at time zone t.time_zone) at time zone t.time_zone as began
          from tenants t where t.id = current_tenant()
    ), sent as materialized (
        select a.recording_id, sum(a.seconds) as seconds
          from ai_requests a, month m
         where a.tenant_id = current_tenant() and a.purpose = 'transcribe' and a.created_at >= m.began
           and (a.outcome in ('ok', 'sent') or a.outcome like 'unusable:%')
         group by a.recording_id
    ), due as (
        select sum(greatest(coalesce(r.duration_seconds, 0) * coalesce(r.channels, 2) - coalesce(s.seconds, 0), 0))
                   as seconds
          from recordings r left join sent s on s.recording_id = r.id
         where r.tenant_id = current_tenant() and r.transcription_status = 'processing' and r.id <> mine
    )
    select coalesce((select sum(seconds) from sent), 0) + coalesce((select seconds from due), 0)
$$;

-- Would a recording go beyond the tenant's minutes? Null: there is no limit.
create function transcription_over(r recordings) returns boolean language sql stable as $$
    select transcription_used(r.id) + coalesce(r.duration_seconds, 0) * coalesce(r.channels, 2)
           > s.minutes_per_month * 60
      from transcription_settings s
     where s.tenant_id = r.tenant_id and s.minutes_per_month is not null
$$;

-- One decision about a tenant's minutes at a time.
create function transcription_lock() returns boolean language sql volatile as $$
    select pg_advisory_xact_lock(hashtextextended('transcribe' || current_tenant(), 0)) is not null
$$;

-- A run that somebody asked for: another model or language. Its job is of the kind retranscribe.
create table transcript_runs (
    id            uuid           primary key default uuid7(),
    tenant_id     uuid           not null,
    recording_id  uuid           not null,
    model         text           not null check (length(model) between 1 and 200),
    language      text           check (language ~ '^[a-z]{2,3}$'),
    estimate      numeric(14, 6),
    currency      text           check (currency ~ '^[A-Z]{3}$'),
    asked_by      text           not null check (length(asked_by) <= 200),
    transcript_id uuid,
    created_at    timestamptz    not null default now(),
    foreign key (recording_id, tenant_id) references recordings (id, tenant_id) on delete cascade
);
comment on column transcript_runs.estimate      is 'what was shown before it was asked for; null: there is no price';
comment on column transcript_runs.transcript_id is 'what came of it; null: not yet, or nothing';
create index transcript_runs_recording on transcript_runs (recording_id);
call tenant_table('transcript_runs');

-- Why a job waits, in a word that many share.
alter table jobs add column cause text check (cause ~ '^[a-z]{1,20}:[a-z]{1,20}$');
comment on column jobs.cause is 'whose trouble and which, model:quota; of a job that is not done; reason tells more';
create index jobs_cause on jobs (cause, tenant_id) where cause is not null and state <> 'done';
create index jobs_newest on jobs (tenant_id, created_at desc, id desc) where state <> 'done';

-- One row for all that fails for one cause, until it is over. Somebody is told once.
create table alarms (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null,
    cause      text        not null check (cause ~ '^[a-z]{1,20}:[a-z]{1,20}$'),
    reason     text        check (length(reason) <= 500),
    n          bigint      not null default 1 check (n > 0),
    first_at   timestamptz not null default now(),
    last_at    timestamptz not null default now(),
    cleared_at timestamptz
);
comment on column alarms.n is 'how often a job was parked or given up for it';
create unique index alarms_open on alarms (cause, tenant_id) where cleared_at is null;
create index alarms_newest on alarms (tenant_id, first_at desc, id desc);
call tenant_table('alarms');

create function job_json(j jobs) returns json language sql stable as $$
    select json_build_object('id', j.id, 'kind', j.kind, 'ref', j.ref, 'state', j.state, 'attempts', j.attempts,
                             'cause', j.cause, 'reason', j.reason,
                             'next_attempt_at', case j.state when 'running' then rfc3339(j.leased_until)
                                                             when 'dead' then null else rfc3339(j.due_at) end,
                             'created_at', rfc3339(j.created_at))
$$;
