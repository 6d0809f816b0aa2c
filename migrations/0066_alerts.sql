-- Alerts: what somebody should know at once, whom it is told, and when they want to be left alone.
--   fact --once a cause--> notice --job notify: rules--> alert: waiting --job alert--> sending --> sent
--                                                                                        |--> failed | unknown
set local role switchhook_owner;

create function alert_kinds() returns text[] language sql immutable parallel safe as $$
    select '{missed_call,webhook_failed,transcription_failed,number_drift,spend,provider_failed}'::text[]
$$;

create function zone_known(name text) returns boolean language plpgsql immutable parallel safe as $$
begin
    perform now() at time zone name;
    return true;
exception when invalid_parameter_value then
    return false;
end $$;

create table alert_rules (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null references tenants,
    user_id     uuid        references users on delete cascade,
    client_id   uuid,
    kinds       text[]      not null check (cardinality(kinds) >= 1 and kinds <@ alert_kinds()),
    channel     text        not null check (channel in ('mail', 'sms')),
    target      text        check (length(target) between 3 and 254),
    time_zone   text        check (zone_known(time_zone)),
    quiet_from  time,
    quiet_until time,
    digest      text        not null default 'none' check (digest in ('none', 'hourly', 'daily')),
    digest_at   time        not null default '08:00',
    enabled     boolean     not null default true,
    created_at  timestamptz not null default now(),
    unique (id, tenant_id),
    check (user_id is not null or target is not null),
    check ((quiet_from is null) = (quiet_until is null)),
    foreign key (client_id, tenant_id) references clients (id, tenant_id) on delete cascade
);
comment on column alert_rules.client_id is 'only what is about this client; null: everything';
comment on column alert_rules.target    is 'address or number; null: the user''s own';
comment on column alert_rules.time_zone is 'of the quiet hours and the digest; null: the client''s, else the tenant''s';
create index alert_rules_newest on alert_rules (tenant_id, created_at desc, id desc);
create index alert_rules_user   on alert_rules (user_id) where user_id is not null;

create table notices (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    kind       text        not null check (kind = any (alert_kinds())),
    ref        text        not null collate "C" check (length(ref) between 1 and 200),
    call_id    uuid        references calls on delete cascade,
    client_id  uuid,
    detail     jsonb       not null default '{}' check (jsonb_typeof(detail) = 'object'),
    created_at timestamptz not null default now(),
    unique (id, tenant_id),
    unique (ref, kind, tenant_id)
);
comment on column notices.ref is 'the cause: there is one notice a cause, however often it is seen';
create index notices_call on notices (call_id) where call_id is not null;

create table alerts (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null,
    notice_id  uuid        not null,
    rule_id    uuid,
    channel    text        not null check (channel in ('mail', 'sms')),
    target     text        not null check (length(target) between 3 and 254),
    state      text        not null default 'waiting'
                           check (state in ('waiting', 'sending', 'sent', 'failed', 'unknown')),
    batch      uuid,
    sid        text        check (length(sid) = 34),
    reason     text        check (length(reason) <= 500),
    due_at     timestamptz not null,
    created_at timestamptz not null default now(),
    ended_at   timestamptz,
    foreign key (notice_id, tenant_id) references notices (id, tenant_id) on delete cascade
);
comment on column alerts.rule_id is 'null: no rule was about it, and the admins are told';
comment on column alerts.batch   is 'the alert whose message tells this one as well';
comment on column alerts.state   is 'unknown: nobody knows whether Twilio took the message, and it is not sent twice';
create index alerts_newest  on alerts (tenant_id, created_at desc, id desc);
create index alerts_notice  on alerts (notice_id);
create index alerts_waiting on alerts (target, channel, tenant_id) where state = 'waiting';

do $$
declare
    name text;
begin
    foreach name in array '{alert_rules,notices,alerts}'::text[] loop
        call tenant_table(name::regclass);
    end loop;
end $$;
create policy tell on alert_rules for select to switchhook_owner using (true);
create policy tell on notices to switchhook_owner using (true);

-- Notes that something should be known; the sweep tells whom the rules name. Nothing happens for a cause that is known.
create function notice_raise(what text, tenant uuid, cause text, call uuid, client uuid, more jsonb) returns void
    language sql volatile as $$
    with n as (
        insert into notices (tenant_id, kind, ref, call_id, client_id, detail)
        values (tenant, what, left(cause, 200), call, client, coalesce(more, '{}'))
        on conflict (ref, kind, tenant_id) do nothing
        returning id
    )
    insert into jobs (tenant_id, kind, ref) select tenant, 'notify', id::text from n
$$;

-- When an alert of this moment goes out: at the end of the quiet hours that it falls into, or with the next digest.
create function alert_due(at timestamptz, zone text, quiet_from time, quiet_until time, digest text, digest_at time)
    returns timestamptz language plpgsql immutable parallel safe as $$
declare
    today date        := (at at time zone zone)::date;
    due   timestamptz := at;
    clock time;
begin
    if digest = 'hourly' then
        due := date_trunc('hour', at, zone) + interval '1 hour';
    elsif digest = 'daily' then
        due := (today + digest_at) at time zone zone;
        if due <= at then
            due := (today + 1 + digest_at) at time zone zone;
        end if;
    end if;
    clock := (due at time zone zone)::time;
    if quiet_from < quiet_until and clock >= quiet_from and clock < quiet_until
       or quiet_from > quiet_until and (clock >= quiet_from or clock < quiet_until) then
        today := (due at time zone zone)::date;
        due := case when (today + quiet_until) at time zone zone > due then (today + quiet_until) at time zone zone
                    else (today + 1 + quiet_until) at time zone zone end;
    end if;
    return due;
end $$;

create or replace function tenant_watched(tenant uuid) returns boolean language sql stable as $$
    select exists (select from webhook_endpoints e where e.tenant_id = tenant and e.enabled)
           or exists (select from alert_rules r
                       where r.tenant_id = tenant and r.enabled and 'missed_call' = any (r.kinds))
$$;
create trigger watch after insert or delete or update of enabled, kinds on alert_rules for each row
    execute function watch_tenant();

create function notice_call() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    if exists (select from alert_rules r
                where r.tenant_id = new.tenant_id and r.enabled and 'missed_call' = any (r.kinds)
                  and (r.client_id is null or r.client_id = new.client_id)) then
        perform notice_raise('missed_call', new.tenant_id, new.id::text, new.id, new.client_id, '{}');
    end if;
    return null;
end $$;
create trigger notice after update on calls for each row
    when (new.watched and new.outcome = 'missed' and old.outcome is distinct from 'missed')
    execute function notice_call();

create function notice_recording() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform notice_raise('transcription_failed', new.tenant_id, new.id::text, new.call_id,
        (select c.client_id from calls c where c.id = new.call_id),
        jsonb_build_object('call_sid', new.call_sid, 'recording_sid', new.sid, 'reason', new.transcription_reason));
    return null;
end $$;
create trigger notice after update on recordings for each row
    when (new.transcription_status = 'failed' and old.transcription_status <> 'failed')
    execute function notice_recording();

-- An endpoint that was turned off by what it answered, not by hand.
create function notice_endpoint() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform notice_raise('webhook_failed', new.tenant_id, new.id || ' ' || rfc3339(new.disabled_at), null, null,
        jsonb_build_object('url', new.url, 'reason', new.disabled_reason, 'call_sid',
            (select c.twilio_call_sid
               from webhook_deliveries d
               join webhook_messages m on m.id = d.message_id
               join calls c on c.id = m.call_id
              where d.endpoint_id = new.id and d.state = 'failed'
              order by d.ended_at desc limit 1)));
    return null;
end $$;
create trigger notice after update on webhook_endpoints for each row
    when (not new.enabled and old.enabled and new.disabled_reason is not null) execute function notice_endpoint();

do $$
declare
    name text;
begin
    foreach name in array '{notice_call,notice_recording,notice_endpoint}'::text[] loop
        execute format('revoke execute on function %I from public', name);
    end loop;
end $$;

create function rule_json(r alert_rules) returns json language sql stable as $$
    select json_build_object(
        'id', r.id, 'user_id', r.user_id, 'client_id', r.client_id, 'kinds', r.kinds, 'channel', r.channel,
        'target', r.target, 'time_zone', r.time_zone, 'quiet_from', to_char(r.quiet_from, 'HH24:MI'),
        'quiet_until', to_char(r.quiet_until, 'HH24:MI'), 'digest', r.digest,
        'digest_at', to_char(r.digest_at, 'HH24:MI'), 'enabled', r.enabled, 'created_at', rfc3339(r.created_at))
$$;

create function alert_json(a alerts) returns json language sql stable as $$
    select json_build_object(
        'id', a.id, 'kind', n.kind, 'ref', n.ref, 'call_id', n.call_id, 'rule_id', a.rule_id, 'channel', a.channel,
        'target', a.target, 'state', a.state, 'sid', a.sid, 'reason', a.reason, 'detail', n.detail,
        'due_at', rfc3339(a.due_at), 'created_at', rfc3339(a.created_at), 'ended_at', rfc3339(a.ended_at))
      from notices n where n.id = a.notice_id
$$;

-- A notice in words: {title, caller, lines: [...], href}, at times of a zone. A number that is sealed stands alone, so
-- that it can be opened. site: the public origin.
create function notice_words(n notices, zone text, site text) returns jsonb language plpgsql stable as $$
declare
    c     calls;
    lines jsonb := '[]';
    title text;
begin
    select * into c from calls where id = n.call_id;
    title := case n.kind
        when 'missed_call' then 'Missed call'
        when 'webhook_failed' then 'Webhooks are off: ' || (n.detail ->> 'url')
        when 'transcription_failed' then 'A call was not transcribed'
        when 'number_drift'
        then 'A number is not set up as it should be' || coalesce(': ' || (n.detail ->> 'number'), '')
        when 'spend' then 'Spending has reached ' || coalesce(n.detail ->> 'level', '') || ' % of a budget'
        else 'A provider fails' || coalesce(': ' || (n.detail ->> 'provider'), '') end;
    if c.id is not null then
        lines := jsonb_build_array(
            jsonb_build_object('name', 'When', 'value',
                to_char(c.created_at at time zone zone, 'Dy DD Mon YYYY HH24:MI') || ' (' || zone || ')'),
            jsonb_build_object('name', 'Called', 'value', c.to_number),
            jsonb_build_object('name', 'Call', 'value', coalesce(c.twilio_call_sid, c.id::text)));
        if c.missed_reason is not null then
            lines := lines || jsonb_build_object('name', 'Why', 'value', replace(c.missed_reason, '_', ' '));
        end if;
    end if;
    return jsonb_build_object('kind', n.kind, 'title', title, 'to', c.to_number,
        'caller', case when n.kind = 'missed_call' then coalesce(c.customer_number, 'a withheld number') end,
        'clock', to_char(coalesce(c.created_at, n.created_at) at time zone zone, 'HH24:MI'),
        'lines', lines || coalesce((select jsonb_agg(jsonb_build_object('name', initcap(replace(d.key, '_', ' ')),
                                                                        'value', d.value) order by d.key)
                                      from jsonb_each_text(n.detail) d where d.value is not null), '[]'),
        'href', case when n.call_id is not null then site || '/app/calls/' || n.call_id else site || '/app/alerts' end);
end $$;
