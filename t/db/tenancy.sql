-- Nobody sees or writes another tenant's rows: by the catalogue, and by trying.
begin;
select no_plan();

-- By the catalogue: a table that is added without its policies fails here.
create temp table tenant_tables as
    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace;

select cmp_ok(count(*)::int, '>=', 34, 'there are tenant tables to look at') from tenant_tables;
select is_empty($$ select relname from tenant_tables where not relrowsecurity $$,
    'every tenant table has row level security');
select is_empty($$ select relname from tenant_tables where not relforcerowsecurity $$,
    '... forced, so that its owner is bound too');
select is_empty($$ select relname from tenant_tables where relname <> 'tenant_readers' and not exists
    (select from pg_policy p where p.polrelid = tenant_tables.oid and p.polname = 'own_tenant'
        and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = current_tenant())') $$, '... and the policy own_tenant');
select is_empty($$ select polname from pg_policy p join tenant_tables t on t.oid = p.polrelid
    where p.polroles = '{0}' $$,
                'no policy of a tenant table is for everybody');
select is_empty($$ select t.relname, pg_get_userbyid(t.relowner) from tenant_tables t
                    where pg_get_userbyid(t.relowner) <> 'switchhook_owner' $$, 'every tenant table is the owner''s');
select is_empty($$ select c.relname from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace
                    and not coalesce(c.reloptions, '{}') @> '{security_invoker=true}' $$,
                    'views show what their reader may see');
select is_empty($$ select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
                    and not coalesce(p.proconfig::text, '') like '%search_path=pg_catalog%' $$,
                'functions with the owner''s rights fix their search path');

select is_empty($$ select rolname from pg_roles where rolname like 'switchhook\_%'
                    and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication) $$,
                'no role of ours is more than a role');
select is_empty($$ select rolname from pg_roles r where rolname in
        ('switchhook_app', 'switchhook_ingest', 'switchhook_sweep', 'switchhook_reader')
        and exists (select from pg_class c where c.relowner = r.oid) $$, 'programs and readers own nothing');
select is_empty($$ select r.rolname from pg_roles r where r.rolname in
        ('switchhook_app', 'switchhook_ingest', 'switchhook_sweep', 'switchhook_reader')
        and (pg_has_role(r.oid, 'switchhook_owner', 'member') or pg_has_role(r.oid, 'pg_read_all_data', 'member')
             or pg_has_role(r.oid, 'pg_write_all_data', 'member')) $$, '... and are members of nobody who does');
select is_empty($$ select rolname from pg_roles where rolname = 'switchhook_owner'
    and rolcanlogin $$, 'the owner cannot log in');
select is_empty($$ select rolname from pg_roles where rolname like 'switchhook\_%'
                    and has_schema_privilege(oid, 'public', 'create') and rolname <> 'switchhook_owner' $$,
                'programs make no tables');

-- By trying: two tenants with one of everything.
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
create temp table who (tenant uuid, letter text);
insert into who values ('01890000-0000-7000-8000-00000000000a', 'a'), ('01890000-0000-7000-8000-00000000000b', 'b');
insert into users (tenant_id, email, role) select tenant, letter || '@example.com', 'agent' from who;
insert into user_voip_settings (user_id) select id from users;
insert into api_keys (tenant_id, name, prefix, secret_hash)
    select tenant, 'k', 'shk_test_00000000000' || letter, sha256(letter::bytea) from who;
insert into twilio_configurations (tenant_id, account_sid, auth_token)
    select tenant, 'AC' || repeat(letter, 32), 'enc1|k1|x|y' from who;
insert into identity_providers (tenant_id, issuer, audience, kind, secret)
    select tenant, 'https://login.example', letter, 'secret', 'enc1|k1|x|y' from who;
insert into conversations (tenant_id, customer_number) select tenant, '+442079460123' from who;
insert into recording_settings (tenant_id) select tenant from who;
insert into legal_holds (tenant_id, kind, ref, reason, placed_by)
    select tenant, 'call', gen_random_uuid(), letter, letter from who;
insert into erasures (tenant_id, contact_ids, asked_by) select tenant, array[gen_random_uuid()], letter from who;
insert into erasure_copies (erasure_id, tenant_id, kind, sid)
    select id, tenant_id, 'call', 'CA' || repeat(asked_by, 32) from erasures;
insert into rate_buckets (tenant_id, subject, full_at) select tenant, '', now() from who;
insert into clients (id, tenant_id, name)
    select case letter when 'b' then '01890000-0000-7000-8000-0000000000c0'::uuid else uuid7() end, tenant, 'c'
    from who;
insert into campaigns (tenant_id, name) select tenant, 'c' from who;
insert into contacts (tenant_id, name) select tenant, 'c' from who;
insert into numbers (tenant_id, e164) select tenant, '+442079460958' from who;
insert into number_health (number_id, tenant_id) select id, tenant_id from numbers;
insert into number_assignments (tenant_id, number_id, pool) select tenant_id, id, 'p' from numbers;
insert into number_purchases (tenant_id, request_hash, actor) select tenant, sha256('x'), 'key:x' from who;
insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status)
    select tenant, 'CA' || repeat(letter, 32), '+442079460123', '+442079460958', 'inbound', 'customer', 'ringing'
    from who;
insert into call_legs (tenant_id, sid, call_id, status)
    select tenant_id, twilio_call_sid, id, 'ringing' from calls;
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, received_at, raw)
    select tenant, gen_random_uuid(), 'voice.answer', 'answer', 'CA' || repeat(letter, 32), now(), 'a=b' from who;
insert into announcements (tenant_id, digest, spoken, language)
    select tenant, gen_random_uuid(), 'This call is recorded.', 'en-GB' from who;
insert into webhook_texts (tenant_id, digest, body) select tenant, gen_random_uuid(), '<Response/>' from who;
insert into webhook_answers (id, tenant_id, kind, received_at, took_us, again)
    select null, tenant, 'voice.answer', now(), 1, false from who;
insert into webhook_refusals (tenant_id, at, reason, n) select tenant, '2026-01-01', 'signature', 1 from who;
insert into jobs (tenant_id, kind, ref) select tenant, 'fetch', letter from who;
insert into recordings (tenant_id, sid, call_sid, call_id, status)
    select tenant_id, 'RE' || substr(twilio_call_sid, 3), twilio_call_sid, id, 'completed' from calls;
insert into transcripts (tenant_id, recording_id, model, text, segments) select tenant_id, id, 'm', 't', '[]'
    from recordings;
insert into analyses (tenant_id, transcript_id, model, sentiment, sentiment_score, summary, action_items, topics)
    select tenant_id, id, 'm', 'neutral', 0, '', '[]', '[]' from transcripts;
insert into action_ticks (tenant_id, analysis_id, item, done_by) select tenant_id, id, 0, 'user:1' from analyses;
insert into ai_requests (tenant_id, recording_id, purpose, model) select tenant_id, id, 'transcribe', 'm'
    from recordings;
insert into alarms (tenant_id, cause) select tenant, 'model:key' from who;
insert into keywords (tenant_id, phrase, tag) select tenant, 'p', 't' from who;
insert into transcription_settings (tenant_id, language) select tenant, 'en' from who;
insert into transcription_exceptions (tenant_id, client_id, language) select tenant_id, id, 'de' from clients;
insert into transcript_runs (tenant_id, recording_id, model, asked_by) select tenant_id, id, 'm', 'user:1'
    from recordings;
insert into call_intents (call_id, tenant_id, state, mode, from_number, to_number, agent_number, request_hash)
    select id, tenant_id, 'sending', 'agent_first', '+442079460958', '+442079460123', '+442079460999',
    sha256('x') from calls;
insert into sessions (token_hash, tenant_id, user_id, expires_at)
    select sha256(u.email::bytea), u.tenant_id, u.id, now() + interval '1 hour' from users u;
insert into mail_links (token_hash, tenant_id, user_id, kind, expires_at)
    select sha256(u.email::bytea), u.tenant_id, u.id, 'reset', now() + interval '1 hour' from users u;
insert into mail_outbox (tenant_id, user_id, kind) select tenant_id, id, 'reset' from users;
insert into tenant_origins (tenant_id, origin) select tenant, 'https://' || letter || '.example' from who;
insert into refused_origins (tenant_id, origin) select tenant, 'https://' || letter || '.example' from who;
insert into embed_tickets (token_hash, tenant_id, user_id, origin, expires_at)
    select sha256(('ticket' || who.letter)::bytea), who.tenant, u.id, 'https://a.example', now() + interval '1 minute'
      from who join users u on u.tenant_id = who.tenant;
insert into tenant_keys (tenant_id, sealed) select tenant, 'enc1|k1|x|y' from who;
insert into metadata_sealing (tenant_id, sealing) select tenant, true from who;
insert into idempotency_keys (tenant_id, key, request_hash, attempt)
    select tenant, 'k', sha256('x'), gen_random_uuid() from who;
insert into call_commands (id, tenant_id, call_id, kind, actor) select uuid7(), tenant_id, id, 'end', 't' from calls;
insert into call_controls (call_id, tenant_id) select id, tenant_id from calls;
insert into dnc_lists (tenant_id, name) select tenant, 'l' from who;
insert into dnc_entries (tenant_id, number, list_id, added_by)
    select tenant_id, '+442079460123', id, 't' from dnc_lists;
insert into consent_records (tenant_id, number, purpose, decision, method, created_by)
    select tenant, '+442079460123', 'call', 'granted', 'api', 't' from who;
insert into consent_questions (call_id, tenant_id) select id, tenant_id from calls;
insert into disclosures (tenant_id, language, disclosure) select tenant, 'de-DE', letter from who;
insert into webhook_endpoints (tenant_id, url, events, secret)
    select tenant, 'https://' || letter || '.example/hook', '{call.missed}', 'enc2|x|y' from who;
insert into webhook_sequences (call_id, tenant_id, last) select id, tenant_id, 1 from calls;
insert into webhook_messages (tenant_id, type, call_id, body) select tenant_id, 'call.missed', id, '{}' from calls;
insert into webhook_deliveries (tenant_id, endpoint_id, message_id)
    select m.tenant_id, e.id, m.id from webhook_messages m join webhook_endpoints e on e.tenant_id = m.tenant_id;
insert into webhook_attempts (delivery_id, tenant_id, n, duration_ms)
    select id, tenant_id, 1, 1 from webhook_deliveries;
insert into alert_rules (tenant_id, kinds, channel, target)
    select tenant, '{missed_call}', 'mail', 'a@b.example' from who;
insert into notices (tenant_id, kind, ref, call_id) select tenant_id, 'missed_call', id::text, id from calls;
insert into alerts (tenant_id, notice_id, channel, target, due_at)
    select tenant_id, id, 'mail', 'a@b.example', now() from notices;
insert into report_schedules (tenant_id, every, recipients) select tenant, 'week', '{a@b.example}' from who;
insert into reports (tenant_id, schedule_id, every, from_date, to_date, figures)
    select tenant_id, id, 'week', '2026-01-05', '2026-01-12', '{}' from report_schedules;
insert into report_mails (tenant_id, report_id, recipient) select tenant_id, id, 'a@b.example' from reports;
insert into audit_entries (tenant_id, actor, action, object) select tenant, 'sweep', 'call.seen', 'x' from who;
insert into call_views (tenant_id, name) select tenant, 'v' from who;
insert into dispositions (tenant_id, word, position) select tenant, 'sold', 1 from who;
insert into lead_rules (tenant_id, position, status) select tenant, 1, 'spam' from who;
insert into conversions (tenant_id, call_id, currency) select tenant_id, id, 'GBP' from calls;
insert into marketing_costs (tenant_id, campaign_id, day, amount, currency)
    select tenant_id, id, '2026-01-01', 1, 'GBP' from campaigns;
insert into cost_entries (tenant_id, kind, ref, amount, currency, at) select tenant, 'number', 'x', 1, 'GBP', now()
    from who;
insert into prices (tenant_id, kind, item, unit, amount, currency) select tenant, 'number', '*', 'month', 1, 'GBP'
    from who;
insert into budgets (tenant_id, amount, currency) select tenant, 1, 'GBP' from who;
insert into budget_alerts (budget_id, tenant_id, month, level, spent) select id, tenant_id, '2026-01-01', 80, 1
    from budgets;
insert into caller_gaps select tenant, now(), 1, '-infinity', 1, 0 from who;
insert into caller_cells select tenant, 'month', now(), uuid7(), 2 from who;
insert into stat_marks (tenant_id, rolled_from, rolled_until, xid, older_xid, rolled_at)
    select tenant, now(), now(), 1, 1, now() from who;
insert into stat_cells select (jsonb_populate_record(stat_none(), jsonb_build_object('tenant_id', tenant,
    'grain', 'day', 'dim', 'total', 'key', '', 'at', now(), 'direction', 'inbound'))).* from who;
insert into stat_past select * from stat_cells;
insert into retention_rules (tenant_id, kind, days) select tenant, 'audio', 30 from who;
insert into retention_runs (tenant_id, day) select tenant, current_date from who;
insert into retention_counts (run_id, tenant_id, kind) select id, tenant_id, 'audio' from retention_runs;

select is_empty($$ select relname from tenant_tables t where relname <> 'tenant_readers' and (xpath('/row/n/text()',
        query_to_xml(format('select count(distinct tenant_id) as n from %I', relname), false, true,
        '')))[1]::text <> '2' $$,
        'both tenants have a row in every tenant table, so that what follows means something');

create function others(role name, tenant text) returns setof text language plpgsql as $$
declare t record; n int;
begin
    execute format('set local role %I', role);
    perform set_config('app.tenant', coalesce(tenant, ''), true);
    for t in select relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
                and not a.attisdropped)
                and has_table_privilege(c.oid, 'select')
    loop
        execute format('select count(*) from %I where tenant_id is distinct from %L', t.relname, tenant) into n;
        if n > 0 then return next format('%s: %s rows', t.relname, n); end if;
        execute format('select count(*) from %I', t.relname) into n;
        if tenant is not null and n = 0 then return next format('%s: not even its own', t.relname); end if;
    end loop;
    reset role;
end $$;
select is_empty($$ select others('switchhook_app', '01890000-0000-7000-8000-00000000000a') $$,
    'the app sees its tenant''s rows alone');
select is_empty($$ select others('switchhook_app', null) $$, 'without a tenant it sees none');
reset role;

-- Each tenant table: the app of tenant A tries to change, delete, and steal rows of B.
create function trespass(tenant text) returns setof text language plpgsql as $$
declare t record; n int; verb text;
begin
    perform set_config('app.tenant', tenant, true);
    set local role switchhook_app;
    for t in select c.oid, relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
                and not a.attisdropped)
                and has_table_privilege('switchhook_app', c.oid, 'select')
    loop
        foreach verb in array array['update %1$I set tenant_id = tenant_id where tenant_id <> %2$L',
                                    'delete from %1$I where tenant_id <> %2$L']
        loop
            begin
                execute format(verb, t.relname, tenant);
                get diagnostics n = row_count;
                if n > 0 then return next format(verb, t.relname, tenant); end if;
            exception when insufficient_privilege then null;
            end;
        end loop;
        begin
            execute format('update %I set tenant_id = %L', t.relname, '01890000-0000-7000-8000-00000000000b');
            return next format('%s: a row was given away', t.relname);
        exception when insufficient_privilege or unique_violation or foreign_key_violation then null;
        end;
    end loop;
    reset role;
end $$;
select is_empty($$ select trespass('01890000-0000-7000-8000-00000000000a') $$,
    'the app changes, deletes and gives away nothing');
reset role;

set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select throws_ok($$ insert into contacts (tenant_id, name) values ('01890000-0000-7000-8000-00000000000b', 'x') $$,
    '42501',
                 null, 'the app writes no row for another tenant');
select throws_ok($$ insert into numbers (tenant_id, e164, client_id)
                    values (current_tenant(), '+442079460111', '01890000-0000-7000-8000-0000000000c0') $$,
                 '23503', null, 'a number serves clients of its own tenant alone');
select throws_ok($$ delete from legal_holds $$, '42501', null, 'the app deletes no legal hold');
select throws_ok($$ update legal_holds set reason = 'x' $$, '42501', null, '... and rewrites none');
select throws_ok($$ update number_assignments set user_id = null $$, '42501', null, '... nor who had a number');
select throws_ok($$ delete from number_purchases $$, '42501', null, '... forgets no purchase');
select throws_ok($$ delete from metadata_sealing $$, '42501', null, '... and not that something is sealed');
select throws_ok($$ create table x (y int) $$, '42501', null, 'the app makes no table');
select throws_ok($$ alter table calls disable row level security $$, '42501', null, '... and lifts no policy');
reset role;

-- The readers.
create role reader_a login in role switchhook_reader;
insert into tenant_readers values ('reader_a', '01890000-0000-7000-8000-00000000000a');
set local session authorization reader_a;
select results_eq($$ select count(*)::int, count(distinct tenant_id)::int from calls $$, $$ values (1, 1) $$,
                  'a reader sees its tenant''s calls');
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000b', true);
select is_empty($$ select 1 from calls where tenant_id <> '01890000-0000-7000-8000-00000000000a' $$,
    '... whatever it sets');
select results_eq($$ select count(*)::int from call_recordings $$, $$ values (1) $$, '... and its call_recordings');
select results_eq($$ select count(*)::int from call_events $$, $$ values (1) $$, '... and its call_events');
select throws_ok($$ update calls set status = 'completed' $$, '42501', null, 'a reader writes nothing');
select throws_ok($$ select auth_token from twilio_configurations $$, '42501', null, '... reads no token');
select throws_ok($$ select secret_hash from api_keys $$, '42501', null, '... no key');
select throws_ok($$ select password_hash from users $$, '42501', null, '... and no password');
select throws_ok($$ select * from tenant_readers $$, '42501', null, '... and not who else reads');
reset session authorization;
create role reader_x login in role switchhook_reader;
set local session authorization reader_x;
select is_empty($$ select 1 from calls $$, 'a reader bound to no tenant sees nothing');
reset session authorization;

-- The hooks pool.
set local role switchhook_ingest;
select lives_ok($$ select tenant_id, account_sid, auth_token from twilio_configurations $$,
    'ingest reads the sealed tokens it verifies with');
select throws_ok($$ select api_key_secret from twilio_configurations $$,
    '42501', null, '... but not the secrets of the REST side');
select throws_ok($$ select * from transcripts $$, '42501', null, 'ingest reads no transcript');
select throws_ok($$ select * from analyses $$, '42501', null, '... no analysis');
select throws_ok($$ select phone_number from contacts $$, '42501', null, '... no contact');
select throws_ok($$ select * from api_keys $$, '42501', null, '... no key');
select throws_ok($$ select * from audit_entries $$, '42501', null, '... no audit');
select throws_ok($$ select path from recordings $$, '42501', null, '... and not where a recording lies');
select throws_ok($$ select email from users $$, '42501', null, '... and nobody''s address');
select throws_ok($$ delete from calls $$, '42501', null, 'ingest deletes nothing');
select throws_ok($$ delete from webhook_events $$, '42501', null, '... no event');
select throws_ok($$ update tenants set name = 'x' $$, '42501', null, '... and changes no setting');
select throws_ok($$ update numbers set forward_to = null $$, '42501', null, '... and no number');
select throws_ok($$ truncate webhook_events $$, '42501', null, '... and empties no table');
select throws_ok($$ update recordings set sealed_key = null $$, '42501', null, '... shreds no recording');
select throws_ok($$ update recordings set path = null $$, '42501', null, '... and moves none');
select throws_ok($$ update conversations set closed_at = now() $$, '42501', null, '... closes no conversation');
select throws_ok($$ insert into conversations (tenant_id, customer_number, closed_at)
                    values ('01890000-0000-7000-8000-00000000000a', 'x', now()) $$, '42501', null,
                 '... and opens none that is closed');
reset role;

-- Whose a number is: the one thing webhooks learn of contacts.
update contacts set phone_number = '+442079460123';
create temp table called as
    select t.tenant, t.letter, (select id from contacts c where c.tenant_id = t.tenant) as contact from who t;
grant select on called to switchhook_ingest, switchhook_app;
create function whose(role name, of text, letter text) returns boolean language plpgsql as $$
declare got boolean;
begin
    perform set_config('app.tenant', of, true);
    execute format('set local role %I', role);
    select contact_of(c.tenant, '+442079460123') = c.contact into got from called c where c.letter = whose.letter;
    reset role;
    return got;
end $$;
select is(whose('switchhook_ingest', '', 'a'), true, 'a webhook finds the contact of a number');
select is(whose('switchhook_ingest', '', 'b'), true, '... of each tenant its own');
select is(whose('switchhook_app', '01890000-0000-7000-8000-00000000000a', 'a'), true, 'the app finds its tenant''s');
select is(whose('switchhook_app', '01890000-0000-7000-8000-00000000000a', 'b'), null, '... and nobody else''s');
set local role switchhook_reader;
select throws_ok($$ select contact_of(null, 'x') $$, '42501', null, 'a reader asks for none');
reset role;
select set_config('app.tenant', '', true);
set local role switchhook_ingest;
insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status, customer_number)
    select tenant, 'CA' || repeat('1', 31) || letter, '+442079460123', '+442079460958', 'inbound', 'customer',
    'ringing', '+442079460123' from called;
reset role;
select results_eq($$ select v.contact_id = d.contact and v.tenant_id = d.tenant
                       from called d
                       join calls c on c.twilio_call_sid = 'CA' || repeat('1', 31) || d.letter
                       join conversations v on v.id = c.conversation_id $$, array[true, true],
                  'a call that comes in joins the conversation with its own tenant''s contact');

select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select results_eq($$ select tenant_id from api_key_find('shk_test_00000000000b', sha256('b')) $$,
                  $$ values ('01890000-0000-7000-8000-00000000000b'::uuid) $$,
                  'a key tells its own tenant, whatever is set');
select is_empty($$ select * from api_key_find('shk_test_00000000000b', sha256('a')) $$, 'a wrong secret finds nothing');
update api_keys set revoked_at = now() where prefix = 'shk_test_00000000000b';
select is_empty($$ select * from api_key_find('shk_test_00000000000b', sha256('b')) $$, 'nor does a revoked key');
update api_keys set expires_at = now() - interval '1 s' where prefix = 'shk_test_00000000000a';
select is_empty($$ select * from api_key_find('shk_test_00000000000a', sha256('a')) $$, 'nor one that has expired');

select finish();
rollback;
