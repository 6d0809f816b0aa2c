-- Retention in the database: before which moment what goes, whose word counts, what a hold keeps, one run at a time,
-- the fence, and figures that stand.
begin;
select no_plan();

insert into tenants (id, name, time_zone) values ('01890000-0000-7000-8000-00000000000a', 'A', 'America/New_York');
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
create temp table k (client uuid, name text);
insert into k values ('01890000-0000-7000-8000-0000000000c1', 'own'), ('01890000-0000-7000-8000-0000000000c2', 'none');
insert into clients (id, tenant_id, name) select client, current_tenant(), name from k;

-- Cuts: local midnights, also where the clock has changed in between (8 March and 1 November 2026).
select results_eq($$ select client_id, audio::text from retention_cuts('2026-11-20', null) $$,
                  $$ values (null::uuid, '-infinity') $$, 'no rule: nothing goes');
insert into retention_rules (tenant_id, client_id, kind, days) values
    (current_tenant(), null, 'audio', 30), (current_tenant(), null, 'metadata', 300);
select results_eq($$ select audio, text, metadata from retention_cuts('2026-11-20', null) $$,
    $$ values ('2026-10-21 04:00Z'::timestamptz, '2026-01-24 05:00Z'::timestamptz,
               '2026-01-24 05:00Z'::timestamptz) $$,
    'midnights of the zone; a text goes with its metadata at the latest');
select is(audio, '2026-02-06 05:00Z'::timestamptz, 'before the spring') from retention_cuts('2026-03-08', null);
select is(audio, '2026-02-07 05:00Z'::timestamptz, '... and on the day behind it')
  from retention_cuts('2026-03-09', null);
insert into retention_rules (tenant_id, client_id, kind, days) values
    (current_tenant(), '01890000-0000-7000-8000-0000000000c1', 'audio', null),
    (current_tenant(), '01890000-0000-7000-8000-0000000000c1', 'metadata', 1000);
select is(audio, metadata, 'a client''s audio for ever ends with its metadata')
  from retention_cuts('2026-11-20', null) where client_id is not null;
select is(audio, '2026-11-10 05:00Z'::timestamptz, 'days that are only thought of count instead')
  from retention_cuts('2026-11-20', '{"audio_days": 10}') where client_id is null;
select is(metadata, '-infinity'::timestamptz, '... and 0 is for ever')
  from retention_cuts('2026-11-20', '{"client_id": "01890000-0000-7000-8000-0000000000c2", "metadata_days": 0}')
 where client_id = '01890000-0000-7000-8000-0000000000c2';
select throws_ok($$ insert into retention_rules (tenant_id, kind, days) values (current_tenant(), 'audio', 5) $$,
                 '23505', null, 'one word a kind');
delete from clients where name = 'own';
select is(count(*)::int, 2, 'a client that is deleted keeps its word')
  from retention_rules where client_id is not null;

-- Calls of a caller: three of two years ago, one of now; of the old ones one is held.
update retention_rules set days = 100 where kind = 'metadata' and client_id is null;
update clients set time_zone = 'Asia/Kolkata';
insert into calls (id, tenant_id, client_id, twilio_call_sid, from_number, to_number, customer_number, direction,
                   root_role, status, outcome, answered_at, ended_at, talk_seconds, created_at)
    select ('01890000-0000-7000-8000-0000000000d' || n)::uuid, current_tenant(),
           case when n = 2 then '01890000-0000-7000-8000-0000000000c2'::uuid end, 'CA' || repeat(n::text, 32),
           '+442079460123', '+442079460958', '+442079460123', 'inbound', 'customer', 'completed', 'answered',
           t.at, t.at + interval '1 minute', 60, t.at
      from unnest('{700,699,698,1}'::int[]) with ordinality as u (age, n),
           lateral (select now() - age * interval '1 day' as at) t;
insert into call_legs (tenant_id, sid, call_id, status) select tenant_id, twilio_call_sid, id, status from calls;
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
    select tenant_id, gen_random_uuid(), 'voice.status', 'completed', twilio_call_sid, id, created_at, 'a=b' from calls;
insert into recordings (tenant_id, sid, call_sid, call_id, status, created_at)
    select tenant_id, 'RE' || repeat('a', 32), twilio_call_sid, id, 'completed', created_at
      from calls where id = '01890000-0000-7000-8000-0000000000d1';
insert into transcripts (tenant_id, recording_id, model, text, segments) select tenant_id, id, 'm', 't', '[]'
    from recordings;
insert into conversions (tenant_id, call_id, currency)
    select tenant_id, id, 'GBP' from calls order by created_at limit 1;
select is(said_at, now() - interval '700 days', 'a text is as old as its call') from transcripts;
insert into legal_holds (tenant_id, kind, ref, reason, placed_by)
    values (current_tenant(), 'call', '01890000-0000-7000-8000-0000000000d3', 'a case', 'user:1');
select stat_refresh();
create temp view figures as
    select dim, sum(calls) as calls, sum(talk_seconds) as talk, sum(first_time) as new, sum(repeat) as again,
           (spread_percentiles('{0.5}', spread_join(talk_spread)))[1] as median
      from stat_cells where grain = 'day' group by dim order by dim;
create temp table was as select * from figures;
select is(calls, 1::numeric, 'a client of another zone has days of its own') from was where dim = 'own';

create temp table said as select * from retention_lines((now() at time zone 'America/New_York')::date, null, 100);
select results_eq($$ select kind, sum(items), sum(bytes), sum(held) from said where kind = 'metadata' group by 1 $$,
                  $$ values ('metadata', 2::numeric, 6::numeric, 1::numeric) $$,
                  'the preview counts what goes and what is held');
select is(whole, false, 'it stops counting')
  from retention_lines((now() at time zone 'America/New_York')::date, null, 1) where kind = 'metadata';

-- A run, as the sweep does it.
create temp table run as select (retention_begin('user:1')).*;
select is((retention_begin('user:1')).id, null, 'one run at a time');
create function job() returns jobs language sql as $$ select j from jobs j where kind = 'retain' limit 1 $$;
create function step() returns text language sql as $$
    update jobs set state = 'running', token = token + 1, leased_until = now() + interval '1 minute'
     where kind = 'retain' and state = 'waiting';
    select retention_step(ref::uuid, id, token, 60, 1) from jobs where kind = 'retain' and state = 'running' $$;
update jobs set state = 'running', token = 5 where kind = 'retain';
select is(retention_step((select id from run), (job()).id, 4, 60, 100), 'lost', 'an old fence does nothing');
select is((select count(*)::int from recordings where status = 'erased'), 0, '... at all');
select is(step(), 'more', 'a step takes a row') from generate_series(1, 5);
select is((select count(*)::int from jobs where kind = 'erase'), 1, 'the audio is the job''s of erasures');
do $$ begin
    for i in 1..20 loop exit when step() = 'waits'; end loop;
end $$;
select is((select string_agg(id::text, ',' order by id) from calls),
          '01890000-0000-7000-8000-0000000000d1,01890000-0000-7000-8000-0000000000d3,'
          '01890000-0000-7000-8000-0000000000d4', 'a call stays that names audio which is not removed');
select is((select state || phase from retention_runs), 'runningmetadata', 'and the run goes through them once more');
update jobs set state = 'done' where kind = 'erase';
do $$ begin
    for i in 1..20 loop exit when step() = 'ended'; end loop;
end $$;
select is((select state from retention_runs), 'done', 'it ends');
select is((job()).state, 'done', '... and its job with it');
select results_eq($$ select kind, client_id, items, bytes, held, held_bytes, oldest_at
                       from retention_counts order by 1, 2 $$,
                  $$ select kind, client_id, items, bytes, held, held_bytes, oldest_at from said order by 1, 2 $$,
                  'what the preview said is what the run took');
select is((select string_agg(id::text, ',' order by id) from calls),
          '01890000-0000-7000-8000-0000000000d3,01890000-0000-7000-8000-0000000000d4',
          'the held one and the young one stay');
select is((select count(*)::int from webhook_events), 2, 'deliveries go with their call');
select is((select count(*)::int from call_legs), 2, '... and legs');
select is((select count(*)::int from transcripts), 0, '... and texts');
select is((select count(*)::int from conversions where call_id is null), 1, 'a sale stays');

-- Figures stand, also when they are summed up anew.
select results_eq('select * from figures', 'select * from was', 'no figure has fallen');
insert into stat_dirty (tenant_id, at) values (current_tenant(), '-infinity');
select stat_refresh();
select results_eq('select * from figures', 'select * from was', '... nor when all are made anew');
update tenants set time_zone = 'Pacific/Auckland';
select stat_refresh();
select results_eq('select dim, calls from figures', 'select dim, calls from was', '... nor in another zone');

-- A hold that is placed while a run goes is the database's own word.
select throws_ok($$ delete from calls where id = '01890000-0000-7000-8000-0000000000d3' $$, '23514', null,
                 'what is held is deleted by nobody');

-- Of a thousand recordings of a run endpoints hear one by one; of one that somebody deletes always.
insert into webhook_endpoints (tenant_id, url, events, secret)
    values (current_tenant(), 'https://crm.example.com/hook', '{recording.deleted}', 'enc2|k1|d|x|y');
insert into recordings (tenant_id, sid, call_sid, status)
    select current_tenant(), 'RE' || repeat(n::text, 32), 'CA' || repeat('9', 32), 'completed'
      from generate_series(1, 4) n;
update retention_runs set told = 999;
update recordings set status = 'erased', retention_run = (select id from run)
 where sid in ('RE' || repeat('1', 32), 'RE' || repeat('2', 32), 'RE' || repeat('3', 32));
update recordings set status = 'erased' where sid = 'RE' || repeat('4', 32);
select is((select count(*)::int from webhook_messages), 2, 'the thousandth is told, and who is deleted by somebody');
select is((select recordings_told from json_to_record((select retention_run_json(r, false) from retention_runs r))
               as (recordings_told integer)), 1000, 'and the run says of how many it told');

-- Alarms and drift: once.
insert into alarms (tenant_id, cause, reason) values (current_tenant(), 'model:quota', 'used up');
insert into alarms (tenant_id, cause) values (current_tenant(), 'model:quota')
    on conflict (cause, tenant_id) where cleared_at is null do update set n = alarms.n + 1;
update alarms set cleared_at = now();
select results_eq($$ select kind, detail ->> 'over', alert_title(kind, detail)
                       from notices order by detail ->> 'over' $$,
                  $$ values ('provider_failed', 'false', 'A provider fails: model'),
                            ('provider_failed', 'true', 'A provider works again: model') $$,
                  'an alarm is told once, and its end');
select ok(alarm_cure(w || ':' || c) ~ '\.$', w || ':' || c || ' has a cure')
  from unnest('{model,twilio,mail,webhook,notify,retention}'::text[]) w,
       unnest('{settings,key,busy,provider,answer,absent,disk,other,quota}'::text[]) c;

select finish();
rollback;
