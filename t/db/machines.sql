-- Keys, limits and the audit as documents; what was deleted; a tenant whose key is gone.
begin;
select plan(20);
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
                                      ('01890000-0000-7000-8000-00000000000b', 'B');
insert into users (id, tenant_id, email, role)
values ('01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-00000000000a', 'a@example.com', 'admin');
insert into api_keys (tenant_id, name, prefix, secret_hash, expires_at, revoked_at) values
    ('01890000-0000-7000-8000-00000000000a', 'one', 'shk_live_000000000001', sha256('1'), null, null),
    ('01890000-0000-7000-8000-00000000000a', 'two', 'shk_test_000000000002', sha256('2'), now(), null),
    ('01890000-0000-7000-8000-00000000000a', 'three', 'shk_live_000000000003', sha256('3'), now(), now()),
    ('01890000-0000-7000-8000-00000000000b', 'four', 'shk_live_000000000004', sha256('4'), null, null);
insert into mail_links (token_hash, tenant_id, user_id, kind, expires_at)
values (sha256('link'), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1', 'reset',
        now() + interval '1 h');
insert into clients (tenant_id, name, external_id) values ('01890000-0000-7000-8000-00000000000a', 'c', 'x');

-- Documents.
select is(string_agg(key_json(k) ->> 'state', ' ' order by prefix), 'active revoked active expired',
          'a key is active, expired, or revoked whatever its end')
  from api_keys k;
select is(string_agg(key_json(k) ->> 'test', ' ' order by prefix), 'false false false true', '... and for tests or not')
  from api_keys k;
select ok(bool_and(key_json(k)::text not like '%secret%' and key_json(k)::text not like '%\\x%'),
          '... and its document holds no hash')
  from api_keys k;
select is(limits_json(t) ->> 'countries', '["GB"]', 'countries are a list')
  from tenants t where name = 'A';
select is(limits_json(t) ->> 'blocked_prefixes', '[]', '... and so are prefixes, where there are none')
  from tenants t where name = 'A';

-- What was deleted keeps no external id.
select throws_ok($$ update clients set deleted_at = now() $$, '23514', null, 'what is deleted frees its external id');
select lives_ok($$ update clients set deleted_at = now(), external_id = null $$, '... and then it may go');

-- As the programs.
set local role switchhook_app;
select is((select count(*)::int from api_keys), 0, 'without a tenant there are no keys');
select is((select tenant from link_owner(sha256('link'))), 'A', 'a link tells whose tenant it is');
select is((select count(*)::int from link_owner(sha256('other'))), 0, '... and another one nothing');
set local app.tenant = '01890000-0000-7000-8000-00000000000a';
select is((select count(*)::int from api_keys), 3, 'a tenant sees its own keys');
select lives_ok($$ select audit_add('user:01890000-0000-7000-8000-0000000000a1', 'client.change', 'x',
                                    '{"old":1,"new":2,"by":"me"}', '::1') $$, 'an entry');
select lives_ok($$ select audit_add('key:shk_live_000000000004', 'client.change', 'y', null, '::1') $$, 'another');
select is((select audit_json(e) ->> 'actor_name' from audit_entries e where object = 'x'), 'a@example.com',
          'an entry names its user');
select is((select audit_json(e) ->> 'actor_name' from audit_entries e where object = 'y'), null,
          '... and nobody of another tenant');
select is((select (audit_json(e) ->> 'old') || (audit_json(e) ->> 'new') || (audit_json(e) ->> 'detail')
             from audit_entries e where object = 'x'), '12{"by": "me"}', 'old, new, and the rest');
reset role;

set local role switchhook_ingest;
select throws_ok($$ select link_owner(sha256('link')) $$, '42501', null, 'webhooks look up no links');
select throws_ok($$ select shredded_at from tenants $$, '42501', null, '... and not who was shredded');
reset role;
set local role switchhook_reader;
select throws_ok($$ select prefix from api_keys $$, '42501', null, 'reports read no keys');
select lives_ok($$ select id, deleted_at from clients $$, '... and see what was deleted, for history');
reset role;
select finish();
rollback;
