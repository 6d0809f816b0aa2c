-- People are told of what the sweep cannot do, once a cause and once when it is over; of numbers that are not as they
-- should be; and of runs of retention.
set local role switchhook_owner;

do $$
declare
    alerts text := array_append(alert_kinds(), 'retention_failed')::text;
    hooks  text := (webhook_kinds() || '{alarm.raised,alarm.cleared,number.unhealthy,retention.completed,
                                         retention.failed}'::text[])::text;
begin
    execute format('create or replace function alert_kinds() returns text[] language sql immutable parallel safe as %L',
                   format('select %L::text[]', alerts));
    execute format('create or replace function webhook_kinds() returns text[] language sql immutable parallel safe '
                   'as %L', format('select %L::text[]', hooks));
end $$;

-- What to do about an alarm: its cause is whose trouble and which.
create function alarm_cure(cause text) returns text language sql immutable parallel safe as $$
    select coalesce(
        (select c.cure
           from (values
             ('model:settings', 'Set OPENAI_API_KEY in the settings of the server.'),
             ('model:key',      'The provider refuses the key: give OPENAI_API_KEY another one.'),
             ('model:quota',    'The account at the provider is used up: pay there; what waits goes on by itself.'),
             ('model:busy',     'The provider asks for patience: nothing is to be done unless it lasts.'),
             ('twilio:settings', 'Give the tenant its account at Twilio: PUT /api/v1/settings/twilio.'),
             ('twilio:key',     'Twilio refuses the credentials: PUT /api/v1/settings/twilio with valid ones.'),
             ('mail:settings',  'Set SMTP_URL and MAIL_FROM in the settings of the server.')) as c (cause, cure)
          where c.cause = alarm_cure.cause),
        case split_part(alarm_cure.cause, ':', 2)
            when 'provider' then 'It does not answer, or not with success: look at its status page; it is tried again.'
            when 'answer'   then 'Its answers cannot be used: look at the reason, and at the model or address in use.'
            when 'absent'   then 'What was asked for is not there any more: look at the reason.'
            when 'disk'     then 'The server could not do it: look at its log, its disk and its keys.'
            else 'Look at the reason, then requeue: switchhook sweep requeue, or POST /api/v1/sweep/requeue.' end)
$$;

create function tell_alarm() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    over boolean := new.cleared_at is not null;
    doc  jsonb   := jsonb_build_object(
        'provider', split_part(new.cause, ':', 1), 'cause', new.cause, 'reason', new.reason, 'over', over,
        'what_to_do', case when not over then alarm_cure(new.cause) end);
begin
    perform notice_raise(case when new.cause like 'retention:%' then 'retention_failed' else 'provider_failed' end,
                         new.tenant_id, 'alarm ' || new.id || case when over then ' over' else '' end, null, null,
                         jsonb_strip_nulls(doc));
    perform webhook_emit(case when over then 'alarm.cleared' else 'alarm.raised' end, new.tenant_id, null,
        jsonb_build_object('id', new.id, 'cause', new.cause, 'reason', new.reason, 'count', new.n,
                           'first_at', rfc3339(new.first_at), 'last_at', rfc3339(new.last_at),
                           'cleared_at', rfc3339(new.cleared_at), 'what_to_do', alarm_cure(new.cause)));
    return null;
end $$;
create trigger tell_new after insert on alarms for each row execute function tell_alarm();
create trigger tell_end after update of cleared_at on alarms for each row
    when (old.cleared_at is null and new.cleared_at is not null) execute function tell_alarm();

-- A number that has come to differ from what we want at Twilio, or has gone there. A look that finds the same again
-- tells nobody.
create function tell_drift() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    n numbers;
begin
    select * into n from numbers where id = new.number_id;
    perform notice_raise('number_drift', new.tenant_id,
        new.number_id || coalesce(' gone ' || rfc3339(new.vanished_at),
                                  ' ' || rfc3339(coalesce(new.checked_at, now()))), null,
        n.client_id, jsonb_build_object(
            'number', n.e164,
            'differs', case when new.vanished_at is not null then 'the account at Twilio does not have it any more'
                            else (select string_agg(d ->> 'what' || ' is ' || (d ->> 'is') || ', should be '
                                                    || (d ->> 'wanted'), '; ')
                                    from jsonb_array_elements(new.drift) d) end,
            'what_to_do', case when new.vanished_at is not null
                               then 'Buy or adopt it again, or release it here.'
                               else 'Set it anew: switchhook number apply, or POST /api/v1/numbers/' || new.number_id
                                    || '/apply.' end));
    perform webhook_emit('number.unhealthy', new.tenant_id, null, jsonb_build_object(
        'number_id', new.number_id, 'phone_number', n.e164, 'drift', new.drift,
        'vanished_at', rfc3339(new.vanished_at), 'checked_at', rfc3339(new.checked_at)));
    return null;
end $$;
create trigger tell_new after insert on number_health for each row
    when (new.drift <> '[]' or new.vanished_at is not null) execute function tell_drift();
create trigger tell_change after update on number_health for each row
    when (old.drift = '[]' and new.drift <> '[]' or old.vanished_at is null and new.vanished_at is not null)
    execute function tell_drift();
create policy tell on numbers for select to switchhook_owner using (true);

-- The end of a run.
create function retention_tell(r retention_runs) returns void language sql volatile as $$
    select webhook_emit(case r.state when 'done' then 'retention.completed' else 'retention.failed' end, r.tenant_id,
                        null, retention_run_json(r, false)::jsonb);
    select notice_raise('retention_failed', r.tenant_id, 'run ' || r.id, null, null, jsonb_build_object(
               'date', r.day, 'reason', r.reason,
               'what_to_do', 'Look at GET /api/v1/jobs for work of the kind erase; what is left is taken in the next '
                             'night.'))
     where r.state = 'failed'
$$;

do $$
declare
    name text;
begin
    foreach name in array '{tell_alarm,tell_drift}'::text[] loop
        execute format('revoke execute on function %I from public', name);
    end loop;
end $$;

create function alert_title(kind text, detail jsonb) returns text language sql immutable parallel safe as $$
    select case kind
        when 'missed_call' then 'Missed call'
        when 'webhook_failed' then 'Webhooks are off: ' || (detail ->> 'url')
        when 'transcription_failed' then 'A call was not transcribed'
        when 'number_drift'
        then 'A number is not set up as it should be' || coalesce(': ' || (detail ->> 'number'), '')
        when 'spend' then 'Spending has reached ' || coalesce(detail ->> 'level', '') || ' % of a budget'
        when 'retention_failed'
        then case when detail ->> 'over' = 'true' then 'Retention works again'
                  else 'Retention could not delete what is due' end
        else case when detail ->> 'over' = 'true' then 'A provider works again' else 'A provider fails' end
             || coalesce(': ' || (detail ->> 'provider'), '') end
$$;

-- A notice in words: {title, caller, lines: [...], href}, at times of a zone. A number that is sealed stands alone, so
-- that it can be opened. site: the public origin.
create or replace function notice_words(n notices, zone text, site text) returns jsonb language plpgsql stable as $$
declare
    c     calls;
    lines jsonb := '[]';
    title text;
begin
    select * into c from calls where id = n.call_id;
    title := alert_title(n.kind, n.detail);
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
                                      from jsonb_each_text(n.detail) d
                                     where d.value is not null and d.key <> 'over'), '[]'),
        'href', case when n.call_id is not null then site || '/app/calls/' || n.call_id else site || '/app/alerts' end);
end $$;
