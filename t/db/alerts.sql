-- When an alert goes out: quiet hours and digests by the clock of a zone, also on the days on which it changes.
begin;
select no_plan();

create temp table due (at text, zone text, quiet_from time, quiet_until time, digest text, digest_at time, want text);
insert into due values
    ('2025-06-10 12:00Z', 'UTC',              null,    null,    'none',   '08:00', '2025-06-10 12:00Z'),
    ('2025-06-10 21:59Z', 'UTC',              '22:00', '07:00', 'none',   '08:00', '2025-06-10 21:59Z'),
    ('2025-06-10 22:00Z', 'UTC',              '22:00', '07:00', 'none',   '08:00', '2025-06-11 07:00Z'),
    ('2025-06-11 06:59Z', 'UTC',              '22:00', '07:00', 'none',   '08:00', '2025-06-11 07:00Z'),
    ('2025-06-11 07:00Z', 'UTC',              '22:00', '07:00', 'none',   '08:00', '2025-06-11 07:00Z'),
    ('2025-06-11 12:30Z', 'UTC',              '12:00', '13:00', 'none',   '08:00', '2025-06-11 13:00Z'),
    ('2025-06-11 13:00Z', 'UTC',              '12:00', '13:00', 'none',   '08:00', '2025-06-11 13:00Z'),
    ('2025-06-11 03:00Z', 'UTC',              '07:00', '07:00', 'none',   '08:00', '2025-06-11 03:00Z'),
    -- the night on which the clock goes forward, and back
    ('2025-03-30 00:30Z', 'Europe/London',    '22:00', '07:00', 'none',   '08:00', '2025-03-30 06:00Z'),
    ('2025-10-26 00:30Z', 'Europe/London',    '22:00', '07:00', 'none',   '08:00', '2025-10-26 07:00Z'),
    ('2025-03-09 06:30Z', 'America/New_York', '22:00', '02:30', 'none',   '08:00', '2025-03-09 07:30Z'),
    ('2025-10-04 14:00Z', 'Australia/Lord_Howe', '22:00', '07:00', 'none', '08:00', '2025-10-04 20:00Z'),
    -- digests
    ('2025-06-10 12:34Z', 'UTC',              null,    null,    'hourly', '08:00', '2025-06-10 13:00Z'),
    ('2025-06-10 12:00Z', 'UTC',              null,    null,    'hourly', '08:00', '2025-06-10 13:00Z'),
    ('2025-06-10 12:40Z', 'Asia/Kolkata',     null,    null,    'hourly', '08:00', '2025-06-10 13:30Z'),
    ('2025-06-10 07:59Z', 'UTC',              null,    null,    'daily',  '08:00', '2025-06-10 08:00Z'),
    ('2025-06-10 08:00Z', 'UTC',              null,    null,    'daily',  '08:00', '2025-06-11 08:00Z'),
    ('2025-03-29 12:00Z', 'Europe/London',    null,    null,    'daily',  '08:00', '2025-03-30 07:00Z'),
    ('2025-06-10 21:30Z', 'UTC',              '22:00', '07:00', 'hourly', '08:00', '2025-06-11 07:00Z');
select is(alert_due(at::timestamptz, zone, quiet_from, quiet_until, digest, digest_at), want::timestamptz,
          format('%s in %s, quiet %s to %s, digest %s', at, zone, quiet_from, quiet_until, digest)) from due;

-- One cause is one notice and one job, however often it is raised.
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A');
select notice_raise('spend', '01890000-0000-7000-8000-00000000000a', 'one', null, null, null)
  from generate_series(1, 5);
select results_eq($$ select count(*)::int, (select count(*)::int from jobs where kind = 'notify') from notices $$,
                  $$ values (1, 1) $$, 'a cause is told once');

-- The kinds that the table allows are the kinds that the API knows.
select is((select string_agg(k, ' ' order by k) from unnest(alert_kinds()) k),
          'missed_call number_drift provider_failed retention_failed spend transcription_failed webhook_failed',
          'kinds of alerts');

select finish();
rollback;
