-- What an agent is doing, and what a team asks of him after a call.
set local role switchhook_owner;

alter table users add column presence    text not null default 'available'
    check (presence in ('available', 'auto', 'busy', 'away', 'offline'));
alter table users add column away_reason text check (length(away_reason) between 1 and 60);
alter table users add column work_hours  text check (plan_valid(work_hours));
comment on column users.presence   is 'as the agent says; auto: available within work_hours, in the tenant''s zone';
comment on column users.work_hours is 'as tenants.calling_hours; null: at any time';
grant select (presence, work_hours) on users to switchhook_ingest;
grant select (time_zone) on tenants to switchhook_ingest;

-- available says whether a browser may be rung at all; what an agent says decides it.
update users set presence = 'busy' where not available;

alter table tenants add column wrap_up_seconds      integer not null default 30
    check (wrap_up_seconds between 0 and 900);
alter table tenants add column disposition_required boolean not null default false;
comment on column tenants.wrap_up_seconds      is
    'after a call no other rings for so long, unless the agent says so; 0: none';
comment on column tenants.disposition_required is 'a call is wrapped up only with a word for what came of it';

create or replace function user_json(u users) returns json language sql stable as $$
    select json_build_object(
        'id', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'forward_to', u.forward_to,
        'rings', u.rings, 'available', u.available, 'presence', u.presence, 'away_reason', u.away_reason,
        'work_hours', u.work_hours,
        'status', case when u.disabled_at is not null then 'disabled'
                       when u.password_hash is null then 'invited' else 'active' end,
        'created_at', rfc3339(u.created_at), 'last_login_at', rfc3339(u.last_login_at))
$$;

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
        'abandoned_seconds', t.abandoned_seconds, 'answer_within_seconds', t.answer_within_seconds,
        'wrap_up_seconds', t.wrap_up_seconds, 'disposition_required', t.disposition_required)
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
        'abandoned_seconds', 15, 'answer_within_seconds', 20, 'wrap_up_seconds', 30, 'disposition_required', false)
$$;

-- The numbers that a user's calls may show, his own first: as browser_caller_id() judges a wish.
create function browser_caller_ids(who uuid) returns text[] language sql stable as $$
    select coalesce(array_agg(e164 order by best, e164), '{}')
      from (select e164, min(best) as best
              from (select s.caller_id_number as e164, 1 as best from user_voip_settings s where s.user_id = who
                    union all
                    select s.assigned_phone_number, 2 from user_voip_settings s where s.user_id = who
                    union all
                    select n.e164, 3 from numbers n join users u on u.id = n.user_id and u.tenant_id = n.tenant_id
                     where u.id = who and n.released_at is null
                    union all
                    select t.default_number, 4 from users u join tenants t on t.id = u.tenant_id where u.id = who) x
             where e164 is not null
             group by e164) y
$$;

create or replace function tell_agent() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform webhook_emit('agent.status_changed', new.tenant_id, null, jsonb_build_object(
        'user_id', new.id, 'name', new.name, 'available', new.available, 'rings', new.rings,
        'presence', new.presence, 'away_reason', new.away_reason, 'disabled', new.disabled_at is not null));
    return null;
end $$;
drop trigger tell on users;
create trigger tell after update of available, rings, presence, away_reason, disabled_at on users for each row
    when ((new.available, new.rings, new.presence, new.away_reason, new.disabled_at is null)
          is distinct from (old.available, old.rings, old.presence, old.away_reason, old.disabled_at is null))
    execute function tell_agent();
