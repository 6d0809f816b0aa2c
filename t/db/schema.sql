-- Ranks, ids, domains and constraints: what a row can never hold.
begin;
select no_plan();

select results_eq($$ select s::text, call_rank(s) from unnest(enum_range(null::call_status)) s $$,
    $$ values ('queued', 0), ('initiated', 1), ('ringing', 2), ('in-progress', 3), ('completed', 4), ('busy', 4),
    ('failed', 4),
              ('no-answer', 4), ('canceled', 4) $$, 'call_rank knows Twilio''s words in their order');
select results_eq($$ select recording_rank(w)
    from unnest('{in-progress,paused,stopped,processing,completed,absent,stored,erased}'::text[]) w $$,
    $$ values (0), (1), (2), (3), (4), (4), (5), (6) $$, 'recording_rank too');
select is(recording_rank('nonsense'), null, '... and no other word');

create temp table ids as select n, uuid7() as id from generate_series(1, 2000) n;
select is((select count(distinct id)::int from ids), 2000, 'uuid7 never repeats');
select is_empty($$ select id from ids where id::text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-' $$,
                'its version is 7, its variant RFC 9562''s');
select is_empty($$ select 1 from (select left(id::text, 13) as ms, lag(left(id::text,
    13)) over (order by n) as before from ids) x
                    where ms < before $$, 'it sorts by the millisecond it was made in');
select ok(abs(('x' || lpad(replace(left(uuid7()::text, 13), '-', ''), 16, '0'))::bit(64)::bigint
              - extract(epoch from clock_timestamp()) * 1000) < 1000, 'its first 48 bits are the time');

select lives_ok($$ select '+442079460958'::e164 $$, 'E.164 is a domain');
select throws_ok(format('select %L::e164', n), '23514', null, format('%s is no E.164 number', coalesce(nullif(n, ''),
    'nothing')))
  from unnest(array['442079460958', '+0987654321', '+44 20 7946 0958', '+12345', '+1234567890123456', '', 'anonymous',
    '+44207946095a']) n;

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
prepare call (text, text) as insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction,
    root_role, status)
    values ($1::uuid, $2, '+442079460123', '+442079460958', 'inbound', 'customer', 'ringing');
select lives_ok($$ execute call('01890000-0000-7000-8000-00000000000a', 'CA00000000000000000000000000000001') $$,
    'a call is a row');
select throws_ok($$ execute call('01890000-0000-7000-8000-00000000000a', 'CA00000000000000000000000000000001') $$,
    '23505', null,
                 'one CallSid is one call of a tenant');
select lives_ok($$ execute call('01890000-0000-7000-8000-00000000000b', 'CA00000000000000000000000000000001') $$,
                'unique keys start with the tenant');
select throws_ok($$ execute call('01890000-0000-7000-8000-00000000000a', 'CA1') $$,
    '23514', null,
                 'a malformed sid is no call');
select throws_ok($$ update calls set duration_seconds = -1 $$, '23514', null, 'durations are not negative');
select throws_ok($$ update calls set status = 'answered' $$, '22P02', null, 'answered is an event, not a status');

select throws_ok($$ insert into twilio_configurations (tenant_id, account_sid, auth_token)
    values ('01890000-0000-7000-8000-00000000000a', 'AC00000000000000000000000000000001',
    '12345678901234567890123456789012') $$,
    '23514', null, 'a token in the clear is refused');
select throws_ok($$ insert into users (tenant_id, email, role)
    values ('01890000-0000-7000-8000-00000000000a', 'Sdr@Example.com', 'agent') $$,
    '23514', null, 'addresses are kept in lower case');
insert into users (tenant_id, email, role) values ('01890000-0000-7000-8000-00000000000a', 'sdr@example.com', 'agent');
select throws_ok($$ insert into users (tenant_id, email, role)
    values ('01890000-0000-7000-8000-00000000000b', 'sdr@example.com', 'agent') $$,
    '23505', null, 'an address is unique in the installation');
insert into numbers (tenant_id, e164) values ('01890000-0000-7000-8000-00000000000a', '+442079460958');
select throws_ok($$ insert into numbers (tenant_id, e164) values ('01890000-0000-7000-8000-00000000000a',
    '+442079460958') $$, '23505', null,
    'a number in use exists once');
update numbers set released_at = now();
select lives_ok($$ insert into numbers (tenant_id, e164) values ('01890000-0000-7000-8000-00000000000a',
    '+442079460958') $$,
    'a released number may come back');
select throws_ok($$ insert into numbers (tenant_id, e164, forward_to)
    values ('01890000-0000-7000-8000-00000000000a', '+442079460959', '+442079460959') $$,
    '23514', null, 'a number never forwards to itself');
insert into jobs (tenant_id, kind, ref) values ('01890000-0000-7000-8000-00000000000a', 'fetch', 'r');
select throws_ok($$ insert into jobs (tenant_id, kind, ref) values ('01890000-0000-7000-8000-00000000000a', 'fetch',
    'r') $$, '23505', null,
    'work for one thing is one job');
select throws_ok($$ insert into recordings (tenant_id, sid, call_sid, status)
    values ('01890000-0000-7000-8000-00000000000a',
    'RE00000000000000000000000000000001', 'CA00000000000000000000000000000001', 'stored') $$, '23514', null,
    'stored without file and digest is a lie');
select throws_ok($$ insert into recordings (tenant_id, sid, call_sid, status, path, sha256)
    values ('01890000-0000-7000-8000-00000000000a',
    'RE00000000000000000000000000000001', 'CA00000000000000000000000000000001', 'stored', '../../etc/passwd',
    sha256('x')) $$, '23514', null,
    'a path stays below RECORDINGS_DIR');

select has_index('calls', 'calls_newest', 'lists of calls have their index');
select is_empty($$ select indexdef from pg_indexes where tablename = 'calls' and indexdef ~ '\mstatus\M' $$,
    'no index of calls holds the status, so that status updates stay HOT');
insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status)
    select '01890000-0000-7000-8000-00000000000a', 'CA' || md5(n::text), 'a', 'b', 'inbound', 'customer',
    'ringing' from generate_series(1, 50) n;
create function hot() returns bigint language sql volatile as $$ select
    pg_stat_get_xact_tuples_hot_updated('calls'::regclass) $$;
create temp table before as select hot() as n;
update calls set status = 'completed' where from_number = 'a' and id in (select id
    from calls where from_number = 'a' limit 5);
select is((hot() - (select n from before))::int, 5, 'a status update that finds room on its page touches no index');

select finish();
rollback;
