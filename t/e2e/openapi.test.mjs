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
import { passwordHash } from '../lib/person.mjs';
import { alert, delivery, endpoint, report, retention, rule, schedule } from '../lib/out.mjs';
import { inbound, PUBLIC_URL, Rig, until } from '../lib/rig.mjs';
import { keep, wav } from '../lib/audio.mjs';
import { routes } from '../lib/routes.mjs';
import { Smtp } from '../lib/smtp.mjs';

const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const served = routes.filter((r) => r.pool !== 'hooks');

describe('openapi.json', () => {
  let rig;
  let smtp;
  let doc;
  let check;
  let cookie;
  let session;
  const ids = {};
  before(async () => {
    smtp = await Smtp.start();
    rig = await Rig.start({
      sim: { speed: 100 },
      nginx: { limits: false },
      settings: { SMTP_URL: smtp.url, MAIL_FROM: 'phone@example.com' },
    });
    await rig.sim.number(rig.tenant.number);
    rig.givePhone(rig.tenant);
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
    ids.recordings = keep(rig, rig.tenant, c, wav({ seconds: 1 })).id;
    ids.transcripts = rig.sql(`insert into transcripts (tenant_id, recording_id, model, text, segments)
      values ('${rig.tenant.id}', '${ids.recordings}', 'm', 'a sentence', '[]') returning id`);
    rig.sql(`insert into analyses (tenant_id, transcript_id, model, sentiment, sentiment_score, summary, action_items,
        topics) values ('${rig.tenant.id}', '${ids.transcripts}', 'm', 'neutral', 0, '', '[{"text":"a"}]', '[]')`);
    rig.sql(`insert into transcript_runs (tenant_id, recording_id, model, asked_by)
      values ('${rig.tenant.id}', '${ids.recordings}', 'm', 'user:1')`);
    ids.keywords = rig.sql(`insert into keywords (tenant_id, phrase, tag)
      values ('${rig.tenant.id}', 'cancel', 'churn') returning id`);
    rig.sql(`insert into alarms (tenant_id, cause, reason) values ('${rig.tenant.id}', 'model:key', 'refused');
      insert into sweeps (host, started_at, seen_at) values ('here', now(), now());
      insert into jobs (tenant_id, kind, ref, state, due_at, cause, reason) values ('${rig.tenant.id}', 'analyse', 'x',
        'parked', now() + interval '1 hour', 'model:key', 'refused')`);
    ids.numbers = rig.sql('select id from numbers limit 1');
    ids.spare = rig.sql(
      `insert into numbers (tenant_id, e164) values ('${rig.tenant.id}', '+442079460990') returning id`,
    );
    ids.users = rig.sql(
      `insert into users (tenant_id, email, name, role) values ('${rig.tenant.id}', 'other@example.com', 'O', 'agent')
       returning id`,
    );
    ids.colleague = rig.sql(
      `insert into users (tenant_id, email, name, role) values ('${rig.tenant.id}', 'beside@example.com', 'B', 'agent')
       returning id`,
    );
    ids.keys = rig.sql(
      `insert into api_keys (tenant_id, name, prefix, secret_hash)
       values ('${rig.tenant.id}', 'n', 'shk_live_${'0'.repeat(12)}', sha256('n')) returning id`,
    );
    ids['dnc-lists'] = rig.sql(`insert into dnc_lists (tenant_id, name) values ('${rig.tenant.id}', 'n') returning id`);
    rig.sql(`insert into dnc_entries (tenant_id, number, list_id, added_by)
      values ('${rig.tenant.id}', '+442079460199', '${ids['dnc-lists']}', 't')`);
    ids.consents = rig.sql(`insert into consent_records (tenant_id, number, purpose, decision, method, created_by)
      values ('${rig.tenant.id}', '+442079460123', 'call', 'granted', 'api', 't') returning id`);
    ids.disclosures = rig.sql(`insert into disclosures (tenant_id, language, disclosure)
      values ('${rig.tenant.id}', 'nl-NL', 'Dit gesprek wordt opgenomen.') returning id`);
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
    ids.conversations = rig.sql(
      `insert into conversations (tenant_id, customer_number) values ('${rig.tenant.id}', '+442079460177')
       returning id`,
    );
    rig.sql(`update calls set client_id = '${ids.clients}' where id = '${ids.calls}'`);
    rig.sql(
      `insert into legal_holds (tenant_id, kind, ref, reason, placed_by, lifted_by, lifted_at)
       values ('${rig.tenant.id}', 'call', '${ids.calls}', 'a case', 'user:1', 'user:1', now())`,
    );
    ids.erasures = rig.sql(`insert into erasures (tenant_id, contact_ids, asked_by, counts, done_at)
      values ('${rig.tenant.id}', array[gen_random_uuid()], 'user:1', '{"calls": 1}', now()) returning id`);
    ids['webhook-endpoints'] = endpoint(rig, rig.tenant, '01890000-0000-7000-8000-0000000000e1');
    endpoint(rig, rig.tenant, '01890000-0000-7000-8000-0000000000e2');
    ids['webhook-deliveries'] = delivery(rig, rig.tenant, ids['webhook-endpoints'], ids.calls);
    delivery(rig, rig.tenant, '01890000-0000-7000-8000-0000000000e2', ids.calls);
    ids['alert-rules'] = rule(rig, rig.tenant);
    rule(rig, rig.tenant);
    alert(rig, rig.tenant, ids.calls);
    ids['report-schedules'] = schedule(rig, rig.tenant);
    ids.reports = report(rig, rig.tenant, schedule(rig, rig.tenant));
    ids['retention-runs'] = retention(rig, rig.tenant);
    session = (user = rig.tenant.user) => {
      const token = randomBytes(60).toString('base64').replace(/[^0-9A-Za-z]/g, '').slice(0, 43).padEnd(43, 'x');
      const hash = createHash('sha256').update(token).digest('hex');
      const id = rig.sql(
        `insert into sessions (token_hash, tenant_id, user_id, expires_at)
         values ('\\x${hash}', '${rig.tenant.id}', '${user}', now() + interval '1 hour') returning id`,
      );
      return { token, id };
    };
    ids.sessions = session().id;
    cookie = session().token;
    rig.sql(`update users set email = 'me@example.com', password_hash = '${passwordHash(password)}'
              where id = '${rig.tenant.user}'`);
    rig.sql(`insert into mail_links (token_hash, tenant_id, user_id, kind, expires_at)
      values (sha256('${link}'), '${rig.tenant.id}', '${ids.users}', 'invite', now() + interval '1 hour');
      insert into embed_tickets (token_hash, tenant_id, user_id, origin, expires_at)
      values (sha256('${'t'.repeat(43)}'), '${rig.tenant.id}', '${rig.tenant.user}', 'https://crm.example.com',
              now() + interval '1 hour')`);
  });
  after(async () => {
    await rig.stop();
    smtp.stop();
  });
  const password = 'correct horse 7';
  const link = 'k'.repeat(43);
  const template = (r) => r.path.replace(/:(\w+)/g, '{$1}');
  const operation = (r) => doc.paths[template(r)][r.method.toLowerCase()];
  const address = (r) => {
    const noun = /^\/api\/v1\/([\w-]+)/.exec(r.path)?.[1];
    const spare = r.method === 'DELETE' && /numbers\/:id$/.test(r.path) ? ids.spare : null; // held by nobody
    const id = spare ?? ids[noun] ?? ids.calls;
    if (noun === 'embed-gate') return `${r.path}?origin=https://crm.example.com&tenant=${rig.tenant.id}`;
    return r.path.replace(':id', id).replace(':sid', ids.sid).replace(':number', '+442079460199');
  };
  // A call that runs, for what can be done to one: somebody talks with the agent, and that is recorded.
  const lines = Array.from({ length: 2000 }, (_, n) => ({ who: n % 2 ? 'customer' : 'agent', text: 'Is that so?' }));
  const talk = async () => {
    await rig.sim.idle();
    await rig.sim.phone(rig.tenant.forward, { answer: 'yes', after_s: 1, lines });
    await rig.sim.phone('+442079460126', { answer: 'yes', after_s: 1, lines });
    rig.sql(`update numbers set forward_to = '${rig.tenant.forward}', user_id = null where id = '${ids.numbers}'`);
    const { sid } = await rig.sim.call({ from: '+447700900555', to: rig.tenant.number, lines });
    return until(() => rig.sql(`select c.id from calls c where c.twilio_call_sid = '${sid}'
      and exists (select from call_legs l where l.call_id = c.id and l.role = 'agent' and l.status = 'in-progress')
      and exists (select from recordings r where r.call_id = c.id and r.status = 'in-progress')`));
  };
  const consulting = async () => {
    const id = await talk();
    const res = await rig.api('POST', `/api/v1/calls/${id}/transfer`, { to: '+442079460126', mode: 'warm' });
    assert.equal(res.status, 200, res.text);
    await until(() => rig.sql(`select l.sid from call_legs l join call_controls x on x.consult_sid = l.sid
      where x.call_id = '${id}' and l.status = 'in-progress'`));
    return id;
  };
  const told = (r) => r.reply === 'CallControl';
  const running = (r) => (/transfer\/(complete|cancel)$/.test(r.path) ? consulting() : talk());
  const ended = async (id) => {
    await rig.api('POST', `/api/v1/calls/${id}/end`);
    await rig.sim.idle();
  };
  // A further account that the browser holds.
  const beside = () => {
    const { token, id } = session(ids.colleague);
    ids.beside = id;
    return `; __Host-switchhook-beside=${token}`;
  };
  // Whoever may: a person's routes want his session.
  const as = (r) =>
    r.auth === 'SELF'
      ? {
          key: null,
          headers: {
            cookie: `__Host-switchhook=${cookie}${/beside$|switch$/.test(r.path) ? beside() : ''}`,
            origin: PUBLIC_URL,
            'x-csrf-token': createHmac('sha256', cookie).update('switchhook csrf 1').digest('hex'),
          },
        }
      : { headers: r.body === 'CSV' ? { 'content-type': 'text/csv' } : {} };
  // A refusal as it is described, in every byte of its shape.
  const refusal = (r, res) => {
    const kind = operation(r).responses['4XX'].$ref.split('/').at(-1);
    assert.equal(operation(r).responses['5XX'].$ref.split('/').at(-1), kind);
    const [type] = Object.keys(doc.components.responses[kind].content);
    assert.ok(res.headers['content-type'].startsWith(type), res.headers['content-type']);
    check({ $ref: `#/components/schemas/${kind}` }, res.json());
  };

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
      if (reply.content?.['audio/wav']) continue;
      if (reply.content) {
        const text = JSON.stringify(reply.content);
        for (const [, name] of text.matchAll(/schemas\/(\w+)/g)) assert.ok(doc.components.schemas[name], name);
        if (!reply.content['text/csv']) assert.match(text, /schemas\/|text\/xml/, r.path);
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
    const search = ['limit', 'cursor', 'count', 'number', 'q', 'If-None-Match'];
    assert.deepEqual(names(doc.paths['/api/v1/contacts'].get), search);
    const part = search.filter((name) => name !== 'number');
    assert.deepEqual(names(doc.paths['/api/v1/clients'].get), part);
    assert.deepEqual(
      names(doc.paths['/api/v1/budgets'].get),
      part.filter((name) => name !== 'q'),
    );
    assert.ok(names(doc.paths['/api/v1/prices'].put).includes('If-Match'));
  });

  // What a body or path needs beyond its schema.
  const body = {
    'POST /api/calls/initiate': () => ({ to: '+442079460123' }),
    'POST /api/calling/initiate': () => ({ to: '+442079460124' }),
    'POST /api/twilio/make-call': () => ({ toNumber: '+442079460125' }),
    'POST /api/twilio/token': () => ({ userId: rig.tenant.user }),
    'POST /api/v1/tokens': () => ({ user_id: rig.tenant.user }),
    'PATCH /api/v1/me': () => ({ presence: 'away', away_reason: 'Lunch', work_hours: 'mon-fri 09:00-17:00' }),
    'POST /api/v1/embed-tickets': () => ({ user_id: rig.tenant.user, origin: 'https://crm.example.com' }),
    'POST /api/v1/embed-sessions': () => ({ ticket: `${rig.tenant.id}.${'t'.repeat(43)}` }),
    'POST /api/twilio/twiml': () => ({ To: '+442079460126', userId: rig.tenant.user }),
    'POST /api/v1/calls': () => ({ to: '+442079460126' }),
    'POST /api/v1/users': () => ({ email: 'new@example.com', role: 'viewer' }),
    'POST /api/v1/keys': () => ({ name: 'crm', role: 'agent', scopes: 'calls:read calls:write', test: true }),
    'PATCH /api/v1/settings/limits': () => ({ countries: ['GB'], money_per_day: '50.00', stopped: false }),
    'PATCH /api/v1/users/{id}': () => ({ name: 'Renamed' }),
    'PATCH /api/v1/settings': () => ({ greeting: 'Hello.' }),
    'PUT /api/v1/settings/origins': () => ({ origins: ['https://crm.example.com'] }),
    'PUT /api/v1/settings/twilio': () => ({ account_sid: rig.tenant.account, auth_token: rig.tenant.token }),
    'POST /api/v1/calls/{id}/transfer': () => ({ to: '+442079460126', mode: 'blind' }),
    'POST /api/v1/calls/{id}/dtmf': () => ({ digits: '1#' }),
    'POST /api/v1/settings/mail/check': () => ({ to: 'me@example.com' }),
    'POST /api/v1/contacts': () => ({ external_id: 'o-1', name: 'n', time_zone: 'Europe/London' }),
    'POST /api/v1/dnc-lists': () => ({ name: 'another' }),
    'POST /api/v1/dnc-lists/{id}/entries': () => ({ number: '+442079460198' }),
    'PUT /api/v1/dnc-lists/{id}/import': () => 'number\n+442079460197\nnobody\n',
    'POST /api/v1/consents': () => ({ number: '+442079460196', purpose: 'sms', decision: 'refused' }),
    'POST /api/v1/exports/subject': () => ({ contact_id: ids.contacts }),
    'POST /api/v1/disclosures': () => ({ language: 'de-DE', disclosure: 'Wir zeichnen auf.' }),
    'PUT /api/v1/disclosures/{id}': () => ({ language: 'nl-NL', disclosure: 'Wij nemen op.', voice: 'Polly.Lotte' }),
    'POST /api/v1/recordings/{id}/transcripts': () => ({ model: 'whisper-1', language: 'en' }),
    'PATCH /api/v1/settings/transcription': () => ({
      language: 'en',
      minutes_per_month: 600,
      exceptions: [{ number_id: ids.numbers, transcribe: false, language: 'de' }],
    }),
    'POST /api/v1/erasures': () => ({ number: '+447700900771' }),
    'POST /api/v1/erasure-previews': () => ({ number: '+447700900771' }),
    'POST /api/v1/sweep/requeue': () => ({ kind: 'analyse', reason: 'key' }),
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
    'POST /api/v1/webhook-endpoints': () => ({ url: 'https://crm.example.com/hook', events: ['call.missed'] }),
    'PATCH /api/v1/webhook-endpoints/{id}': () => ({ description: 'the CRM' }),
    'POST /api/v1/webhook-endpoints/{id}/replay': () => ({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }),
    'POST /api/v1/alert-rules': () => ({ kinds: ['missed_call'], channel: 'mail', target: 'desk@example.com' }),
    'PATCH /api/v1/alert-rules/{id}': () => ({ digest: 'daily' }),
    'POST /api/v1/report-schedules': () => ({ every: 'week', recipients: ['client@example.com'] }),
    'PATCH /api/v1/report-schedules/{id}': () => ({ every: 'month' }),
    'POST /api/v1/sessions': () => ({ email: 'me@example.com', password }),
    'POST /api/v1/sessions/switch': () => ({ session_id: ids.beside }),
    'POST /api/v1/me/password': () => ({ current_password: password, new_password: 'battery staple 9' }),
    'POST /api/v1/password': () => ({ token: link, password: 'battery staple 9' }),
    'POST /api/v1/numbers': () => ({ country: 'US', area_code: '512' }),
    'POST /api/v1/numbers/{id}/assignment': () => ({ user_id: rig.tenant.user }),
    'POST /api/v1/number-adoptions': () => ({ phone_number: rig.tenant.number }),
    'POST /api/twilio/purchase-number': () => ({ country: 'US', areaCode: '415' }),
    'POST /api/admin/twilio/purchase-number': () => ({ country: 'US', areaCode: '212' }),
    'POST /api/admin/twilio/assign-number': () => ({
      phoneNumber: rig.tenant.number,
      userId: rig.tenant.user,
      forwardTo: rig.tenant.forward,
    }),
  };
  // A link that is mailed changes nothing until it is used, and who asks for one is nobody yet.
  const unaudited = new Set([
    'POST /api/v1/password/reset',
    // Looks, and tokens that are gone in an hour.
    'POST /api/v1/number-checks',
    'POST /api/v1/erasure-previews',
    'POST /api/v1/numbers/{id}/check',
    'POST /api/v1/tokens',
    'POST /api/twilio/token',
    'POST /api/twilio/twiml',
  ]);
  // Who did it, from where; and of a change what was and what is.
  const audited = (r, before) => {
    const [entry] = rig.rows(`select actor, action, object, origin, detail, count(*) over () as n
                                from audit_entries where seq > ${before} order by seq limit 1`);
    assert.ok(entry, `${r.method} ${r.path} leaves no entry in the audit`);
    assert.match(entry.actor, /^(user|key):/);
    assert.ok(entry.origin, 'from where');
    assert.ok(entry.object);
    const { old, new: now, members } = entry.detail;
    if (r.method === 'PATCH' || r.method === 'PUT')
      assert.ok(members ?? (old !== undefined && now), JSON.stringify(entry));
    if (r.method === 'DELETE') assert.ok(old, JSON.stringify(entry));
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

  it('says which statuses there are, and no other way to answer', () => {
    const known = /^(20[0124]|304|4XX|5XX)$/;
    for (const r of served) {
      const statuses = Object.keys(operation(r).responses);
      for (const s of statuses) assert.match(s, known, `${r.method} ${r.path}: a status that no test here provokes`);
    }
  });

  // What ends something comes when all else is done, what holds others after them, and one's own session last.
  const ends = [/./, /(recordings|dnc-lists)\/:id$/, /sessions$/];
  const last = (r) => (r.method !== 'DELETE' ? 0 : ends.findLastIndex((e) => e.test(r.path)) + 1);
  for (const r of served.slice().sort((a, b) => last(a) - last(b))) {
    const name = `${r.method} ${template(r)}`;
    it(`${name} answers what it promises`, async () => {
      const op = operation(r);
      const { headers, ...who } = as(r);
      headers['idempotency-key'] = `key of ${name}`.slice(0, 60);
      const json = (body[name] ?? (() => filled(op)))();
      if (name === 'DELETE /api/v1/sessions/{id}') ids.sessions = session().id; // a new password has ended the others
      const live = told(r) ? await running(r) : null;
      const entries = Number(rig.sql('select count(*) from audit_entries'));
      const res = await rig.api(r.method, address(r).replace(ids.calls, live ?? ids.calls), json, { headers, ...who });
      if (live) await ended(live);
      if (r.method !== 'GET' && res.status < 300 && !unaudited.has(name)) audited(r, entries);
      const promised = op.responses[res.status];
      assert.ok(promised, `${res.status} ${res.text}`);
      assert.ok(res.status < 300, res.text);
      if (!promised.content) return assert.equal(res.text, '');
      const [type] = Object.keys(promised.content);
      assert.ok(res.headers['content-type'].startsWith(type), res.headers['content-type']);
      const noun = /^\/api\/v1\/([\w-]+)/.exec(r.path)?.[1];
      if (type === 'text/xml') return assert.match(res.text, /<Response><Dial /);
      if (type === 'audio/wav') return assert.equal(res.bytes.toString('latin1', 0, 4), 'RIFF');
      if (type === 'text/csv') return assert.match(res.text, /^id,/);
      if (noun !== 'openapi') check(promised.content[type].schema, res.json());
      if (r.method === 'GET' && res.json().data && !['events', 'sessions', 'stats'].includes(noun))
        assert.ok(res.json().data.length > 0, 'an empty list proves nothing');
    });
    it(`${name} refuses as it promises`, async () => {
      if (r.auth !== 'PUBLIC') {
        const json = r.path === '/api/twilio/twiml' ? {} : undefined; // else it is Twilio's, which signs
        const res = await rig.api(r.method, address(r), json, { key: null });
        assert.equal(res.status, 401);
        refusal(r, res);
      }
      if (r.shape === 'V1') {
        const { headers, ...who } = as(r);
        const session = r.auth === 'SELF' && last(r) ? { key: null, headers: {} } : { headers, ...who };
        const res = await rig.api(r.method, `${address(r)}?no-such-parameter=1`, undefined, session);
        assert.ok([400, 401, 422].includes(res.status), `${res.status} ${res.text}`);
        refusal(r, res);
      } else if (r.body === 'JSON') {
        const res = await rig.api(r.method, address(r), '{');
        assert.equal(res.status, 400, res.text);
        refusal(r, res);
      }
    });
    if (r.method === 'GET' && r.shape === 'V1')
      it(`${name} says that one has it already`, async () => {
        // Figures say when they were made, and a file of any length has no tag.
        if (/\/v1\/(stats|exports)\//.test(r.path)) return assert.equal(operation(r).responses[304], undefined);
        assert.ok(operation(r).responses[304], 'described');
        const { headers, ...who } = as(r);
        // The feed's tag is its cursor: 304 says that nothing came after it.
        if (/audio$/.test(r.path)) return; // nginx's own tag, of the file
        if (/events$/.test(r.path)) {
          const { next_cursor: cursor } = (await rig.api('GET', r.path)).json();
          const none = await rig.api('GET', `${r.path}?after=${cursor}`);
          return assert.deepEqual([none.status, none.text], [304, '']);
        }
        let { etag } = (await rig.api('GET', address(r), undefined, { headers, ...who })).headers;
        let res;
        // Calls of the tests before may still be moving: then what one has is another's, and is asked about again.
        await until(async () => {
          assert.match(etag, /^"[0-9a-f]{32}"$/);
          const known = { ...headers, 'if-none-match': etag };
          res = await rig.api('GET', address(r), undefined, { headers: known, ...who });
          const same = res.headers.etag === etag;
          etag = res.headers.etag;
          return same;
        });
        assert.deepEqual([res.status, res.text], [304, '']);
      });
  }

  const placed = served.filter((r) => /initiate$|make-call$|^\/api\/v1\/calls$/.test(r.path) && r.method === 'POST');
  const bought = served.filter((r) => /purchase-number$|^\/api\/v1\/numbers$/.test(r.path) && r.method === 'POST');
  it('describes 202 where nobody may know whether Twilio has done it, and there alone', () => {
    const successes = (r) => Object.keys(operation(r).responses).filter((s) => s.startsWith('2'));
    const described = served.filter((r) => successes(r).length > 1);
    for (const r of described) assert.ok(successes(r).includes('202'));
    const open = [...placed, ...bought, ...served.filter(told)];
    assert.deepEqual(described.map((r) => r.path).sort(), open.map((r) => r.path).sort());
  });
  for (const [i, r] of placed.entries())
    it(`${r.method} ${r.path} is 202, as described, when Twilio's reply is lost`, async () => {
      rig.sql(`update numbers set forward_to = '${rig.tenant.forward}', user_id = null where id = '${ids.numbers}'`);
      await rig.sim.fault({ fault: 'create_cut', at_byte: 10 });
      const to = `+44207946013${i}`;
      const json = /make-call/.test(r.path) ? { toNumber: to } : { to };
      const res = await rig.api('POST', r.path, json, { headers: { 'idempotency-key': `lost ${i}` } });
      assert.equal(res.status, 202, res.text);
      check(operation(r).responses[202].content['application/json'].schema, res.json());
      await rig.sim.idle();
    });

  it('is 202, as described, when the reply about a live call is lost', async () => {
    const r = served.find((route) => /recording\/resume$/.test(route.path));
    const id = await talk();
    await rig.sim.fault({ fault: 'rest_cut', at_byte: 10, kind: 'POST' });
    const res = await rig.api('POST', `/api/v1/calls/${id}/recording/resume`);
    assert.equal(res.status, 202, res.text);
    check(operation(r).responses[202].content['application/json'].schema, res.json());
    await ended(id);
  });

  it('is right about failures of our own: every operation without a database', async () => {
    const { headers } = as({ auth: 'SELF' });
    await rig.pg.stop();
    for (const r of served) {
      const name = `${r.method} ${template(r)}`;
      const key = { 'idempotency-key': randomBytes(9).toString('hex') };
      const who = r.auth === 'SELF' ? { key: null, headers } : { headers: key };
      const res = await rig.api(r.method, address(r), (body[name] ?? (() => filled(operation(r))))(), who);
      if (/healthz|openapi\.json/.test(r.path)) assert.equal(res.status, 200, `${name} asks no database`);
      else if (/readyz|api\/health/.test(r.path)) assert.equal(res.status, 503, name);
      else {
        assert.equal(res.status, 503, `${name}: ${res.text}`);
        refusal(r, res);
      }
    }
  });
});
