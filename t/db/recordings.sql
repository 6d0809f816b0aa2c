-- Recordings: what a legal hold keeps, whoever tries; where a file may lie; whose settings count.
begin;
select no_plan();

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A'),
    ('01890000-0000-7000-8000-00000000000b', 'B');
insert into clients (id, tenant_id, name) select '01890000-0000-7000-8000-0000000000c1', id, 'C' from tenants
    where name = 'A';
insert into contacts (id, tenant_id, name) select '01890000-0000-7000-8000-0000000000c2', id, 'P' from tenants
    where name = 'A';
insert into calls (id, tenant_id, from_number, to_number, direction, root_role, status, client_id, contact_id)
    values ('01890000-0000-7000-8000-0000000000ca', '01890000-0000-7000-8000-00000000000a', '+442079460123',
            '+442079460958', 'inbound', 'customer', 'completed', '01890000-0000-7000-8000-0000000000c1',
            '01890000-0000-7000-8000-0000000000c2');
insert into recordings (id, tenant_id, sid, call_sid, call_id, status)
    values ('01890000-0000-7000-8000-0000000000e1', '01890000-0000-7000-8000-00000000000a', 'RE' || repeat('a', 32),
            'CA' || repeat('a', 32), '01890000-0000-7000-8000-0000000000ca', 'completed');

insert into transcripts (tenant_id, recording_id, model, text, segments)
    values ('01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000e1', 'm', 'Hello.', '[]');

prepare hold (text, uuid) as insert into legal_holds (tenant_id, kind, ref, reason, placed_by)
    values ('01890000-0000-7000-8000-00000000000a', $1, $2, 'a case', 'user:1');
create temp table held (kind text, ref uuid);
insert into held values ('call', '01890000-0000-7000-8000-0000000000ca'),
    ('client', '01890000-0000-7000-8000-0000000000c1'), ('contact', '01890000-0000-7000-8000-0000000000c2');

create function pg_temp.tried(doing text) returns text language plpgsql as $$
begin
    execute doing;
    return 'done';
exception when check_violation then
    return sqlerrm;
end $$;
create function pg_temp.kept(what text, thing uuid) returns setof text language plpgsql as $$
declare
    doing text;
begin
    insert into legal_holds (tenant_id, kind, ref, reason, placed_by)
        values ('01890000-0000-7000-8000-00000000000a', what, thing, 'a case', 'user:1');
    foreach doing in array array['update recordings set status = ''erased''', 'delete from recordings',
                                 'delete from transcripts', 'delete from calls'] loop
        return next alike(pg_temp.tried(doing), 'a legal hold on the ' || what || ' stands since %: a case',
                          what || ': ' || doing);
    end loop;
    return next lives_ok('update recordings set status_reason = ''x''', '... and the rest of a row may change');
    update legal_holds set lifted_at = now(), lifted_by = 'user:2';
end $$;
select pg_temp.kept(kind, ref) from held;
select is(hold_json(call_hold('01890000-0000-7000-8000-0000000000ca'))::text, null, 'what was lifted holds nothing');
select lives_ok($$ execute hold('call', '01890000-0000-7000-8000-0000000000ca') $$, 'it may be placed again');
select throws_ok($$ execute hold('call', '01890000-0000-7000-8000-0000000000ca') $$, '23505', null,
                 '... and stands once');
insert into legal_holds (tenant_id, kind, ref, reason, placed_by)
    values ('01890000-0000-7000-8000-00000000000b', 'client', '01890000-0000-7000-8000-0000000000c1', 'theirs', 'x');
select is((call_hold('01890000-0000-7000-8000-0000000000ca')).reason, 'a case', 'another tenant''s holds nothing here');
update legal_holds set lifted_at = now(), lifted_by = 'user:2' where lifted_at is null
    and tenant_id = '01890000-0000-7000-8000-00000000000a';
select is((call_hold('01890000-0000-7000-8000-0000000000ca')).reason, null, '... nor alone');
select lives_ok($$ update recordings set status = 'erased' $$, 'without a hold it goes');
select lives_ok($$ delete from transcripts $$, '... and its text');

select throws_ok(format('update recordings set path = %L', p), '23514', null, format('%s is no path of ours', p))
  from unnest(array['../x.wav', '/etc/passwd', '01890000-0000-7000-8000-00000000000a/x.wav',
                    '01890000-0000-7000-8000-00000000000a/RE' || repeat('a', 32) || '.mp3',
                    '01890000-0000-7000-8000-00000000000a/RE' || repeat('a', 32) || '.wav.enc/x']) p;
select lives_ok(format('update recordings set path = %L', '01890000-0000-7000-8000-00000000000a/RE'
    || repeat('a', 32) || e), format('%s is one', e)) from unnest(array['.wav', '.wav.enc']) e;
select throws_ok($$ update recordings set sealed_key = 'enc1|k1|x|y' $$, '23514', null,
                 'a file''s key is sealed with the tenant''s');
select throws_ok($$ update recordings set storage = 'ftp' $$, '23514', null, 'nothing is kept anywhere else');

set local role switchhook_app;
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
select is(link_seconds(), 300, 'a link lasts five minutes');
insert into recording_settings (tenant_id, link_seconds) values (current_tenant(), 60);
select is(link_seconds(), 60, '... unless the tenant says otherwise');
select throws_ok($$ update recording_settings set link_seconds = 901 $$, '23514', null, '... and never more than 15');
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000b', true);
select is(link_seconds(), 300, '... for itself alone');

select finish();
rollback;
