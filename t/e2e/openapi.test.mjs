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
    ids.dnc = rig.sql(`insert into dnc_lists (tenant_id, name) values ('${rig.tenant.id}', 'n') returning id`);
    rig.sql(`insert into dnc_entries (tenant_id, number, list_id, added_by)
      values ('${rig.tenant.id}', '+442079460199', '${ids.dnc}', 't')`);
    ids.consents = rig.sql(`insert into consent_records (tenant_id, number, purpose, decision, method, created_by)
      values ('${rig.tenant.id}', '+442079460123', 'call', 'granted', 'api', 't') returning id`);
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
        assert.match(text, /schemas\//, r.path);
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
    'POST /api/v1/calls/{id}/transfer': () => ({ to: '+442079460126', mode: 'blind' }),
    'POST /api/v1/calls/{id}/dtmf': () => ({ digits: '1#' }),
    'POST /api/v1/contacts': () => ({ external_id: 'o-1', name: 'n', time_zone: 'Europe/London' }),
    'POST /api/v1/dnc-lists': () => ({ name: 'another' }),
    'POST /api/v1/dnc-lists/{id}/entries': () => ({ number: '+442079460198' }),
    'PUT /api/v1/dnc-lists/{id}/import': () => 'number\n+442079460197\nnobody\n',
    'POST /api/v1/consents': () => ({ number: '+442079460196', purpose: 'sms', decision: 'refused' }),
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
    // The call is over.
    ...Object.fromEntries(
      served.filter((r) => /^\/api\/v1\/calls\/:id\/(?!recordings$)/.test(r.path)).map((r) => [
        `${r.method} ${r.path.replace(':id', '{id}')}`,
        [409],
      ]),
    ),
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

  const last = (r) => (/(sessions|dnc-lists\/:id)$/.test(r.path) && r.method === 'DELETE' ? 1 : 0);
  for (const r of served.slice().sort((a, b) => last(a) - last(b))) {
    const path = r.path.replace(/:(\w+)/g, '{$1}');
    const name = `${r.method} ${path}`;
    it(`${name} answers what it promises`, async () => {
      const op = doc.paths[path][r.method.toLowerCase()];
      const noun = /^\/api\/v1\/(\w+)/.exec(path)?.[1];
      const target = path
        .replace('{id}', ids[noun] ?? ids.calls)
        .replace('{sid}', ids.sid)
        .replace('{number}', '+442079460199');
      const json = (body[name] ?? (() => filled(op)))();
      const own = r.auth === 'SELF';
      const headers = {
        'idempotency-key': `key of ${name}`.slice(0, 60),
        ...(r.body === 'CSV' && { 'content-type': 'text/csv' }),
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
      if (noun !== 'openapi') check(promised.content[type].schema, res.json());
      if (r.method === 'GET' && res.json().data && noun !== 'events' && noun !== 'sessions')
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
