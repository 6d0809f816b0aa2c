-- call_events.event_data: any body that Twilio may send as jsonb, without losing or refusing it.
begin;
select no_plan();

select is(form_json('CallSid=CA1&From=%2B44+20&Empty=&Flag'),
    '{"CallSid": "CA1", "From": "+44 20", "Empty": "", "Flag": ""}'::jsonb,
          'names and values are decoded');
select is(form_json(''), '{}'::jsonb, 'nothing is no field');
select is(form_json('a=1&a=2'), '{"a": "2"}'::jsonb, 'of a repeated name the last value counts');
select is(form_json('a=b=c%3Dd'), '{"a": "b=c=d"}'::jsonb, 'only the first = separates');
select is(form_json('CallerName=S%C3%B8ren+%F0%9F%98%80')->>'CallerName', 'Søren 😀', 'UTF-8 is UTF-8');
select is(form_json('CallerName=M%FCller')->>'CallerName', 'Müller', 'what is not UTF-8 is read as Latin-1');
select is(form_json('a=%00b')->>'a', U&'\FFFDb', 'a NUL becomes U+FFFD, for jsonb cannot hold it');
select is(form_json('a=%zz&b=%4')->>'a', '%zz', 'a broken escape stays what it was');
select is(form_json('&&a=1&')->>'a', '1', 'empty fields are nothing');
select is(form_json(('\x613d' || 'ff')::bytea)->>'a', 'ÿ', 'raw bytes are taken as they are');
select is(length(form_json(convert_to('a=' || repeat('x', 60000), 'UTF8'))->>'a'), 60000, 'a long value stays whole');

select finish();
rollback;
