-- Words of transcripts in the database: dictionaries, hits, tags, minutes, causes.
begin;
select no_plan();

select is(text_dictionary('en-GB')::text, 'english', 'a language of settings has its dictionary');
select is(text_dictionary('german')::text, 'german', '... one as models name it as well');
select is(text_dictionary('ja')::text, 'simple', '... and one without takes words as they stand');
select is(text_dictionary(null)::text, 'simple', '... as does none');

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A');
select set_config('app.tenant', '01890000-0000-7000-8000-00000000000a', true);
insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status, tags)
    values (current_tenant(), 'CA' || repeat('a', 32), '+442079460123', '+442079460958', 'inbound', 'customer',
            'completed', '{old}');
insert into recordings (tenant_id, sid, call_sid, call_id, status, channels, duration_seconds)
    select tenant_id, 'RE' || repeat('a', 32), twilio_call_sid, id, 'completed', 2, 90 from calls;
insert into transcripts (tenant_id, recording_id, model, text, segments)
    select tenant_id, id, 'm', 'Customer: The boilers leak <b>badly</b> & often.', '[]' from recordings;

select ok(words @@ transcript_query('boiler'), 'a word is found in another form') from transcripts;
select ok(not words @@ transcript_query('kettle'), 'another word is not') from transcripts;
select is((select string_agg(h ->> 'text', '')
             from json_array_elements(transcript_hits(text, transcript_query('boiler'))) h),
          'Customer: The boilers leak <b>badly</b> & often', 'pieces are the text') from transcripts;
select is((select string_agg(h ->> 'text', ',')
             from json_array_elements(transcript_hits(text, transcript_query('boiler'))) h
            where (h ->> 'hit')::boolean), 'boilers', 'and hits are marked beside it') from transcripts;
select lives_ok($$ select transcript_query(repeat('-', 5000)) $$, 'whatever is typed is a question');
select lives_ok($$ select transcript_query(e'\\ '' " :* <-> & | !') $$, '... signs as well');
update transcripts set text = 'sealed1|tAAAA';
select is(words, null, 'what is sealed leaves no word behind') from transcripts;
update transcripts set text = 'sealed1|tBBBB', words = array_to_tsvector('{token}');
select is(words::text, '''token''', 'but the tokens that come with it') from transcripts;
update transcripts set text = 'Customer: Hello.';
select ok(words @@ 'hello'::tsquery, 'what is opened is found again') from transcripts;

select call_tag(id, '["new", "old", "new"]') from recordings;
select is(tags, '{old,new}', 'tags are added once, behind those that are there') from calls;
select call_tag(id, (select jsonb_agg('t' || n) from generate_series(1, 99) n)) from recordings;
select is(cardinality(tags), 50, 'fifty at most') from calls;

select is(transcription_over(r), null, 'there is no limit of minutes but one that is set') from recordings r;
insert into transcription_settings (tenant_id, minutes_per_month) values (current_tenant(), 3);
select is(transcription_over(r), false, 'two channels of 90 s are three minutes') from recordings r;
insert into ai_requests (tenant_id, recording_id, purpose, model, seconds, outcome)
    select tenant_id, id, 'transcribe', 'm', 60, 'refused (401)' from recordings;
select is(transcription_over(r), false, 'what was refused took none') from recordings r;
insert into ai_requests (tenant_id, recording_id, purpose, model, seconds, outcome, created_at)
    select tenant_id, id, 'transcribe', 'm', 60, 'ok', now() - interval '32 days' from recordings;
select is(transcription_over(r), false, 'nor did another month') from recordings r;
insert into ai_requests (tenant_id, recording_id, purpose, model, seconds, outcome)
    select tenant_id, id, 'transcribe', 'm', 1, 'sent' from recordings;
select is(transcription_over(r), true, 'what may have been heard did') from recordings r;

select is_empty($$ select * from model_cost('transcribe', 'm', 60) where currency is null $$, 'a cost has a currency');
insert into alarms (tenant_id, cause) values (current_tenant(), 'model:key');
select throws_ok($$ insert into alarms (tenant_id, cause) values (current_tenant(), 'model:key') $$, '23505', null,
                 'one alarm a cause');
update alarms set cleared_at = now();
select lives_ok($$ insert into alarms (tenant_id, cause) values (current_tenant(), 'model:key') $$,
                'and another when the first is over');
select finish();
rollback;
