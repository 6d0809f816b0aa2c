-- What is said of a recording, whose no stands, and which word decides about a transcript.
begin;
select no_plan();
insert into tenants (id, name, language, voice) values
    ('01890000-0000-7000-8000-00000000000a', 'A', 'en-GB', 'Polly.Amy'),
    ('01890000-0000-7000-8000-00000000000b', 'B', 'ja-JP', null);
insert into clients (id, tenant_id, name) values
    ('01890000-0000-7000-8000-0000000000c1', '01890000-0000-7000-8000-00000000000a', 'C'),
    ('01890000-0000-7000-8000-0000000000c2', '01890000-0000-7000-8000-00000000000b', 'D');
insert into numbers (id, tenant_id, e164, client_id) values
    ('01890000-0000-7000-8000-0000000000d1', '01890000-0000-7000-8000-00000000000a', '+442079460958',
     '01890000-0000-7000-8000-0000000000c1');

create function pg_temp.told(tenant text, number text default null, client text default null) returns text
    language sql as $$
    select concat_ws('|', f.mode, f.language, f.voice, f.disclosure)
      from disclosure_for(('01890000-0000-7000-8000-00000000000' || tenant)::uuid,
                          ('01890000-0000-7000-8000-0000000000' || number)::uuid,
                          ('01890000-0000-7000-8000-0000000000' || client)::uuid) f
$$;

-- In each role alike: the API sees one tenant, webhooks all of them.
select is(pg_temp.told('a'), 'announce|en-GB|Polly.Amy|This call is recorded.', 'built in');
select is(pg_temp.told('b'), 'announce|en-GB|This call is recorded.', 'what nobody has translated is said in English');
update tenants set disclosure = 'Rokuon shimasu.' where name = 'B';
select is(pg_temp.told('b'), 'announce|ja-JP|Rokuon shimasu.', '... but a tenant''s own words in its language');
update numbers set disclosure_language = 'nl-BE';
select is(pg_temp.told('a', 'd1'), 'announce|nl-BE|Dit gesprek wordt opgenomen.', 'a number''s language');
insert into disclosures (tenant_id, client_id, language, disclosure, question, voice) values
    ('01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000c1', null, 'client', null, null),
    ('01890000-0000-7000-8000-00000000000a', null, 'nl-BE', 'tenant nl', 'vraag', 'Polly.Lotte'),
    ('01890000-0000-7000-8000-00000000000b', null, 'nl-BE', 'another tenant''s', null, null);
select is(pg_temp.told('a', 'd1'), 'announce|nl-BE|Polly.Lotte|tenant nl', 'the tenant''s in a language');
select is(pg_temp.told('a', 'd1', 'c1'), 'announce|en-GB|Polly.Amy|client', 'the client''s come first');
select is(pg_temp.told('a', 'd1', 'c2'), 'announce|nl-BE|Polly.Lotte|tenant nl', 'not another tenant''s client');
select is((select question || '|' || goodbye from disclosure_for('01890000-0000-7000-8000-00000000000a',
               '01890000-0000-7000-8000-0000000000d1', null)),
          'vraag|Zonder uw toestemming kunnen wij dit gesprek niet voeren. Tot ziens.', 'what is empty is built in');
update numbers set disclosure = 'number', disclosure_mode = 'off';
select is(pg_temp.told('a', 'd1', 'c1'), 'off|nl-BE|number', 'a number''s own words and mode');
select is(pg_temp.told('b', 'd1', 'c1'), 'announce|ja-JP|Rokuon shimasu.', 'another tenant has neither');
set local role switchhook_ingest;
select is(pg_temp.told('a', 'd1', 'c1'), 'off|nl-BE|number', 'webhooks find the same');
reset role;
set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select is(pg_temp.told('a', 'd1', 'c1'), 'off|nl-BE|number', 'the API does');
select is((select count(*)::int from disclosures), 2, '... and sees its own words alone');
select throws_ok($$ insert into disclosures (tenant_id, language, disclosure)
                    values (current_tenant(), 'nl-BE', 'again') $$, '23505', null, 'one for each client and language');
select throws_ok($$ insert into disclosures (tenant_id, client_id, language, disclosure)
                    values (current_tenant(), '01890000-0000-7000-8000-0000000000c2', 'nl-BE', 'x') $$,
                 '23503', null, 'of a client of its own');

-- Whose no stands.
create function pg_temp.no(client text default null, asks boolean default false) returns boolean language sql as $$
    select coalesce((select stands from recording_objection(current_tenant(), array['+442079460123', null],
                        ('01890000-0000-7000-8000-0000000000' || client)::uuid, asks)), false)
$$;
create function pg_temp.says(decision text, method text, client text default null, after interval default '0')
    returns void language sql as $$
    insert into consent_records (tenant_id, number, client_id, purpose, decision, method, created_by, created_at)
    values (current_tenant(), '+442079460123', ('01890000-0000-7000-8000-0000000000' || client)::uuid, 'recording',
            decision, method, 't', now() + after)
$$;
select ok(not pg_temp.no(), 'who has said nothing is recorded');
select pg_temp.says('refused', 'keypress', null, '1 s');
select ok(pg_temp.no(), 'a key stands where nobody is asked');
select ok(not pg_temp.no(null, true), '... not where each call asks');
select pg_temp.says('withdrawn', 'api', 'c1', '2 s');
select ok(pg_temp.no('c1', true), 'a client''s withdrawal stands in its calls');
select ok(not pg_temp.no(null, true), '... and in no others');
select pg_temp.says('granted', 'agent', null, '3 s');
select ok(not pg_temp.no('c1', true), 'the newest word counts');
select throws_ok($$ insert into consent_records (tenant_id, purpose, decision, method, created_by)
                    values (current_tenant(), 'recording', 'granted', 'keypress', 't') $$,
                 '23514', null, 'somebody, or a call');

-- Which word decides about a transcript.
insert into users (id, tenant_id, email, name, role) values
    ('01890000-0000-7000-8000-0000000000e1', current_tenant(), 'a@example.com', 'A', 'agent');
insert into calls (id, tenant_id, from_number, to_number, direction, root_role, status, number_id, client_id, user_id,
                   record)
    values ('01890000-0000-7000-8000-0000000000f1', current_tenant(), '+442079460123', '+442079460958', 'inbound',
            'customer', 'completed', '01890000-0000-7000-8000-0000000000d1', '01890000-0000-7000-8000-0000000000c1',
            '01890000-0000-7000-8000-0000000000e1', true);
insert into recordings (tenant_id, sid, call_sid, call_id, status, duration_seconds, transcription_status)
    values (current_tenant(), 'RE' || repeat('a', 32), 'CA' || repeat('a', 32),
            '01890000-0000-7000-8000-0000000000f1', 'completed', 60, 'pending');
create function pg_temp.verdict() returns text language sql as $$
    select transcription_verdict(r, 60) || coalesce(': ' || transcription_reason(r, transcription_verdict(r, 60)), '')
      from recordings r
$$;
select is(pg_temp.verdict(), 'pending', 'the tenant wants it');
update tenants set transcribe = false where id = current_tenant();
select is(pg_temp.verdict(), 'skipped:off: transcription switched off', 'the tenant does not');
insert into transcription_exceptions (tenant_id, client_id, transcribe)
    values (current_tenant(), '01890000-0000-7000-8000-0000000000c1', true);
select is(pg_temp.verdict(), 'pending', 'its client does');
insert into transcription_exceptions (tenant_id, number_id, transcribe)
    values (current_tenant(), '01890000-0000-7000-8000-0000000000d1', false);
select is(pg_temp.verdict(), 'skipped:off: transcription switched off for its number', 'its number does not');
update transcription_exceptions set transcribe = true;
insert into user_voip_settings (user_id, auto_transcribe) values ('01890000-0000-7000-8000-0000000000e1', false);
select is(pg_temp.verdict(), 'skipped:off: transcription switched off for its user', 'its user does not');
update calls set transcribe = true;
select is(pg_temp.verdict(), 'pending', 'the call does');
update calls set transcribe = false;
select is(pg_temp.verdict(), 'skipped:off: transcription switched off for this call', '... or does not');
update calls set transcribe = null, record = false, record_reason = 'consent';
select is(pg_temp.verdict(), 'skipped:consent: consent to the recording was refused or withdrawn',
          'who has taken it back is not transcribed');
select finish();
rollback;
