-- Who may hear recordings, for how long, and what may not be deleted.
set local role switchhook_owner;

-- What a tenant decides about its recordings; no row: the defaults.
create table recording_settings (
    tenant_id    uuid    primary key references tenants,
    link_seconds integer not null default 300 check (link_seconds between 30 and 900)
);
comment on column recording_settings.link_seconds is 'how long a signed link opens a recording';
call tenant_table('recording_settings');

create function link_seconds() returns integer language sql stable as $$
    select coalesce((select s.link_seconds from recording_settings s where s.tenant_id = current_tenant()), 300)
$$;

-- Legal holds: what one stands on is neither deleted nor erased until it is lifted. Ended ones stay, as evidence.
create table legal_holds (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    kind       text        not null check (kind in ('call', 'contact', 'client')),
    ref        uuid        not null,
    reason     text        not null check (length(reason) between 1 and 500),
    placed_by  text        not null check (length(placed_by) <= 200),
    placed_at  timestamptz not null default now(),
    lifted_by  text        check (length(lifted_by) <= 200),
    lifted_at  timestamptz,
    check ((lifted_by is null) = (lifted_at is null))
);
comment on column legal_holds.ref is 'calls.id, contacts.id or clients.id';
create unique index legal_holds_active on legal_holds (ref, kind, tenant_id) where lifted_at is null;
create index legal_holds_newest on legal_holds (tenant_id, placed_at desc, id desc);
call tenant_table('legal_holds');

-- The oldest hold that stands on a call, by itself, its contact or its client. Null: none.
create function call_hold(call uuid) returns legal_holds language sql stable as $$
    select h
      from calls c
      join legal_holds h on h.tenant_id = c.tenant_id and h.lifted_at is null
                        and (h.kind, h.ref) in (('call', c.id), ('contact', c.contact_id), ('client', c.client_id))
     where c.id = call
     order by h.placed_at, h.id
     limit 1
$$;

create function hold_json(h legal_holds) returns json language sql stable as $$
    select case when h.id is not null then json_build_object(
        'id', h.id, 'kind', h.kind, 'ref', h.ref, 'reason', h.reason, 'placed_by', h.placed_by,
        'placed_at', rfc3339(h.placed_at), 'lifted_by', h.lifted_by, 'lifted_at', rfc3339(h.lifted_at)) end
$$;

-- Whoever deletes or erases, retention included: the hold wins, and says so.
create function hold_guard() returns trigger language plpgsql as $$
declare
    h legal_holds := call_hold((to_jsonb(old) ->> tg_argv[0])::uuid);
begin
    if h.id is not null then
        raise exception 'a legal hold on the % stands since %: %', h.kind, rfc3339(h.placed_at), h.reason
            using errcode = 'check_violation';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
end $$;
create function hold_guard_text() returns trigger language plpgsql as $$
declare
    h legal_holds := call_hold((select r.call_id from recordings r where r.id = old.recording_id));
begin
    if h.id is null then return old; end if;
    raise exception 'a legal hold on the % stands since %: %', h.kind, rfc3339(h.placed_at), h.reason
        using errcode = 'check_violation';
end $$;
create trigger keep_held before delete on transcripts for each row execute function hold_guard_text();
create trigger keep_held before delete on calls for each row execute function hold_guard('id');
create trigger keep_held before delete on recordings for each row execute function hold_guard('call_id');
create trigger keep_held_audio before update of status on recordings
    for each row when (new.status = 'erased' and old.status <> 'erased') execute function hold_guard('call_id');

create index recordings_newest on recordings (tenant_id, created_at desc, id desc);

create or replace function recording_json(r recordings) returns json language sql stable as $$
    select json_build_object('id', r.id, 'sid', r.sid, 'call_id', r.call_id, 'call_sid', r.call_sid, 'kind', r.kind,
                             'status', r.status, 'status_reason', r.status_reason, 'channels', r.channels,
                             'duration_seconds', r.duration_seconds, 'bytes', r.bytes,
                             'sha256', encode(r.sha256, 'hex'), 'transcription_status', r.transcription_status,
                             'transcription_reason', r.transcription_reason, 'created_at', rfc3339(r.created_at),
                             'hold', hold_json(call_hold(r.call_id)))
$$;
