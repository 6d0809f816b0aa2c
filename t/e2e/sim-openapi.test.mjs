// The simulator's REST side against Twilio's own OpenAPI data: members, types and parameters of what it serves.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { child, directory, end, fixtures, program, until } from '../lib/process.mjs';

const ACCOUNT = `AC${'6'.repeat(32)}`;
const TOKEN = 'token-of-the-openapi-test';
const OURS = '+442071838750';
const spec = JSON.parse(readFileSync(join(fixtures, 'twilio-oai', 'resources.json'), 'utf8'));

let dir, sim, base;
const names = {}; // values of the path parameters: "/Calls/{Sid}.json" -> { Sid: "CA…" }

const rest = (method, path, fields) => {
  const body = new URLSearchParams(fields);
  const query = method === 'GET' && fields ? `?${body}` : '';
  return fetch(`${base}/2010-04-01/Accounts/${ACCOUNT}${path}${query}`, {
    method, body: method === 'POST' ? body : undefined,
      headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` },
  });
};
const sim_ = async (method, path, body) => {
  const res = await fetch(base + path, { method, body: body && JSON.stringify(body) });
  return res.status === 204 ? null : res.json();
};
const create = async (path, fields) => (await rest('POST', path, fields)).json();
const hold = '<Response><Pause length="3000"/></Response>';

before(async () => {
  dir = directory('simoai');
  mkdirSync(join(dir, 'state'));
  writeFileSync(join(dir, 'credentials'), `TWILIO_ACCOUNT_SID=${ACCOUNT}\nTWILIO_AUTH_TOKEN=${TOKEN}\n`);
  sim = child(dir, 'sim', [program('switchhook-sim'), '--port', '0', '--state', join(dir, 'state'),
    '--credentials', join(dir, 'credentials'), '--speed', '20', '--seed', '1']);
  base = await until(() => /listening on (http:\S+)/.exec(sim.log())?.[1]);
  const number = await create('/IncomingPhoneNumbers.json', { PhoneNumber: OURS });
  await sim_('POST', '/sim/papers', { kind: 'address' });
  const app = await create('/Applications.json', { FriendlyName: 'app' });
  const message = await create('/Messages.json', { To: '+447700900123', From: OURS, Body: 'Hello' });
  const calls = [];
  for (const Twiml of [hold, '<Response><Enqueue>line</Enqueue></Response>',
    '<Response><Dial><Conference>room</Conference></Dial></Response>']) {
    calls.push(await create('/Calls.json', { To: '+447700900123', From: OURS, Twiml }));
  }
  const live = async (c) => (await (await rest('GET', `/Calls/${c.sid}.json`)).json()).status === 'in-progress';
  await until(async () => (await Promise.all(calls.map(live))).every(Boolean));
  const recording = await create(`/Calls/${calls[0].sid}/Recordings.json`, {});
  const first = async (path, list) => (await (await rest('GET', path)).json())[list][0];
  const queue = await first('/Queues.json', 'queues');
  const room = await first('/Conferences.json', 'conferences');
  Object.assign(names, { '/Calls/{Sid}.json': calls[0].sid, '/Calls/{CallSid}': calls[0].sid,
    '/Recordings/{Sid}.json': recording.sid,
    '/IncomingPhoneNumbers/{Sid}.json': number.sid, '/Messages/{Sid}.json': message.sid,
      '/Applications/{Sid}.json': app.sid,
    '/Queues/{Sid}.json': queue.sid, '/Queues/{QueueSid}': queue.sid, '/Members/{CallSid}.json': calls[1].sid,
    '/Conferences/{Sid}.json': room.sid, '/Conferences/{ConferenceSid}': room.sid,
      '/Participants/{CallSid}.json': calls[2].sid,
    '/AvailablePhoneNumbers/{CountryCode}': 'GB' });
});

after(async () => {
  assert.equal(await end(sim), 0, `the simulator ended well: ${sim.log().slice(-3000)}`);
  rmSync(dir, { recursive: true, force: true });
});

const filled = (path) => Object.entries(names).sort(([a], [b]) => b.length - a.length)
  .reduce((p, [pattern, value]) => p.replace(pattern, pattern.replace(/\{\w+\}/, value)), path);

const rfc2822 = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/;

// What is wrong with a resource, in words.
function faults(item, schema) {
  const wrong = [];
  for (const [name, s] of Object.entries(spec.schemas[schema])) {
    const v = item[name];
    if (v === undefined) wrong.push(`${name} is missing`);
    else if (v === null) { if (!s.nullable && s.type && !s.enum) wrong.push(`${name} is null`); } else {
      const type = Array.isArray(v) ? 'array' : Number.isInteger(v) && s.type === 'integer' ? 'integer' : typeof v;
      if (s.type && type !== s.type) wrong.push(`${name} is ${type}, not ${s.type}`);
      if (s.enum && !s.enum.includes(v)) wrong.push(`${name} is ${v}, not one of ${s.enum}`);
      if (s.pattern && !new RegExp(s.pattern).test(v)) wrong.push(`${name} is ${v}, not ${s.pattern}`);
      if (s.format === 'date-time-rfc-2822' && !rfc2822.test(v)) wrong.push(`${name} is ${v}, no date`);
    }
  }
  return [...wrong, ...Object.keys(item).filter((k) => !(k in spec.schemas[schema])).map((k) =>
    `${k} is not Twilio's`)];
}

describe('members of every resource', () => {
  for (const op of spec.operations.filter((o) => o.method === 'GET')) {
    it(`GET ${op.path}`, async () => {
      const res = await rest('GET', filled(op.path));
      assert.equal(res.status, op.status);
      const body = await res.json();
      if (!op.list) return assert.deepEqual(faults(body, op.schema), []);
      assert.ok(body[op.list].length > 0, 'there is something in the list');
      return assert.deepEqual(body[op.list].flatMap((item) => faults(item, op.schema)), []);
    });
  }
});

describe('parameters', () => {
  for (const op of spec.operations.filter((o) => o.query ?? o.form)) {
    it(`${op.method} ${op.path} knows Twilio's own and no other`, async () => {
      const unknown = async (name) => {
        const res = await rest(op.method, filled(op.path), { [name]: 'x' });
        return res.status === 400 && /Unknown parameter/.test((await res.json()).message);
      };
      const refused = [];
      for (const name of op.query ?? op.form) if (await unknown(name)) refused.push(name);
      assert.deepEqual(refused, []);
      assert.equal(await unknown('Nonsense'), true);
    });
  }
});

describe('what does not exist', () => {
  for (const op of spec.operations.filter((o) => /\{Sid\}/.test(o.path) && o.method === 'GET')) {
    it(`GET ${op.path} of another SID is 20404`, async () => {
      const res = await rest('GET', filled(op.path).replace(/[A-Z]{2}[0-9a-f]{32}(?=\.json)/, `XX${'0'.repeat(32)}`));
      assert.deepEqual([res.status, (await res.json()).code], [404, 20404]);
    });
  }
  it('the world can be seen to be at rest again', async () => {
    await sim_('POST', '/sim/reset', { all: true });
    assert.equal((await sim_('GET', '/sim')).idle, true);
  });
});
