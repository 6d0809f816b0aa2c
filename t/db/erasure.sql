-- Erasure: every column that can hold a number, a name or words has its rule or its reason; and the rules do what they
-- say, for one person alone.
begin;
select no_plan();

-- Columns of the catalogue whose type can hold text.
create temp view texts as
    select c.relname::text as relation, a.attname::text as name
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      left join pg_type b on b.oid = t.typbasetype
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
       and coalesce(b.typname, t.typname) in ('text', 'varchar', 'bpchar', 'name', 'json', 'jsonb', 'bytea', '_text',
                                              'tsvector', 'inet', 'xml', 'hstore', '_jsonb', '_varchar');
-- Tables without anybody's data.
create temp table general (relation text, why text);
insert into general values
    ('schema_migrations', 'names and digests of migrations'), ('login_attempts', 'digests of the tenant''s own people'),
    ('sweeps', 'hosts'), ('region_hours', 'law'), ('region_zones', 'the tz database'), ('erasure_rules', 'the rules'),
    ('retention_default', 'a setting of the installation'),
    ('tenants', 'what a tenant has set for itself');
create temp view ruled as
    select distinct r.relation::text as relation, unnest(r.columns)::text as name from erasure_rules r;
select is_empty($$ select * from texts where relation not in (select relation from general)
                   except select * from ruled $$, 'no column that can hold a person is without a rule or a reason');
select is_empty('select * from ruled except select * from texts', 'and no rule is about something that is not there');
select is_empty($$ select relation from general where relation not in (select relname from pg_class) $$,
                'and every table without people is there');
select is_empty($$ select relation, position from erasure_rules
                    where scope <> 'none' and relation not in (select c.relname from pg_class c
                          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id') $$,
                'what is erased is a tenant''s');
select is_empty($$ select relation, name from (select relation, unnest(columns) as name from erasure_rules
                    where scope = 'none') x group by 1, 2 having count(*) > 1 $$, 'every reason is given once');

-- Whom it is about, and somebody else.
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A');
insert into contacts (id, tenant_id, name, phone_number) values
    ('01890000-0000-7000-8000-0000000000c1', '01890000-0000-7000-8000-00000000000a', 'Ada', '+447700900123'),
    ('01890000-0000-7000-8000-0000000000c2', '01890000-0000-7000-8000-00000000000a', 'Bea', '+447700900456');
insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                   customer_number, contact_id, notes, tags, ended_at, created_at)
select ('01890000-0000-7000-8000-0000000000d' || n)::uuid, '01890000-0000-7000-8000-00000000000a',
       'CA' || repeat(n::text, 32), p, '+442079460958', 'inbound', 'customer', 'completed', p, k::uuid, 'n', '{t}',
       case when n <> 3 then now() end, now() - interval '1 hour' + case when n = 4 then interval '2 hours'
                                                                        else interval '0' end
  from (values (1, '+447700900123', null), (2, '+447700900456', null), (3, '+447700900123', null),
               (4, '+447700900123', null), (5, '+447700900999', '01890000-0000-7000-8000-0000000000c1'))
       as x(n, p, k);
insert into call_legs (tenant_id, sid, call_id, status, endpoint)
    select tenant_id, twilio_call_sid, id, 'completed', from_number from calls;
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
    select tenant_id, gen_random_uuid(), 'voice.answer', 'answer', twilio_call_sid, id, now(), 'From=%2B447700900123'
      from calls;
insert into recordings (tenant_id, sid, call_sid, call_id, status)
    select tenant_id, 'RE' || substr(twilio_call_sid, 3), twilio_call_sid, id, 'completed' from calls;
insert into transcripts (tenant_id, recording_id, model, text, segments)
    select tenant_id, id, 'm', 'words', '[]' from recordings;
insert into dnc_lists (id, tenant_id, name) values
    ('01890000-0000-7000-8000-0000000000e1', '01890000-0000-7000-8000-00000000000a', 'Never');
insert into dnc_entries (tenant_id, number, list_id, reason, added_by)
    select tenant_id, phone_number, '01890000-0000-7000-8000-0000000000e1', name, 'user:1' from contacts;
insert into consent_records (tenant_id, number, contact_id, purpose, decision, method, evidence, created_by)
    select k.tenant_id, k.phone_number, k.id, 'call', d, 'api', '{"text": "said so"}', 'user:1'
      from contacts k, unnest('{granted,withdrawn}'::text[]) d;
insert into call_views (tenant_id, name, query) values
    ('01890000-0000-7000-8000-00000000000a', 'v', 'customer_number=%2B447700900123');
insert into erasures (id, tenant_id, mark, subject, asked_by) values
    ('01890000-0000-7000-8000-0000000000f1', '01890000-0000-7000-8000-00000000000a',
     'erased1|k1|' || repeat('a', 64), 'enc1|k1|x|y', 'user:1');
insert into jobs (tenant_id, kind, ref) values
    ('01890000-0000-7000-8000-00000000000a', 'forget', '01890000-0000-7000-8000-0000000000f1');

set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select audit_add('user:1', 'call.note', '01890000-0000-7000-8000-0000000000d1', '{"new": {"tags": ["t"], "n": 1}}',
                 null);
select audit_add('user:1', 'call.note', '01890000-0000-7000-8000-0000000000d2', '{"new": {"tags": ["t"]}}', null);
create function pg_temp.step(at integer) returns bigint language sql as
    $$ select erasure_step('01890000-0000-7000-8000-0000000000f1', at, '{+447700900123}',
                           '{+447700900123,447700900123}', 10) $$;

-- Before anything is done: what would be.
select is(erasure_preview('{+447700900123}', '{}', '{447700900123}') -> 'counts' ->> 'calls', '3',
    'a preview counts the calls by number and by contact, running ones too');
select is((select count(*) from calls where erased_at is not null), 0::bigint, '... and does nothing');

-- A call under way is left, and so is one that came later.
select is(pg_temp.step(null), 2::bigint, 'the calls that have ended are erased at once');
select is(pg_temp.step(null), 0::bigint, '... and then none is left');
select results_eq($$ select right(id::text, 2) from calls where erased_at is not null order by id $$,
    array['d1', 'd5'], '... those of the number, and those of its contact');
select is((select (from_number, customer_number, notes, contact_id)::text || tags::text || to_number from calls
            where right(id::text, 2) = 'd1'), '(,,,){}+442079460958', 'the call stays, and names nobody');
select is((select count(*) from transcripts), 3::bigint, 'what was said is gone');
select is((select count(*) from webhook_events where raw = ''), 2::bigint, 'bodies of webhooks are empty');
select is((select count(*) from call_legs where erased and endpoint is null), 2::bigint, 'legs name nobody');
select is((select count(*) from jobs where kind = 'erase'), 2::bigint, 'recordings have their job');
select results_eq($$ select kind, count(*) from erasure_copies group by kind order by kind $$,
    $$ values ('call', 2::bigint), ('recording', 2) $$, 'Twilio''s copies are known');
select is((select detail::text from audit_entries where object like '%d1'), '{"new": {"n": 1, "tags": ["[erased]"]}}',
    'what the audit told of the call is blanked');
select is((select detail::text from audit_entries where object like '%d2'), '{"new": {"tags": ["t"]}}',
    '... and of no other');
select is((select count(*) from erasure_calls('{+447700900123}', '{}', now()) c where call_runs(c)), 1::bigint,
    'the one under way is still known');

-- By number and contact; then the digits.
select pg_temp.step(position) from erasure_rules where scope = 'person' order by position;
select results_eq('select name from contacts', array['Bea'], 'the contact is gone, and no other');
select is((select string_agg(concat_ws(' ', number, reason), ', ' order by number) from dnc_entries),
    '+447700900456 Bea, erased1|k1|' || repeat('a', 64),
    'who is not to be called is so by the mark');
select is((select count(*) from consent_records where number = 'erased1|k1|' || repeat('a', 64)
              and decision = 'withdrawn' and evidence = '{}' and contact_id is null), 1::bigint,
          'what was forbidden stays forbidden, by the mark');
select is((select count(*) from consent_records where number like 'erased1|-|%' and decision = 'granted'), 1::bigint,
          'what was allowed is nobody''s any more');
select pg_temp.step(position) from erasure_rules where scope = 'search' order by position;
select is((select query from call_views), 'customer_number=%2B[erased]', 'digits are taken out of free text');
select pg_temp.step(position) from erasure_rules where scope in ('person', 'search') order by position;
select is((select counts ->> 'contacts' from erasures), '1', 'doing it again counts nothing twice');
select is((select contact_ids from erasures), array['01890000-0000-7000-8000-0000000000c1'::uuid],
    'the ids that lead nowhere are kept');

-- The end waits for what is left.
select ok(erasure_end('01890000-0000-7000-8000-0000000000f1', '{+447700900123}'), 'it is not over');
select matches((select reason from jobs where kind = 'forget'), '1 calls are still under way.*at Twilio',
    '... and says why');
select ok((select due_at < now() + interval '3 seconds' from jobs where kind = 'forget'),
    '... and looks again when the recordings are due');
update jobs set state = 'parked', due_at = now() + interval '5 minutes' where kind = 'erase';
select erasure_end('01890000-0000-7000-8000-0000000000f1', '{+447700900123}');
select ok((select due_at > now() + interval '4 minutes' from jobs where kind = 'forget'), '... not before');
update jobs set state = 'dead' where kind = 'erase';
select erasure_end('01890000-0000-7000-8000-0000000000f1', '{+447700900123}');
select ok((select due_at > now() + interval '14 minutes' from jobs where kind = 'forget'),
    '... and now and then where somebody must help');
update calls set ended_at = now() where id = '01890000-0000-7000-8000-0000000000d3';
insert into legal_holds (id, tenant_id, kind, ref, reason, placed_by) values
    ('01890000-0000-7000-8000-0000000000b1', current_tenant(), 'call', '01890000-0000-7000-8000-0000000000d3', 'case',
     'user:1');
select is(pg_temp.step(null), 0::bigint, 'a hold is stronger');
update jobs set state = 'done' where kind = 'erase';
update erasure_copies set answer = 'absent' where kind = 'call';
select ok(erasure_end('01890000-0000-7000-8000-0000000000f1', '{+447700900123}'), '... so it is not over');
select is((select held from erasures),
    '[{"calls": 1, "hold_id": "01890000-0000-7000-8000-0000000000b1"}]'::jsonb, '... and the hold is named');
update jobs set due_at = now() + interval '1 day' where kind = 'forget';
update legal_holds set lifted_at = now(), lifted_by = 'user:1';
select ok((select due_at <= now() from jobs where kind = 'forget'), 'lifted, the job is due at once');
select is(pg_temp.step(null), 1::bigint, '... and the call goes');
update jobs set state = 'done' where kind = 'erase';
update erasure_copies set answer = 'deleted' where answer is null;
select ok(not erasure_end('01890000-0000-7000-8000-0000000000f1', '{+447700900123}'), 'then it is over');
select is((select (subject is null, done_at is not null, length(digest), twilio)::text from erasures),
    '(t,t,32,"{""call"": {""absent"": 2, ""deleted"": 1}, ""recording"": {""deleted"": 3}}")', 'the proof');
select is((select count(*) from erasure_copies), 0::bigint, 'which needs no sids');
select results_eq($$ select right(id::text, 2) from calls where erased_at is null order by id $$, array['d2', 'd4'],
    'others stay, and who calls afterwards is somebody else');

-- An erased call stays so.
update calls set customer_number = '+447700900123', from_number = '+447700900123', contact_id = uuid7(),
       erased_at = null where id = '01890000-0000-7000-8000-0000000000d1';
select is((select (customer_number, from_number, contact_id, erased_at is not null)::text from calls
            where id = '01890000-0000-7000-8000-0000000000d1'), '(,,,t)', 'whatever is written to it');
select throws_ok($$ delete from erasures $$, '42501', null, 'a proof is not deleted');

-- The chain of the audit holds, and blanking for oneself does not.
reset role;
select is_empty('select * from audit_broken()', 'the chain holds');
set local session_replication_role = replica;
update audit_entries set detail = audit_blank(detail) where object like '%d2';
select results_eq('select seq, why from audit_broken()', $$ values (2::bigint, 'it is not what was written') $$,
    'what somebody else blanks is found');
set local session_replication_role = origin;
set local role switchhook_app;
select throws_ok($$ update audit_entries set detail = audit_blank(detail) $$, '42501', null, 'nobody can, by the way');
reset role;

-- Whose number is dialled is known by its mark; a token where there is none.
select is(dial_token('01890000-0000-7000-8000-00000000000a', 't', 'erased1|k0|x erased1|k1|' || repeat('a', 64)),
    'erased1|k1|' || repeat('a', 64), 'a mark on a list stands for the number');
select is(dial_token('01890000-0000-7000-8000-00000000000a', 't', 'erased1|k1|' || repeat('b', 64)), 't',
    '... another does not');
select is(dial_verdict('01890000-0000-7000-8000-00000000000a', '+447700900123', 'GB', false, null, now(),
    dial_token('01890000-0000-7000-8000-00000000000a', null, 'erased1|k1|' || repeat('a', 64))) ->> 'refused',
    'do_not_call', 'he is not called');

select finish();
rollback;
