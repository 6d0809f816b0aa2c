// People: they log in, are kept apart from guesses and forged requests, come by invitation, find back by mail.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { addPerson, Browser } from '../lib/person.mjs';
import { PUBLIC_URL, Rig } from '../lib/rig.mjs';
import { Smtp } from '../lib/smtp.mjs';

const quick = { nginx: { limits: false }, workers: { hooks: 0, api: 1, auth: 2 } };

describe('a session', () => {
  let rig;
  before(async () => {
    rig = await Rig.start(quick);
  });
  after(() => rig.stop());
  const me = (b) => b.request('GET', '/api/v1/me');

  it('is a cookie that only our own pages send, and no script reads', async () => {
    const p = addPerson(rig, 'agent');
    const b = new Browser(rig);
    const res = await b.try(p.email.toUpperCase(), p.password);
    assert.equal(res.status, 201, res.text);
    const [set] = res.headers['set-cookie'];
    assert.match(set, /^__Host-switchhook=[0-9A-Za-z]{43}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax$/);
    assert.equal(res.headers['cache-control'], 'no-store');
    assert.deepEqual(res.json().user, { id: p.id, email: p.email, name: 'agent', role: 'agent' });
    const who = (await me(b)).json();
    assert.equal(who.user.id, p.id);
    assert.equal(who.role, 'agent');
    assert.equal(who.tenant.id, rig.tenant.id);
    assert.equal(who.session.id, res.json().session_id);
    assert.equal(who.csrf_token, res.json().csrf_token);
    const kept = rig.sql('select encode(token_hash, $$hex$$) from sessions');
    assert.ok(!kept.includes(b.cookie.split('=')[1]), 'only its hash is kept');
  });

  it('has a new id after each login, and the one before is over', async () => {
    const p = addPerson(rig, 'agent');
    const b = new Browser(rig);
    b.cookie = `__Host-switchhook=${'a'.repeat(43)}`; // planted by somebody
    assert.equal((await b.try(p.email, p.password)).status, 201);
    assert.ok(!b.cookie.includes('a'.repeat(43)));
    const first = { ...b, request: b.request, rig, cookie: b.cookie };
    assert.equal((await b.try(p.email, p.password)).status, 201);
    assert.notEqual(first.cookie, b.cookie);
    assert.equal((await me(first)).status, 401, 'the browser that logs in again holds one session');
    assert.equal((await me(b)).status, 200);
  });

  it('is over after 30 minutes without use and 12 hours at most', async () => {
    const b = await Browser.login(rig, addPerson(rig, 'agent'));
    const back = (column, by) =>
      rig.sql(`update sessions set ${column} = ${column} - interval '${by}' where id = '${b.session}'`);
    back('seen_at', '29 min');
    assert.equal((await me(b)).status, 200);
    assert.equal(
      rig.sql(`select now() - seen_at < interval '1 min' from sessions where id = '${b.session}'`),
      't',
      'use keeps it',
    );
    back('seen_at', '31 min');
    assert.equal((await me(b)).status, 401);
    const c = await Browser.login(rig, addPerson(rig, 'agent'));
    rig.sql(`update sessions set expires_at = now() - interval '1 s' where id = '${c.session}'`);
    assert.equal((await me(c)).status, 401);
  });

  it('ends at logout, from afar, and everywhere', async () => {
    const p = addPerson(rig, 'viewer');
    const [a, b, c] = [await Browser.login(rig, p), await Browser.login(rig, p), await Browser.login(rig, p)];
    const list = (await a.request('GET', '/api/v1/sessions')).json();
    assert.equal(list.data.length, 3);
    assert.deepEqual(
      list.data.filter((s) => s.current).map((s) => s.id),
      [a.session],
    );
    assert.equal((await a.request('DELETE', `/api/v1/sessions/${b.session}`)).status, 204);
    assert.equal((await me(b)).status, 401);
    const stolen = { cookie: c.cookie };
    assert.equal((await c.request('DELETE', '/api/v1/sessions')).status, 204);
    assert.equal(c.cookie, '');
    assert.equal((await rig.http('GET', '/api/v1/me', { headers: stolen })).status, 401, 'a copy of it as well');
    const d = await Browser.login(rig, p);
    assert.equal((await d.request('DELETE', '/api/v1/sessions?all=true')).status, 204);
    assert.equal((await me(a)).status, 401);
    assert.equal((await me(d)).status, 401);
  });

  it('that is over is swept away', async () => {
    const p = addPerson(rig, 'viewer');
    const [old, idle, good] = [await Browser.login(rig, p), await Browser.login(rig, p), await Browser.login(rig, p)];
    rig.sql(`update sessions set expires_at = now() where id = '${old.session}'`);
    rig.sql(`update sessions set seen_at = now() - interval '31 min' where id = '${idle.session}'`);
    const left = () => rig.sql(`select string_agg(id::text, ' ') from sessions where user_id = '${p.id}'`);
    rig.startSweep();
    await rig.until(() => left() === good.session);
    assert.equal((await me(good)).status, 200);
  });

  it('of somebody else is the same 404 as none', async () => {
    const a = await Browser.login(rig, addPerson(rig, 'admin'));
    const b = await Browser.login(rig, addPerson(rig, 'agent'));
    const calm = (res) => ({ ...res.json(), request_id: '', instance: '' });
    const foreign = await a.request('DELETE', `/api/v1/sessions/${b.session}`);
    const none = await a.request('DELETE', '/api/v1/sessions/01890000-0000-7000-8000-000000000001');
    assert.equal(foreign.status, 404);
    assert.deepEqual(calm(foreign), calm(none));
    assert.equal((await me(b)).status, 200);
  });

  it('of a user who is disabled or has another role stops at once', async () => {
    const admin = await Browser.login(rig, addPerson(rig, 'admin'));
    const p = addPerson(rig, 'agent');
    const b = await Browser.login(rig, p);
    const change = (json) => admin.request('PATCH', `/api/v1/users/${p.id}`, json);
    assert.equal((await change({ role: 'viewer' })).json().role, 'viewer');
    assert.equal((await me(b)).status, 401);
    const again = await Browser.login(rig, p);
    assert.equal((await me(again)).json().role, 'viewer');
    assert.equal((await change({ disabled: true })).json().status, 'disabled');
    assert.equal((await me(again)).status, 401);
    assert.equal((await new Browser(rig).try(p.email, p.password)).status, 401);
    assert.equal((await change({ disabled: false })).json().status, 'active');
    const third = await Browser.login(rig, p);
    rig.sql(`update users set disabled_at = now() where id = '${p.id}'`);
    assert.equal((await me(third)).status, 401, 'also where nobody ended it');
  });
});

describe('a forged request', () => {
  let rig;
  before(async () => {
    rig = await Rig.start(quick);
  });
  after(() => rig.stop());

  it('needs the session’s token and our origin, whatever it does', async () => {
    const p = addPerson(rig, 'admin');
    const b = await Browser.login(rig, p);
    const other = await Browser.login(rig, p);
    const send = (headers) =>
      rig.http('PATCH', `/api/v1/users/${p.id}`, {
        body: '{"name":"changed"}',
        headers: { cookie: b.cookie, 'content-type': 'application/json', ...headers },
      });
    const good = { origin: PUBLIC_URL, 'x-csrf-token': b.csrf };
    const bad = [
      {},
      { origin: PUBLIC_URL },
      { 'x-csrf-token': b.csrf },
      { ...good, origin: 'https://evil.example' },
      { ...good, origin: 'null' },
      { ...good, origin: `${PUBLIC_URL}.evil.example` },
      { ...good, 'x-csrf-token': other.csrf },
      { ...good, 'x-csrf-token': '' },
      { ...good, 'x-csrf-token': b.csrf.slice(0, -1) },
      { 'x-csrf-token': b.csrf, 'sec-fetch-site': 'cross-site' },
      { 'x-csrf-token': b.csrf, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of bad) {
      const res = await send(headers);
      assert.equal(res.status, 403, JSON.stringify(headers));
      assert.match(res.headers['content-type'], /problem\+json/);
    }
    assert.equal(rig.sql(`select name from users where id = '${p.id}'`), 'admin');
    assert.equal((await send({ 'x-csrf-token': b.csrf, 'sec-fetch-site': 'same-origin' })).status, 200);
    assert.equal((await send(good)).status, 200);
    assert.equal(rig.sql(`select name from users where id = '${p.id}'`), 'changed');
  });
});

describe('guesses', () => {
  let rig;
  before(async () => {
    rig = await Rig.start(quick);
  });
  after(() => rig.stop());

  it('are slowed down for an account, and nobody learns whether it exists', async () => {
    const p = addPerson(rig, 'agent');
    const answers = {};
    for (const email of [p.email, 'nobody@example.com']) {
      const b = new Browser(rig);
      answers[email] = [];
      for (let i = 0; i < 8; i++) {
        const res = await b.try(email, `wrong ${i}`);
        answers[email].push(res.status);
        if (res.status === 429) assert.ok(Number(res.headers['retry-after']) >= 1);
      }
      assert.ok(answers[email].filter((s) => s === 401).length <= 5, String(answers[email]));
      assert.ok(answers[email].filter((s) => s === 429).length >= 3, String(answers[email]));
    }
    const [known, unknown] = [p.email, 'nobody@example.com'].map((email) => [...new Set(answers[email])].sort());
    assert.deepEqual(known, unknown);
  });

  it('of strangers do not keep out who has been here before', async () => {
    const p = addPerson(rig, 'agent');
    await Browser.login(rig, p); // this address is known to the account
    rig.sql(`insert into login_attempts (account, place, failures, next_at)
      values (sha256('${p.email}'), '', 30, now() + interval '8 s')
      on conflict (account, place) do update set failures = 30, next_at = now() + interval '8 s'`);
    assert.equal((await new Browser(rig).try(p.email, p.password)).status, 201);
    rig.sql(`update login_attempts set known_at = now() - interval '31 days' where account = sha256('${p.email}')`);
    assert.equal((await new Browser(rig).try(p.email, p.password)).status, 429, 'known for 30 days');
  });

  it('cost the same whether the user exists or not', async () => {
    const p = addPerson(rig, 'agent', { cost: { ln: 15, p: 3 } });
    // Work of the auth workers in hundredths of a second of a core: the machine may be as busy as it likes.
    const worked = () =>
      rig
        .workers('auth')
        .map((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '))
        .reduce((sum, f) => sum + Number(f[11]) + Number(f[12]), 0);
    const took = async (email) => {
      rig.sql('delete from login_attempts');
      const began = worked();
      assert.equal((await new Browser(rig).try(email, 'wrong')).status, 401);
      return worked() - began;
    };
    const known = [];
    const unknown = [];
    for (let i = 0; i < 4; i++) {
      known.push(await took(p.email));
      unknown.push(await took('nobody@example.com'));
    }
    const least = [Math.min(...known), Math.min(...unknown)];
    assert.ok(least[1] > least[0] * 0.6 && least[1] < least[0] * 1.7, `${known} and ${unknown} hundredths`);
  });

  it('at the current password count as well', async () => {
    const b = await Browser.login(rig, addPerson(rig, 'agent'));
    const codes = [];
    for (let i = 0; i < 7; i++) {
      const json = { current_password: `wrong ${i}`, new_password: 'another one 8' };
      codes.push((await b.request('POST', '/api/v1/me/password', json)).status);
    }
    assert.deepEqual([...new Set(codes)].sort(), [422, 429], String(codes));
  });
});

describe('a password', () => {
  let rig;
  before(async () => {
    rig = await Rig.start(quick);
  });
  after(() => rig.stop());

  it('is changed by who knows it, and every other session is over', async () => {
    const p = addPerson(rig, 'viewer');
    const [a, b] = [await Browser.login(rig, p), await Browser.login(rig, p)];
    const change = (json) => a.request('POST', '/api/v1/me/password', json);
    for (const [pointer, json] of [
      ['/new_password', { current_password: p.password, new_password: 'short' }],
      ['/new_password', { current_password: p.password, new_password: p.email.toUpperCase() }],
      ['/again', { current_password: p.password, new_password: 'long enough 1', again: 'long enough 1' }],
    ]) {
      const res = await change(json);
      assert.equal(res.status, 422, res.text);
      assert.equal(res.json().errors?.[0]?.pointer ?? pointer, pointer);
    }
    rig.sql('delete from login_attempts');
    const res = await change({ current_password: p.password, new_password: 'battery staple 9' });
    assert.equal(res.status, 204, res.text);
    assert.equal((await a.request('GET', '/api/v1/me')).status, 200);
    assert.equal((await b.request('GET', '/api/v1/me')).status, 401);
    assert.equal((await new Browser(rig).try(p.email, p.password)).status, 401);
    assert.equal((await new Browser(rig).try(p.email, 'battery staple 9')).status, 201);
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'user.password'"), '1');
  });

  it('that would be guessed is not taken, however it comes', async () => {
    const p = addPerson(rig, 'agent', { email: 'emma.smith@example.com' });
    const b = await Browser.login(rig, p);
    for (const guess of ['Password1', 'qwertyuiop', '12345678', 'aaaaaaaaaaaa', 'Emma.Smith1', 'fishchips2026']) {
      const json = { current_password: p.password, new_password: guess };
      const res = await b.request('POST', '/api/v1/me/password', json);
      assert.equal(res.status, 422, guess);
      const [fault] = res.json().errors;
      assert.deepEqual([fault.pointer, fault.code], ['/new_password', 'guessable'], guess);
      rig.sql('delete from login_attempts');
    }
    const token = 'x'.repeat(43);
    rig.sql(`insert into mail_links (token_hash, tenant_id, user_id, kind, expires_at)
      values (sha256('${token}'), '${rig.tenant.id}', '${p.id}', 'reset', now() + interval '1 hour')`);
    const set = (password) => b.request('POST', '/api/v1/password', { token, password });
    const refused = await set('fish & chips');
    assert.deepEqual([refused.status, refused.json().errors[0].code], [422, 'guessable']);
    assert.equal((await set('all lower case and long')).status, 204, 'the link holds, and nothing else is asked for');
  });

  it('is not for keys to change', async () => {
    const json = { current_password: 'x', new_password: 'battery staple 9' };
    assert.equal((await rig.api('POST', '/api/v1/me/password', json)).status, 403);
    assert.equal((await rig.api('GET', '/api/v1/sessions')).status, 403);
    assert.equal((await rig.api('GET', '/api/v1/me')).json().user, null);
  });
});

describe('mail', () => {
  let rig;
  let smtp;
  before(async () => {
    smtp = await Smtp.start();
    rig = await Rig.start({
      ...quick,
      sweep: true,
      settings: { SMTP_URL: smtp.url, MAIL_FROM: 'phone@example.com' },
    });
  });
  after(async () => {
    await rig.stop();
    smtp.stop();
  });
  const arrived = async (address, n = 1) => {
    await rig.until(() => smtp.to(address).length >= n);
    return smtp.to(address)[n - 1];
  };
  const use = (mail, password) =>
    rig.api('POST', '/api/v1/password', { token: mail.link.split('#')[1], password }, { key: null });
  const lose = (email) => rig.api('POST', '/api/v1/password/reset', { email }, { key: null });

  it('invites, and its link sets a password once', async () => {
    const admin = await Browser.login(rig, addPerson(rig, 'admin'));
    const email = 'new.one@example.com';
    const res = await admin.request('POST', '/api/v1/users', { email: 'New.One@example.com', role: 'manager' });
    assert.equal(res.status, 201, res.text);
    assert.equal(res.json().status, 'invited');
    assert.equal(res.json().email, email);
    const again = await admin.request('POST', '/api/v1/users', { email, role: 'agent' });
    assert.equal(again.status, 409);
    smtp.refuse = 1; // the server is busy at first
    const mail = await arrived(email);
    assert.equal(mail.from, 'phone@example.com');
    assert.equal(mail.headers.subject, 'You are invited to Fish & chips');
    assert.match(mail.link, new RegExp(`^${PUBLIC_URL}/app/password#[0-9A-Za-z]{43}$`));
    const token = mail.link.split('#')[1];
    const dump = rig.sql(`select string_agg(t::text, ' ') from (select mail_links::text as t from mail_links
      union all select jobs::text from jobs union all select mail_outbox::text from mail_outbox) x`);
    assert.ok(!dump.includes(token), 'the link is nowhere but in the mail');
    assert.equal((await new Browser(rig).try(email, 'battery staple 9')).status, 401);
    assert.equal((await use(mail, 'battery staple 9')).status, 204);
    const b = await Browser.login(rig, { email, password: 'battery staple 9' });
    assert.equal((await b.request('GET', '/api/v1/me')).json().role, 'manager');
    assert.equal((await use(mail, 'another one 10')).status, 422, 'once');
  });

  it('brings back who has lost a password, and ends all sessions', async () => {
    const p = addPerson(rig, 'agent');
    const b = await Browser.login(rig, p);
    const known = await lose(p.email);
    const unknown = await lose('nobody@example.com');
    assert.equal(known.status, 202);
    assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
    const mail = await arrived(p.email);
    assert.equal(smtp.to('nobody@example.com').length, 0);
    assert.equal((await use({ link: `x#${'a'.repeat(43)}` }, 'battery staple 9')).status, 422);
    assert.equal((await use(mail, 'battery staple 9')).status, 204);
    assert.equal((await b.request('GET', '/api/v1/me')).status, 401);
    assert.equal((await new Browser(rig).try(p.email, p.password)).status, 401);
    assert.equal((await new Browser(rig).try(p.email, 'battery staple 9')).status, 201);
  });

  it('is too old after an hour, and goes to nobody more than three times an hour', async () => {
    const p = addPerson(rig, 'agent');
    for (let i = 0; i < 5; i++) assert.equal((await lose(p.email)).status, 202);
    assert.equal(rig.sql(`select count(*) from mail_outbox where user_id = '${p.id}'`), '3');
    const mail = await arrived(p.email, 3);
    rig.sql(`update mail_links set expires_at = expires_at - interval '1 hour' where user_id = '${p.id}'`);
    assert.equal((await use(mail, 'battery staple 9')).status, 422);
    rig.sql(`update users set disabled_at = now() where id = '${p.id}'`);
    rig.sql(`update mail_links set expires_at = expires_at + interval '1 hour' where user_id = '${p.id}'`);
    assert.equal((await use(mail, 'battery staple 9')).status, 422, 'nor is it for who is disabled');
  });

  it('holds no header that an address made', async () => {
    const admin = await Browser.login(rig, addPerson(rig, 'admin'));
    for (const email of [
      'a@b.example\r\nBcc: x@y.example',
      'a b@c.example',
      '<a@b.example>',
      'a@b@c.example',
      '@x.example',
    ]) {
      assert.equal((await admin.request('POST', '/api/v1/users', { email, role: 'agent' })).status, 422, email);
    }
  });
});

describe('users', () => {
  let rig;
  let admin;
  let boss;
  before(async () => {
    rig = await Rig.start(quick);
    boss = addPerson(rig, 'admin');
    admin = await Browser.login(rig, boss);
  });
  after(() => rig.stop());

  it('are seen and changed by admins alone', async () => {
    for (const role of ['manager', 'agent', 'viewer']) {
      const b = await Browser.login(rig, addPerson(rig, role));
      assert.equal((await b.request('GET', '/api/v1/users')).status, 403, role);
      assert.equal((await b.request('PATCH', `/api/v1/users/${boss.id}`, { role: 'agent' })).status, 403, role);
      const invite = await b.request('POST', '/api/v1/users', { email: 'x@y.example', role: 'admin' });
      assert.equal(invite.status, 403, role);
    }
  });

  it('see their colleagues, without address or number, and who can take a call', async () => {
    const agent = addPerson(rig, 'viewer');
    const other = '01890000-0000-7000-8000-00000000e0e0';
    const browser = await Browser.login(rig, agent);
    rig.sql(`update users set disabled_at = now() where id not in ('${agent.id}') and tenant_id = '${rig.tenant.id}'
        and role <> 'admin';
      insert into tenants (id, name) values ('${other}', 'Another');
      insert into users (tenant_id, email, name, role, rings, available, presence, away_reason, work_hours, forward_to)
      values ('${rig.tenant.id}', 'bea@x.example', 'Bea', 'agent', 'browser', true, 'available', null, null, null),
        ('${rig.tenant.id}', 'cal@x.example', ' ', 'agent', 'phone', false, 'away', 'Lunch', null, '+442079460111'),
        ('${rig.tenant.id}', 'dee@x.example', 'Dee', 'agent', 'both', true, 'auto', null, 'mon-sun 00:00-00:00', null),
        ('${other}', 'eve@x.example', 'Eve', 'agent', 'phone', true, 'available', null, null, null);
      insert into calls (tenant_id, user_id, from_number, to_number, direction, root_role, status)
        select tenant_id, id, '+442079460123', '+442079460958', 'inbound', 'customer', 'in-progress'
          from users where email = 'bea@x.example'`);
    const find = async (query) => {
      const res = await browser.request('GET', `/api/v1/colleagues?${query}`);
      assert.equal(res.status, 200, res.text);
      return res.json().data;
    };
    const all = await find('limit=100');
    const seen = (id) => Object.values(all.find((c) => c.name === id) ?? {}).slice(1);
    assert.deepEqual(seen('Bea'), ['Bea', 'agent', 'available', null, true, 'browser']);
    assert.deepEqual(seen('cal'), ['cal', 'agent', 'away', 'Lunch', false, 'phone']);
    assert.deepEqual(seen('Dee'), ['Dee', 'agent', 'offline', null, false, null]);
    assert.deepEqual(seen('Eve'), []);
    assert.ok(!JSON.stringify(all).includes('@') && !JSON.stringify(all).includes('+44'));
    assert.deepEqual(
      (await find('q=BE')).map((c) => c.name),
      ['Bea'],
    );
    assert.deepEqual(
      (await find(`q=${all.find((c) => c.name === 'Dee').id}`)).map((c) => c.name),
      ['Dee'],
    );
    assert.deepEqual(await find('q=x.example'), [], 'nor is anybody found by an address');
  });

  it('are listed by cursor, each once', async () => {
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const page = (await admin.request('GET', `/api/v1/users?limit=2${cursor && `&cursor=${cursor}`}`)).json();
      seen.push(...page.data.map((u) => u.id));
      cursor = page.next_cursor;
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(String(seen.length), rig.sql(`select count(*) from users where tenant_id = '${rig.tenant.id}'`));
    assert.ok(!JSON.stringify((await admin.request('GET', '/api/v1/users')).json()).includes('scrypt'));
  });

  it('are changed member by member, unless somebody was faster', async () => {
    const p = addPerson(rig, 'agent');
    const path = `/api/v1/users/${p.id}`;
    const { etag } = (await admin.request('GET', path)).headers;
    const json = { name: 'One', forward_to: '+442079460999' };
    const first = await admin.request('PATCH', path, json, { 'if-match': etag });
    assert.equal(first.status, 200, first.text);
    assert.equal(first.json().forward_to, '+442079460999');
    assert.equal((await admin.request('PATCH', path, { name: 'Two' }, { 'if-match': etag })).status, 412);
    const last = await admin.request('PATCH', path, { forward_to: null }, { 'if-match': first.headers.etag });
    assert.deepEqual([last.json().name, last.json().forward_to], ['One', null]);
    const strange = await admin.request('PATCH', path, { email: 'x@y.example' });
    assert.equal(strange.status, 422);
    assert.match(strange.text, /email/);
    const [entry] = rig.rows(
      "select actor, detail from audit_entries where action = 'user.change' order by seq limit 1",
    );
    assert.equal(entry.actor, `user:${boss.id}`);
    assert.equal(entry.detail.new.name, 'One');
  });

  it('say what is kept of their calls, beside what the company does', async () => {
    const p = addPerson(rig, 'agent');
    const path = `/api/v1/users/${p.id}`;
    const kept = (u) => [u.auto_record, u.auto_transcribe];
    const company = (record) => rig.sql(`update tenants set record = ${record} where id = '${rig.tenant.id}'`);
    const settings = `select auto_record, auto_transcribe from user_voip_settings where user_id = '${p.id}'`;
    company(false);
    const res = await admin.request('GET', path);
    assert.deepEqual(kept(res.json()), [false, true], 'as the company has it');
    const none = await admin.request('PATCH', path, { auto_transcribe: false }, { 'if-match': res.headers.etag });
    assert.deepEqual(kept(none.json()), [false, false]);
    assert.equal(rig.sql(settings), 'f|f', 'what was not asked for stays as it counted');
    company(true);
    assert.deepEqual(kept((await admin.request('GET', path)).json()), [false, false]);
    const late = await admin.request('PATCH', path, { auto_record: true }, { 'if-match': res.headers.etag });
    assert.equal(late.status, 412);
    const all = await admin.request('PATCH', path, { auto_record: true }, { 'if-match': none.headers.etag });
    assert.deepEqual(kept(all.json()), [true, false]);
    assert.equal((await admin.request('GET', path)).headers.etag, all.headers.etag, 'the answer is what is there then');
    const [entry] = rig.rows(
      "select detail from audit_entries where action = 'user.change' order by seq desc limit 1",
    );
    assert.deepEqual([kept(entry.detail.old), kept(entry.detail.new)], [[false, false], [true, false]]);
  });

  it('always include an admin', async () => {
    const res = await admin.request('PATCH', `/api/v1/users/${boss.id}`, { role: 'agent' });
    assert.equal(res.status, 409, res.text);
    assert.equal((await admin.request('PATCH', `/api/v1/users/${boss.id}`, { disabled: true })).status, 409);
    const second = addPerson(rig, 'admin');
    const b = await Browser.login(rig, second);
    const both = await Promise.all([
      admin.request('PATCH', `/api/v1/users/${boss.id}`, { role: 'agent' }),
      b.request('PATCH', `/api/v1/users/${second.id}`, { role: 'agent' }),
    ]);
    assert.equal(both.filter((r) => r.status === 200).length, 1, both.map((r) => r.text).join());
  });
});
