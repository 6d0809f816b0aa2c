-- A run of retention may take a million recordings, the first one above all. Endpoints hear of so many one by one; that
-- the others went is said by the run's own message, before which calls would else wait for hours.
set local role switchhook_owner;

alter table retention_runs add column told integer not null default 0 check (told between 0 and 1000);
comment on column retention_runs.told is 'recordings whose deletion was told one by one: recording.deleted';
create policy tell on retention_runs to switchhook_owner using (true);

create or replace function tell_recording() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    tells boolean := true;
begin
    if new.status = 'stored' and old.status <> 'stored' then
        perform webhook_emit('recording.available', new.tenant_id, new.call_id, recording_json(new)::jsonb);
        if new.kind = 'voicemail' then
            perform webhook_emit('voicemail.created', new.tenant_id, new.call_id, recording_json(new)::jsonb);
        end if;
    end if;
    if new.status = 'erased' and old.status <> 'erased' then
        if new.retention_run is distinct from old.retention_run
           and exists (select from webhook_endpoints e
                        where e.tenant_id = new.tenant_id and e.enabled and 'recording.deleted' = any (e.events)) then
            update retention_runs r set told = told + 1
             where r.id = new.retention_run and r.tenant_id = new.tenant_id and r.told < 1000;
            tells := found;
        end if;
        if tells then
            perform webhook_emit('recording.deleted', new.tenant_id, new.call_id, recording_json(new)::jsonb);
        end if;
    end if;
    if new.transcription_status = 'failed' and old.transcription_status <> 'failed' then
        perform webhook_emit('transcription.failed', new.tenant_id, new.call_id, recording_json(new)::jsonb);
    end if;
    return null;
end $$;

-- As it was, and what was told.
create or replace function retention_run_json(r retention_runs, lines boolean) returns json language sql stable as $$
    select json_build_object(
        'id', r.id, 'date', r.day, 'asked_by', r.asked_by, 'state', r.state, 'phase', r.phase, 'waiting', r.waiting,
        'recordings_told', r.told,
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
