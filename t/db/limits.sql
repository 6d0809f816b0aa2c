-- Limits: what a tenant may call and ask for is counted in the database, and no other tenant's use counts.
begin;
select no_plan();

insert into tenants (id, name, country) values ('01890000-0000-7000-8000-00000000000a', 'A', 'GB'),
    ('01890000-0000-7000-8000-00000000000b', 'B', 'US');
create temp view gate as select dial_gate('+442079460123', 'GB', false) as word;
grant select on gate to switchhook_app;

set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select results_eq($$ select requests_per_minute, key_requests_per_minute, dial_countries, dial_per_second,
                            dial_concurrent, dial_minutes_per_day from tenants $$,
    $$ values (1200, 600, 'GB', 10, 100, 6000) $$, 'a tenant of whom nobody said anything has limits');
select is((select word from gate), null, 'a call into the own country may go out');
select is(dial_gate('+14155550123', 'US', false), 'destination', '... another may not');
select is(dial_gate('+881612345678', '001', false), 'destination', '... nor one of no country');
select is(dial_gate('+881612345678', '', false), 'destination', '... nor one that nobody knows');
select is(dial_gate('+449098790000', 'GB', true), 'premium', '... nor a premium one');
select set_config('app.tenant', '', true);
select is((select word from gate), null, 'nobody''s call has no verdict, for there is no tenant to place it');
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000b', true);
select is((select word from gate), 'destination', 'each tenant has a country of its own');
update tenants set country = 'GB';
select is((select word from gate), 'destination', '... as it was when the tenant was made');
update tenants set dial_countries = 'FR GB';
select is((select word from gate), null, 'a list says more');
select is(dial_gate('+14155550123', 'US', false), 'destination', '... and replaces the own country');
update tenants set dial_blocked_prefixes = '+4420 +4421';
select is((select word from gate), 'premium', 'a blocked prefix');
update tenants set dial_blocked_prefixes = null, dial_stopped_at = now();
select is((select word from gate), 'stopped', 'the kill switch');
update tenants set dial_stopped_at = null;
select throws_ok($$ update tenants set dial_countries = 'gb' $$, '23514', null, 'countries are two capitals');
select throws_ok($$ update tenants set dial_blocked_prefixes = '44' $$, '23514', null, 'prefixes begin with +');
select throws_ok($$ update tenants set dial_per_second = -1 $$, '23514', null, 'no limit is below none');

-- What counts: outgoing calls that were let out, of this tenant, of the time in question.
create temp table made (ago interval, direction text, ended boolean, seconds integer, price numeric, refused text);
insert into made values
    ('0', 'outbound', false, null, null, null),
    ('30 minutes', 'outbound', false, null, null, null),
    ('5 hours', 'outbound', false, null, null, null),
    ('3 days', 'outbound', true, 9000, -90, null),
    ('0', 'inbound', false, null, null, null),
    ('0', 'outbound', true, 5000, -50, 'destination');
insert into calls (tenant_id, from_number, to_number, direction, root_role, status, created_at, ended_at,
                   duration_seconds, price, gate_refused)
    select current_tenant(), '+442079460958', '+442079460123', direction, 'customer', 'in-progress',
           clock_timestamp() - ago, case when ended then now() end, seconds, price, refused
      from made;
update tenants set dial_per_second = 2;
select is((select word from gate), null, 'one call in this second is below two');
update tenants set dial_per_second = 1;
select is((select word from gate), 'per_second', '... and as many as one');
update tenants set dial_per_second = null, dial_concurrent = 3;
select is((select word from gate), null, 'two calls run; what came in, was refused, or is forgotten does not count');
update tenants set dial_concurrent = 2;
select is((select word from gate), 'concurrent', '... and are as many as two');
update tenants set dial_concurrent = 0;
select is((select word from gate), 'concurrent', 'none means none');
update tenants set dial_concurrent = null, dial_money_per_day = 0.5;
select is((select word from gate), null, 'money of other days and of refused calls does not count');
insert into calls (tenant_id, from_number, to_number, direction, root_role, status, ended_at, duration_seconds, price)
    values (current_tenant(), '+442079460958', '+442079460123', 'outbound', 'customer', 'completed', now(), 7200, -0.5);
select is((select word from gate), 'money', '... of today it does');
update tenants set dial_money_per_day = null, dial_minutes_per_day = 120;
select is((select word from gate), 'minutes', 'so do minutes');
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
update tenants set dial_per_second = 1, dial_concurrent = 1, dial_minutes_per_day = 1, dial_money_per_day = 1;
select is((select word from gate), null, 'another tenant''s use is not ours');

-- Keys.
reset role;
insert into api_keys (tenant_id, name, prefix, secret_hash, scopes)
    values ('01890000-0000-7000-8000-00000000000a', 'k', 'shk_test_000000000001', sha256('1'),
            'calls:read calls:write'),
           ('01890000-0000-7000-8000-00000000000a', 'k', 'shk_test_000000000002', sha256('2'), null);
select throws_ok($$ update api_keys set scopes = 'calls' $$, '23514', null,
    'scopes are resource:read and resource:write');
select throws_ok($$ update api_keys set scopes = 'calls:read ' $$, '23514', null, '... and nothing besides');
set local role switchhook_app;
select set_config('app.tenant', '', true);
select results_eq($$ select tenant_id::text, role, scopes from api_key_use('shk_test_000000000001', sha256('1')) $$,
    $$ values ('01890000-0000-7000-8000-00000000000a', 'admin', 'calls:read calls:write') $$,
    'a key is found and read');
select is_empty($$ select * from api_key_use('shk_test_000000000001', sha256('2')) $$, '... not by its prefix alone');
select is_empty('select * from api_keys', '... and shows no key to a nobody');
reset role;
select is((select count(last_used_at)::int from api_keys), 1, 'its use is noted, of the other none');
update api_keys set expires_at = now() where prefix like '%1';
update api_keys set revoked_at = now() where prefix like '%2';
set local role switchhook_app;
select is_empty($$ select * from api_key_use('shk_test_000000000001', sha256('1')) $$, 'an expired key is nobody''s');
select is_empty($$ select * from api_key_use('shk_test_000000000002', sha256('2')) $$, 'nor is a revoked one');
reset role;

-- Providers.
insert into identity_providers (tenant_id, issuer, audience, kind, secret)
    values ('01890000-0000-7000-8000-00000000000a', 'https://i.example', 'us', 'secret', 'enc1|k|x|y');
select throws_ok($$ insert into identity_providers (tenant_id, issuer, audience, kind, jwks_url)
    values ('01890000-0000-7000-8000-00000000000b', 'https://i.example', 'us', 'jwks', 'https://i.example/jwks') $$,
    '23505', null, 'one issuer and audience is one tenant''s');
select throws_ok($$ insert into identity_providers (tenant_id, issuer, audience, kind)
    values ('01890000-0000-7000-8000-00000000000b', 'https://i.example', 'b', 'jwks') $$, '23514', null,
    'keys are somewhere');
select throws_ok($$ insert into identity_providers (tenant_id, issuer, audience, kind, secret)
    values ('01890000-0000-7000-8000-00000000000b', 'https://i.example', 'b', 'secret', 'in the clear') $$,
    '23514', null, 'a secret is sealed');
set local role switchhook_app;
select is((select count(*)::int from identity_find('https://i.example')), 1,
    'an issuer is found before its tenant is known');
select is_empty('select * from identity_providers', '... and the table shows nobody anything');
reset role;
update tenants set disabled_at = now() where name = 'A';
set local role switchhook_app;
select is_empty($$ select * from identity_find('https://i.example') $$, 'a disabled tenant believes nobody');
reset role;
select is_empty($$ select p.proname from pg_proc p
    where p.proname in ('identity_find', 'api_key_use') and (not p.prosecdef
          or has_function_privilege('switchhook_ingest', p.oid, 'execute')
          or has_function_privilege('switchhook_reader', p.oid, 'execute')) $$,
    'what sees past row level security is for the app alone');

select finish();
rollback;
