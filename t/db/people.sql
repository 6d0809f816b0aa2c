-- People: guesses in ten minutes, sessions that end, who may read what, and settings' defaults.
begin;
select no_plan();

insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A');
insert into users (id, tenant_id, email, role) values
    ('01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-00000000000a', 'a@example.com', 'admin');

-- Ten minutes of an attacker who asks every second: time is moved by moving the rows.
create function attack(who text, place text, out judged int) language plpgsql as $$
begin
    judged := 0;
    for i in 1..600 loop
        if login_try(who, place) = 0 then judged := judged + 1; end if;
        update login_attempts set next_at = next_at - interval '1 s', last_at = last_at - interval '1 s';
    end loop;
end $$;
select cmp_ok(attack('a@example.com', '192.0.2.1'), '<=', 100,
              'at most 100 guesses at an account are judged in 10 min');
select cmp_ok(attack('a@example.com', '192.0.2.2'), '<=', 100, '... from whatever address they come');
select cmp_ok((select count(*)::int from login_attempts), '=', 1, '... for strangers share one row');
select ok(attack('nobody@example.com', '192.0.2.1') between 40 and 100, 'an account that is not there is as slow');
select cmp_ok(max(login_try('a@example.com', '192.0.2.9')), '>', 0, 'a stranger waits then') from generate_series(1, 8);
select login_passed('a@example.com', '198.51.100.7');
select is(login_try('a@example.com', '198.51.100.7'), 0, 'who was here before does not');
select is(login_try('A@Example.com', '198.51.100.7'), 0, '... however he writes his address');
update login_attempts set known_at = now() - interval '31 days' where place <> '';
select cmp_ok(max(login_try('a@example.com', '198.51.100.7')), '>', 0, '... for 30 days') from generate_series(1, 8);
select cmp_ok(max(login_try('b@example.com', '')), '<=', 8, 'nobody waits longer than 8 seconds')
  from generate_series(1, 60);

-- Sessions.
insert into sessions (token_hash, tenant_id, user_id, expires_at, seen_at) values
    (sha256('good'), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1',
     now() + interval '1 h', now() - interval '29 min'),
    (sha256('idle'), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1',
     now() + interval '1 h', now() - interval '30 min'),
    (sha256('old'), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1',
     now(), now());
insert into mail_links (token_hash, tenant_id, user_id, kind, expires_at) values
    (sha256('link'), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1', 'reset',
     now() + interval '1 h'),
    (sha256('late'), '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-0000000000a1', 'reset', now());
set local role switchhook_app;
select is((select count(*)::int from session_touch(sha256('good'))), 1, 'a session that is used goes on');
select is((select count(*)::int from session_touch(sha256('idle'))), 0, 'one that nobody used for 30 minutes is over');
select is((select count(*)::int from session_touch(sha256('old'))), 0, '... and so is one past its time');
select is((select count(*)::int from session_find(sha256('idle'))), 0, '... for older workers as well');
select is((select count(*)::int from link_find(sha256('link'))), 1, 'a link finds its user');
select is((select count(*)::int from link_find(sha256('late'))), 0, '... while it is valid');
select throws_ok($$ select * from login_attempts $$, '42501', null, 'nobody reads who was guessed at');
select throws_ok($$ insert into login_attempts (account, place) values (sha256('x'), '') $$, '42501', null,
                 '... or writes it');
select throws_ok($$ select people_forget() $$, '42501', null, 'workers forget nobody');
select is((select count(*)::int from mail_links), 0, 'without a tenant there are no links to see');
reset role;
select is((select seen_at from sessions where token_hash = sha256('good')), now(), 'use is noted');

-- Sessions of several tenants in one browser.
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000b', 'B');
insert into users (id, tenant_id, email, role) values
    ('01890000-0000-7000-8000-0000000000b1', '01890000-0000-7000-8000-00000000000b', 'b@example.com', 'agent');
insert into sessions (token_hash, tenant_id, user_id, expires_at, seen_at) values
    (sha256('other'), '01890000-0000-7000-8000-00000000000b', '01890000-0000-7000-8000-0000000000b1',
     now() + interval '1 h', now() - interval '20 min');
create function beside(variadic text[]) returns text language sql as $$
    select string_agg(place || ':' || email || ':' || tenant_name, ' ' order by place)
      from sessions_beside(array(select sha256(convert_to(t, 'UTF8')) from unnest($1) with ordinality w (t, n)
                                  order by n))
$$;
set local role switchhook_app;
select is(beside('other', 'none', 'good'), '1:b@example.com:B 3:a@example.com:A',
          'who holds the secrets of sessions is told whose they are, in which tenant');
select is(beside('idle', 'old', 'none'), null, '... while they last');
select is(beside('1', '2', '3', '4', 'good'), '5:a@example.com:A', '... five at most');
select is(beside('1', '2', '3', '4', '5', 'good'), null, '... and no more');
select is((select array_agg(expires_at) from sessions_beside(array[sha256('other')])),
          array[now() + interval '30 min'], '... and when they end if nobody asks again');
select is((select count(*)::int from sessions_beside('{}')), 0, 'who holds none is told nothing');
select is((select count(*)::int from sessions), 0, '... and without a tenant there are none to see');
reset role;
select is((select seen_at from sessions where token_hash = sha256('other')), now(),
          'the browser that holds it is in use, so that it is as well');
update tenants set disabled_at = now() where name = 'B';
select is(beside('other'), null, 'that of a closed tenant is nobody''s');
update tenants set disabled_at = null where name = 'B';
update users set disabled_at = now() where email = 'b@example.com';
select is(beside('other'), null, '... and that of a disabled user');
delete from sessions where token_hash = sha256('other');
set local role switchhook_sweep;
select lives_ok($$ select people_forget() $$, 'the sweep does');
reset role;
select is((select count(*)::int from sessions), 1, '... what is over');
select is((select count(*)::int from mail_links), 1, '... and links as well');
set local role switchhook_ingest;
select throws_ok($$ select * from sessions $$, '42501', null, 'webhooks read no session');
select throws_ok($$ select * from sessions_beside('{}') $$, '42501', null, '... and know nobody''s');
select throws_ok($$ select * from mail_links $$, '42501', null, '... no link');
select throws_ok($$ select login_try('a@example.com', '') $$, '42501', null, '... and guess at nobody');
select throws_ok($$ select created_at from tenant_keys $$, '42501', null,
                 'of keys they read what they open tokens with');
select lives_ok($$ select tenant_id, sealed from tenant_keys $$, '... and that');
select throws_ok($$ select * from tenant_origins $$, '42501', null, '... no origin');
reset role;

-- Origins.
select throws_ok(format($$ insert into tenant_origins (tenant_id, origin)
                           values ('01890000-0000-7000-8000-00000000000a', %L) $$, o), '23514', null,
                 o || ' is no origin')
  from unnest(array['*', 'null', 'crm.example', 'https://crm.example/', 'https://CRM.example', 'https://*.example']) o;
insert into tenant_origins (tenant_id, origin)
    values ('01890000-0000-7000-8000-00000000000a', 'https://crm.example');
set local role switchhook_app;
select ok(origin_known('https://crm.example'), 'a listed origin is known before a tenant is');
select ok(not origin_known('https://crm.example.evil.example'), '... exactly');
reset role;

-- settings_default() and the columns' own defaults are the same.
select is((select jsonb_object_agg(d.key, to_jsonb(t) -> d.key) from jsonb_each(settings_default()) d),
          settings_default(), 'what null gives back is what a new tenant has')
  from tenants t where t.name = 'A';
select is((select array_agg(k order by k) from json_object_keys(settings_json(t)) k where k <> 'name'),
          (select array_agg(k order by k) from jsonb_object_keys(settings_default()) k), 'and every setting has one')
  from tenants t where t.name = 'A';

select finish();
rollback;
