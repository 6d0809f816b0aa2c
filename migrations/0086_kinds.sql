-- Settings of the figures, and the kinds of events that had nobody to tell them.
set local role switchhook_owner;

alter function settings_json(tenants) rename to settings_without_figures;
create function settings_json(t tenants) returns json language sql stable as $$
    select (settings_without_figures(t)::jsonb || jsonb_build_object(
               'abandoned_seconds', t.abandoned_seconds, 'answer_within_seconds', t.answer_within_seconds))::json
$$;
alter function settings_default() rename to settings_default_without_figures;
create function settings_default() returns jsonb language sql immutable as $$
    select settings_default_without_figures() || '{"abandoned_seconds": 15, "answer_within_seconds": 20}'
$$;
alter function client_json(clients) rename to client_without_figures;
create function client_json(c clients) returns json language sql stable as $$
    select (client_without_figures(c)::jsonb || jsonb_build_object(
               'quality_low_seconds', c.quality_low_seconds, 'quality_high_seconds', c.quality_high_seconds))::json
$$;

create or replace function webhook_kinds() returns text[] language sql immutable parallel safe as $$
    select '{call.created,call.ringing,call.answered,call.completed,call.updated,call.missed,voicemail.created,
             recording.available,recording.deleted,transcription.completed,transcription.failed,analysis.completed,
             disposition.set,number.purchased,number.released,number.unhealthy,consent.recorded,dnc.added,
             agent.status_changed,test.ping}'::text[]
$$;

create policy tell on numbers   for select to switchhook_owner using (true);
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

-- A number at Twilio is not set as it should be any more, or is gone; told when it begins.
create function tell_health() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('number.unhealthy', n.tenant_id, null, jsonb_build_object(
                'number_id', n.id, 'phone_number', n.e164, 'drift', new.drift,
                'vanished_at', rfc3339(new.vanished_at), 'checked_at', rfc3339(new.checked_at)))
       from numbers n where n.id = new.number_id and n.tenant_id = new.tenant_id;
    return null;
end $$;
create trigger tell_new after insert on number_health for each row
    when (new.drift <> '[]' or new.vanished_at is not null) execute function tell_health();
create trigger tell_change after update on number_health for each row
    when ((new.drift <> '[]' or new.vanished_at is not null) and old.drift = '[]' and old.vanished_at is null)
    execute function tell_health();

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
    foreach name in array '{tell_purchase,tell_health,tell_consent,tell_dnc}'::text[] loop
        execute format('revoke execute on function %I from public', name);
    end loop;
end $$;
