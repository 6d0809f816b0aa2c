-- How long audio, text and metadata of calls stay, and what took them away. Days are whole local days of the tenant: of
-- a call of Monday kept for one day nothing is left after the night to Wednesday.
--   audio     recordings: here, in the bucket and at Twilio (job erase)
--   text      transcripts in all versions with words and analyses, and messages out that quote them
--   metadata  the call itself with legs, deliveries, notes, intents; what is gone has neither sound nor text
--   stray     deliveries, legs and recordings that belong to no call: by the tenant's days for metadata
-- Figures and costs stand: they name nobody.
set local role switchhook_owner;

-- No row: the next one counts, client before tenant; none at all: for ever.
create table retention_rules (
    id        uuid    primary key default uuid7(),
    tenant_id uuid    not null references tenants,
    client_id uuid,
    kind      text    not null check (kind in ('audio', 'text', 'metadata')),
    days      integer check (days between 1 and 36500)
);
comment on column retention_rules.client_id is
    'null: the tenant''s own word. No foreign key: a client that is deleted keeps its word for its calls';
comment on column retention_rules.days      is 'null: for ever';
create unique index retention_rules_once on retention_rules (tenant_id, client_id, kind) nulls not distinct;
call tenant_table('retention_rules');

-- A night's work, or one that somebody asked for.
--   audio -> text -> metadata -> stray -> files --all are removed--> done | failed: not within 20 hours
--                       '----------<----------' calls whose audio was still being removed
create table retention_runs (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null references tenants,
    day         date        not null,
    asked_by    text        check (length(asked_by) <= 200),
    state       text        not null default 'running' check (state in ('running', 'done', 'failed')),
    phase       text        not null default 'audio' check (phase in ('audio', 'text', 'metadata', 'stray', 'files')),
    at          timestamptz not null default '-infinity',
    after       uuid        not null default '00000000-0000-0000-0000-000000000000',
    pass        integer     not null default 0 check (pass >= 0),
    waiting     bigint      not null default 0 check (waiting >= 0),
    reason      text        check (length(reason) <= 500),
    started_at  timestamptz not null default now(),
    finished_at timestamptz,
    unique (id, tenant_id),
    check ((state = 'running') = (finished_at is null))
);
comment on column retention_runs.day      is
    'of the tenant''s zone: what is older at its midnight than it is kept goes';
comment on column retention_runs.asked_by is 'null: the clock';
comment on column retention_runs.at       is 'this and after: how far the phase has come, by time and id';
comment on column retention_runs.pass     is 'how often calls were gone through';
comment on column retention_runs.waiting  is
    'calls of this pass, or at the end recordings, whose audio is not removed yet';
create unique index retention_runs_night  on retention_runs (tenant_id, day) where asked_by is null;
create unique index retention_runs_one    on retention_runs (tenant_id) where state = 'running';
create index        retention_runs_newest on retention_runs (tenant_id, started_at desc, id desc);

create table retention_counts (
    run_id     uuid        not null,
    tenant_id  uuid        not null,
    kind       text        not null check (kind in ('audio', 'text', 'metadata', 'stray')),
    client_id  uuid,
    items      bigint      not null default 0 check (items >= 0),
    bytes      bigint      not null default 0 check (bytes >= 0),
    held       bigint      not null default 0 check (held >= 0),
    held_bytes bigint      not null default 0 check (held_bytes >= 0),
    oldest_at  timestamptz,
    foreign key (run_id, tenant_id) references retention_runs (id, tenant_id) on delete cascade
);
comment on column retention_counts.bytes is
    'of the audio as it is stored; of the text as PostgreSQL keeps it, compressed; of the deliveries of calls';
comment on column retention_counts.held  is 'what a legal hold kept';
create unique index retention_counts_once on retention_counts (run_id, kind, client_id, tenant_id) nulls not distinct;
call tenant_table('retention_runs');
call tenant_table('retention_counts');
-- A report is not rewritten.
revoke delete on retention_runs, retention_counts from switchhook_app;

alter table recordings add column retention_run uuid;
comment on column recordings.retention_run is 'which run of retention deleted the audio; null: none';
create index recordings_kept on recordings (tenant_id, created_at, id) where status not in ('erased', 'absent');

-- A text is as old as what was said, also one that was made later.
alter table transcripts add column said_at timestamptz not null default now();
comment on column transcripts.said_at is 'when the call began';
create function transcript_said() returns trigger language plpgsql as $$
begin
    new.said_at := coalesce((select coalesce(c.created_at, r.created_at)
                               from recordings r left join calls c on c.id = r.call_id
                              where r.id = new.recording_id), new.said_at);
    return new;
end $$;
create trigger date_text before insert on transcripts for each row execute function transcript_said();
update transcripts t
   set said_at = coalesce(c.created_at, r.created_at)
  from recordings r left join calls c on c.id = r.call_id
 where r.id = t.recording_id;
create index transcripts_said on transcripts (tenant_id, said_at, id);

-- A sale stays when its call is gone.
alter table conversions alter column call_id drop not null;
alter table conversions drop constraint conversions_call_id_fkey;
alter table conversions add foreign key (call_id) references calls on delete set null;
comment on column conversions.call_id is 'null: the call is no longer kept';

create function retention_json() returns json language sql stable as $$
    select json_build_object(
        'audio_days', max(r.days) filter (where r.kind = 'audio'),
        'text_days', max(r.days) filter (where r.kind = 'text'),
        'metadata_days', max(r.days) filter (where r.kind = 'metadata'),
        'clients', coalesce((select json_agg(k.doc order by k.client_id)
                               from (select o.client_id, jsonb_build_object('client_id', o.client_id)
                                            || jsonb_object_agg(o.kind || '_days', o.days) as doc
                                       from retention_rules o
                                      where o.tenant_id = current_tenant() and o.client_id is not null
                                      group by o.client_id) as k), '[]'))
      from retention_rules r
     where r.tenant_id = current_tenant() and r.client_id is null
$$;

-- Before which moment what goes, on a local day: of the tenant (client_id null) and of each client that has a word of
-- its own. wanted: days that are only thought of, {"client_id"?, "audio_days"?, ...}; 0: for ever.
create function retention_cuts(night date, wanted jsonb)
    returns table (client_id uuid, audio timestamptz, text timestamptz, metadata timestamptz) language sql stable as $$
    with rule as (
        select o.client_id, o.kind, o.days
          from retention_rules o
         where o.tenant_id = current_tenant()
           and not (coalesce(wanted ? (o.kind || '_days'), false)
                    and o.client_id is not distinct from (wanted ->> 'client_id')::uuid)
         union all
        select (wanted ->> 'client_id')::uuid, k, nullif((wanted ->> (k || '_days'))::integer, 0)
          from unnest('{audio,text,metadata}'::text[]) as k
         where wanted ? (k || '_days')
    ), who as (
        select null::uuid as client_id union select r.client_id from rule r
    ), days as (
        select w.client_id, k.kind, case when own.kind is not null then own.days else base.days end as days
          from who w
         cross join unnest('{audio,text,metadata}'::text[]) as k (kind)
          left join rule own on own.kind = k.kind and own.client_id = w.client_id
          left join rule base on base.kind = k.kind and base.client_id is null
    ), cut as (
        select d.client_id, d.kind,
               case when d.days is null then '-infinity'::timestamptz
                    else (night - d.days)::timestamp at time zone safe_zone(t.time_zone) end as cut
          from days d, tenants t
         where t.id = current_tenant()
    ), apart as (
        select c.client_id, max(c.cut) filter (where c.kind = 'audio') as audio,
               max(c.cut) filter (where c.kind = 'text') as text,
               max(c.cut) filter (where c.kind = 'metadata') as metadata
          from cut c
         group by c.client_id
    )
    select a.client_id, greatest(a.audio, a.metadata), greatest(a.text, a.metadata), a.metadata from apart a
$$;

-- Does a hold stand on a call, its contact or its client?
create function call_held(call uuid, contact uuid, client uuid) returns boolean language sql stable as $$
    select exists (select
                     from legal_holds h
                    where h.tenant_id = current_tenant() and h.lifted_at is null
                      and h.ref in (call, contact, client)
                      and h.kind = case h.ref when call then 'call' when contact then 'contact' else 'client' end)
$$;

-- The next rows behind a place that may be too old, by age, and which of them are. Whoever looks and whoever takes away
-- reads the same. A recording may be noted a while after its call began: a week is looked further.
create function retention_audio(night date, wanted jsonb, since timestamptz, after uuid, most integer)
    returns table (id uuid, at timestamptz, began timestamptz, call_id uuid, client_id uuid, bytes bigint, due boolean,
                   held boolean) language sql stable as $$
    with k as materialized (
        select c.client_id, c.audio as cut from retention_cuts(night, wanted) c
    ), walk as materialized (
        select r.id, r.created_at, r.call_id, coalesce(r.bytes, 0) as bytes
          from recordings r
         where r.tenant_id = current_tenant() and r.status not in ('erased', 'absent')
           and (r.created_at, r.id) > (since, after)
           and r.created_at < (select max(k.cut) from k) + interval '7 days'
         order by r.created_at, r.id
         limit most
    )
    select w.id, w.created_at, coalesce(c.created_at, w.created_at), w.call_id, c.client_id, w.bytes,
           coalesce(c.created_at, w.created_at) < coalesce(own.cut, base.cut),
           c.id is not null and call_held(c.id, c.contact_id, c.client_id)
      from walk w
      left join calls c on c.id = w.call_id
      left join k own on own.client_id = c.client_id
      join k base on base.client_id is null
$$;

create function retention_text(night date, wanted jsonb, since timestamptz, after uuid, most integer)
    returns table (id uuid, at timestamptz, began timestamptz, call_id uuid, client_id uuid, bytes bigint, due boolean,
                   held boolean) language sql stable as $$
    with k as materialized (
        select c.client_id, c.text as cut from retention_cuts(night, wanted) c
    ), walk as materialized (
        select t.id, t.said_at, t.recording_id,
               (pg_column_size(t.text) + pg_column_size(t.segments) + coalesce(pg_column_size(t.words), 0))::bigint
                   as bytes
          from transcripts t
         where t.tenant_id = current_tenant() and (t.said_at, t.id) > (since, after)
           and t.said_at < (select max(k.cut) from k)
         order by t.said_at, t.id
         limit most
    )
    select w.id, w.said_at, w.said_at, r.call_id, c.client_id, w.bytes, w.said_at < coalesce(own.cut, base.cut),
           c.id is not null and call_held(c.id, c.contact_id, c.client_id)
      from walk w
      join recordings r on r.id = w.recording_id
      left join calls c on c.id = r.call_id
      left join k own on own.client_id = c.client_id
      join k base on base.client_id is null
$$;

create function retention_metadata(night date, wanted jsonb, since timestamptz, after uuid, most integer)
    returns table (id uuid, at timestamptz, began timestamptz, call_id uuid, client_id uuid, bytes bigint, due boolean,
                   held boolean) language sql stable as $$
    with k as materialized (
        select c.client_id, c.metadata as cut from retention_cuts(night, wanted) c
    ), walk as materialized (
        select c.id, c.created_at, c.client_id, c.contact_id
          from calls c
         where c.tenant_id = current_tenant() and (c.created_at, c.id) > (since, after)
           and c.created_at < (select max(k.cut) from k)
         order by c.created_at, c.id
         limit most
    )
    select w.id, w.created_at, w.created_at, w.id, w.client_id,
           (select coalesce(sum(octet_length(e.raw)), 0) from webhook_events e where e.call_id = w.id)::bigint,
           w.created_at < coalesce(own.cut, base.cut),
           call_held(w.id, w.contact_id, w.client_id)
      from walk w
      left join k own on own.client_id = w.client_id
      join k base on base.client_id is null
$$;

-- What belongs to no call. It has no holder, and all of it goes.
create function retention_stray(night date, wanted jsonb, most integer)
    returns table (kind text, key text, began timestamptz, bytes bigint) language sql stable as $$
    with k as materialized (
        select c.metadata as cut from retention_cuts(night, wanted) c where c.client_id is null
    )
    (select 'event', e.digest::text, e.received_at, octet_length(e.raw)::bigint
       from webhook_events e, k
      where e.tenant_id = current_tenant() and e.call_id is null and e.received_at < k.cut limit most)
     union all
    (select 'leg', l.sid, l.started_at, 0
       from call_legs l, k
      where l.tenant_id = current_tenant() and l.call_id is null and l.started_at < k.cut limit most)
     union all
    (select 'recording', r.id::text, r.created_at, 0
       from recordings r, k
      where r.tenant_id = current_tenant() and r.call_id is null and r.created_at < k.cut limit most)
$$;

-- The local day of the next night, and the tenant's zone.
create function retention_night(out night date, out zone text) language sql stable as $$
    select n.today + case when exists (select from retention_runs r
                                        where r.tenant_id = current_tenant() and r.asked_by is null
                                          and r.day = n.today) then 1 else 0 end, n.zone
      from (select (now() at time zone safe_zone(t.time_zone))::date as today, safe_zone(t.time_zone) as zone
              from tenants t where t.id = current_tenant()) as n
$$;

-- Is there any rule at all?
create function retention_ruled() returns boolean language sql stable as $$
    select exists (select from retention_rules r where r.tenant_id = current_tenant() and r.days is not null)
$$;

-- What would go on a local day, by kind and client; after so many rows of a kind it stops counting: whole is then
-- false.
create function retention_lines(night date, wanted jsonb, most integer)
    returns table (kind text, client_id uuid, items bigint, bytes bigint, held bigint, held_bytes bigint,
                   oldest_at timestamptz, whole boolean) language sql stable as $$
    with seen as (
        select 'audio' as kind, a.client_id, a.bytes, a.began, a.due, a.held, 1 as place
          from retention_audio(night, wanted, '-infinity', '00000000-0000-0000-0000-000000000000', most) a
         union all
        select 'text', t.client_id, t.bytes, t.began, t.due, t.held, 2
          from retention_text(night, wanted, '-infinity', '00000000-0000-0000-0000-000000000000', most) t
         union all
        select 'metadata', m.client_id, m.bytes, m.began, m.due, m.held, 3
          from retention_metadata(night, wanted, '-infinity', '00000000-0000-0000-0000-000000000000', most) m
         union all
        select 'stray', null, s.bytes, s.began, true, false, 4 from retention_stray(night, wanted, most) s
    ), full_kind as (
        select s.kind from seen s group by s.kind having count(*) >= most
    )
    select s.kind, s.client_id, count(*) filter (where not s.held),
           coalesce(sum(s.bytes) filter (where not s.held), 0)::bigint, count(*) filter (where s.held),
           coalesce(sum(s.bytes) filter (where s.held), 0)::bigint, min(s.began) filter (where not s.held),
           s.kind not in (select f.kind from full_kind f)
      from seen s
     where s.due
     group by s.kind, s.client_id, s.place
     order by s.place, s.client_id
$$;

create function retention_taking(night date, wanted jsonb) returns json language sql stable as $$
    select json_build_object(
        'date', night, 'complete', coalesce(bool_and(l.whole), true),
        'lines', coalesce(json_agg(json_build_object(
                     'kind', l.kind, 'client_id', l.client_id, 'items', l.items, 'bytes', l.bytes,
                     'oldest_at', rfc3339(l.oldest_at), 'held', l.held, 'held_bytes', l.held_bytes)), '[]'))
      from retention_lines(night, wanted, 100000) l
$$;

-- A run as the API's document; lines: by client as well, else by kind alone.
create function retention_run_json(r retention_runs, lines boolean) returns json language sql stable as $$
    select json_build_object(
        'id', r.id, 'date', r.day, 'asked_by', r.asked_by, 'state', r.state, 'phase', r.phase, 'waiting', r.waiting,
        'reason', r.reason, 'started_at', rfc3339(r.started_at), 'finished_at', rfc3339(r.finished_at),
        'lines', coalesce((select json_agg(json_build_object(
                                      'kind', l.kind, 'client_id', l.client_id, 'items', l.items, 'bytes', l.bytes,
                                      'oldest_at', rfc3339(l.oldest_at), 'held', l.held, 'held_bytes', l.held_bytes)
                                  order by l.place, l.client_id)
                             from (select c.kind, case when lines then c.client_id end as client_id,
                                          sum(c.items)::bigint as items, sum(c.bytes)::bigint as bytes,
                                          sum(c.held)::bigint as held, sum(c.held_bytes)::bigint as held_bytes,
                                          min(c.oldest_at) as oldest_at,
                                          array_position('{audio,text,metadata,stray}'::text[], c.kind) as place
                                     from retention_counts c
                                    where c.run_id = r.id
                                    group by 1, 2) as l), '[]'))
$$;

-- Begins a run of the tenant's today and its job. Null: one is under way, or it was this night's turn already.
create function retention_begin(who text) returns retention_runs language plpgsql volatile as $$
declare
    r retention_runs;
begin
    insert into retention_runs (tenant_id, day, asked_by)
    select t.id, (now() at time zone safe_zone(t.time_zone))::date, left(who, 200)
      from tenants t
     where t.id = current_tenant()
    on conflict do nothing
    returning * into r;
    if r.id is not null then
        insert into jobs (tenant_id, kind, ref) values (r.tenant_id, 'retain', r.id::text);
    end if;
    return r;
end $$;

-- The night's run, once it is two o'clock there: an hour that a clock leaves out is over at three.
create function retention_due() returns integer language plpgsql volatile as $$
declare
    r retention_runs;
begin
    if not retention_ruled()
       or (select (now() at time zone safe_zone(t.time_zone))::time < '02:00' from tenants t
            where t.id = current_tenant())
       or exists (select from retention_night() n where n.night > (now() at time zone n.zone)::date) then
        return 0;
    end if;
    r := retention_begin(null);
    return (r.id is not null)::integer;
end $$;

-- Adds to what a run has taken and found held.
create function retention_count(run uuid, what text, client uuid, n bigint, size bigint, kept bigint, kept_size bigint,
                                oldest timestamptz) returns void language sql volatile as $$
    insert into retention_counts as c (run_id, tenant_id, kind, client_id, items, bytes, held, held_bytes, oldest_at)
    values (run, current_tenant(), what, client, n, size, kept, kept_size, oldest)
    on conflict (run_id, kind, client_id, tenant_id) do update
       set items = c.items + excluded.items, bytes = c.bytes + excluded.bytes, held = c.held + excluded.held,
           held_bytes = c.held_bytes + excluded.held_bytes, oldest_at = least(c.oldest_at, excluded.oldest_at)
$$;

-- Each of the next takes what is due of so many rows and counts it, in one transaction with how far it has come. How
-- many rows were looked at.

-- Audio: nobody hears it from now on; the job erase removes it here and at Twilio.
create function retain_audio(r retention_runs, most integer) returns integer language plpgsql volatile as $$
declare
    seen integer;
begin
    truncate retention_seen;
    insert into retention_seen select * from retention_audio(r.day, null, r.at, r.after, most);
    get diagnostics seen = row_count;
    update recordings x
       set status = 'erased', status_reason = 'its time is over', sealed_key = null, peaks = null,
           retention_run = r.id
      from retention_seen s
     where x.id = s.id and x.tenant_id = current_tenant() and s.due and not s.held;
    update calls c
       set recording_url = null
      from retention_seen s
     where c.id = s.call_id and c.tenant_id = current_tenant() and s.due and not s.held
       and c.recording_url is not null
       and not exists (select from recordings o
                        where o.call_id = c.id and o.status = 'stored' and o.kind = 'call');
    insert into jobs (tenant_id, kind, ref)
    select current_tenant(), 'erase', s.id::text from retention_seen s where s.due and not s.held
    on conflict (ref, kind, tenant_id) do nothing;
    return seen;
end $$;

create function retain_text(r retention_runs, most integer) returns integer language plpgsql volatile as $$
declare
    seen integer;
begin
    truncate retention_seen;
    insert into retention_seen select * from retention_text(r.day, null, r.at, r.after, most);
    get diagnostics seen = row_count;
    update recordings x
       set transcription_status = 'none', transcription_reason = 'its text''s time is over'
      from retention_seen s join transcripts t on t.id = s.id
     where x.id = t.recording_id and x.tenant_id = current_tenant() and s.due and not s.held
       and x.transcription_status = 'completed';
    delete from transcripts t
     using retention_seen s
     where t.id = s.id and t.tenant_id = current_tenant() and s.due and not s.held;
    delete from webhook_messages m
     using retention_seen s
     where m.call_id = s.call_id and m.tenant_id = current_tenant() and m.type = 'analysis.completed' and s.due
       and not s.held;
    return seen;
end $$;

-- Calls with all that hangs on them. One whose audio is still being removed is left to the next pass: its row is what
-- names the audio. Figures are kept before.
create function retain_metadata(r retention_runs, most integer) returns integer language plpgsql volatile as $$
declare
    seen  integer;
    later bigint;
    ids   uuid[];
    tied  text[];
    talks uuid[];
begin
    truncate retention_seen;
    insert into retention_seen select * from retention_metadata(r.day, null, r.at, r.after, most);
    get diagnostics seen = row_count;
    with open as (
        update retention_seen s
           set due = false
         where s.due and not s.held
           and exists (select from recordings o
                        where o.call_id = s.id
                          and (o.status not in ('erased', 'absent')
                               or exists (select from jobs j
                                           where j.ref = o.id::text and j.kind = 'erase'
                                             and j.tenant_id = o.tenant_id and j.state <> 'done')))
        returning s.id
    )
    select count(*) into later from open;
    update retention_runs x set waiting = x.waiting + later where x.id = r.id and x.tenant_id = r.tenant_id;
    if r.pass > 0 then -- they were counted
        update retention_seen s set due = false where s.held;
    end if;
    ids := array(select s.id from retention_seen s where s.due and not s.held);
    talks := array(select distinct c.conversation_id from calls c
                    where c.id = any (ids) and c.conversation_id is not null);
    tied := array(select i::text from unnest(ids) i
                   union all select o.id::text from recordings o where o.call_id = any (ids));
    perform stat_keep(ids);
    perform calls_remember(ids);
    delete from jobs j where j.ref = any (tied) and j.tenant_id = current_tenant() and j.state <> 'running';
    delete from webhook_events e where e.call_id = any (ids) and e.tenant_id = current_tenant();
    delete from calls c where c.id = any (ids) and c.tenant_id = current_tenant();
    delete from conversations v
     where v.id = any (talks) and v.tenant_id = current_tenant()
       and not exists (select from calls c where c.conversation_id = v.id);
    return seen;
end $$;
create index calls_conversation on calls (conversation_id) where conversation_id is not null;

create function retain_stray(r retention_runs, most integer) returns integer language plpgsql volatile as $$
declare
    seen integer;
begin
    truncate retention_strays;
    truncate retention_seen;
    insert into retention_strays select * from retention_stray(r.day, null, most);
    with open as (
        delete from retention_strays s
         using recordings o
         where s.kind = 'recording' and o.id = s.key::uuid
           and (o.status not in ('erased', 'absent')
                or exists (select from jobs j
                            where j.ref = s.key and j.kind = 'erase' and j.tenant_id = o.tenant_id
                              and j.state <> 'done'))
        returning s.key
    )
    update retention_runs x set waiting = x.waiting + (select count(*) from open)
     where x.id = r.id and x.tenant_id = r.tenant_id;
    select count(*) into seen from retention_strays;
    insert into retention_seen (began, bytes, due, held) select s.began, s.bytes, true, false from retention_strays s;
    delete from webhook_events e
     using retention_strays s
     where s.kind = 'event' and e.digest = s.key::uuid and e.tenant_id = current_tenant() and e.call_id is null;
    delete from call_legs l
     using retention_strays s
     where s.kind = 'leg' and l.sid = s.key and l.tenant_id = current_tenant() and l.call_id is null;
    delete from recordings o
     using retention_strays s
     where s.kind = 'recording' and o.id = s.key::uuid and o.tenant_id = current_tenant() and o.call_id is null;
    return seen;
end $$;

-- Audio of a run that is not removed yet, here or at Twilio.
create function retention_left(run uuid) returns bigint language sql stable as $$
    select count(*)
      from jobs j
      join recordings r on r.tenant_id = j.tenant_id and r.id::text = j.ref
     where j.tenant_id = current_tenant() and j.kind = 'erase' and j.state <> 'done' and r.retention_run = run
$$;

-- The end of a run, or a while of waiting for audio that is being removed: a day's outage of Twilio is waited for, less
-- the time to be done before the next night.
create function retain_files(r retention_runs, job uuid) returns text language plpgsql volatile as $$
declare
    n    bigint := retention_left(r.id);
    late boolean := now() > r.started_at + interval '20 hours';
    why  text;
begin
    if (n > 0 or r.waiting > 0) and not late then
        update retention_runs x
           set phase = case when r.waiting > 0 then 'metadata' else 'files' end, pass = x.pass + (r.waiting > 0)::int,
               waiting = 0, at = '-infinity', after = '00000000-0000-0000-0000-000000000000'
         where x.id = r.id and x.tenant_id = r.tenant_id;
        update jobs j
           set state = 'waiting', due_at = now() + interval '5 seconds', leased_until = null,
               attempts = greatest(j.attempts - 1, 0)
         where j.id = job;
        return 'waits';
    end if;
    if n > 0 or r.waiting > 0 then
        why := n || ' recordings are not removed, ' || r.waiting || ' calls wait for that';
    end if;
    update retention_runs x
       set state = case when why is null then 'done' else 'failed' end, finished_at = now(), reason = why,
           waiting = n
     where x.id = r.id and x.tenant_id = r.tenant_id
    returning * into r;
    update jobs j set state = 'done', finished_at = now(), leased_until = null, reason = null, cause = null
     where j.id = job;
    perform audit_add(coalesce(r.asked_by, 'sweep'), 'retention.run', r.id::text,
                      jsonb_build_object('new', retention_run_json(r, false)), null);
    perform retention_tell(r);
    return 'ended';
end $$;

-- One step of a run, under the lease of its job, which it renews: lost, more, waits or ended. A sweep that dies loses
-- what it had not committed, and whoever takes the job next goes on there.
create function retention_step(run uuid, job uuid, fence bigint, seconds integer, most integer) returns text
    language plpgsql volatile as $$
declare
    r    retention_runs;
    seen integer;
    last record;
begin
    update jobs j set leased_until = now() + make_interval(secs => seconds)
     where j.id = job and j.token = fence and j.state = 'running';
    if not found then return 'lost'; end if;
    select * into r from retention_runs x where x.id = run and x.tenant_id = current_tenant() for update;
    if r.id is null or r.state <> 'running' then
        update jobs j set state = 'done', finished_at = now(), leased_until = null where j.id = job;
        return 'ended';
    end if;
    if r.phase = 'files' then return retain_files(r, job); end if;
    perform set_config('app.figures_stand', 'on', true);
    if to_regclass('pg_temp.retention_seen') is null then
        create temporary table retention_seen (id uuid, at timestamptz, began timestamptz, call_id uuid,
                                               client_id uuid, bytes bigint, due boolean, held boolean);
        create temporary table retention_strays (kind text, key text, began timestamptz, bytes bigint);
    end if;
    seen := case r.phase when 'audio' then retain_audio(r, most) when 'text' then retain_text(r, most)
                         when 'metadata' then retain_metadata(r, most) else retain_stray(r, most) end;
    perform retention_count(r.id, r.phase, s.client_id, count(*) filter (where not s.held),
                            coalesce(sum(s.bytes) filter (where not s.held), 0)::bigint,
                            count(*) filter (where s.held),
                            coalesce(sum(s.bytes) filter (where s.held), 0)::bigint,
                            min(s.began) filter (where not s.held))
       from retention_seen s where s.due group by s.client_id;
    select s.at, s.id into last from retention_seen s where s.at is not null order by s.at desc, s.id desc limit 1;
    update retention_runs x
       set phase = case when seen >= most then r.phase
                        else (array['text', 'metadata', 'stray', 'files'])[
                             array_position('{audio,text,metadata,stray}'::text[], r.phase)] end,
           at    = case when seen >= most then coalesce(last.at, x.at) else '-infinity' end,
           after = case when seen >= most then coalesce(last.id, x.after)
                        else '00000000-0000-0000-0000-000000000000' end
     where x.id = r.id and x.tenant_id = r.tenant_id;
    return 'more';
end $$;
