-- Sealed metadata: the option, the conversion it starts, and the columns that take tokens.
begin;
select no_plan();

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
create temp view mine as select sealing, place, dirty, converted, done_at is not null as done from metadata_sealing;
grant select on mine to switchhook_app;

select is((select encrypt_metadata from tenants where name = 'A'), false, 'nothing is sealed unless somebody says so');
set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select throws_ok('update tenants set encrypt_metadata = true', '23514', 'the tenant has no key',
    'a tenant without a key cannot seal');
insert into tenant_keys (tenant_id, sealed) values (current_tenant(), 'enc1|k1|x|y');
update tenants set encrypt_metadata = true;
select results_eq('select sealing, done, converted from mine', 'values (true, false, 0::bigint)',
    'the option begins a conversion');
update metadata_sealing set done_at = now(), place = 'calls', after = 'x', pass_at = now(), converted = 9;
update tenants set name = 'A2', encrypt_metadata = true;
select results_eq('select sealing, done from mine', 'values (true, true)', 'saying it again begins none');
update tenants set encrypt_metadata = false;
select results_eq('select sealing, place, dirty, converted, done from mine',
    'values (false, null::text, false, 0::bigint, false)', 'its end begins the way back, from the first row');
select is((select settings_json(t) ->> 'encrypt_metadata' from tenants t), 'false', 'settings show it');

-- Plain or a token, nothing else.
select lives_ok($$ insert into contacts (tenant_id, name, phone_number)
    values (current_tenant(), 'sealed1|p' || repeat('A', 300), 'sealed1|n' || repeat('A', 59)) $$,
    'a contact is sealed');
select throws_ok($$ insert into contacts (tenant_id, phone_number) values (current_tenant(), '442079460958') $$,
    '23514', null, 'a number is E.164');
select throws_ok($$ insert into contacts (tenant_id, name) values (current_tenant(), repeat('A', 201)) $$,
    '23514', null, 'a name has 200 characters');
reset role;
set local role switchhook_ingest;
select lives_ok('select tenant_id, sealing, done_at from metadata_sealing', 'webhooks know who seals');
select throws_ok('select place from metadata_sealing', '42501', null, '... and no more');
reset role;
select finish();
rollback;
