-- Webhooks out, by Standard Webhooks 1.0.0: a message is written in the transaction of what it tells, and delivered by
-- the sweep. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
--   message --one for each endpoint that wants it--> delivery: waiting --2xx--> delivered
--                                                                |-- 10 failures, 410 --> failed
--                                                                |-- endpoint off     --> dropped
set local role switchhook_owner;

-- Every kind of event that is told.
create function webhook_kinds() returns text[] language sql immutable parallel safe as $$
    select '{call.created,call.ringing,call.answered,call.completed,call.updated,call.missed,voicemail.created,
             recording.available,recording.deleted,transcription.completed,transcription.failed,analysis.completed,
             disposition.set,number.purchased,number.released,agent.status_changed,test.ping}'::text[]
$$;

create table webhook_endpoints (
    id              uuid        primary key default uuid7(),
    tenant_id       uuid        not null references tenants,
    url             text        not null check (length(url) between 8 and 2000),
    description     text        check (length(description) <= 200),
    events          text[]      not null check (cardinality(events) >= 1 and events <@ webhook_kinds()),
    secret          text        not null check (secret like 'enc2|%'),
    old_secret      text        check (old_secret like 'enc2|%'),
    old_until       timestamptz,
    enabled         boolean     not null default true,
    disabled_reason text        check (length(disabled_reason) <= 500),
    disabled_at     timestamptz,
    created_at      timestamptz not null default now(),
    unique (id, tenant_id),
    check ((old_secret is null) = (old_until is null)),
    check (enabled = (disabled_at is null))
);
comment on column webhook_endpoints.secret     is 'whsec_..., sealed; shown once';
comment on column webhook_endpoints.old_secret is 'signs beside the new one until old_until';
create index webhook_endpoints_newest on webhook_endpoints (tenant_id, created_at desc, id desc);

-- The number of the last message about a call: what comes later has a higher one, whoever writes it.
create table webhook_sequences (
    call_id   uuid   primary key references calls on delete cascade,
    tenant_id uuid   not null,
    last      bigint not null check (last > 0)
) with (fillfactor = 70);

create table webhook_messages (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null,
    type       text        not null check (type = any (webhook_kinds())),
    call_id    uuid        references calls on delete cascade,
    body       json        not null check (octet_length(body::text) < 20480),
    created_at timestamptz not null default now(),
    unique (id, tenant_id)
);
comment on column webhook_messages.body is 'what is sent, without its spaces: type, timestamp, data';
create index webhook_messages_newest on webhook_messages (tenant_id, created_at);
create index webhook_messages_call   on webhook_messages (call_id) where call_id is not null;

create table webhook_deliveries (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null,
    endpoint_id uuid        not null,
    message_id  uuid        not null,
    state       text        not null default 'waiting' check (state in ('waiting', 'delivered', 'failed', 'dropped')),
    attempts    integer     not null default 0 check (attempts >= 0),
    resent      boolean     not null default false,
    created_at  timestamptz not null default now(),
    ended_at    timestamptz,
    unique (id, tenant_id),
    check ((state = 'waiting') = (ended_at is null)),
    foreign key (endpoint_id, tenant_id) references webhook_endpoints (id, tenant_id) on delete cascade,
    foreign key (message_id, tenant_id)  references webhook_messages  (id, tenant_id) on delete cascade
) with (fillfactor = 80);
comment on column webhook_deliveries.resent is 'asked for by hand or by a replay';
create index webhook_deliveries_newest   on webhook_deliveries (tenant_id, created_at desc, id desc);
create index webhook_deliveries_endpoint on webhook_deliveries (endpoint_id, created_at desc, id desc);
create index webhook_deliveries_message  on webhook_deliveries (message_id);

create table webhook_attempts (
    delivery_id uuid        not null,
    tenant_id   uuid        not null,
    n           integer     not null check (n > 0),
    at          timestamptz not null default now(),
    status      integer     check (status between 100 and 999),
    duration_ms integer     not null check (duration_ms >= 0),
    response    text        not null default '' check (octet_length(response) <= 8192),
    error       text        check (length(error) <= 500),
    primary key (delivery_id, n),
    foreign key (delivery_id, tenant_id) references webhook_deliveries (id, tenant_id) on delete cascade
);
comment on column webhook_attempts.status   is 'null: there was no answer; error says why';
comment on column webhook_attempts.response is 'its first 2 KiB';

-- Calls tell nobody unless somebody listens: webhooks from Twilio of a tenant without endpoints pay one comparison.
alter table tenants add column watched boolean not null default false;
comment on column tenants.watched is 'somebody is told about calls: an endpoint, or a rule for alerts';
alter table calls add column watched boolean;
comment on column calls.watched is 'of the tenant when the call began, or when it began to listen in the last 4 hours';
grant select (watched) on tenants to switchhook_ingest;

do $$
declare
    name text;
begin
    foreach name in array '{webhook_endpoints,webhook_sequences,webhook_messages,webhook_deliveries,
                            webhook_attempts}'::text[] loop
        call tenant_table(name::regclass);
    end loop;
    -- Messages are written by whoever changes a fact: with the owner's rights.
    foreach name in array '{webhook_sequences,webhook_messages,webhook_deliveries,jobs}'::text[] loop
        execute format('create policy tell on %I to switchhook_owner using (true)', name);
    end loop;
end $$;
create policy tell on webhook_endpoints for select to switchhook_owner using (true);
create policy tell on webhook_attempts  for select to switchhook_owner using (true);

-- Writes a message for every endpoint that wants it. ref: the call it is about, or null; the others of a call's facts
-- are numbered with it.
create function webhook_emit(kind text, tenant uuid, ref uuid, doc jsonb) returns void language plpgsql as $$
declare
    message uuid;
    n       bigint;
begin
    if not exists (select from webhook_endpoints e
                    where e.tenant_id = tenant and e.enabled and kind = any (e.events)) then
        return;
    end if;
    if ref is not null then
        insert into webhook_sequences as s (call_id, tenant_id, last) values (ref, tenant, 1)
            on conflict (call_id) do update set last = s.last + 1
            returning last into n;
        doc := doc || jsonb_build_object('sequence', n);
    end if;
    insert into webhook_messages (tenant_id, type, call_id, body)
        values (tenant, kind, ref, json_build_object('type', kind, 'timestamp', rfc3339(now()), 'data', doc))
        returning id into message;
    with d as (
        insert into webhook_deliveries (tenant_id, endpoint_id, message_id)
        select tenant, e.id, message
          from webhook_endpoints e
         where e.tenant_id = tenant and e.enabled and kind = any (e.events)
        returning id
    )
    insert into jobs (tenant_id, kind, ref) select tenant, 'webhook', id::text from d;
end $$;

create function tenant_watched(tenant uuid) returns boolean language sql stable as $$
    select exists (select from webhook_endpoints e where e.tenant_id = tenant and e.enabled)
$$;

-- Begins or ends to listen.
create function watch_tenant() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    who uuid := coalesce(new.tenant_id, old.tenant_id);
begin
    update tenants set watched = tenant_watched(who)
     where id = who and watched <> tenant_watched(who);
    if found and tenant_watched(who) then
        update calls set watched = true
         where tenant_id = who and ended_at is null and created_at > now() - interval '4 hours';
    end if;
    return null;
end $$;
create policy watch on tenants for update to switchhook_owner using (true);
create policy watch on calls to switchhook_owner using (true);
create policy watch on stat_dirty to switchhook_owner using (true);
create trigger watch after insert or delete or update of enabled on webhook_endpoints for each row
    execute function watch_tenant();

create function watch_call() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    new.watched := (select t.watched from tenants t where t.id = new.tenant_id);
    return new;
end $$;
create trigger watch before insert on calls for each row when (new.watched is null) execute function watch_call();

-- What has become of a call, in the order in which it happens.
create function tell_call() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    doc jsonb := call_json(new)::jsonb;
    was call_status := case when tg_op = 'UPDATE' then old.status end;
begin
    if tg_op = 'INSERT' then
        perform webhook_emit('call.created', new.tenant_id, new.id, doc);
    end if;
    if new.status = 'ringing' and (was is null or call_rank(was) < 2) then
        perform webhook_emit('call.ringing', new.tenant_id, new.id, doc);
    end if;
    if new.answered_at is not null and (tg_op = 'INSERT' or old.answered_at is null) then
        perform webhook_emit('call.answered', new.tenant_id, new.id, doc);
    end if;
    if call_rank(new.status) = 4 and (was is null or call_rank(was) < 4) then
        perform webhook_emit('call.completed', new.tenant_id, new.id, doc);
    elsif call_rank(new.status) = 4 and new.disposition is not distinct from old.disposition then
        perform webhook_emit('call.updated', new.tenant_id, new.id, doc);
    end if;
    if tg_op = 'UPDATE' and new.disposition is distinct from old.disposition then
        perform webhook_emit('disposition.set', new.tenant_id, new.id, doc);
    end if;
    if new.outcome = 'missed' and (tg_op = 'INSERT' or old.outcome is distinct from 'missed') then
        perform webhook_emit('call.missed', new.tenant_id, new.id, doc);
    end if;
    return null;
end $$;
create trigger tell_new after insert on calls for each row when (new.watched) execute function tell_call();
create trigger tell_change after update on calls for each row
    when (old.disposition is distinct from new.disposition
          or new.watched and (old.status, old.answered_at, old.ended_at, old.outcome, old.missed_reason,
                           old.duration_seconds, old.talk_seconds, old.recording_url, old.price, old.price_unit)
          is distinct from (new.status, new.answered_at, new.ended_at, new.outcome, new.missed_reason,
                            new.duration_seconds, new.talk_seconds, new.recording_url, new.price, new.price_unit))
    execute function tell_call();

create function tell_recording() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    if new.status = 'stored' and old.status <> 'stored' then
        perform webhook_emit('recording.available', new.tenant_id, new.call_id, recording_json(new)::jsonb);
        if new.kind = 'voicemail' then
            perform webhook_emit('voicemail.created', new.tenant_id, new.call_id, recording_json(new)::jsonb);
        end if;
    end if;
    if new.status = 'erased' and old.status <> 'erased' then
        perform webhook_emit('recording.deleted', new.tenant_id, new.call_id, recording_json(new)::jsonb);
    end if;
    if new.transcription_status = 'failed' and old.transcription_status <> 'failed' then
        perform webhook_emit('transcription.failed', new.tenant_id, new.call_id, recording_json(new)::jsonb);
    end if;
    return null;
end $$;
create trigger tell after update on recordings for each row
    when (new.status in ('stored', 'erased') and new.status <> old.status
          or new.transcription_status = 'failed' and old.transcription_status <> 'failed')
    execute function tell_recording();

-- A transcript may be longer than a message: it is told by where it is.
create function tell_transcript() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    r recordings;
begin
    select * into r from recordings where id = new.recording_id;
    perform webhook_emit('transcription.completed', new.tenant_id, r.call_id, jsonb_build_object(
        'id', new.id, 'recording_id', new.recording_id, 'call_id', r.call_id, 'call_sid', r.call_sid,
        'version', new.version, 'model', new.model, 'language', new.language, 'characters', length(new.text),
        'href', '/api/v1/calls/' || r.call_id));
    return null;
end $$;
create trigger tell after insert on transcripts for each row execute function tell_transcript();

create function tell_analysis() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    r recordings;
begin
    select x.* into r from transcripts t join recordings x on x.id = t.recording_id where t.id = new.transcript_id;
    perform webhook_emit('analysis.completed', new.tenant_id, r.call_id, jsonb_build_object(
        'id', new.id, 'transcript_id', new.transcript_id, 'recording_id', r.id, 'call_id', r.call_id,
        'call_sid', r.call_sid, 'version', new.version, 'model', new.model, 'sentiment', new.sentiment,
        'sentiment_score', new.sentiment_score, 'summary', left(new.summary, 2000),
        'href', '/api/v1/calls/' || r.call_id));
    return null;
end $$;
create trigger tell after insert on analyses for each row execute function tell_analysis();

create function tell_number() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('number.released', new.tenant_id, null, number_json(new)::jsonb);
    return null;
end $$;
create trigger tell after update of released_at on numbers for each row
    when (new.released_at is not null and old.released_at is null) execute function tell_number();

create function tell_agent() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('agent.status_changed', new.tenant_id, null, jsonb_build_object(
        'user_id', new.id, 'name', new.name, 'available', new.available, 'rings', new.rings,
        'disabled', new.disabled_at is not null));
    return null;
end $$;
create trigger tell after update of available, rings, disabled_at on users for each row
    when ((new.available, new.rings, new.disabled_at is null)
          is distinct from (old.available, old.rings, old.disabled_at is null))
    execute function tell_agent();

create policy tell on recordings  for select to switchhook_owner using (true);
create policy tell on transcripts for select to switchhook_owner using (true);

do $$
declare
    name text;
begin
    foreach name in array '{watch_tenant,watch_call,tell_call,tell_recording,tell_transcript,tell_analysis,tell_number,
                            tell_agent}'::text[] loop
        execute format('revoke execute on function %I from public', name);
    end loop;
end $$;

-- What an endpoint is, without its secrets.
create function endpoint_json(e webhook_endpoints) returns json language sql stable as $$
    select json_build_object(
        'id', e.id, 'url', e.url, 'description', e.description, 'events', e.events, 'enabled', e.enabled,
        'disabled_reason', e.disabled_reason, 'disabled_at', rfc3339(e.disabled_at),
        'old_secret_until', rfc3339(case when e.old_until > now() then e.old_until end),
        'created_at', rfc3339(e.created_at))
$$;

-- A delivery with all that was tried. next_at: when it is tried again.
create function delivery_json(d webhook_deliveries) returns json language sql stable as $$
    select json_build_object(
        'id', d.id, 'endpoint_id', d.endpoint_id, 'message_id', 'msg_' || replace(m.id::text, '-', ''),
        'type', m.type, 'call_id', m.call_id, 'state', d.state, 'resent', d.resent, 'url', e.url, 'body', m.body,
        'created_at', rfc3339(d.created_at), 'ended_at', rfc3339(d.ended_at),
        'next_at', case when d.state = 'waiting'
                        then (select rfc3339(j.due_at) from jobs j
                               where j.ref = d.id::text and j.kind = 'webhook' and j.tenant_id = d.tenant_id) end,
        'attempts', coalesce((select json_agg(json_build_object(
                                  'n', a.n, 'at', rfc3339(a.at), 'status', a.status, 'duration_ms', a.duration_ms,
                                  'response', a.response, 'error', a.error) order by a.n)
                                from webhook_attempts a where a.delivery_id = d.id), '[]'))
      from webhook_messages m, webhook_endpoints e
     where m.id = d.message_id and e.id = d.endpoint_id
$$;

-- What is older than 90 days goes, of every tenant.
create function outbox_forget() returns bigint language plpgsql volatile security definer
    set search_path = pg_catalog, public as $$
declare
    n bigint;
begin
    delete from webhook_messages where created_at < now() - interval '90 days';
    get diagnostics n = row_count;
    return n;
end $$;
revoke execute on function outbox_forget from public;
grant execute on function outbox_forget to switchhook_sweep;
