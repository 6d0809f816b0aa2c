-- The SQL printed in the five guides runs unchanged: for the operator, and its SELECTs for a read-only login of one
-- tenant.
begin;
select no_plan();

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
insert into users (tenant_id, email, role) values ('01890000-0000-7000-8000-00000000000a', 'sdr@example.com', 'agent'),
    ('01890000-0000-7000-8000-00000000000b', 'other@example.com', 'agent');
insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
    duration_seconds, recording_url, created_at)
    values ('01890000-0000-7000-8000-0000000000c1', '01890000-0000-7000-8000-00000000000a',
    'CA00000000000000000000000000000001', '+442079460123',
            '+442079460958', 'inbound', 'customer', 'completed', 145,
            'https://crm.example/api/twilio/recording/CA1.wav', now() - interval '2 h'),
           ('01890000-0000-7000-8000-0000000000c2', '01890000-0000-7000-8000-00000000000a',
           'CA00000000000000000000000000000002', '+442079460124',
            '+442079460958', 'inbound', 'customer', 'failed', null, null, now() - interval '1 h'),
           ('01890000-0000-7000-8000-0000000000c3', '01890000-0000-7000-8000-00000000000b',
           'CA00000000000000000000000000000003', '+442079460125',
            '+442079460957', 'inbound', 'customer', 'completed', 7, null, now());
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
    select tenant_id, gen_random_uuid(), 'voice.status', w, twilio_call_sid, id, created_at + n * interval '1 s',
    convert_to('CallStatus=' || w, 'UTF8')
      from calls, unnest(array['ringing', 'completed']) with ordinality as t(w, n);
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, received_at, raw)
    values ('01890000-0000-7000-8000-00000000000a', gen_random_uuid(), 'voice.status', 'ringing',
    'CA00000000000000000000000000000009', now(), 'CallStatus=ringing');
insert into recordings (id, tenant_id, sid, call_sid, call_id, kind, status, duration_seconds, transcription_status)
    values ('01890000-0000-7000-8000-0000000000d1', '01890000-0000-7000-8000-00000000000a',
    'RE00000000000000000000000000000001',
            'CA00000000000000000000000000000001', '01890000-0000-7000-8000-0000000000c1', 'call', 'completed', 140,
            'completed'),
           ('01890000-0000-7000-8000-0000000000d2', '01890000-0000-7000-8000-00000000000a',
           'RE00000000000000000000000000000002',
            'CA00000000000000000000000000000001', '01890000-0000-7000-8000-0000000000c1', 'call', 'completed', 3,
            'skipped:short'),
           ('01890000-0000-7000-8000-0000000000d3', '01890000-0000-7000-8000-00000000000a',
           'RE00000000000000000000000000000003',
            'CA00000000000000000000000000000001', '01890000-0000-7000-8000-0000000000c1', 'voicemail', 'completed',
            900, 'pending');
insert into transcripts (id, tenant_id, recording_id, version, model, text, segments)
    values ('01890000-0000-7000-8000-0000000000e1', '01890000-0000-7000-8000-00000000000a',
    '01890000-0000-7000-8000-0000000000d1', 1, 'm', 'old', '[]'),
           ('01890000-0000-7000-8000-0000000000e2', '01890000-0000-7000-8000-00000000000a',
           '01890000-0000-7000-8000-0000000000d1', 2, 'm', 'hello', '[]');
insert into analyses (tenant_id, transcript_id, model, sentiment, sentiment_score, summary, action_items, topics)
    values ('01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000e2', 'm', 'positive', 0.8,
    'All is well.', '[{"text": "call back"}]', '[]');
create role reader_a login in role switchhook_reader;
insert into tenant_readers values ('reader_a', '01890000-0000-7000-8000-00000000000a');

-- G0 assigns a number: twice, with a choice of the user's in between.
prepare g0_assign as
INSERT INTO user_voip_settings (user_id, assigned_phone_number, caller_id_number, auto_record, auto_transcribe)
SELECT id, '+441234567890', '+441234567890', true, true
FROM users
WHERE email = 'sdr@example.com'
ON CONFLICT (user_id) DO UPDATE SET
  assigned_phone_number = EXCLUDED.assigned_phone_number,
  caller_id_number = EXCLUDED.caller_id_number;
execute g0_assign;
select results_eq($$ select tenant_id, assigned_phone_number::text collate "default", auto_record
    from user_voip_settings $$,
    $$ values ('01890000-0000-7000-8000-00000000000a'::uuid, '+441234567890', true) $$,
    'G0: a number is assigned, the tenant is the user''s');
update user_voip_settings set auto_record = false, auto_transcribe = false, caller_id_number = null;
execute g0_assign;
select results_eq($$ select caller_id_number::text collate "default", auto_record, auto_transcribe
    from user_voip_settings $$,
    $$ values ('+441234567890', false, false) $$, '... again: both numbers are set, the user''s choices stay');

-- Each of the printed queries: rows for the operator (all tenants) and for the reader (one).
create temp table printed (id text, sql text, operator int, reader int);
grant select on printed to public;
insert into printed values
('G0 recent', 'SELECT * FROM call_recordings
ORDER BY created_at DESC
LIMIT 20;', 3, 2),
('G0 failed', 'SELECT * FROM call_recordings
WHERE status = ''failed''
ORDER BY created_at DESC;', 1, 1),
('G0 by transcription status', 'SELECT status, transcription_status, COUNT(*)
FROM call_recordings
GROUP BY status, transcription_status;', 3, 2),
('G1 recent', 'SELECT * FROM calls
ORDER BY created_at DESC
LIMIT 10;', 3, 2),
('G1 one call', 'SELECT c.*, ce.event_type, ce.created_at as event_time
FROM calls c
LEFT JOIN call_events ce ON c.id = ce.call_id
WHERE c.twilio_call_sid = ''CA00000000000000000000000000000001''
ORDER BY ce.created_at;', 2, 2),
('G1 recording urls', 'SELECT from_number, to_number, duration_seconds, recording_url
FROM calls
WHERE recording_url IS NOT NULL;', 1, 1),
('G1 last hour', 'SELECT * FROM call_events
WHERE created_at > NOW() - INTERVAL ''1 hour'';', 5, 3);
create function n_rows(sql text) returns int language plpgsql as $$
declare n int := 0; r record;
begin
    for r in execute sql loop n := n + 1; end loop;
    return n;
end $$;
select is(n_rows(sql), operator, id || ' for the operator') from printed;
set local session authorization reader_a;
select is(n_rows(sql), reader, id || ' for a reader of one tenant') from printed;
reset session authorization;

select results_eq($$ select recording_sid collate "default", recording_duration_seconds, transcription_status,
    transcription, sentiment, sentiment_score, action_items, summary
                       from call_recordings where twilio_call_sid = 'CA00000000000000000000000000000001' $$,
    $$ values ('RE00000000000000000000000000000001', 140, 'completed', 'hello', 'positive', 0.800::numeric(4, 3),
    '[{"text": "call back"}]'::jsonb, 'All is well.') $$,
    'of several recordings the longest finished one of the call counts, with its newest text');
select results_eq($$ select transcription_status from call_recordings where status = 'failed' $$, $$ values ('none') $$,
    'a call without audio is a row all the same');
select results_eq($$ select event_data from call_events where call_id is null $$, $$
    values ('{"CallStatus": "ringing"}'::jsonb) $$,
    'a callback of an unknown call is kept');
select columns_are('call_events', array['id', 'tenant_id', 'call_id', 'event_type', 'event_data', 'created_at',
    'call_sid', 'kind', 'raw'],
    'call_events has the printed columns');
select is_empty($$ select want from unnest(array['id', 'tenant_id', 'twilio_call_sid', 'from_number', 'to_number',
    'direction', 'status',
        'duration_seconds', 'recording_url', 'price', 'contact_id', 'user_id', 'created_at', 'answered_at',
        'ended_at']) want
    where not exists (select from information_schema.columns where table_name = 'calls'
    and column_name = want) $$, 'calls has the printed columns');
select is_empty($$ select want from unnest(array['created_at', 'status', 'transcription_status', 'recording_url',
    'transcription', 'sentiment',
        'action_items']) want where not exists
    (select from information_schema.columns where table_name = 'call_recordings'
    and column_name = want) $$, 'call_recordings too');
select results_eq('select tenant_id from profiles order by email desc limit 1',
    $$ values ('01890000-0000-7000-8000-00000000000a'::uuid) $$, 'profiles tell whose a user is');

select finish();
rollback;
