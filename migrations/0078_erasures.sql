-- Erasure of a person, by a number or a contact: what is asked and what came of it, without saying of whom.
--   (asked) --> waiting --job forget--> done
--                  ^-- a hold, a running call, Twilio away: waits with its reason
set local role switchhook_owner;

create table erasures (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null references tenants,
    mark        text        collate "C" check (mark ~ '^erased1\|[A-Za-z0-9_.-]{1,64}\|[0-9a-f]{64}$'),
    contact_ids uuid[]      not null default '{}',
    subject     text        check (subject like 'enc1|%'),
    asked_by    text        not null check (length(asked_by) between 1 and 200),
    asked_at    timestamptz not null default now(),
    seek        boolean     not null default false,
    counts      jsonb       not null default '{}' check (jsonb_typeof(counts) = 'object'),
    held        jsonb       not null default '[]' check (jsonb_typeof(held) = 'array'),
    twilio      jsonb       not null default '{}' check (jsonb_typeof(twilio) = 'object'),
    digest      bytea       check (length(digest) = 32),
    done_at     timestamptz,
    again_at    timestamptz,
    unique (id, tenant_id),
    check (done_at is null or subject is null),
    check (mark is not null or contact_ids <> '{}')
);
comment on table  erasures             is
    'the proof of each: no number, no name, and nothing that leads to one without the key file';
comment on column erasures.mark        is
    'HMAC of the number with a key of the key file, which finds the number again in a restored backup; null: none';
comment on column erasures.contact_ids is 'of the contacts that were deleted; they lead nowhere any more';
comment on column erasures.subject     is 'the number, sealed with the master key; gone when the erasure is done';
comment on column erasures.asked_at    is 'what is younger belongs to somebody who has called since';
comment on column erasures.seek        is 'the number behind mark is looked for: a backup was restored';
comment on column erasures.counts      is 'rows by table';
comment on column erasures.held        is '[{"hold_id", "calls"}]: what a legal hold keeps';
comment on column erasures.twilio      is '{"call": {"deleted": 3, "absent": 1}, ...}: what Twilio answered';
comment on column erasures.digest      is 'SHA-256 over the ids of all that was erased, in order';
comment on column erasures.again_at    is 'when it was applied again to data that had come back';
create index erasures_newest on erasures (tenant_id, asked_at desc, id desc);
create index erasures_open   on erasures (tenant_id) where done_at is null;
call tenant_table('erasures');
-- A proof stays.
revoke delete on erasures from switchhook_app;
create policy every_tenant_known on erasures for select to switchhook_sweep using (true);

-- What is to be deleted at Twilio for an erasure under way.
create table erasure_copies (
    erasure_id uuid not null,
    tenant_id  uuid not null,
    kind       text not null check (kind in ('call', 'leg', 'recording', 'message')),
    sid        text not null collate "C" check (length(sid) = 34),
    answer     text check (answer in ('deleted', 'absent')),
    primary key (erasure_id, kind, sid),
    foreign key (erasure_id, tenant_id) references erasures (id, tenant_id) on delete cascade
);
comment on column erasure_copies.kind   is 'leg: one to the person in the call of somebody else, whose audio stays';
comment on column erasure_copies.answer is 'null: still there, or nobody knows; absent: it was not there';
call tenant_table('erasure_copies');

alter table calls add column erased_at timestamptz;
comment on column calls.erased_at is 'when who called and what was said were erased; what counts is kept';
alter table call_legs add column erased boolean not null default false;
comment on column call_legs.erased is 'of an erased call: what Twilio still says of it leaves no trace of a person';
alter table calls alter column from_number drop not null;
alter table calls alter column to_number   drop not null;
alter table calls add check (from_number is not null and to_number is not null or erased_at is not null);
comment on column calls.to_number is 'whom Twilio''s To says; null, as from_number, where the person was erased';
alter table call_intents alter column to_number drop not null;
comment on column call_intents.to_number is 'null: the person was erased';
grant update (contact_id) on consent_records to switchhook_app;

-- Who asked never to be called is not called again, also when nothing else is known of him: his entry keeps the mark.
alter table dnc_entries drop constraint dnc_entries_number_check;
alter table dnc_entries add check (number ~ ('^(\+[1-9][0-9]{6,14}|sealed1\|n[A-Za-z0-9_-]{59,80}|'
                                             || 'erased1\|[A-Za-z0-9_.-]{1,64}\|[0-9a-f]{64})$'));
alter table consent_records drop constraint consent_records_number_check;
alter table consent_records add check (number ~ ('^(\+[1-9][0-9]{6,14}|sealed1\|n[A-Za-z0-9_-]{59,80}|'
                                                 || 'erased1\|[A-Za-z0-9_.-]{1,64}\|[0-9a-f]{64})$'));
create function erased(text) returns boolean language sql immutable parallel safe as
    $$ select starts_with($1, 'erased1|') $$;
comment on function erased is 'a number that is known by its mark alone';

create or replace function dnc_entry_json(e dnc_entries) returns json language sql stable as $$
    select json_build_object('number', case when not erased(e.number) then e.number end, 'erased', erased(e.number),
                             'list_id', e.list_id, 'list', (select name from dnc_lists l where l.id = e.list_id),
                             'reason', e.reason, 'added_by', e.added_by, 'created_at', rfc3339(e.created_at))
$$;
create or replace function consent_json(r consent_records) returns json language sql stable as $$
    select json_build_object('id', r.id, 'number', case when not erased(r.number) then r.number end,
                             'erased', erased(r.number), 'contact_id', r.contact_id, 'client_id', r.client_id,
                             'call_id', r.call_id, 'purpose', r.purpose, 'decision', r.decision, 'method', r.method,
                             'evidence', r.evidence, 'created_at', rfc3339(r.created_at),
                             'created_by', r.created_by)
$$;

-- Every place that can hold a number, a name or words, and what an erasure does there: t/db/erasure.sql compares the
-- columns with the catalogue, so that a table without its row fails.
--   scope  call: rows of the person's calls; person: by number or contact; search: the number's digits in free text
--   found  true of a row t that goes; $1 tenant, $2 calls, $3 numbers (plain and token), $4 contacts, $5 until when,
--          $6 patterns of the digits, $7 the mark
--   done   what is set; null: the row is deleted; of search: nothing, for the digits are taken out of the columns
create table erasure_rules (
    relation name    not null,
    position integer not null,
    columns  name[]  not null,
    scope    text    not null check (scope in ('call', 'person', 'search', 'none')),
    found    text,
    done     text,
    why      text    not null,
    primary key (relation, position),
    check ((scope in ('call', 'person')) = (found is not null)),
    check (done is null or found is not null)
);
comment on table erasure_rules is 'scope none: nothing is erased there, and why';
grant select on erasure_rules to switchhook_app;

insert into erasure_rules (position, relation, columns, scope, found, done, why) values
    (10, 'webhook_messages', '{type,body}', 'call', 't.call_id = any ($2)', null,
     'messages about the call; deliveries and attempts go with them'),
    (11, 'notices', '{kind,ref,detail}', 'call', 't.call_id = any ($2)', null,
     'what somebody was to be told of the call; alerts that wait go with it'),
    (12, 'webhook_events', '{raw}', 'call', $$t.call_id = any ($2) and t.raw <> ''$$,
     $$raw = '', digest = gen_random_uuid()$$, 'the body as Twilio sent it, and its digest, which could be guessed'),
    (13, 'call_intents', '{to_number,message,idem_key,request_hash,links,reason}', 'call',
     't.call_id = any ($2) and t.to_number is not null',
     $$to_number = null, message = case when mode = 'message' then '[erased]' end, links = '[]', reason = null,
       idem_key = case when not idem_key like any ($6) then idem_key end,
       request_hash = sha256(uuid_send(gen_random_uuid()))$$,
     'whom the call was promised to, what was to be said, and a hash that could be guessed'),
    (14, 'call_commands', '{target,digits,reason}', 'call',
     't.call_id = any ($2) and (t.target is not null or t.digits is not null or t.reason is not null)',
     'target = null, digits = null, reason = null', 'whom the call was given to, and what was typed'),
    (15, 'call_controls', '{transfer}', 'call', 't.call_id = any ($2) and t.transfer is not null', 'transfer = null',
     'whom the call was given to'),
    (16, 'conversions', '{external_id,name}', 'call',
     $$t.call_id = any ($2) and (t.external_id is not null or t.name <> 'sale')$$,
     $$external_id = null, name = 'sale'$$, 'free text of who sent it; the value stays, for it counts'),
    (17, 'transcripts', '{text,segments,words,model,language,currency,asked_by}', 'call',
     't.recording_id in (select r.id from recordings r where r.call_id = any ($2))', null,
     'what was said, in every version, and the index of its words; analyses go with it'),
    (18, 'ai_requests', '{outcome}', 'call',
     $$t.recording_id in (select r.id from recordings r where r.call_id = any ($2))
       and t.outcome not in ('ok', 'sent', 'erased')$$,
     $$outcome = 'erased'$$, 'what a model answered instead; what it cost stays'),
    (19, 'recordings', '{status_reason,transcription_reason,peaks,path,sha256,sealed_key}', 'call',
     $$t.call_id = any ($2) and t.status <> 'erased'$$,
     $$status = 'erased', status_reason = 'it is being deleted', transcription_reason = null, peaks = null,
       sealed_key = null, transcription_status = 'none'$$, 'the audio: job erase removes it here and at Twilio'),
    (20, 'call_legs', '{endpoint,place}', 'call', 't.call_id = any ($2) and not t.erased',
     'endpoint = null, place = null, erased = true', 'who was rung'),
    (21, 'calls', '{from_number,to_number,customer_number,customer_place,notes,tags,verdict,recording_url}', 'call',
     't.id = any ($2) and t.erased_at is null',
     $$from_number = case direction when 'outbound' then from_number end,
       to_number = case direction when 'inbound' then to_number end, customer_number = null, customer_place = null,
       notes = null, tags = '{}', verdict = null, recording_url = null, contact_id = null, conversation_id = null,
       follow_up_at = null, erased_at = now()$$, 'who called and what people noted; the call goes on counting'),
    (30, 'webhook_events', '{raw}', 'person',
     $$t.raw <> '' and t.call_sid in (
           select l.sid from call_legs l join calls c on c.id = l.call_id
            where l.tenant_id = $1 and l.endpoint = any ($3) and c.created_at <= $5 and c.ended_at is not null
              and (call_hold(c.id)).id is null)$$,
     $$raw = '', digest = gen_random_uuid()$$, 'a leg to the person in the call of somebody else'),
    (31, 'call_legs', '{endpoint}', 'person',
     $$t.endpoint = any ($3) and not t.erased
       and (t.call_id is null and coalesce(t.started_at, t.ended_at, $5) <= $5
            or t.call_id in (select c.id from calls c
                              where c.created_at <= $5 and c.ended_at is not null and (call_hold(c.id)).id is null))$$,
     'endpoint = null, place = null, erased = true', 'a leg to the person in the call of somebody else'),
    (32, 'call_commands', '{target,reason}', 'person',
     't.target = any ($3) and t.created_at <= $5 and (call_hold(t.call_id)).id is null',
     'target = null, reason = null', 'the person was rung to take over the call of somebody else'),
    (33, 'call_controls', '{transfer}', 'person', $$t.transfer ->> 'to' = any ($3)
       and (call_hold(t.call_id)).id is null and (select c.created_at <= $5 from calls c where c.id = t.call_id)$$,
     'transfer = null', 'the person took over the call of somebody else'),
    (34, 'recordings', '{status_reason}', 'person',
     $$t.call_id is null and t.status <> 'erased' and t.created_at <= $5
       and t.call_sid in (select w.call_sid from webhook_events w
                           where w.tenant_id = $1 and w.call_id is null
                             and convert_from(w.raw, 'LATIN1') like any ($6))$$,
     $$status = 'erased', status_reason = 'it is being deleted', peaks = null, sealed_key = null$$,
     'audio of a call that never came'),
    (35, 'webhook_events', '{raw}', 'person',
     $$t.call_id is null and t.received_at <= $5 and convert_from(t.raw, 'LATIN1') like any ($6)$$,
     $$raw = '', digest = gen_random_uuid()$$, 'deliveries of a call that never came'),
    (36, 'conversations', '{customer_number}', 'person',
     $$(t.customer_number = any ($3) or t.contact_id = any ($4)) and t.created_at <= $5
       and not exists (select from calls c where c.conversation_id = t.id and c.erased_at is null
                                             and c.id <> all (coalesce($2, '{}')))$$, null,
     'the thread of the calls with the person'),
    (37, 'contacts', '{external_id,name,phone_number}', 'person',
     $$(t.id = any ($4) or t.phone_number = any ($3)) and t.created_at <= $5
       and not exists (select from legal_holds h where h.kind = 'contact' and h.ref = t.id and h.lifted_at is null)$$,
     null, 'the person'),
    (38, 'consent_records', '{number,evidence}', 'person',
     $$t.number = any ($3) and t.created_at <= $5 and (t.decision = 'granted' or $7 is null)$$,
     $$number = 'erased1|-|' || encode(sha256(uuid_send(gen_random_uuid())), 'hex'), evidence = '{}',
       contact_id = null$$, 'what was allowed ends with the erasure: a mark that nobody has'),
    (39, 'consent_records', '{number,evidence}', 'person', 't.number = any ($3) and t.created_at <= $5',
     $$number = $7, evidence = '{}', contact_id = null$$, 'what was forbidden stays forbidden, by the mark'),
    (40, 'dnc_entries', '{number,reason}', 'person',
     $$t.number = any ($3) and t.created_at <= $5
       and exists (select from dnc_entries o
                    where o.tenant_id = $1 and o.list_id = t.list_id and o.number = $7)$$, null,
     'the list has the mark already'),
    (41, 'dnc_entries', '{number,reason}', 'person', 't.number = any ($3) and t.created_at <= $5',
     'number = $7, reason = null', 'who is not to be called stays so, by the mark');

insert into erasure_rules (position, relation, columns, scope, why) values
    (50, 'calls', '{notes}', 'search', 'notes on the calls of others'),
    (51, 'call_intents', '{reason}', 'search', 'what Twilio said of a promise'),
    (52, 'jobs', '{reason}', 'search', 'why a job waited'),
    (53, 'alarms', '{reason}', 'search', 'why an alarm was raised'),
    (54, 'alerts', '{reason}', 'search', 'why a message failed'),
    (55, 'notices', '{detail}', 'search', 'reasons that others gave'),
    (56, 'call_views', '{name,query}', 'search', 'somebody looked for the number'),
    (57, 'webhook_messages', '{body}', 'search', 'messages about no call'),
    (58, 'webhook_attempts', '{response,error}', 'search', 'what an endpoint answered'),
    (59, 'webhook_endpoints', '{disabled_reason}', 'search', 'why an endpoint is off'),
    (60, 'reports', '{figures,subject,html,plain}', 'search', 'mails that were sent'),
    (61, 'report_mails', '{reason}', 'search', 'why a mail failed'),
    (62, 'recordings', '{status_reason,transcription_reason}', 'search', 'why something was not done'),
    (63, 'ai_requests', '{outcome}', 'search', 'what a model answered instead'),
    (64, 'contacts', '{name,external_id}', 'search', 'a number as a name of somebody else'),
    (65, 'dnc_entries', '{reason}', 'search', 'why somebody else is not called'),
    (66, 'call_legs', '{endpoint}', 'search', 'a number within another address, as of SIP'),
    (67, 'conversions', '{external_id,name}', 'search', 'free text of who sent it');

insert into erasure_rules (position, relation, columns, scope, why) values
    (90, 'ai_requests', '{purpose,model,currency}', 'none', 'words, and what it cost'),
    (90, 'alarms', '{cause}', 'none', 'a word'),
    (90, 'alert_rules', '{kinds,channel,target,time_zone,digest}', 'none', 'the tenant''s own people and settings'),
    (90, 'alerts', '{channel,target,state,sid}', 'none',
     'the tenant''s own people; what was sent to them goes with its notice, at Twilio too'),
    (90, 'analyses', '{model,sentiment,summary,action_items,topics,currency}', 'none', 'goes with its transcript'),
    (90, 'api_keys', '{name,prefix,secret_hash,role,scopes}', 'none', 'machines of the tenant'),
    (90, 'audit_entries', '{actor,action,object,detail,origin,hash}', 'none',
     'holds neither numbers nor names nor notes; what an erasure finds there it redacts (audit_redact)'),
    (90, 'budgets', '{currency}', 'none', 'money'),
    (90, 'call_commands', '{kind,state,actor}', 'none', 'words, and the tenant''s own people'),
    (90, 'call_controls', '{room,conference_sid,consult_sid}', 'none', 'random names and sids'),
    (90, 'call_intents', '{state,mode,from_number,agent_number}', 'none', 'words, and the tenant''s own phones'),
    (90, 'call_legs', '{sid,parent_sid,role,price_unit}', 'none', 'sids and words'),
    (90, 'call_views', '{columns}', 'none', 'names of columns'),
    (90, 'calls', '{twilio_call_sid,direction,root_role,record_reason,outcome,missed_reason,price_unit,gate_refused,'
     'kind,source,ended_by,customer_country,disposition,value_currency,lead_status,lead_set_by}', 'none',
     'what counts: words of lists, and a country'),
    (90, 'campaigns', '{external_id,name,source,medium}', 'none', 'of the tenant'),
    (90, 'clients', '{external_id,name,forward_to,time_zone}', 'none', 'of the tenant'),
    (90, 'consent_records', '{purpose,decision,method,created_by}', 'none', 'words, and the tenant''s own people'),
    (90, 'contacts', '{time_zone}', 'none', 'a word; goes with its row'),
    (90, 'conversions', '{currency}', 'none', 'money'),
    (90, 'cost_entries', '{kind,ref,currency}', 'none', 'sids and money'),
    (90, 'dispositions', '{word,lead_status}', 'none', 'a list of the tenant'),
    (90, 'dnc_entries', '{added_by}', 'none', 'the tenant''s own people'),
    (90, 'dnc_lists', '{name}', 'none', 'a list of the tenant'),
    (90, 'erasure_copies', '{kind,sid,answer}', 'none', 'sids; goes when the erasure is done'),
    (90, 'erasures', '{mark,subject,asked_by,counts,held,twilio,digest}', 'none',
     'the proof; the subject, sealed, goes when it is done'),
    (90, 'idempotency_keys', '{key,request_hash,type,head,reply}', 'none',
     'sealed; the job opens each answer, and replaces those with the number'),
    (90, 'identity_providers', '{issuer,audience,kind,secret,jwks_url,claim}', 'none', 'of the tenant'),
    (90, 'jobs', '{kind,ref,state,cause}', 'none', 'ids and words'),
    (90, 'keywords', '{phrase,heard_from,tag}', 'none', 'a list of the tenant'),
    (90, 'lead_rules', '{status,outcome,disposition,source,country,tag}', 'none', 'a list of the tenant'),
    (90, 'legal_holds', '{kind,reason,placed_by,lifted_by}', 'none',
     'evidence of why something was kept, by the tenant'),
    (90, 'mail_links', '{token_hash,kind}', 'none', 'the tenant''s own people'),
    (90, 'mail_outbox', '{kind}', 'none', 'the tenant''s own people'),
    (90, 'marketing_costs', '{currency}', 'none', 'money'),
    (90, 'metadata_sealing', '{place,after}', 'none', 'ids and words'),
    (90, 'number_assignments', '{pool,forward_to}', 'none', 'the tenant''s own numbers'),
    (90, 'number_health', '{drift}', 'none', 'the tenant''s own numbers'),
    (90, 'number_purchases', '{state,e164,number_type,capabilities,currency,bundle_sid,address_sid,forward_to,idem_key,'
     'request_hash,fallback_name,actor,twilio_sid,reason}', 'none', 'the tenant''s own numbers'),
    (90, 'numbers', '{e164,twilio_sid,forward_to,greeting,disclosure_mode,disclosure,record_mode,pool,number_type,'
     'capabilities,currency,bundle_sid,address_sid,fallback_name,source}', 'none', 'the tenant''s own numbers'),
    (90, 'prices', '{kind,item,unit,currency}', 'none', 'money'),
    (90, 'rate_buckets', '{subject}', 'none', 'keys and users of the tenant'),
    (90, 'recording_settings', '{storage}', 'none', 'of the tenant'),
    (90, 'recordings', '{sid,call_sid,kind,status,source,transcription_status,storage,price_unit}', 'none',
     'sids and words'),
    (90, 'report_mails', '{recipient,state}', 'none', 'the tenant''s own people'),
    (90, 'report_schedules', '{every,recipients}', 'none', 'the tenant''s own people'),
    (90, 'reports', '{every}', 'none', 'a word'),
    (90, 'sessions', '{token_hash,origin,agent}', 'none', 'the tenant''s own people'),
    (90, 'stat_cells', '{grain,dim,key,direction}', 'none', 'sums; no key is a person'),
    (90, 'tenant_keys', '{sealed}', 'none', 'of the tenant'),
    (90, 'tenant_origins', '{origin}', 'none', 'of the tenant'),
    (90, 'tenant_readers', '{role_name}', 'none', 'of the tenant'),
    (90, 'transcript_runs', '{model,language,currency,asked_by}', 'none', 'words, and what it cost'),
    (90, 'transcription_exceptions', '{language}', 'none', 'of the tenant'),
    (90, 'transcription_settings', '{language}', 'none', 'of the tenant'),
    (90, 'twilio_configurations', '{account_sid,auth_token,auth_token_secondary,api_key_sid,api_key_secret,'
     'twiml_app_sid,region,edge,api_base_url}', 'none', 'of the tenant'),
    (90, 'user_voip_settings', '{assigned_phone_number,caller_id_number}', 'none', 'the tenant''s own people'),
    (90, 'users', '{email,name,role,password_hash,forward_to,external_id,rings}', 'none', 'the tenant''s own people'),
    (90, 'webhook_deliveries', '{state}', 'none', 'a word; goes with its message'),
    (90, 'webhook_endpoints', '{url,description,events,secret,old_secret}', 'none', 'machines of the tenant'),
    (90, 'webhook_events', '{kind,event_type,call_sid}', 'none', 'sids and words');
