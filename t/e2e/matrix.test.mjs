// Who may do what, route by route: the table of fcgi/routes*.c times everybody who may try, with things of two tenants
// planted. Nothing of a tenant is told to the other, and its ids are the same 404 as those that nobody has.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addKey, addSession, bearer } from '../lib/credentials.mjs';
import { Issuer, kinds } from '../lib/issuer.mjs';
import { alert, delivery, endpoint, report, retention, rule, schedule } from '../lib/out.mjs';
import { form, inbound, PUBLIC_URL, Rig, sign } from '../lib/rig.mjs';
import { keep, wav } from '../lib/audio.mjs';
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

// Asked of Twilio, which in these tests knows the first tenant's account alone.
const bought = (r) => /available-numbers|purchase-number|twilio\/check/.test(r.path);

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
  let login; // of a's CRM
  let theirs; // of b's
  let spent; // [what it is, headers]: credentials that are over, or never were any
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
      'dnc-lists': add('dnc_lists', 'name', `'${word}'`),
      consents: add(
        'consent_records',
        'number, purpose, decision, method, created_by',
        `'${tenant.number}', 'call', 'granted', 'api', '${word}'`,
      ),
      disclosures: add('disclosures', 'language, disclosure', `'fr-FR', '${word}'`),
      views: add('call_views', 'name, shared', `'${word}', true`),
      budgets: add('budgets', 'amount, currency', "1, 'GBP'"),
      keys: rig.sql(`select id from api_keys where tenant_id = '${id}' limit 1`),
    };
    own.recordings = rig.sql(`select id from recordings where tenant_id = '${id}' limit 1`);
    const text = `'${own.recordings}', 'm', '${word}', '[]'`;
    own.transcripts = add('transcripts', 'recording_id, model, text, segments', text);
    add('analyses', 'transcript_id, model, sentiment, sentiment_score, summary, action_items, topics',
      `'${own.transcripts}', 'm', 'neutral', 0, '', '[{"text":"a"}]', '[]'`);
    own.keywords = add('keywords', 'phrase, tag', `'${word}', '${word}'`);
    add('alarms', 'cause, reason', `'model:key', '${word}'`);
    own['webhook-endpoints'] = endpoint(rig, tenant, randomUUID(), `https://${word}.example/hook`);
    own['webhook-deliveries'] = delivery(rig, tenant, own['webhook-endpoints'], own.calls);
    own['alert-rules'] = rule(rig, tenant, `${word}@rules.example`);
    alert(rig, tenant, own.calls, `${word}@alerts.example`);
    own['report-schedules'] = schedule(rig, tenant, `${word}@reports.example`);
    own.reports = report(rig, tenant, own['report-schedules']);
    own['retention-runs'] = retention(rig, tenant, word);
    own.erasures = add('erasures', 'contact_ids, asked_by', `array['${own.contacts}'::uuid], '${word}'`);
    own.conversations = add('conversations', 'contact_id', `'${own.contacts}'`);
    rig.sql(`update tenants set greeting = '${word}' where id = '${id}'`);
    const c = rig.sql(`select twilio_call_sid from calls where id = '${own.calls}'`);
    rig.sql(`update calls set client_id = '${own.clients}' where id = '${own.calls}'`);
    own.recordings = keep(rig, tenant, { sid: c }, wav({ seconds: 1 })).id;
    own.sessions = addSession(rig, tenant, own.users).id;
    own.sid = rig.sql(`select twilio_call_sid from calls where id = '${own.calls}'`);
    planted[name] = own;
    const recording = rig.sql(`select id || ' ' || sid from recordings where tenant_id = '${id}'`).split(' ');
    marks[name] = [word, id, tenant.account, tenant.number, tenant.forward, ...Object.values(own), ...recording];
  }

  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, sim: { speed: 100 } });
    a = rig.tenant;
    b = rig.addTenant('Other & sons', other);
    for (const t of [a, b]) rig.givePhone(t);
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
    people = Object.fromEntries([...roles, 'disabled'].map((role) => [role, person(a, role)]));
    rig.sql(`update users set disabled_at = now() where id = '${people.disabled}'`);
    sessions = Object.fromEntries(roles.map((role) => [role, addSession(rig, a, people[role])]));
    sessions.foreign = addSession(rig, b, b.user);
    await logins();
    over();
  });
  after(async () => {
    login?.stop();
    theirs?.stop();
    await rig.stop();
  });

  let people; // of a, by role
  const person = (tenant, role) =>
    rig.sql(
      `insert into users (tenant_id, email, name, role, external_id)
       values ('${tenant.id}', '${role}-${randomUUID()}@example.com', '${role}',
               '${roles.includes(role) ? role : 'admin'}', 'crm-${role}') returning id`,
    );

  // Both tenants believe a login of their own; the same name is an admin of a and nobody of b.
  async function logins() {
    login = await Issuer.start('crm.a.example');
    theirs = await Issuer.start('crm.b.example');
    login.believe(rig, a);
    theirs.believe(rig, b);
    rig.sql(`update users set external_id = 'crm-b', role = 'admin' where id = '${b.user}'`);
  }

  function over() {
    const shut = rig.addTenant('Closed', {
      account: `AC${'0'.repeat(31)}3`,
      token: 'e'.repeat(32),
      number: '+442079460956',
      forward: '+442079460997',
    });
    const inside = addSession(rig, shut, shut.user);
    rig.sql(`update tenants set disabled_at = now() where id = '${shut.id}'`);
    const gone = addSession(rig, a, people.admin);
    rig.sql(`delete from sessions where id = '${gone.id}'`);
    const said = Math.floor(Date.now() / 1000);
    spent = [
      ['nothing', {}],
      ['an expired key', bearer(keys.expired)],
      ['a revoked key', bearer(keys.revoked)],
      ['the key of a closed tenant', bearer(shut.key)],
      ['no key', bearer('shk_live_nonsense')],
      ['a key as a password', { authorization: `Basic ${Buffer.from(`x:${keys.admin}`).toString('base64')}` }],
      ['no session', { cookie: `__Host-switchhook=${'x'.repeat(43)}` }],
      ['a session of twelve hours', addSession(rig, a, people.admin, { left: '-1 s' }).headers],
      ['a session that nobody used', addSession(rig, a, people.admin, { idle: '31 min' }).headers],
      ['a session that was ended', gone.headers],
      ['the session of a disabled user', addSession(rig, a, people.disabled).headers],
      ['the session of a closed tenant', inside.headers],
      ...kinds.flatMap((kind) => [
        [`${kind} for nobody`, bearer(login.token(kind, 'crm-nobody'))],
        [`${kind} for a disabled user`, bearer(login.token(kind, 'crm-disabled'))],
        [`${kind} for a user of the other tenant`, bearer(login.token(kind, 'crm-b'))],
        [`${kind} by the other tenant's login`, bearer(theirs.token(kind, 'crm-admin'))],
        [`${kind} that has expired`, bearer(login.token(kind, 'crm-admin', { exp: said - 120 }))],
        [`${kind} for somebody else`, bearer(login.token(kind, 'crm-admin', { aud: 'elsewhere' }))],
      ]),
    ];
  }

  // The route's address with the ids of somebody's things in it.
  const address = (r, own) => {
    const noun = /^\/api\/v1\/([\w-]+)/.exec(r.path)?.[1];
    return r.path.replace(':id', own[noun] ?? randomUUID()).replace(':sid', own.sid);
  };
  const missing = { sid: `CA${'e'.repeat(32)}` };
  // A body that is read but does nothing: what is checked here comes before it, or is refused by it.
  // What a body cannot be without, where one is looked at before the id.
  const needed = [
    [/hold$/, { reason: 'x' }],
    [/action-items$/, { item: 0, done: true }],
    [/disclosures\/:id$/, { language: 'nl-NL', disclosure: 'x' }],
  ];
  const needs = (path) => needed.find(([end]) => end.test(path))?.[1] ?? {};
  const ask = (r, headers, own = planted.a, json = needs(r.path)) =>
    rig.http(r.method, address(r, own), {
      headers: {
        ...headers,
        ...(safe(r) ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(safe(r) ? {} : { body: JSON.stringify(json) }),
    });
  const says = async (r, status, headers, own, what = '') => {
    const res = await ask(r, headers, own);
    assert.equal(res.status, status, `${what}: ${res.text}`);
    for (const mark of marks.a.concat(marks.b)) assert.ok(!res.text.includes(mark), `${mark} in ${res.text}`);
  };

  const api = routes.filter((r) => r.auth !== 'TWILIO');
  const closed = api.filter((r) => r.auth !== 'PUBLIC');
  it('of the table has a row here', () => {
    assert.deepEqual(
      [...new Set(routes.map((r) => r.auth))].filter(
        (auth) => !['PUBLIC', 'TWILIO', 'USER', 'LINK', 'SELF', 'MANAGER', 'ADMIN'].includes(auth),
      ),
      [],
    );
    for (const r of closed.filter((x) => /:/.test(x.path))) {
      const own = planted.a;
      const noun = /^\/api\/v1\/([\w-]+)/.exec(r.path)?.[1];
      assert.ok(own[noun] ?? /:sid/.test(r.path), `nothing is planted for ${title(r)}`);
    }
    for (const own of [planted.a, planted.b]) for (const v of Object.values(own)) assert.ok(v, JSON.stringify(own));
  });

  for (const r of closed) {
    it(`${title(r)}: nobody, and what is no longer or never was a key`, async () => {
      for (const [what, headers] of spent) await says(r, 401, headers, planted.a, what);
    });

    it(`${title(r)}: by role`, async () => {
      for (const role of roles) {
        const may = roles.indexOf(role) >= roles.indexOf(least(r));
        if (r.auth === 'SELF' || !may) await says(r, 403, bearer(keys[role]));
        // Where people log in no token is taken, good ones included.
        const own = kinds.map((kind) => bearer(login.token(kind, `crm-${role}`)));
        const tokens = r.pool === 'auth' ? [] : own;
        if (r.pool === 'auth') for (const headers of own) await says(r, 401, headers);
        if (!may) for (const headers of [sessions[role].headers, ...tokens]) await says(r, 403, headers);
        if (!may) continue;
        // Who may is let pass to what comes after: a body of nothing, or an id that nobody has. Some of it ends the
        // sessions of who asks.
        const ways = [addSession(rig, a, people[role]).headers, ...tokens];
        if (r.auth !== 'SELF') ways.push(bearer(keys[role]));
        for (const headers of ways) {
          const res = await ask(r, headers, missing);
          assert.ok(![401, 403].includes(res.status) && res.status < 500, `${role}: ${res.status} ${res.text}`);
        }
        if (r.auth === 'SELF') sessions[role] = addSession(rig, a, people[role]);
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
      rig.sql(`update users set role = 'admin' where id = '${b.user}'`);
      const credentials = r.auth === 'SELF' ? addSession(rig, b, b.user).headers : bearer(keys.foreign);
      const ways = [credentials, addSession(rig, b, b.user).headers];
      if (r.pool !== 'auth') ways.push(bearer(theirs.token('HS256', 'crm-b')));
      for (const headers of ways) {
        if (/:/.test(r.path)) {
          const foreign = await ask(r, headers, planted.a);
          const absent = await ask(r, headers, missing);
          assert.equal(foreign.status, 404, foreign.text);
          assert.deepEqual(calm(foreign), calm(absent), 'as what nobody has');
          for (const mark of marks.a) assert.ok(!foreign.text.includes(mark), `${mark} in ${foreign.text}`);
        } else if (safe(r)) {
          const res = await ask(r, headers);
          if (!bought(r)) assert.equal(res.status, 200, res.text);
          else assert.equal(res.json().code, 'twilio_auth_failed', res.text);
          for (const mark of marks.a) assert.ok(!res.text.includes(mark), `${mark} in ${res.text}`);
        }
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
          const target = path.replace('{id}', planted.b[/^\/api\/v1\/([\w-]+)/.exec(path)?.[1]]);
          const allowed = ([k]) => names.includes(k);
          const self = routes.find((r) => r.path === path && r.method === method.toUpperCase())?.auth === 'SELF';
          const who = self ? addSession(rig, b, b.user).headers : {};
          const send = (own) =>
            rig.api(method.toUpperCase(), target, Object.fromEntries(Object.entries(of(own)).filter(allowed)), {
              key: self ? null : keys.foreign,
              headers: { ...who, 'idempotency-key': randomUUID() },
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
      if (/calls|contacts|clients|campaigns|users$|(?<!stats\/)numbers/.test(r.path) && !bought(r))
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
