-- What a person's calls do, whose run it was, and which call a piece of work is about.
set local role switchhook_owner;

-- A user as the API shows him; record and transcribe: what counts for his calls.
create function user_json(u users, record boolean, transcribe boolean) returns json language sql stable as $$
    select json_build_object(
        'id', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'forward_to', u.forward_to,
        'rings', u.rings, 'available', u.available, 'presence', u.presence, 'away_reason', u.away_reason,
        'work_hours', u.work_hours, 'auto_record', record, 'auto_transcribe', transcribe,
        'status', case when u.disabled_at is not null then 'disabled'
                       when u.password_hash is null then 'invited' else 'active' end,
        'created_at', rfc3339(u.created_at), 'last_login_at', rfc3339(u.last_login_at))
$$;
create or replace function user_json(u users) returns json language sql stable as $$
    select user_json(u, coalesce(s.auto_record, t.record), coalesce(s.auto_transcribe, true))
      from (select u.tenant_id as id) x
      left join tenants t on t.id = x.id
      left join user_voip_settings s on s.user_id = u.id
$$;

-- What "user:<id>" or "key:<prefix>" is called among colleagues; null: nobody of the tenant's by now.
create function actor_called(tenant uuid, actor text) returns text language sql stable as $$
    select case split_part(actor, ':', 1)
               when 'user' then (select user_called(u) from users u
                                  where u.tenant_id = tenant and u.id::text = split_part(actor, ':', 2))
               when 'key' then (select k.name from api_keys k
                                 where k.tenant_id = tenant and k.prefix = split_part(actor, ':', 2)) end
$$;
create or replace function retention_run_json(r retention_runs, lines boolean) returns json language sql stable as $$
    select json_build_object(
        'id', r.id, 'date', r.day, 'asked_by', r.asked_by, 'asked_by_name', actor_called(r.tenant_id, r.asked_by),
        'state', r.state, 'phase', r.phase, 'waiting', r.waiting, 'recordings_told', r.told,
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

-- The call that a job is about; null: it is about none, or none that is known.
create function job_call(j jobs) returns uuid language sql stable as $$
    select case j.kind
               when 'fetch'        then (select r.call_id from recordings r
                                          where r.tenant_id = j.tenant_id and r.id = ref.id)
               when 'transcribe'   then (select r.call_id from recordings r
                                          where r.tenant_id = j.tenant_id and r.id = ref.id)
               when 'retranscribe' then (select r.call_id from transcript_runs x
                                           join recordings r on r.id = x.recording_id
                                          where r.tenant_id = j.tenant_id and x.id = ref.id)
               when 'analyse'      then (select r.call_id from transcripts x
                                           join recordings r on r.id = x.recording_id
                                          where r.tenant_id = j.tenant_id and x.id = ref.id)
               when 'seek'         then (select c.id from calls c where c.tenant_id = j.tenant_id and c.id = ref.id)
               when 'price'        then (select c.id from calls c where c.tenant_id = j.tenant_id and c.id = ref.id)
           end
      from (select case when j.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then j.ref::uuid end as id) ref
$$;
create or replace function job_json(j jobs) returns json language sql stable as $$
    select json_build_object('id', j.id, 'kind', j.kind, 'ref', j.ref, 'call_id', job_call(j), 'state', j.state,
                             'attempts', j.attempts, 'cause', j.cause, 'reason', j.reason,
                             'next_attempt_at', case j.state when 'running' then rfc3339(j.leased_until)
                                                             when 'dead' then null else rfc3339(j.due_at) end,
                             'created_at', rfc3339(j.created_at))
$$;
create index jobs_state on jobs (tenant_id, state, created_at desc, id desc) where state in ('dead', 'parked');
