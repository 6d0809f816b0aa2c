-- Settings of the figures, and the kinds of events that had nobody to tell them.
set local role switchhook_owner;

create or replace function settings_json(t tenants) returns json language sql stable as $$
    select json_build_object(
        'name', t.name, 'time_zone', t.time_zone, 'country', t.country, 'language', t.language, 'voice', t.voice,
        'greeting', t.greeting, 'connecting', t.connecting, 'disclosure_mode', t.disclosure_mode,
        'disclosure', t.disclosure, 'disclosure_question', t.disclosure_question,
        'disclosure_goodbye', t.disclosure_goodbye, 'disclosure_refused', t.disclosure_refused,
        'disclosure_agents', t.disclosure_agents, 'unanswered', t.unanswered, 'record', t.record,
        'transcribe', t.transcribe,
        'transcribe_over_seconds', t.transcribe_over_seconds, 'ring_timeout_seconds', t.ring_timeout_seconds,
        'default_number', t.default_number, 'encrypt_metadata', t.encrypt_metadata,
        'calling_hours', t.calling_hours, 'holidays', t.holidays, 'consent_mode', t.consent_mode,
        'abandoned_seconds', t.abandoned_seconds, 'answer_within_seconds', t.answer_within_seconds)
$$;
create or replace function settings_default() returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'time_zone', 'UTC', 'country', 'GB', 'language', 'en-GB', 'voice', null,
        'greeting', 'Thank you for calling. Connecting you now.', 'connecting', 'Connecting your call...',
        'disclosure_mode', 'announce', 'disclosure', 'This call is recorded.', 'disclosure_question', null,
        'disclosure_goodbye', null, 'disclosure_refused', 'continue', 'disclosure_agents', false,
        'unanswered', 'Sorry, nobody can take your call at the moment. Goodbye.', 'record', true, 'transcribe', true,
        'transcribe_over_seconds', 10, 'ring_timeout_seconds', 25, 'default_number', null, 'encrypt_metadata', false,
        'calling_hours', null, 'holidays', null, 'consent_mode', 'off',
        'abandoned_seconds', 15, 'answer_within_seconds', 20)
$$;
create or replace function client_json(c clients) returns json language sql stable as $$
    select json_build_object('id', c.id, 'external_id', c.external_id, 'name', c.name, 'forward_to', c.forward_to,
                             'time_zone', c.time_zone, 'disclosure_language', c.disclosure_language,
                             'quality_low_seconds', c.quality_low_seconds,
                             'quality_high_seconds', c.quality_high_seconds, 'created_at', rfc3339(c.created_at))
$$;

create or replace function webhook_kinds() returns text[] language sql immutable parallel safe as $$
    select '{call.created,call.ringing,call.answered,call.completed,call.updated,call.missed,voicemail.created,
             recording.available,recording.deleted,transcription.completed,transcription.failed,analysis.completed,
             disposition.set,number.purchased,number.released,number.unhealthy,consent.recorded,dnc.added,
             agent.status_changed,alarm.raised,alarm.cleared,retention.completed,retention.failed,test.ping}'::text[]
$$;

create policy tell on dnc_lists for select to switchhook_owner using (true);

create function tell_purchase() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('number.purchased', n.tenant_id, null, number_json(n)::jsonb)
       from numbers n where n.id = new.number_id and n.tenant_id = new.tenant_id;
    return null;
end $$;
create trigger tell after update on number_purchases for each row
    when (new.state = 'bought' and old.state <> 'bought') execute function tell_purchase();

create function tell_consent() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('consent.recorded', new.tenant_id, null, consent_json(new)::jsonb);
    return null;
end $$;
create trigger tell after insert on consent_records for each row execute function tell_consent();

-- A list may be imported: its tenant's endpoints are looked for once a statement.
create function tell_dnc() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('dnc.added', e.tenant_id, null, dnc_entry_json(e)::jsonb)
       from added e
      where exists (select from webhook_endpoints w
                     where w.tenant_id = e.tenant_id and w.enabled and 'dnc.added' = any (w.events));
    return null;
end $$;
create trigger tell after insert on dnc_entries referencing new table as added for each statement
    execute function tell_dnc();

do $$
declare
    name text;
begin
    foreach name in array '{tell_purchase,tell_consent,tell_dnc}'::text[] loop
        execute format('revoke execute on function %I from public', name);
    end loop;
end $$;
