// Several accounts in one browser: logged in beside each other, changed between, and never mixed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addKey, addSession, bearer } from '../lib/credentials.mjs';
import { addPerson, Browser } from '../lib/person.mjs';
import { PUBLIC_URL, Rig } from '../lib/rig.mjs';

const other = {
  account: `AC${'0'.repeat(31)}2`,
  token: 'f'.repeat(32),
  number: '+442079460957',
  forward: '+442079460998',
};
const NAME = '__Host-switchhook-beside=';

describe('accounts beside each other', () => {
  let rig;
  let b; // the other tenant
  let anna; // of the first tenant; bob: the same person's account in the other
  let bob;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { hooks: 0, api: 1, auth: 2 } });
    b = rig.addTenant('Other & sons', other);
    anna = addPerson(rig, 'agent', { email: 'anna@a.example' });
    bob = addPerson(rig, 'admin', { tenant: b, email: 'anna@b.example' });
  });
  after(() => rig.stop());

  const me = (w) => w.request('GET', '/api/v1/me');
  const who = async (w) => (await me(w)).json().user?.id;
  const alive = async (cookie) => (await rig.http('GET', '/api/v1/me', { headers: { cookie } })).status === 200;
  const token = (cookie) => cookie.slice(cookie.indexOf('=') + 1);
  const listed = async (w) => {
    const res = await w.request('GET', '/api/v1/sessions/beside');
    assert.equal(res.status, 200, res.text);
    return res.json().data;
  };
  const login = async (w, p, more = { beside: true }) => {
    const res = await w.try(p.email, p.password, more);
    if (res.status === 201) {
      w.csrf = res.json().csrf_token;
      w.session = res.json().session_id;
    }
    return res;
  };
  const change = async (w, session_id) => {
    const res = await w.request('POST', '/api/v1/sessions/switch', { session_id });
    if (res.status === 200) {
      w.csrf = res.json().csrf_token;
      w.session = res.json().session_id;
    }
    return res;
  };
  // Logged in to the first tenant and then, beside it, to the other.
  const both = async () => {
    const w = await Browser.login(rig, anna);
    const first = { session: w.session, cookie: w.cookie, csrf: w.csrf };
    const res = await login(w, bob);
    assert.equal(res.status, 201, res.text);
    return { w, first };
  };
  const entries = (tenant, action, object) =>
    rig.rows(`select actor, origin, detail from audit_entries
               where tenant_id = '${tenant.id}' and action = '${action}' and object = '${object}'`);

  it('are kept in a cookie of their own, and last while the browser is used', async () => {
    const { w, first } = await both();
    assert.match(w.beside, /^__Host-switchhook-beside=[0-9A-Za-z]{43}$/);
    assert.equal(token(w.beside), token(first.cookie));
    assert.equal(await who(w), bob.id, 'who logged in last is who one is');
    rig.sql(`update sessions set seen_at = now() - interval '20 min' where id = '${first.session}'`);
    const [row, ...more] = await listed(w);
    assert.equal(more.length, 0);
    assert.deepEqual(row.user, { id: anna.id, email: anna.email, name: 'agent', role: 'agent' });
    assert.deepEqual(row.tenant, { id: rig.tenant.id, name: 'Fish & chips' });
    assert.equal(row.session_id, first.session);
    const left = new Date(row.expires_at) - Date.now();
    assert.ok(left > 29 * 60000 && left <= 30 * 60000, 'it ends when nobody asks any more');
    assert.equal(
      rig.sql(`select seen_at > now() - interval '1 min' from sessions where id = '${first.session}'`),
      't',
      'whoever uses one uses those beside it',
    );
    const set = (await login(w, addPerson(rig, 'viewer'))).headers['set-cookie'];
    assert.equal(set.length, 2);
    for (const line of set) assert.match(line, /; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax$/);
    assert.deepEqual(
      (await listed(w)).map((x) => x.user.email),
      [bob.email, anna.email],
      'the last used first',
    );
  });

  it('change places, and nothing of one is read with the other', async () => {
    const { w, first } = await both();
    const theirs = rig.sql(`insert into contacts (tenant_id, name) values ('${b.id}', 'of the other') returning id`);
    assert.equal((await w.request('GET', `/api/v1/contacts/${theirs}`)).status, 200);
    const was = { session: w.session, cookie: w.cookie, csrf: w.csrf };
    const ends = (id) => rig.sql(`select expires_at from sessions where id = '${id}'`);
    const end = ends(first.session);
    const res = await change(w, first.session);
    assert.equal(res.status, 200, res.text);
    assert.equal(res.headers['cache-control'], 'no-store');
    const { user, session_id: id, csrf_token: csrf, expires_at: expires, ...rest } = res.json();
    assert.deepEqual(rest, {});
    assert.deepEqual(user, { id: anna.id, email: anna.email, name: 'agent', role: 'agent' });
    assert.deepEqual([id, csrf], [first.session, first.csrf]);
    assert.equal(ends(first.session), end, 'its time goes on');
    assert.equal(Math.floor(new Date(expires) / 1000), Math.floor(new Date(end) / 1000));
    assert.deepEqual([w.cookie, token(w.beside)], [first.cookie, token(was.cookie)]);
    assert.equal(await who(w), anna.id);
    assert.equal((await w.request('GET', `/api/v1/contacts/${theirs}`)).status, 404);
    assert.ok(!(await w.request('GET', '/api/v1/contacts')).text.includes('of the other'));
    // A page of before, which does not know: its changes are for nobody.
    const stale = await w.request('PATCH', '/api/v1/me', { name: 'mixed' }, { 'x-csrf-token': was.csrf });
    assert.equal(stale.status, 403);
    assert.match(stale.json().detail, /is not this session's/);
    assert.equal((await change(w, was.session)).status, 200, 'and back');
    assert.equal(await who(w), bob.id);
  });

  it('are noted where they are entered, without a word of the other tenant', async () => {
    const { w, first } = await both();
    const second = w.session;
    await change(w, first.session);
    await change(w, second);
    await w.request('DELETE', '/api/v1/sessions');
    for (const [tenant, person, session] of [
      [rig.tenant, anna, first.session],
      [b, bob, second],
    ]) {
      for (const action of ['session.open', 'session.switch', 'session.revoke']) {
        const [entry, ...more] = entries(tenant, action, session);
        assert.ok(entry && more.length === 0, action);
        assert.equal(entry.actor, `user:${person.id}`);
        assert.ok(entry.origin);
      }
    }
    const all = (tenant) =>
      rig.sql(`select string_agg(a::text, ' ') from audit_entries a where tenant_id = '${tenant.id}'`);
    for (const mark of [b.id, bob.id, bob.email, second, 'Other'])
      assert.ok(!all(rig.tenant).includes(mark), `${mark} in the first tenant's audit`);
    for (const mark of [rig.tenant.id, anna.id, anna.email, first.session, 'Fish'])
      assert.ok(!all(b).includes(mark), `${mark} in the other tenant's audit`);
  });

  it('end together, wherever their cookies are by then', async () => {
    for (const path of ['/api/v1/sessions', '/api/v1/sessions?all=true']) {
      const { w, first } = await both();
      const elsewhere = await Browser.login(rig, anna);
      const now = w.cookie;
      assert.ok((await alive(first.cookie)) && (await alive(now)));
      const res = await w.request('DELETE', path);
      assert.equal(res.status, 204);
      assert.deepEqual(
        res.headers['set-cookie'].map((c) => c.slice(0, c.indexOf(';'))),
        ['__Host-switchhook=', NAME],
      );
      assert.deepEqual([w.cookie, w.beside], ['', '']);
      assert.ok(!(await alive(first.cookie)) && !(await alive(now)));
      assert.ok(await alive(elsewhere.cookie), 'in other browsers they go on');
    }
  });

  it('are over after a login that is not beside them', async () => {
    const { w, first } = await both();
    const now = w.cookie;
    const p = addPerson(rig, 'viewer');
    assert.equal((await login(w, p, {})).status, 201);
    assert.ok(!(await alive(first.cookie)) && !(await alive(now)));
    assert.equal(w.beside, '');
    assert.deepEqual(await listed(w), []);
    assert.equal(
      entries(
        b,
        'session.revoke',
        rig.sql(`select object from audit_entries
      where tenant_id = '${b.id}' and action = 'session.revoke' order by seq desc limit 1`),
      ).length,
      1,
    );
  });

  it('are one for each user', async () => {
    const { w, first } = await both();
    const second = w.cookie;
    assert.equal((await login(w, anna)).status, 201, 'who is beside');
    assert.ok(!(await alive(first.cookie)));
    assert.deepEqual(
      (await listed(w)).map((x) => x.user.id),
      [bob.id],
    );
    const third = w.cookie;
    assert.equal((await login(w, anna)).status, 201, 'who is here');
    assert.ok(!(await alive(third)) && (await alive(second)));
    assert.deepEqual(
      (await listed(w)).map((x) => x.user.id),
      [bob.id],
    );
    assert.equal((await login(w, { ...bob, password: 'wrong' })).status, 401);
    assert.deepEqual(
      (await listed(w)).map((x) => x.user.id),
      [bob.id],
      'a wrong password moves nothing',
    );
    assert.equal(await who(w), anna.id);
  });

  it('are five at most', async () => {
    const w = await Browser.login(rig, anna);
    const more = Array.from({ length: 5 }, () => addPerson(rig, 'viewer', { tenant: b }));
    for (const p of more.slice(0, 4)) assert.equal((await login(w, p)).status, 201);
    const [cookie, beside] = [w.cookie, w.beside];
    const res = await login(w, more[4]);
    assert.equal(res.status, 409, res.text);
    assert.equal(res.json().code, 'conflict');
    assert.match(res.json().detail, /holds 5 accounts/);
    assert.deepEqual([w.cookie, w.beside], [cookie, beside]);
    assert.equal((await listed(w)).length, 4);
    assert.equal((await login(w, more[1])).status, 201, 'one of them may come again');
    assert.equal((await listed(w)).length, 4);
    rig.sql(`update sessions set expires_at = now() where id = '${(await listed(w))[0].session_id}'`);
    assert.equal((await login(w, more[4])).status, 201, 'one that is over makes room');
    assert.equal((await listed(w)).length, 4);
  });

  it('of others, and of nobody, are the same 404', async () => {
    const { w } = await both();
    const calm = (res) => ({ ...res.json(), request_id: '', instance: '' });
    const none = await change(w, randomUUID());
    assert.equal(none.status, 404);
    assert.match(none.json().detail, /beside/);
    const elsewhere = await Browser.login(rig, bob); // alive, of the same user, of another browser
    const foreign = await Browser.login(rig, addPerson(rig, 'admin'));
    for (const id of [elsewhere.session, foreign.session, w.session])
      assert.deepEqual(calm(await change(w, id)), calm(none));
    for (const id of ['x', '', null, 7, [w.session]]) assert.equal((await change(w, id)).status, 422, `${id}`);
    assert.equal((await w.request('POST', '/api/v1/sessions/switch', {})).status, 422);
    assert.equal(await who(w), bob.id);
  });

  it('that are over, or of whom the door is closed to, are not there', async () => {
    const shut = rig.addTenant('Shut', {
      ...other,
      account: `AC${'0'.repeat(31)}3`,
      token: 'e'.repeat(32),
      number: '+442079460956',
      forward: '+442079460997',
    });
    const gone = [
      [addPerson(rig, 'admin', { tenant: b }), (s) => `update sessions set expires_at = now() where id = '${s}'`],
      [
        addPerson(rig, 'admin', { tenant: b }),
        (s) => `update sessions set seen_at = now() - interval '31 min' where id = '${s}'`,
      ],
      [addPerson(rig, 'admin', { tenant: b }), (s) => `delete from sessions where id = '${s}'`],
      [addPerson(rig, 'admin', { tenant: b }), (s, p) => `update users set disabled_at = now() where id = '${p.id}'`],
      [
        addPerson(rig, 'admin', { tenant: shut }),
        () => `update tenants set disabled_at = now() where id = '${shut.id}'`,
      ],
    ];
    for (const [p, end] of gone) {
      const w = await Browser.login(rig, p);
      const { session } = w;
      assert.equal((await login(w, anna)).status, 201);
      assert.equal((await listed(w)).length, 1);
      rig.sql(end(session, p));
      assert.deepEqual(await listed(w), []);
      assert.equal((await change(w, session)).status, 404);
      assert.equal(await who(w), anna.id);
      const fresh = addPerson(rig, 'viewer');
      assert.equal((await login(w, fresh)).status, 201);
      assert.deepEqual(
        (await listed(w)).map((x) => x.user.id),
        [anna.id],
        'its token is not carried on',
      );
      assert.equal(token(w.beside).length, 43);
    }
  });

  it('come of a cookie that nobody believes', async () => {
    const { w, first } = await both();
    const good = token(w.beside);
    const mine = token(w.cookie);
    const flips = [...good].slice(0, 6).map((c, i) => good.slice(0, i) + (c === 'x' ? 'y' : 'x') + good.slice(i + 1));
    const noise = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(43, 'z'));
    const rows = [
      ['', 0],
      ['.', 0],
      ['....', 0],
      ['a', 0],
      [good.slice(1), 0],
      [`${good}x`, 0],
      [good.toLowerCase() + 'é', 0],
      [`${good.slice(0, 42)}%`, 0],
      [`"${good}"`, 0],
      [`${good},${good}`, 0],
      ...flips.map((f) => [f, 0]),
      [good, 1],
      [`${good}.${good}.${good}`, 1],
      [`.${good}.`, 1],
      [mine, 0],
      [`${mine}.${good}.${mine}`, 1],
      [`${noise.slice(0, 3).join('.')}.${good}`, 1],
      [`${noise.slice(0, 4).join('.')}.${good}`, 0],
      [noise.join('.'), 0],
      [`${'x.'.repeat(1000)}${good}`, 1],
      [`'; drop table sessions; --`, 0],
    ];
    for (const [value, n] of rows) {
      w.beside = NAME + value;
      assert.equal((await listed(w)).length, n, value.slice(0, 200));
      const res = await w.request('POST', '/api/v1/sessions/switch', { session_id: randomUUID() });
      assert.equal(res.status, 404, value);
    }
    // It opens nothing by itself, nor under the name of the other.
    for (const cookie of [`${NAME}${good}`, `${NAME}${mine}`, `x${w.cookie}`, `__Host-switchhook=; ${NAME}${good}`])
      assert.equal(await alive(cookie), false, cookie);
    w.beside = `${NAME}${noise.join('.')}.${good}`;
    assert.equal((await login(w, addPerson(rig, 'viewer'))).status, 201);
    assert.equal(token(w.beside), mine, 'and what is not alive in it is not carried on');
    assert.equal(await alive(first.cookie), true, 'what was beyond its limit was not touched');
  });

  it('are for browsers: no key and no bearer has them, and no forged request changes them', async () => {
    const { w, first } = await both();
    const cookies = { cookie: `${w.cookie}; ${w.beside}` };
    const frame = token(addSession(rig, b, bob.id).cookie.cookie);
    const ask = (headers, method = 'POST') =>
      rig.http(method, `/api/v1/sessions/${method === 'GET' ? 'beside' : 'switch'}`, {
        headers: { 'content-type': 'application/json', ...headers },
        ...(method === 'GET' ? {} : { body: JSON.stringify({ session_id: first.session }) }),
      });
    for (const method of ['GET', 'POST']) {
      for (const headers of [bearer(addKey(rig, b)), bearer(`shf_${frame}`)]) {
        assert.equal((await ask(headers, method)).status, 403);
        assert.equal((await ask({ ...headers, ...cookies, origin: PUBLIC_URL }, method)).status, 403);
      }
      assert.equal((await ask({ cookie: w.beside }, method)).status, 401);
    }
    const csrf = { 'x-csrf-token': w.csrf };
    for (const headers of [
      { origin: PUBLIC_URL },
      { origin: PUBLIC_URL, 'x-csrf-token': first.csrf },
      csrf,
      { ...csrf, origin: 'https://evil.example' },
    ])
      assert.equal((await ask({ ...cookies, ...headers })).status, 403);
    assert.equal(await who(w), bob.id);
    // A frame that logs out leaves alone what the browser holds.
    const out = await rig.http('DELETE', '/api/v1/sessions', { headers: { ...bearer(`shf_${frame}`), ...cookies } });
    assert.equal(out.status, 204);
    assert.ok((await alive(first.cookie)) && (await alive(w.cookie)));
  });
});

describe('a change of accounts', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, api: 0, auth: 1 } });
  });
  after(() => rig.stop());

  it('is no guess at a password', async () => {
    const { headers } = addSession(rig, rig.tenant, rig.tenant.user);
    const ask = () =>
      rig.http('POST', '/api/v1/sessions/switch', {
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ session_id: randomUUID() }),
      });
    for (let i = 0; i < 20; i++) {
      const res = await ask();
      assert.equal(res.status, 404, res.text);
    }
  });
});
