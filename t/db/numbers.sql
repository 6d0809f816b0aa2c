-- Numbers: whose they are whoever says so, who had them when, and what keeps them.
begin;
select no_plan();

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
insert into users (id, tenant_id, email, role) values
    ('01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-00000000000a', 'one@example.com', 'agent'),
    ('01890000-0000-7000-8000-0000000000a2', '01890000-0000-7000-8000-00000000000a', 'two@example.com', 'agent');
insert into numbers (id, tenant_id, e164) values
    ('01890000-0000-7000-8000-0000000000d1', '01890000-0000-7000-8000-00000000000a', '+442079460950'),
    ('01890000-0000-7000-8000-0000000000d2', '01890000-0000-7000-8000-00000000000b', '+442079460950');
create function owner() returns text language sql as $$
    select u.email from numbers n join users u on u.id = n.user_id
     where n.id = '01890000-0000-7000-8000-0000000000d1' $$;
create function state() returns text language sql as $$
    select number_state(n) from numbers n where n.id = '01890000-0000-7000-8000-0000000000d1' $$;
create function holders() returns text language sql as $$
    select number_holders(n) from numbers n where n.id = '01890000-0000-7000-8000-0000000000d1' $$;
prepare assign (text) as
INSERT INTO user_voip_settings (user_id, assigned_phone_number, caller_id_number, auto_record, auto_transcribe)
SELECT id, '+442079460950', '+442079460950', true, true
FROM users
WHERE email = $1
ON CONFLICT (user_id) DO UPDATE SET
  assigned_phone_number = EXCLUDED.assigned_phone_number,
  caller_id_number = EXCLUDED.caller_id_number;

select is(state(), 'available', 'a number of nobody is available');
execute assign('one@example.com');
select is(owner(), 'one@example.com', 'the printed SQL makes it the user''s');
select is(state(), 'assigned', '... and assigned');
select is((select user_id from numbers where tenant_id = '01890000-0000-7000-8000-00000000000b'), null,
    '... and not the same number of another tenant');
execute assign('two@example.com');
select is(owner(), 'two@example.com', 'the one who was named last has it');
select is(holders(), 'user two@example.com, caller ID of one@example.com', 'what holds it is named');
update user_voip_settings set caller_id_number = null where user_id = '01890000-0000-7000-8000-0000000000a1';
update user_voip_settings set assigned_phone_number = null, caller_id_number = null
 where user_id = '01890000-0000-7000-8000-0000000000a2';
select is(owner(), null, 'settings that name it no more take it away');
select is(holders(), null, '... and nothing holds it');
execute assign('one@example.com');
delete from user_voip_settings where user_id = '01890000-0000-7000-8000-0000000000a1';
select is(owner(), null, '... as does their end');
update numbers set disabled_at = now() where id = '01890000-0000-7000-8000-0000000000d1';
execute assign('one@example.com');
select is(owner(), null, 'a disabled number is given to nobody');
select is(state(), 'disabled', '... and says so');
update numbers set disabled_at = null where id = '01890000-0000-7000-8000-0000000000d1';

insert into numbers (tenant_id, e164) values ('01890000-0000-7000-8000-00000000000a', '+442079460951');
update user_voip_settings set assigned_phone_number = '+442079460952'
 where user_id = '01890000-0000-7000-8000-0000000000a1';
insert into numbers (tenant_id, e164) values ('01890000-0000-7000-8000-00000000000a', '+442079460952');
select is((select u.email::text from numbers n join users u on u.id = n.user_id where e164 = '+442079460952'),
    'one@example.com', 'a number that comes later serves the user whose settings named it before');

update user_voip_settings set caller_id_number = null;
update numbers set pool = 'spring', forward_to = '+442079460999' where id = '01890000-0000-7000-8000-0000000000d1';
select is(state(), 'available', 'a number of a pool is free in it');
select is(holders(), 'pool spring', '... but held');
update numbers set pool = null where id = '01890000-0000-7000-8000-0000000000d1';
update numbers set greeting = 'Hello.' where id = '01890000-0000-7000-8000-0000000000d1';
select is((select string_agg(concat_ws('/', (select email from users where id = user_id), pool, forward_to,
                                       case when to_at is null then 'open' end), ' ' order by id)
             from number_assignments where number_id = '01890000-0000-7000-8000-0000000000d1'),
    'one@example.com two@example.com one@example.com spring/+442079460999 +442079460999/open',
    'the history tells all of it, in order');
select throws_ok($$ insert into number_assignments (tenant_id, number_id, pool)
    values ('01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000d1', 'x') $$, '23505', null,
    'a number has one open assignment');
update numbers set cooling_until = now() + interval '1 day' where id = '01890000-0000-7000-8000-0000000000d1';
select is(state(), 'cooling', 'a number that cools is nobody''s');
update numbers set cooling_until = now() where id = '01890000-0000-7000-8000-0000000000d1';
select is(state(), 'available', '... until it has cooled');
update tenants set default_number = '+442079460950' where id = '01890000-0000-7000-8000-00000000000a';
select is(holders(), 'default number of the tenant', 'the tenant''s default number is held');

select throws_ok($$ insert into number_purchases (tenant_id, state, request_hash, actor)
    values ('01890000-0000-7000-8000-00000000000a', 'sending', sha256('x'), 'x') $$, '23514', null,
    'nothing is bought without a number');
select throws_ok($$ update tenants set number_rent_cap = -1 $$, '23514', null, 'a cap is not negative');
select throws_ok($$ update numbers set fallback_name = '../x' $$, '23514', null, 'a document''s name is no path');
select * from finish();
rollback;
