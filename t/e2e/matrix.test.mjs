// Who may do what, route by route: the table of fcgi/routes.c times everybody who may try, with things of two tenants
// planted. Nothing of a tenant is told to the other, and its ids are the same 404 as those that nobody has.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addKey, addSession, bearer } from '../lib/credentials.mjs';
import { form, inbound, PUBLIC_URL, Rig, sign } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const other = {
  account: `AC${'0'.repeat(31)}2`,
  token: 'ffffffffffffffffffffffffffffffff',
  number: '+442079460957',
  forward: '+442079460998',
};
const roles = ['viewer', 'agent', 'manager', 'admin'];
const title = (r) => `${r.method} ${r.path}`;
const safe = (r) => r.method === 'GET';
const least = (r) => ({ ADMIN: 'admin', MANAGER: 'manager', SELF: 'viewer' })[r.auth] ?? (safe(r) ? 'viewer' : 'agent');

// What an answer tells beyond the name of its request and the time.
const calm = ({ status, headers, text }) => {
  const { date, etag, connection, 'content-length': length, ...rest } = headers;
  for (const name of Object.keys(rest)) if (/request-id|^ratelimit/.test(name)) delete rest[name];
  return [status, rest, text.replace(/"(request_id|instance)":"[^"]*"/g, '')];
};

describe('every route', () => {
  let rig;
  let a;
  let b;
  let keys;
  let sessions;
  const planted = {}; // by tenant: resource -> id
  const marks = {}; // by tenant: what nobody else may read

  // One of everything that a tenant can have.
  function plant(name, tenant) {
    const { id } = tenant;
    const word = `planted-by-${name}`;
    const add = (table, columns, values) =>
      rig.sql(`insert into ${table} (tenant_id, ${columns}) values ('${id}', ${values}) returning id`);
    const own = {
      contacts: add('contacts', 'name, external_id', `'${word}', '${word}'`),
      clients: add('clients', 'name, external_id', `'${word}', '${word}'`),
      campaigns: add('campaigns', 'name, external_id', `'${word}', '${word}'`),
      users: add('users', 'email, name, role', `'${word}@example.com', '${word}', 'agent'`),
      numbers: rig.sql(`update numbers set greeting = '${word}' where tenant_id = '${id}' returning id`),
      calls: rig.sql(`select id from calls where tenant_id = '${id}' limit 1`),
      views: add('call_views', 'name, shared', `'${word}', true`),
      budgets: add('budgets', 'amount, currency', "1, 'GBP'"),
      keys: rig.sql(`select id from api_keys where tenant_id = '${id}' limit 1`),
    };
    rig.sql(`update tenants set greeting = '${word}' where id = '${id}'`);
    own.sessions = addSession(rig, tenant, own.users).id;
    own.sid = rig.sql(`select twilio_call_sid from calls where id = '${own.calls}'`);
    planted[name] = own;
    const recording = rig.sql(`select id || ' ' || sid from recordings where tenant_id = '${id}'`).split(' ');
    marks[name] = [word, id, tenant.account, tenant.number, tenant.forward, ...Object.values(own), ...recording];
  }

  before(async () => {
    rig = await Rig.start({ nginx: { limits: false } });
    a = rig.tenant;
    b = rig.addTenant('Other & sons', other);
    for (const [t, name, options] of [
      [a, 'a', {}],
      [b, 'b', { account: b.account, to: b.number, agent: b.forward, from: '+442079460155' }],
    ]) {
      const c = inbound(name, options);
      for (const [path, fields] of [
        ['answer', c.answer],
        ['status', c.completed],
        ['recording', c.recorded],
      ]) {
        // A pool may have read the accounts just before the second one came.
        const send = () => rig.webhook(`/api/twilio/voice/${path}`, fields, { token: t.token });
        await rig.until(async () => (await send()).status === 200);
      }
      plant(name, t);
    }
    keys = Object.fromEntries(roles.map((role) => [role, addKey(rig, a, { role })]));
    keys.expired = addKey(rig, a, { expires: '-1 second' });
    keys.revoked = addKey(rig, a, { revoked: '-1 second' });
    keys.foreign = addKey(rig, b);
    sessions = Object.fromEntries(
      roles.map((role) => {
        const user = rig.sql(
          `insert into users (tenant_id, email, name, role)
           values ('${a.id}', '${role}-${randomUUID()}@example.com', '${role}', '${role}') returning id`,
        );
        return [role, addSession(rig, a, user)];
      }),
    );
    sessions.foreign = addSession(rig, b, b.user);
  });
  after(() => rig.stop());

  // The route's address with the ids of somebody's things in it.
  const address = (r, own) => {
    const noun = /^\/api\/v1\/(\w+)/.exec(r.path)?.[1];
    return r.path.replace(':id', own[noun] ?? randomUUID()).replace(':sid', own.sid);
  };
  const missing = { sid: `CA${'e'.repeat(32)}` };
  // A body that is read but does nothing: what is checked here comes before it, or is refused by it.
  const ask = (r, headers, own = planted.a, json = {}) =>
    rig.http(r.method, address(r, own), {
      headers: {
        ...headers,
        ...(safe(r) ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(safe(r) ? {} : { body: JSON.stringify(json) }),
    });
  const says = async (r, status, headers, own) => {
    const res = await ask(r, headers, own);
    assert.equal(res.status, status, res.text);
    for (const mark of marks.a.concat(marks.b)) assert.ok(!res.text.includes(mark), `${mark} in ${res.text}`);
  };

  const api = routes.filter((r) => r.auth !== 'TWILIO');
  const closed = api.filter((r) => r.auth !== 'PUBLIC');
  it('of the table has a row here', () => {
    assert.deepEqual(
      [...new Set(routes.map((r) => r.auth))].filter(
        (auth) => !['PUBLIC', 'TWILIO', 'USER', 'SELF', 'MANAGER', 'ADMIN'].includes(auth),
      ),
      [],
    );
    for (const r of closed.filter((x) => /:/.test(x.path))) {
      const own = planted.a;
      const noun = /^\/api\/v1\/(\w+)/.exec(r.path)?.[1];
      assert.ok(own[noun] ?? /:sid/.test(r.path), `nothing is planted for ${title(r)}`);
    }
    for (const own of [planted.a, planted.b]) for (const v of Object.values(own)) assert.ok(v, JSON.stringify(own));
  });

  for (const r of closed) {
    it(`${title(r)}: nobody, and what is no longer or never was a key`, async () => {
      await says(r, 401, {});
      await says(r, 401, bearer(keys.expired));
      await says(r, 401, bearer(keys.revoked));
      await says(r, 401, bearer('shk_live_nonsense'));
      await says(r, 401, { authorization: `Basic ${Buffer.from(`x:${keys.admin}`).toString('base64')}` });
      await says(r, 401, { cookie: `__Host-switchhook=${'x'.repeat(43)}` });
    });

    it(`${title(r)}: by role`, async () => {
      for (const role of roles) {
        const may = roles.indexOf(role) >= roles.indexOf(least(r));
        if (r.auth === 'SELF' || !may) await says(r, 403, bearer(keys[role]));
        if (!may) await says(r, 403, sessions[role].headers);
        // Who may is let pass to what comes after: a body of nothing, or an id that nobody has.
        if (may && r.auth !== 'SELF') {
          const res = await ask(r, bearer(keys[role]), missing);
          assert.ok(![401, 403].includes(res.status) && res.status < 500, `${role}: ${res.status} ${res.text}`);
        }
      }
    });

    if (!safe(r))
      it(`${title(r)}: a session without its token, or from elsewhere, changes nothing`, async () => {
        const s = sessions.admin;
        await says(r, 403, { ...s.cookie, origin: PUBLIC_URL });
        await says(r, 403, { ...s.cookie, origin: PUBLIC_URL, 'x-csrf-token': '0'.repeat(64) });
        await says(r, 403, { ...s.cookie, ...sessions.viewer.csrf, origin: PUBLIC_URL });
        await says(r, 403, { ...s.cookie, ...s.csrf });
        await says(r, 403, { ...s.cookie, ...s.csrf, origin: 'https://evil.example' });
        await says(r, 403, { ...s.cookie, ...s.csrf, origin: 'null' });
        await says(r, 403, { ...s.cookie, ...s.csrf, origin: `${PUBLIC_URL}.evil.example` });
      });

    it(`${title(r)}: the other tenant`, async () => {
      const credentials = r.auth === 'SELF' ? sessions.foreign.headers : bearer(keys.foreign);
      if (/:/.test(r.path)) {
        const foreign = await ask(r, credentials, planted.a);
        const absent = await ask(r, credentials, missing);
        assert.equal(foreign.status, 404, foreign.text);
        assert.deepEqual(calm(foreign), calm(absent), 'as what nobody has');
        for (const mark of marks.a) assert.ok(!foreign.text.includes(mark), `${mark} in ${foreign.text}`);
      } else if (safe(r)) {
        const res = await ask(r, credentials);
        assert.ok(res.status < 500, res.text);
        for (const mark of marks.a) assert.ok(!res.text.includes(mark), `${mark} in ${res.text}`);
      }
      if (safe(r) && r.path.startsWith('/api/v1/') && r.auth !== 'SELF') {
        const named = `${address(r, planted.b)}?tenant_id=${a.id}`;
        assert.equal((await rig.http('GET', named, { headers: credentials })).status, 422, 'nobody names a tenant');
      }
    });
  }

  it("refuses the other tenant's things in a body as what nobody has", async () => {
    const doc = (await rig.http('GET', '/api/v1/openapi.json')).json();
    let tried = 0;
    for (const [path, ops] of Object.entries(doc.paths)) {
      for (const [method, op] of Object.entries(ops)) {
        const names = Object.keys(op.requestBody?.content['application/json']?.schema.properties ?? {});
        for (const name of names.filter((n) => /_id$|Id$/.test(n) && n !== 'external_id')) {
          const noun = `${name.replace(/_?[iI]d$/, '')}s`;
          const of = (own) => ({ to: '+442079460123', toNumber: '+442079460123', message: 'x', [name]: own });
          const target = path.replace('{id}', planted.b[/^\/api\/v1\/(\w+)/.exec(path)?.[1]]);
          const allowed = ([k]) => names.includes(k);
          const send = (own) =>
            rig.api(method.toUpperCase(), target, Object.fromEntries(Object.entries(of(own)).filter(allowed)), {
              key: keys.foreign,
              headers: { 'idempotency-key': randomUUID() },
            });
          const foreign = await send(planted.a[noun]);
          const absent = await send(randomUUID());
          assert.ok([404, 422].includes(foreign.status), `${path} ${name}: ${foreign.text}`);
          assert.deepEqual(calm(foreign), calm(absent), `${method} ${path} ${name}`);
          tried++;
        }
      }
    }
    assert.ok(tried >= 10, `${tried}`);
    assert.equal(rig.sql('select count(*) from call_intents'), '0');
  });

  it("hides as well as it finds: a tenant's own things are there", async () => {
    for (const r of closed.filter((x) => safe(x) && x.auth !== 'SELF' && x.path !== '/api/v1/me')) {
      const res = await ask(r, bearer(keys.admin), planted.a);
      assert.equal(res.status, 200, `${title(r)}: ${res.text}`);
      for (const mark of marks.b) assert.ok(!res.text.includes(mark), `${mark} in ${title(r)}`);
      if (/calls|contacts|clients|campaigns|users$|numbers/.test(r.path))
        assert.ok(marks.a.some((mark) => res.text.includes(mark)), `${title(r)} shows nothing: ${res.text}`);
    }
  });

  for (const r of routes.filter((x) => x.auth === 'TWILIO')) {
    it(`${title(r)}: only Twilio, for its own account`, async () => {
      const before = rig.sql('select count(*) from webhook_events');
      const path = r.path.replace(':intent', planted.b.calls);
      const fields = inbound('forged').answer;
      const tries = [
        {},
        bearer(keys.admin),
        sessions.admin.headers,
        { 'x-twilio-signature': 'nonsense' },
        { 'x-twilio-signature': sign(path, fields, { token: other.token }) },
        { 'x-twilio-signature': sign('/api/twilio/elsewhere', fields) },
      ];
      for (const headers of tries) {
        const res = await rig.http(r.method, r.method === 'GET' ? `${path}?${form(fields)}` : path, {
          headers: {
            ...headers,
            ...(r.method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(r.method === 'GET' ? {} : { body: form(fields) }),
        });
        assert.equal(res.status, 403, `${Object.keys(headers)}: ${res.text}`);
      }
      assert.equal(rig.sql('select count(*) from webhook_events'), before, 'and nothing is written');
    });
  }

  for (const r of api.filter((x) => x.auth === 'PUBLIC')) {
    it(`${title(r)}: tells everybody nothing of anybody`, async () => {
      const res = await ask(r, {});
      assert.ok(res.status < 500, res.text);
      for (const mark of marks.a.concat(marks.b)) assert.ok(!res.text.includes(mark), mark);
    });
  }

  it('left every planted thing as it was', () => {
    for (const name of ['a', 'b']) {
      const t = name === 'a' ? a : b;
      for (const table of ['contacts', 'clients', 'campaigns', 'users']) {
        assert.equal(
          rig.sql(`select name from ${table} where id = '${planted[name][table]}' and tenant_id = '${t.id}'`),
          `planted-by-${name}`,
        );
      }
      assert.equal(rig.sql(`select count(*) from sessions where id = '${planted[name].sessions}'`), '1');
    }
  });
});
