-- One verdict before each call: lists, consent, and hours in the zone of whom we call, over the days on which clocks
-- change.
begin;
select no_plan();
insert into tenants (id, name, dial_countries) values
    ('01890000-0000-7000-8000-00000000000a', 'A', 'GB US AU FR'), ('01890000-0000-7000-8000-00000000000b', 'B', 'GB');
insert into contacts (id, tenant_id, name, phone_number, time_zone) values
    ('01890000-0000-7000-8000-0000000000ca', '01890000-0000-7000-8000-00000000000a', 'NY', '+12125550123',
     'America/New_York');
set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);

create function pg_temp.word(wanted text, region text, moment text, callee uuid default null) returns text
    language sql as $$
    select dial_verdict(current_tenant(), wanted, region, false, callee, moment::timestamptz) ->> 'refused'
$$;

-- Zones.
select is((select zones from region_zones where region = 'GB'), '{Europe/London}', 'a country has its zones');
select cmp_ok((select cardinality(zones) from region_zones where region = 'US'), '>', 20, '... or many');
select is(pg_temp.word('+442079460123', 'GB', '2026-11-20 03:00Z'), null, 'hours are off by default');
select throws_ok($$ update contacts set time_zone = 'Mars/Olympus' $$, '23514', null, 'a contact lives on Earth');
select throws_ok($$ update tenants set calling_hours = 'always' $$, '23514', null, 'hours are spans');
select throws_ok($$ update tenants set calling_hours = 'mon 08:00-25:00' $$, '23514', null, '... of a day');
select throws_ok($$ update tenants set holidays = 'christmas' $$, '23514', null, 'holidays are days');

-- Spans.
select ok(within_plan('mon-fri 08:00-21:00', '2026-11-20 08:00'), 'a span holds its beginning');
select ok(not within_plan('mon-fri 08:00-21:00', '2026-11-20 21:00'), '... and not its end');
select ok(not within_plan('mon-fri 08:00-21:00', '2026-11-21 12:00'), '... nor other days');
select ok(within_plan('sat-mon 08:00-21:00', '2026-11-22 12:00'), 'days may go over the week''s end');
select ok(not within_plan('sat-mon 08:00-21:00', '2026-11-24 12:00'), '... and stop there');
select ok(within_plan('mon-fri 08:00-21:00, sat 09:00-17:00', '2026-11-21 12:00'), 'one of several spans');
select ok(within_plan('00:00-24:00', '2026-11-21 23:59'), 'a whole day');

-- London: 2026-03-29 01:00Z clocks go on, 2026-10-25 01:00Z back.
update tenants set calling_hours = '08:00-21:00' where id = current_tenant();
select is(pg_temp.word('+442079460123', 'GB', '2026-03-28 07:59Z'), 'hours', 'London, the day before summer: 07:59');
select is(pg_temp.word('+442079460123', 'GB', '2026-03-28 08:00Z'), null, '... 08:00');
select is(pg_temp.word('+442079460123', 'GB', '2026-03-29 06:59Z'), 'hours', '... the first day of summer: 07:59');
select is(pg_temp.word('+442079460123', 'GB', '2026-03-29 07:00Z'), null, '... 08:00');
select is(pg_temp.word('+442079460123', 'GB', '2026-03-29 20:00Z'), 'hours', '... 21:00');
select is(pg_temp.word('+442079460123', 'GB', '2026-10-25 07:59Z'), 'hours', '... the first day of winter: 07:59');
select is(pg_temp.word('+442079460123', 'GB', '2026-10-25 20:59Z'), null, '... 20:59');

-- New York, where a contact lives: 2026-03-08 07:00Z on, 2026-11-01 06:00Z back.
select is(pg_temp.word('+12125550123', 'US', '2026-03-07 13:00Z', '01890000-0000-7000-8000-0000000000ca'), null,
    'New York, winter: 08:00');
select is(pg_temp.word('+12125550123', 'US', '2026-03-08 11:59Z', '01890000-0000-7000-8000-0000000000ca'), 'hours',
    '... the first day of summer: 07:59');
select is(pg_temp.word('+12125550123', 'US', '2026-03-08 12:00Z', '01890000-0000-7000-8000-0000000000ca'), null,
    '... 08:00');
select is(pg_temp.word('+12125550123', 'US', '2026-11-01 12:59Z', '01890000-0000-7000-8000-0000000000ca'), 'hours',
    '... the first day of winter: 07:59');
select is(pg_temp.word('+12125550123', 'US', '2026-03-08 12:00Z'), 'hours',
    'a number alone may be anywhere in its country: it is night in Honolulu');
select is(pg_temp.word('+12125550124', 'US', '2026-03-08 20:00Z'), null, '... until it is day everywhere');

-- Sydney, half an hour's state and all: 2026-04-05 clocks go back, 2026-10-04 on.
update contacts set time_zone = 'Australia/Sydney';
select is(pg_temp.word('+61291234567', 'AU', '2026-04-04 20:59Z', '01890000-0000-7000-8000-0000000000ca'), 'hours',
    'Sydney, the last night of summer: 06:59');
select is(pg_temp.word('+61291234567', 'AU', '2026-04-05 21:59Z', '01890000-0000-7000-8000-0000000000ca'), 'hours',
    '... the first day of winter: 07:59');
select is(pg_temp.word('+61291234567', 'AU', '2026-04-05 22:00Z', '01890000-0000-7000-8000-0000000000ca'), null,
    '... 08:00');
select is(pg_temp.word('+61291234567', 'AU', '2026-10-04 20:59Z', '01890000-0000-7000-8000-0000000000ca'), 'hours',
    '... summer again: 07:59');
select is(pg_temp.word('+61291234567', 'AU', '2026-10-04 21:00Z', '01890000-0000-7000-8000-0000000000ca'), null,
    '... 08:00');

-- Holidays, law, nobody's zone.
update tenants set holidays = '2026-12-24 2026-12-25' where id = current_tenant();
select is(pg_temp.word('+442079460123', 'GB', '2026-12-25 12:00Z'), 'hours', 'a holiday has no hours');
select is(pg_temp.word('+61291234567', 'AU', '2026-12-25 21:30Z', '01890000-0000-7000-8000-0000000000ca'), null,
    '... where it is over');
select is(pg_temp.word('+12125550123', '', '2026-11-20 12:00Z'), 'destination', 'no country comes first');
update tenants set calling_hours = 'law' where id = current_tenant();
select is(pg_temp.word('+442079460123', 'GB', '2026-11-20 03:00Z'), null, 'no law that we know of: at any time');
select is(pg_temp.word('+12125550124', 'US', '2026-11-20 03:00Z'), 'hours', 'a law that we know');
update tenants set calling_hours = null where id = current_tenant();

-- Lists.
insert into dnc_lists (id, tenant_id, name) values
    ('01890000-0000-7000-8000-0000000000d1', current_tenant(), 'Own'),
    ('01890000-0000-7000-8000-0000000000d2', current_tenant(), 'Campaign');
insert into dnc_entries (tenant_id, number, list_id, added_by) values
    (current_tenant(), '+442079460124', '01890000-0000-7000-8000-0000000000d2', 'test');
select is(pg_temp.word('+442079460124', 'GB', '2026-11-20 12:00Z'), 'do_not_call', 'a number on one of several lists');
select is(dial_gate('+442079460124', 'GB', false), 'do_not_call', '... for whoever asks the gate');
select is(dial_verdict(current_tenant(), '+442079460124', 'GB', false) ->> 'about', 'Campaign', '... which is named');
select is(pg_temp.word('+442079460125', 'GB', '2026-11-20 12:00Z'), null, '... and no other number');
select is(dial_verdict('01890000-0000-7000-8000-00000000000b', '+442079460124', 'GB', false), null,
    'another tenant''s verdict is not to be seen');

-- Consent.
update tenants set consent_mode = 'required' where id = current_tenant();
select is(pg_temp.word('+442079460126', 'GB', '2026-11-20 12:00Z'), 'consent', 'nobody who has not agreed');
insert into consent_records (tenant_id, number, purpose, decision, method, created_by, created_at) values
    (current_tenant(), '+442079460126', 'call', 'granted', 'api', 't', now() - interval '2 days'),
    (current_tenant(), '+442079460126', 'recording', 'refused', 'api', 't', now());
select is(pg_temp.word('+442079460126', 'GB', '2026-11-20 12:00Z'), null, 'who has agreed, to that');
insert into consent_records (tenant_id, number, purpose, decision, method, created_by) values
    (current_tenant(), '+442079460126', 'call', 'withdrawn', 'agent', 't');
select is(pg_temp.word('+442079460126', 'GB', '2026-11-20 12:00Z'), 'consent', '... until it is withdrawn');
update tenants set consent_mode = 'off' where id = current_tenant();
select is(pg_temp.word('+442079460126', 'GB', '2026-11-20 12:00Z'), 'consent', '... which always counts');
select is(pg_temp.word('+442079460127', 'GB', '2026-11-20 12:00Z'), null, 'silence does not');
select throws_ok($$ insert into consent_records (tenant_id, number, purpose, decision, method, created_by)
    values (current_tenant(), '+442079460126', 'call', 'maybe', 'api', 't') $$, '23514', null, 'a decision is one');

-- What comes first, and what is kept.
update tenants set dial_stopped_at = now() where id = current_tenant();
select is(pg_temp.word('+442079460124', 'GB', '2026-11-20 12:00Z'), 'stopped', 'the kill switch comes before all');
update tenants set dial_stopped_at = null, dial_concurrent = 0 where id = current_tenant();
select is(pg_temp.word('+442079460124', 'GB', '2026-11-20 12:00Z'), 'do_not_call', 'what passes by waiting comes last');
select is(pg_temp.word('+442079460127', 'GB', '2026-11-20 12:00Z'), 'concurrent', '... but it comes');
select ok(dial_verdict(current_tenant(), '+442079460124', 'GB', false)::text !~ '442079460124',
    'no number is kept in it');

-- What is sealed stands for its number.
update tenants set dial_concurrent = null where id = current_tenant();
insert into dnc_entries (tenant_id, number, list_id, added_by)
    select tenant_id, 'sealed1|n' || repeat('A', 59), id, 't' from dnc_lists limit 1;
insert into consent_records (tenant_id, number, purpose, decision, method, created_by) values
    (current_tenant(), 'sealed1|n' || repeat('B', 59), 'call', 'refused', 'api', 't');
select is(dial_verdict(current_tenant(), '+442079460128', 'GB', false,
                       token => 'sealed1|n' || repeat('A', 59)) ->> 'refused', 'do_not_call', 'a sealed entry counts');
select is(dial_verdict(current_tenant(), '+442079460128', 'GB', false,
                       token => 'sealed1|n' || repeat('B', 59)) ->> 'refused', 'consent', '... and a sealed refusal');
select is(dial_verdict(current_tenant(), '+442079460128', 'GB', false, token => 'sealed1|n' || repeat('C', 59))
          ->> 'refused', null, '... of that number alone');
select throws_ok('delete from consent_records', '42501', null, 'consent is not forgotten');
select throws_ok($$ update consent_records set decision = 'granted' $$, '42501', null, '... nor rewritten');

-- Another tenant's lists are its own, and webhooks ask by browser_call() alone (phone.sql).
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000b', true);
select is(dial_verdict(current_tenant(), '+442079460124', 'GB', false) ->> 'refused', null,
    'each tenant has lists of its own');
select is(dial_verdict(current_tenant(), '+12125550123', 'US', false) ->> 'refused', 'destination',
    '... and countries');
reset role;
set local role switchhook_ingest;
select throws_ok($$ select dial_verdict('01890000-0000-7000-8000-00000000000a', '+442079460124', 'GB', false) $$,
    '42501', null, 'webhooks read no list');
reset role;
select * from finish();
rollback;
