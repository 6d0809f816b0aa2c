-- What the API's contract rests on: keys of one tenant, entity tags, the feed's order.
begin;
select plan(13);
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
                                      ('01890000-0000-7000-8000-00000000000b', 'B');
insert into idempotency_keys (tenant_id, key, request_hash, attempt)
values ('01890000-0000-7000-8000-00000000000a', 'k', sha256('a'), gen_random_uuid());
insert into idempotency_keys (tenant_id, key, request_hash, attempt)
values ('01890000-0000-7000-8000-00000000000b', 'k', sha256('b'), gen_random_uuid());
select throws_ok($$insert into idempotency_keys (tenant_id, key, request_hash, attempt)
                   values ('01890000-0000-7000-8000-00000000000a', 'k', sha256('a'), gen_random_uuid())$$, '23505',
                 null, 'a tenant has a key once');
select throws_ok($$insert into idempotency_keys (tenant_id, key, request_hash, attempt)
                   values ('01890000-0000-7000-8000-00000000000a', '', sha256('a'), gen_random_uuid())$$, '23514',
                 null, 'an empty key is none');
select throws_ok($$update idempotency_keys set status = 200$$, '23514', null, 'an answer has a status and a reply');
select throws_ok($$update idempotency_keys set status = 200, reply = 'plain'$$, '23514', null, 'a reply is sealed');
select col_is_pk('idempotency_keys', array['tenant_id', 'key'], 'the key starts with the tenant');
select is(relrowsecurity and relforcerowsecurity, true, 'row level security is forced')
  from pg_class where oid = 'idempotency_keys'::regclass;
select is(has_table_privilege('switchhook_ingest', 'idempotency_keys', 'select'), false, 'webhooks read no keys');
select is(has_table_privilege('switchhook_reader', 'idempotency_keys', 'select'), false, 'reports read no keys');

set local role switchhook_app;
select is((select count(*) from idempotency_keys), 0::bigint, 'nobody sees nothing');
set local app.tenant = '01890000-0000-7000-8000-00000000000b';
select results_eq('select request_hash from idempotency_keys', array[sha256('b')], 'a tenant sees its own');
select throws_ok($$insert into idempotency_keys (tenant_id, key, request_hash, attempt)
                   values ('01890000-0000-7000-8000-00000000000a', 'x', sha256('a'), gen_random_uuid())$$, '42501',
                 null, 'and writes its own');
reset role;

select is(etag('{"a" : 1}'::json), '"' || left(encode(sha256('{"a" : 1}'), 'hex'), 32) || '"',
          'a tag is the digest of the bytes that are sent');
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, received_at, raw)
values ('01890000-0000-7000-8000-00000000000a', gen_random_uuid(), 'voice.status', 'ringing', '', now(), '');
select is((select xid from webhook_events), pg_current_xact_id()::text::bigint, 'an event knows its transaction');
select * from finish();
rollback;
