// The API's description: valid, complete, and true: every operation of it is carried out, and what comes back is what
// it says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const served = routes.filter((r) => r.pool !== 'hooks');

describe('openapi.json', () => {
  let rig;
  let doc;
  let check;
  let cookie;
  const ids = {};
  before(async () => {
    rig = await Rig.start({ sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    doc = (await rig.http('GET', '/api/v1/openapi.json')).json();
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats(ajv);
    // Replies may grow for clients; here a member that is not described is a defect.
    const closed = (s) => {
      if (Array.isArray(s)) return s.map(closed);
      if (s === null || typeof s !== 'object') return s;
      const all = Object.fromEntries(Object.entries(s).map(([k, v]) => [k, closed(v)]));
      return all.properties ? { additionalProperties: false, ...all } : all;
    };
    ajv.addSchema({ $id: 'doc', components: closed(doc.components) });
    const local = (s) => JSON.parse(JSON.stringify(closed(s)).replaceAll('"#/components', '"doc#/components'));
    check = (schema, value) => {
      const valid = ajv.compile(local(schema));
      assert.ok(valid(value), `${JSON.stringify(valid.errors)}\n${JSON.stringify(value)}`);
    };

    const c = inbound('described');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/status', c.completed);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    ids.sid = c.sid;
    ids.calls = rig.sql(`select id from calls where twilio_call_sid = '${c.sid}'`);
    ids.numbers = rig.sql('select id from numbers limit 1');
    ids.users = rig.sql(
      `insert into users (tenant_id, email, name, role) values ('${rig.tenant.id}', 'other@example.com', 'O', 'agent')
       returning id`,
    );
    ids.views = rig.sql(
      `insert into call_views (tenant_id, name, shared) values ('${rig.tenant.id}', 'n', true) returning id`,
    );
    ids.budgets = rig.sql(
      `insert into budgets (tenant_id, amount, currency) values ('${rig.tenant.id}', 1, 'GBP') returning id`,
    );
    rig.sql(`insert into budgets (tenant_id, amount, currency) values ('${rig.tenant.id}', 2, 'GBP');
      insert into call_views (tenant_id, name, shared) values ('${rig.tenant.id}', 'stays', true);
      insert into conversions (tenant_id, call_id, value, currency)
      values ('${rig.tenant.id}', '${ids.calls}', 5, 'GBP')`);
    for (const noun of ['contacts', 'clients', 'campaigns']) {
      ids[noun] = rig.sql(`insert into ${noun} (tenant_id, name) values ('${rig.tenant.id}', 'n') returning id`);
    }
    const session = () => {
      const token = randomBytes(60).toString('base64').replace(/[^0-9A-Za-z]/g, '').slice(0, 43).padEnd(43, 'x');
      const hash = createHash('sha256').update(token).digest('hex');
      const id = rig.sql(
        `insert into sessions (token_hash, tenant_id, user_id, expires_at)
         values ('\\x${hash}', '${rig.tenant.id}', '${rig.tenant.user}', now() + interval '1 hour') returning id`,
      );
      return { token, id };
    };
    ids.sessions = session().id;
    cookie = session().token;
  });
  after(() => rig.stop());

  it('passes the linter without an error', () => {
    const path = join(rig.dir, 'openapi.json');
    writeFileSync(path, JSON.stringify(doc));
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const said = JSON.parse(execFileSync(bin('redocly'), ['lint', '--format=json', path], { env, cwd: rig.dir }));
    assert.equal(said.totals.errors, 0, JSON.stringify(said.problems, null, 1).slice(0, 4000));
  });

  it('describes every route that is not for Twilio, and no other', () => {
    const described = Object.entries(doc.paths).flatMap(([path, ops]) =>
      Object.keys(ops).map((m) => `${m.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    assert.deepEqual(described.sort(), served.map((r) => `${r.method} ${r.path}`).sort());
  });

  it('names a document for every reply and a table for every body under /api/v1', () => {
    for (const r of served) {
      const op = doc.paths[r.path.replace(/:(\w+)/g, '{$1}')][r.method.toLowerCase()];
      const [, reply] = Object.entries(op.responses).find(([status]) => /^2\d\d$/.test(status));
      if (reply.content) {
        const text = JSON.stringify(reply.content);
        for (const [, name] of text.matchAll(/schemas\/(\w+)/g)) assert.ok(doc.components.schemas[name], name);
        if (!reply.content['text/csv']) assert.match(text, /schemas\//, r.path);
      } else assert.match(Object.keys(op.responses)[0], /^20[24]$/, `${r.method} ${r.path}`);
      if (r.body === 'CSV') assert.deepEqual(Object.keys(op.requestBody.content), ['text/csv'], r.path);
      else if (r.method === 'PATCH' || r.method === 'PUT')
        assert.equal(op.requestBody.content['application/json'].schema.additionalProperties, false, r.path);
    }
  });

  it('promises 304 for reading, keys for posting, guards for changing', () => {
    const names = (op) => op.parameters.map((p) => p.name);
    assert.ok(names(doc.paths['/api/v1/calls'].get).includes('If-None-Match'));
    assert.ok(names(doc.paths['/api/v1/contacts/{id}'].patch).includes('If-Match'));
    const key = doc.paths['/api/v1/calls'].post.parameters.find((p) => p.name === 'Idempotency-Key');
    assert.equal(key.required, true);
    assert.deepEqual(names(doc.paths['/api/v1/contacts'].get), ['limit', 'cursor', 'count', 'If-None-Match']);
  });

  // What a body or path needs beyond its schema.
  const body = {
    'POST /api/calls/initiate': () => ({ to: '+442079460123' }),
    'POST /api/calling/initiate': () => ({ to: '+442079460124' }),
    'POST /api/twilio/make-call': () => ({ toNumber: '+442079460125' }),
    'POST /api/v1/calls': () => ({ to: '+442079460126' }),
    'POST /api/v1/users': () => ({ email: 'new@example.com', role: 'viewer' }),
    'PATCH /api/v1/users/{id}': () => ({ name: 'Renamed' }),
    'PATCH /api/v1/settings': () => ({ greeting: 'Hello.' }),
    'PUT /api/v1/settings/origins': () => ({ origins: ['https://crm.example.com'] }),
    'PUT /api/v1/settings/twilio': () => ({ account_sid: rig.tenant.account, auth_token: rig.tenant.token }),
    'PATCH /api/v1/calls/{id}': () => ({ notes: 'n', tags: ['a'], value: '1.50', value_currency: 'GBP' }),
    'POST /api/v1/views': () => ({ name: 'v', query: 'outcome=missed' }),
    'PUT /api/v1/dispositions': () => ({ dispositions: [{ word: 'sold', lead_status: 'qualified' }] }),
    'PUT /api/v1/lead-rules': () => ({ rules: [{ status: 'spam', max_talk_seconds: 5 }] }),
    'PUT /api/v1/prices': () => ({
      prices: [{ kind: 'number', item: '*', unit: 'month', amount: '1', currency: 'USD' }],
    }),
    'POST /api/v1/conversions': () => ({ call_id: ids.calls, value: '10', currency: 'GBP' }),
    'PUT /api/v1/imports/conversions': () => `call_id,value,currency\r\n${ids.calls},3,GBP\r\n`,
    'POST /api/v1/marketing-costs': () => ({
      rows: [{ campaign_id: ids.campaigns, day: '2026-01-31', amount: '5', currency: 'GBP' }],
    }),
    'PUT /api/v1/imports/costs': () => `campaign_id,month,amount,currency\r\n${ids.campaigns},2026-01,31,GBP\r\n`,
    'POST /api/v1/budgets': () => ({ amount: '100', currency: 'USD' }),
    'PATCH /api/v1/contacts/{id}': () => ({ external_id: 'another', name: 'Ada' }),
    'PATCH /api/v1/clients/{id}': () => ({ external_id: 'another', forward_to: '+442079460126' }),
    'PATCH /api/v1/campaigns/{id}': () => ({ external_id: 'another' }),
    'PATCH /api/v1/numbers/{id}': () => ({ greeting: 'Hi.' }),
  };
  // Answers that are not the documented success, for reasons that the test knows: a password is not set here.
  const otherwise = {
    'POST /api/v1/sessions': [401],
    'POST /api/v1/me/password': [401, 403, 422],
    'POST /api/v1/password': [401, 403, 404, 422],
    'POST /api/v1/users/{id}/invitation': [202, 409, 422],
  };
  const sample = (schema) => {
    if (schema.enum) return schema.enum[0];
    const type = [schema.type].flat()[0];
    if (type === 'boolean') return true;
    if (type === 'integer') return schema.minimum;
    if (type === 'array') return [];
    if (schema.format === 'uuid') return null;
    if (schema.example) return schema.example;
    return 'sample text 1'.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? 100);
  };
  const filled = (op) => {
    const schema = op.requestBody?.content['application/json'].schema;
    if (!schema) return undefined;
    const names = Object.keys(schema.properties ?? {});
    return Object.fromEntries(names.map((n) => [n, sample(schema.properties[n])]));
  };

  const last = (r) => (/sessions$/.test(r.path) && r.method === 'DELETE' ? 1 : 0);
  for (const r of served.slice().sort((a, b) => last(a) - last(b))) {
    const path = r.path.replace(/:(\w+)/g, '{$1}');
    const name = `${r.method} ${path}`;
    it(`${name} answers what it promises`, async () => {
      const op = doc.paths[path][r.method.toLowerCase()];
      const noun = /^\/api\/v1\/(\w+)/.exec(path)?.[1];
      const target = path.replace('{id}', ids[noun] ?? ids.calls).replace('{sid}', ids.sid);
      const json = (body[name] ?? (() => filled(op)))();
      const own = r.auth === 'SELF';
      const headers = {
        'idempotency-key': `key of ${name}`.slice(0, 60),
        ...(own && {
          cookie: `__Host-switchhook=${cookie}`,
          origin: PUBLIC_URL,
          'x-csrf-token': createHmac('sha256', cookie).update('switchhook csrf 1').digest('hex'),
        }),
      };
      const res = await rig.api(r.method, target, json, { headers, ...(own && { key: null }) });
      if (otherwise[name]?.includes(res.status)) {
        const kind = op.responses['4XX'].$ref.split('/').at(-1);
        if (res.status >= 400) check({ $ref: `#/components/schemas/${kind}` }, res.json());
        return;
      }
      const promised = op.responses[res.status];
      assert.ok(promised, `${res.status} ${res.text}`);
      assert.ok(res.status < 300, res.text);
      if (!promised.content) return assert.equal(res.text, '');
      const [type] = Object.keys(promised.content);
      assert.ok(res.headers['content-type'].startsWith(type), res.headers['content-type']);
      if (type === 'text/csv') return assert.match(res.text, /^id,/);
      if (noun !== 'openapi') check(promised.content[type].schema, res.json());
      if (r.method === 'GET' && res.json().data && !['events', 'sessions', 'stats'].includes(noun))
        assert.ok(res.json().data.length > 0, 'an empty list proves nothing');
    });
    if (r.auth === 'PUBLIC') continue;
    it(`${name} refuses as it promises`, async () => {
      const op = doc.paths[path][r.method.toLowerCase()];
      const res = await rig.api(r.method, path.replace(/\{\w+\}/, ids.calls), undefined, { key: null });
      assert.equal(res.status, 401);
      const kind = op.responses['4XX'].$ref.split('/').at(-1);
      const [type] = Object.keys(doc.components.responses[kind].content);
      assert.ok(res.headers['content-type'].startsWith(type));
      check({ $ref: `#/components/schemas/${kind}` }, res.json());
    });
  }
});
