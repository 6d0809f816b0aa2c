-- The browser's phone: which number is shown, the gate before its calls, one open conversation a contact.
begin;
select no_plan();

insert into tenants (id, name, default_number) values
    ('01890000-0000-7000-8000-00000000000a', 'A', '+442079460100'),
    ('01890000-0000-7000-8000-00000000000b', 'B', '+442079460200');
insert into users (id, tenant_id, email, role) values
    ('01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-00000000000a', 'a1@example.com', 'agent'),
    ('01890000-0000-7000-8000-0000000000a2', '01890000-0000-7000-8000-00000000000a', 'a2@example.com', 'agent'),
    ('01890000-0000-7000-8000-0000000000b1', '01890000-0000-7000-8000-00000000000b', 'b1@example.com', 'agent');
insert into user_voip_settings (user_id, assigned_phone_number, caller_id_number)
    values ('01890000-0000-7000-8000-0000000000a1', '+442079460101', '+442079460102');
insert into numbers (tenant_id, e164, user_id, released_at) values
    ('01890000-0000-7000-8000-00000000000a', '+442079460102', null, null),
    ('01890000-0000-7000-8000-00000000000a', '+442079460103', '01890000-0000-7000-8000-0000000000a1', null),
    ('01890000-0000-7000-8000-00000000000a', '+442079460104', '01890000-0000-7000-8000-0000000000a1', now()),
    ('01890000-0000-7000-8000-00000000000a', '+442079460105', '01890000-0000-7000-8000-0000000000a2', null),
    ('01890000-0000-7000-8000-00000000000b', '+442079460106', '01890000-0000-7000-8000-0000000000b1', null);

select is(browser_identity('01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-00000000000a'),
          'user_018900000000700080000000000000a1_0189000000007000800000000000000a', 'an identity has no hyphens');

-- The number that is shown.
prepare shown(text, text) as
    select browser_caller_id(('01890000-0000-7000-8000-0000000000' || $1)::uuid, $2);
select results_eq($$ execute shown('a1', null) $$, array['+442079460102'], 'a user''s own');
select results_eq($$ execute shown('a2', null) $$, array['+442079460100'], '... else the tenant''s');
select results_eq($$ execute shown('a1', '+442079460101') $$, array['+442079460101'], 'his assigned one if wished');
select results_eq($$ execute shown('a1', '+442079460100') $$, array['+442079460100'], '... the tenant''s');
select results_eq($$ execute shown('a1', '+442079460103') $$, array['+442079460103'], '... one that is his');
select results_eq($$ execute shown('a1', '+442079460104') $$, array['+442079460102'], 'none that was given back');
select results_eq($$ execute shown('a1', '+442079460105') $$, array['+442079460102'], '... none of a colleague');
select results_eq($$ execute shown('a1', '+442079460106') $$, array['+442079460102'], '... none of another tenant');
select results_eq($$ execute shown('a1', '+442079460999') $$, array['+442079460102'], '... none of nobody');
update users set disabled_at = now() where email = 'a2@example.com';
select is_empty($$ select x from browser_caller_id('01890000-0000-7000-8000-0000000000a2', null) x
                    where x is not null $$, 'a closed door shows none');

-- Who may ask the gate for another tenant.
select function_privs_are('public', 'browser_call', array['uuid', 'uuid', 'uuid', 'text', 'text', 'text', 'text',
    'text', 'text', 'text', 'boolean', 'text', 'text', 'text', 'timestamptz'], 'switchhook_ingest', array['EXECUTE'],
    'webhooks may have a browser''s call stored');
select ok(not has_function_privilege('switchhook_reader', p.oid, 'execute'), 'readers may not') from pg_proc p
 where p.proname = 'browser_call';

set local role switchhook_ingest;
create temp table asked as
    select browser_call(uuid7(), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1',
                        'CA' || lpad(i::text, 32, '0'), 'client:x', case when i = 3 then '+14155550123'
                        else '+442079460123' end, '+442079460123', case when i = 3 then '+14155550123'
                        else '+442079460123' end, null, case when i = 3 then 'US' else 'GB' end, false, null, null,
                        null, now()) as word
      from generate_series(1, 4) i;
select results_eq('select word from asked', array[null, null, 'destination', null], 'each call has its verdict');
select is(current_setting('app.tenant'), '', 'and no tenant is left behind');
select is(browser_call(uuid7(), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000b1',
                       'CA' || repeat('b', 32), 'client:x', '+442079460123', null, '+442079460123', null, 'GB', false,
                       null, null, null, now()),
          null, 'another tenant''s user');
reset role;
select is_empty($$ select from calls where twilio_call_sid = 'CA' || repeat('b', 32) $$, '... has no call');
select is(count(*)::int, 4, 'four calls are stored') from calls;

-- One open conversation.
select is(count(distinct conversation_id)::int, 1, 'calls with one number are one conversation') from calls;
select throws_ok($$ insert into conversations (tenant_id, customer_number)
    select tenant_id, customer_number from conversations limit 1 $$, '23505', null, 'no second one is open');
update conversations set closed_at = now();
select lives_ok($$ insert into conversations (tenant_id, customer_number)
    select tenant_id, customer_number from conversations limit 1 $$, '... unless the first is closed');
select throws_ok($$ insert into conversations (tenant_id) values ('01890000-0000-7000-8000-00000000000a') $$, '23514',
    null, 'a conversation is with somebody');
select throws_ok($$ update users set rings = 'bell' $$, '23514', null, 'there are three ways to ring');
select results_eq($$ select distinct rings, available from users $$, $$ values ('phone', true) $$,
    'who said nothing is rung by phone');

-- The whole verdict, as of a call that the API places: lists, consent, the hours of whom is called.
insert into dnc_lists (id, tenant_id, name) values
    ('01890000-0000-7000-8000-0000000000d1', '01890000-0000-7000-8000-00000000000a', 'Everybody');
insert into dnc_entries (tenant_id, number, list_id, added_by) values
    ('01890000-0000-7000-8000-00000000000a', 'sealed1|n' || repeat('A', 59), '01890000-0000-7000-8000-0000000000d1',
     't');
insert into consent_records (tenant_id, number, purpose, decision, method, created_by) values
    ('01890000-0000-7000-8000-00000000000a', '+442079460125', 'recording', 'refused', 'api', 't');
insert into contacts (id, tenant_id, phone_number, time_zone) values
    ('01890000-0000-7000-8000-0000000000c1', '01890000-0000-7000-8000-00000000000a', '+442079460125',
     'Pacific/Kiritimati');
update tenants set calling_hours = '00:00-24:00', disclosure_mode = 'off';
set local role switchhook_ingest;
create function pg_temp.ask(last text, token text) returns text language sql as $$
    select browser_call(uuid7(), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1',
                        'CA' || lpad(last, 32, 'e'), 'client:x', '+442079460' || last, '+442079460' || last,
                        '+442079460' || last, token, 'GB', false, null, null, null, now())
$$;
select is(pg_temp.ask('124', 'sealed1|n' || repeat('A', 59)), 'do_not_call', 'a browser does not call who is listed');
select is(pg_temp.ask('125', null), null, 'it calls who is not');
reset role;
select is(verdict ->> 'about', 'Everybody', 'the verdict is kept, and names the list') from calls
 where twilio_call_sid = 'CA' || lpad('124', 32, 'e');
select is(verdict -> 'zones' ? 'Pacific/Kiritimati', true, '... or the zone of the contact') from calls
 where twilio_call_sid = 'CA' || lpad('125', 32, 'e');
select results_eq($$ select contact_id, record, record_reason from calls
                      where twilio_call_sid = 'CA' || lpad('125', 32, 'e') $$,
                  $$ values ('01890000-0000-7000-8000-0000000000c1'::uuid, false, 'consent') $$,
                  'who has refused to be recorded is not');
select * from finish();
rollback;
