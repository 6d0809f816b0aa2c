-- What people are told of a recording, in which words and language; whether they are asked, and what they said.
set local role switchhook_owner;

-- Who is told how: off: nobody is; announce: it is said before the recording starts; keypress: whoever does not press
-- 1 is not recorded.
alter table tenants drop constraint tenants_disclosure_mode_check;
alter table tenants add constraint tenants_disclosure_mode_check
    check (disclosure_mode in ('off', 'announce', 'keypress'));
alter table numbers drop constraint numbers_disclosure_mode_check;
alter table numbers add constraint numbers_disclosure_mode_check
    check (disclosure_mode in ('off', 'announce', 'keypress'));
alter table tenants add column disclosure_question text check (length(disclosure_question) <= 4096);
alter table tenants add column disclosure_goodbye  text check (length(disclosure_goodbye) <= 4096);
alter table tenants add column disclosure_refused  text not null default 'continue'
    check (disclosure_refused in ('continue', 'end'));
alter table tenants add column disclosure_agents   boolean not null default false;
comment on column tenants.disclosure_mode     is
    'keypress: the disclosure and the question are said, and who does not press 1 is not recorded';
comment on column tenants.disclosure_question is 'said after the disclosure, where a key is asked for; null: built in';
comment on column tenants.disclosure_goodbye  is 'said before a call ends for want of consent; null: built in';
comment on column tenants.disclosure_refused  is
    'what becomes of a call whose customer presses another key or none: it goes on unrecorded, or it ends';
comment on column tenants.disclosure_agents   is 'whoever talks for the tenant hears the disclosure as well';
alter table numbers add column disclosure_language text
    check (disclosure_language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
alter table clients add column disclosure_language text
    check (disclosure_language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
comment on column numbers.disclosure_language is
    'in which a recording is announced; null: the client''s, the tenant''s';
comment on column clients.disclosure_language is 'in which a recording is announced; null: the tenant''s';

-- Words of a client, or of the tenant in another language. Null members are built in, in the row's language.
create table disclosures (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    client_id  uuid,
    language   text        check (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 20),
    disclosure text        not null check (length(disclosure) between 1 and 4096),
    question   text        check (length(question) between 1 and 4096),
    goodbye    text        check (length(goodbye) between 1 and 4096),
    voice      text        check (length(voice) between 1 and 100),
    place      text        not null generated always as (coalesce(client_id::text, '') || ' ' || coalesce(language, ''))
                           stored,
    created_at timestamptz not null default now(),
    check (client_id is not null or language is not null),
    foreign key (client_id, tenant_id) references clients (id, tenant_id) on delete cascade
);
comment on table  disclosures          is
    'a number''s own words count first, then those of its client in the language, its client, the tenant in the '
    'language, the tenant (tenants.disclosure), what is built in';
comment on column disclosures.language is 'null: of the client, in the tenant''s language';
comment on column disclosures.place    is 'by what it is found';
create unique index disclosures_place on disclosures (place, tenant_id);
create index disclosures_newest on disclosures (tenant_id, created_at desc, id desc);
create index disclosures_client on disclosures (client_id) where client_id is not null;
call tenant_table('disclosures');
call ingest_table('disclosures', 'select');

-- What is built in: {disclosure, question, goodbye, language}; where nobody has translated it, in English.
create function disclosure_words(language text) returns text[] language sql immutable as $$
    select case lower(split_part(language, '-', 1))
        when 'de' then array['Dieses Gespräch wird aufgezeichnet.',
            'Drücken Sie die 1, wenn Sie einverstanden sind, oder eine andere Taste, wenn nicht.',
            'Ohne Ihre Zustimmung können wir das Gespräch nicht führen. Auf Wiederhören.', language]
        when 'fr' then array['Cet appel est enregistré.',
            'Appuyez sur 1 si vous êtes d''accord, ou sur une autre touche sinon.',
            'Sans votre accord, nous ne pouvons pas poursuivre cet appel. Au revoir.', language]
        when 'es' then array['Esta llamada se graba.',
            'Pulse 1 si está de acuerdo, u otra tecla si no lo está.',
            'Sin su consentimiento no podemos continuar la llamada. Adiós.', language]
        when 'it' then array['Questa chiamata viene registrata.',
            'Prema 1 se è d''accordo, oppure un altro tasto se non lo è.',
            'Senza il suo consenso non possiamo continuare la chiamata. Arrivederci.', language]
        when 'nl' then array['Dit gesprek wordt opgenomen.',
            'Druk op 1 als u akkoord gaat, of op een andere toets als u dat niet doet.',
            'Zonder uw toestemming kunnen wij dit gesprek niet voeren. Tot ziens.', language]
        else array['This call is recorded.', 'Press 1 if you agree, or any other key if you do not.',
            'We cannot take this call without your consent. Goodbye.',
            case when lower(split_part(language, '-', 1)) = 'en' then language else 'en-GB' end]
        end
$$;

-- What is said of a recording in calls of a number and a client (either may be null), and how. The words that the
-- tenant was made with are those that are built in, so that another language has them too.
create function disclosure_for(tenant uuid, number uuid, client uuid)
    returns table (mode text, agents boolean, refused text, disclosure text, question text, goodbye text, language text,
                   voice text) language sql stable as $$
    select m.mode, t.disclosure_agents, t.disclosure_refused,
           coalesce(n.disclosure, d.disclosure, own.disclosure, b.words[1]),
           coalesce(d.question, t.disclosure_question, b.words[2]),
           coalesce(d.goodbye, t.disclosure_goodbye, b.words[3]), s.language,
           case when d.voice is not null and n.disclosure is null then d.voice
                when s.language = t.language then t.voice end
      from tenants t
      left join numbers n on n.id = disclosure_for.number and (n.tenant_id = t.id) is true
      left join clients c on c.id = disclosure_for.client and (c.tenant_id = t.id) is true
     cross join lateral (select coalesce(n.disclosure_mode, t.disclosure_mode) as mode,
                                coalesce(n.disclosure_language, c.disclosure_language, t.language) as language) m
      left join lateral (select x.disclosure, x.question, x.goodbye, x.voice, x.language, x.client_id
                           from disclosures x
                          where (x.tenant_id = t.id) is true and m.mode <> 'off'
                            and x.place in (disclosure_for.client::text || ' ' || m.language,
                                            disclosure_for.client::text || ' ', ' ' || m.language)
                          order by x.client_id is null, x.language is null
                          limit 1) d on true
     cross join lateral (select nullif(t.disclosure, 'This call is recorded.') as disclosure) own
     cross join lateral (select case when n.disclosure is not null then m.language
                                     when d.disclosure is not null then coalesce(d.language, t.language)
                                     when own.disclosure is not null then t.language
                                     else m.language end as language) w
     cross join lateral (select disclosure_words(w.language) as words) b
     cross join lateral (select case when coalesce(n.disclosure, d.disclosure, own.disclosure) is null
                                     then b.words[4] else w.language end as language) s
     where t.id = disclosure_for.tenant
$$;
comment on function disclosure_for is
    'also for roles that see rows of every tenant: each is bound to tenant here ("is true" keeps the planner from an '
    'index that knows the tenant alone)';
grant select (disclosure_question, disclosure_goodbye, disclosure_refused, disclosure_agents) on tenants
    to switchhook_ingest;
grant select (disclosure_language) on clients to switchhook_ingest;

-- Consent is given to a client where the record says so; a caller who hides the number is known by the call alone.
alter table consent_records add column client_id uuid;
alter table consent_records alter column number drop not null;
alter table consent_records add check (number is not null or call_id is not null);
alter table consent_records add foreign key (client_id, tenant_id) references clients (id, tenant_id);
comment on column consent_records.client_id is 'in whose calls it counts; null: in all of the tenant''s';
drop index consent_records_newest;
create index consent_records_newest on consent_records (tenant_id, created_at desc, id desc);
create index consent_records_number on consent_records (number, tenant_id, purpose, created_at desc, id desc);
create index consent_records_client on consent_records (client_id, tenant_id) where client_id is not null;
call ingest_table('consent_records', 'select, insert');

-- The newest word on being recorded, of whoever has one of these numbers. asks: every call asks anew, so that a key
-- pressed in another one does not count.
create function recording_objection(tenant uuid, who text[], client uuid, asks boolean)
    returns table (stands boolean) language sql stable as $$
    select r.decision in ('refused', 'withdrawn')
      from consent_records r
     where (r.tenant_id = recording_objection.tenant) is true and r.number = any (who) and r.purpose = 'recording'
       and (r.client_id is null or r.client_id = recording_objection.client)
       and not (asks and r.method = 'keypress')
     order by r.created_at desc, r.id desc
     limit 1
$$;

-- Calls in which a key is asked for: not recorded until it is pressed.
--   open --> granted | refused | silent        the first answer stands
create table consent_questions (
    call_id    uuid        primary key references calls on delete cascade,
    tenant_id  uuid        not null,
    state      text        not null default 'open' check (state in ('open', 'granted', 'refused', 'silent')),
    sid        text        collate "C" check (length(sid) = 34),
    spoken     text        check (length(spoken) <= 10000),
    language   text        check (length(language) <= 20),
    asked_at   timestamptz,
    decided_at timestamptz
);
comment on column consent_questions.sid    is 'the leg that was asked; null: nobody has been';
comment on column consent_questions.spoken is 'word by word';
call tenant_table('consent_questions');
call ingest_table('consent_questions', 'select, insert, update');

create or replace function consent_json(r consent_records) returns json language sql stable as $$
    select json_build_object('id', r.id, 'number', r.number, 'contact_id', r.contact_id, 'client_id', r.client_id,
                             'call_id', r.call_id, 'purpose', r.purpose, 'decision', r.decision, 'method', r.method,
                             'evidence', r.evidence, 'created_at', rfc3339(r.created_at),
                             'created_by', r.created_by)
$$;
create function disclosure_json(d disclosures) returns json language sql stable as $$
    select json_build_object('id', d.id, 'client_id', d.client_id, 'language', d.language, 'disclosure', d.disclosure,
                             'question', d.question, 'goodbye', d.goodbye, 'voice', d.voice,
                             'created_at', rfc3339(d.created_at))
$$;
create or replace function client_json(c clients) returns json language sql stable as $$
    select json_build_object('id', c.id, 'external_id', c.external_id, 'name', c.name, 'forward_to', c.forward_to,
                             'time_zone', c.time_zone, 'disclosure_language', c.disclosure_language,
                             'created_at', rfc3339(c.created_at))
$$;
create or replace function number_json(n numbers) returns json language sql stable as $$
    select (left(number_base_json(n)::text, -1) || ', '
            || substr(json_build_object('source', n.source, 'disclosure_language', n.disclosure_language)::text, 2)
           )::json
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
        'calling_hours', t.calling_hours, 'holidays', t.holidays, 'consent_mode', t.consent_mode)
$$;
create or replace function settings_default() returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'time_zone', 'UTC', 'country', 'GB', 'language', 'en-GB', 'voice', null,
        'greeting', 'Thank you for calling. Connecting you now.', 'connecting', 'Connecting your call...',
        'disclosure_mode', 'announce', 'disclosure', 'This call is recorded.', 'disclosure_question', null,
        'disclosure_goodbye', null, 'disclosure_refused', 'continue', 'disclosure_agents', false,
        'unanswered', 'Sorry, nobody can take your call at the moment. Goodbye.', 'record', true, 'transcribe', true,
        'transcribe_over_seconds', 10, 'ring_timeout_seconds', 25, 'default_number', null, 'encrypt_metadata', false,
        'calling_hours', null, 'holidays', null, 'consent_mode', 'off')
$$;

-- Who withdraws while he talks is not recorded any further.
alter table call_commands drop constraint call_commands_kind_check;
alter table call_commands add constraint call_commands_kind_check check (kind in (
    'end', 'transfer', 'consult', 'complete', 'cancel', 'hold', 'resume', 'dtmf', 'recording_pause', 'recording_resume',
    'recording_stop'));
comment on column calls.record_reason is
    'the switch that decided about recording: call, number, user, tenant, consent; disclosure: in calls of older days '
    'in which nobody could be told';

-- As it was, but that the callee is told or asked when he has picked up: 0050 has the words.
reset role;
create or replace function browser_call(new_id uuid, tenant uuid, who uuid, sid text, caller text, callee text,
                                        customer text, dialled text, token text, region text, premium boolean,
                                        wish text, contact text, campaign text, received timestamptz)
    returns text language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    uuids constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
    their uuid := case when contact  ~ uuids then contact::uuid end;
    whose uuid := case when campaign ~ uuids then campaign::uuid end;
    shown text;
    party uuid;
    seen  jsonb;
    word  text;
    line  uuid;
    asks  boolean;
    wanted boolean;
    reason text;
    objected boolean;
begin
    perform set_config('app.tenant', tenant::text, true);
    if exists (select from users u join tenants t on t.id = u.tenant_id and t.disabled_at is null
                where u.id = who and u.disabled_at is null)
       and not exists (select from calls c where c.twilio_call_sid = sid and c.tenant_id = tenant) then
        shown := browser_caller_id(who, wish);
        party := (select c.id from contacts c
                   where c.tenant_id = tenant
                     and (c.id = their or c.external_id = contact
                          or contact is null and c.phone_number in (dialled, token))
                   order by c.created_at desc, c.id desc
                   limit 1);
        line := (select n.id from numbers n
                  where n.e164 = shown and n.tenant_id = tenant and n.released_at is null);
        select d.mode = 'keypress' into asks from disclosure_for(tenant, line, null) d;
        select coalesce(s.auto_record, t.record), case when s.user_id is not null then 'user' else 'tenant' end
          into wanted, reason
          from tenants t left join user_voip_settings s on s.user_id = who
         where t.id = tenant;
        objected := coalesce((select o.stands from recording_objection(tenant, array[dialled, token], null, asks) o),
                             false);
        asks := asks and wanted and not objected;
        perform dial_lock();
        seen := dial_verdict(tenant, dialled, region, premium, party, now(), token);
        word := seen ->> 'refused';
        insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                           customer_number, withheld, number_id, user_id, contact_id, campaign_id, record,
                           record_reason, nobody_to_dial, gate_refused, verdict, outcome, ended_at, created_at)
        values (new_id, tenant, sid, caller, callee, 'outbound', 'agent',
                case when word is null then 'ringing'::call_status else 'failed' end, customer, customer is null,
                line, who, party,
                (select c.id from campaigns c
                  where c.tenant_id = tenant and (c.id = whose or c.external_id = campaign) limit 1),
                wanted and not objected and not asks, case when objected or asks then 'consent' else reason end,
                shown is null, word, seen, case when word is not null then 'refused' end,
                case when word is not null then received end, received);
        if asks and word is null then
            insert into consent_questions (call_id, tenant_id) values (new_id, tenant);
        end if;
    end if;
    perform set_config('app.tenant', '', true);
    return word;
end $$;
