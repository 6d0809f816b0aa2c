-- The audit: append-only, chained, and checkable by anybody who can hash.
begin;
select no_plan();

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
insert into audit_entries (tenant_id, actor, action, object, detail)
    select current_tenant(), 'user:1', 'number.assigned', n::text, jsonb_build_object('n', n)
    from generate_series(1, 5) n;
select results_eq('select seq from audit_entries order by seq', array[1, 2, 3, 4, 5]::bigint[], 'entries are numbered');
select throws_ok($$ update audit_entries set actor = 'nobody' $$, '42501', null, 'the app changes no entry');
select throws_ok($$ delete from audit_entries $$, '42501', null, '... deletes none');
select throws_ok($$ truncate audit_entries $$, '42501', null, '... and does not empty the table');
reset role;
select throws_ok($$ update audit_entries set actor = 'nobody' $$, '42501', null, 'nor does a superuser by accident');
select throws_ok($$ delete from audit_entries $$, '42501', null, '... delete');
select throws_ok($$ truncate audit_entries $$, '42501', null, '... or truncate');

insert into audit_entries (tenant_id, actor, action, object) values ('01890000-0000-7000-8000-00000000000b', 'sweep',
    'call.seen', 'x');
select is((select seq from audit_entries where tenant_id = '01890000-0000-7000-8000-00000000000b'), 1::bigint,
    'each tenant has a chain of its own');
insert into audit_entries (tenant_id, actor, action, object, seq, hash)
    values ('01890000-0000-7000-8000-00000000000b', 'sweep', 'call.seen', 'y', 99, '\x00');
select is((select max(seq) from audit_entries where tenant_id = '01890000-0000-7000-8000-00000000000b'), 2::bigint,
          'number and hash are the database''s, whatever the writer says');

create temp view broken as
    select seq from (select e.seq, e.hash, audit_hash(coalesce(lag(e.hash) over (partition by e.tenant_id order by
    e.seq), ''::bytea), e) as want
                       from audit_entries e) x where hash is distinct from want;
select is_empty('select seq from broken', 'the chain holds');
set local session_replication_role = replica;
update audit_entries set actor = 'user:2' where seq = 3 and tenant_id = '01890000-0000-7000-8000-00000000000a';
set local session_replication_role = origin;
select results_eq('select seq from broken order by seq', array[3]::bigint[],
    'a changed entry is found, even one changed behind the triggers');

select results_eq('select seq, why from audit_broken()', $$ values (3::bigint, 'it is not what was written') $$,
    '... and named by what audit verify asks');
set local session_replication_role = replica;
update audit_entries set actor = 'user:1' where seq = 3 and tenant_id = '01890000-0000-7000-8000-00000000000a';
select is_empty('select * from audit_broken()', 'put back, the chain holds again');
delete from audit_entries where seq = 2 and tenant_id = '01890000-0000-7000-8000-00000000000a';
select results_eq('select seq, why from audit_broken()', $$ values (3::bigint, 'entries before it are missing') $$,
    'a deleted entry leaves a gap');
update audit_entries set seq = seq - 1 where seq > 2 and tenant_id = '01890000-0000-7000-8000-00000000000a';
select is((select seq from audit_broken()), 2::bigint, 'that renumbering does not close');
delete from audit_entries where seq = 1 and tenant_id = '01890000-0000-7000-8000-00000000000a';
select isnt_empty('select * from audit_broken()', 'nor can the beginning go');
set local session_replication_role = origin;

set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000b', true);
select is(audit_add('user:1', 'key.revoke', 'k', '{"a": 1}', '127.0.0.1'), 3::bigint,
    'audit_add() goes on with the chain');
select throws_ok($$ insert into audit_entries (tenant_id, seq, actor, action, object, hash)
    values ('01890000-0000-7000-8000-00000000000a', 0, 'x', 'a.b', '', '') $$, '42501', null, '... of no other tenant');
reset role;

select finish();
rollback;
