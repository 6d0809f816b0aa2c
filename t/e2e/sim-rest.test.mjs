// What the simulator's REST side does beyond shapes: pauses of recordings, capabilities, alerts, limits, scopes.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { child, directory, end, program, until } from '../lib/process.mjs';

const ACCOUNT = `AC${'4'.repeat(32)}`;
const TOKEN = 'token-of-the-simulators-rest-test';
const OURS = '+442071838750';
const AGENT = '+442071838751';
const CALLER = '+447700900123';
const talk = [
  'agent: Good morning, how may I help you?',
  'customer: I want to pay my bill of forty pounds.',
  'agent: Please tell me the number of your card.',
  'customer: Four nine two nine, one two three four.',
  'agent: Thank you, that is paid.',
  'customer: Very good, goodbye.',
];
const longTalk = Array.from({ length: 4 }, () => talk).flat(); // a minute: a busy machine pauses within it

let dir, sim, base, server;
const documents = new Map();
let late = 0; // the server answers after up to so many ms

const rest = (method, path, fields = {}) => {
  const body = new URLSearchParams(fields);
  return fetch(
    `${base}${path.startsWith('/v1') ? '' : '/2010-04-01/Accounts'}${path}` +
      (method === 'GET' && body.size ? `?${body}` : ''),
    {
      method,
      body: method === 'POST' ? body : undefined,
      headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` },
    },
  );
};
const mine = async (method, path, fields) => (await rest(method, `/${ACCOUNT}${path}`, fields)).json();
const control = async (method, path, body) => {
  const res = await fetch(base + path, { method, body: body && JSON.stringify(body) });
  return res.status === 204 ? null : res.json();
};
const idle = () => until(async () => (await control('GET', '/sim')).idle);

before(async () => {
  dir = directory('simrest');
  mkdirSync(join(dir, 'state'));
  writeFileSync(join(dir, 'credentials'), `TWILIO_ACCOUNT_SID=${ACCOUNT}\nTWILIO_AUTH_TOKEN=${TOKEN}\n`);
  server = createServer((q, r) => {
    const doc = documents.get(q.url);
    const answer = () => r.writeHead(doc ? 200 : 500, { 'content-type': 'text/xml' }).end(doc);
    if (late > 0) setTimeout(answer, Math.random() * late);
    else answer();
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  sim = child(dir, 'sim', [
    program('switchhook-sim'),
    '--port',
    '0',
    '--state',
    join(dir, 'state'),
    '--credentials',
    join(dir, 'credentials'),
    '--speed',
    '20',
    '--seed',
    '1',
  ]);
  base = await until(() => /listening on (http:\S+)/.exec(sim.log())?.[1]);
});
after(async () => {
  server.close();
  server.closeAllConnections();
  assert.equal(await end(sim), 0, sim.log().slice(-3000));
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  await control('POST', '/sim/reset', { all: true });
  documents.clear();
  documents.set('/voice', `<Response><Dial answerOnBridge="true"><Number>${AGENT}</Number></Dial></Response>`);
  await control('POST', '/sim/numbers', {
    phone_number: OURS,
    voice_url: `http://127.0.0.1:${server.address().port}/voice`,
  });
});

describe('a recording that is paused', () => {
  // A talk recorded from before it begins; paused in the middle unless behaviour is null.
  const recorded = async (behaviour) => {
    documents.set(
      '/voice',
      `<Response><Say>One moment.</Say><Pause length="20"/><Dial><Number>${AGENT}</Number></Dial></Response>`,
    );
    const { sid } = await control('POST', '/sim/calls', { from: CALLER, to: OURS, lines: longTalk });
    await until(async () => (await control('GET', `/sim/calls/${sid}`)).status === 'in-progress');
    const rec = await mine('POST', `/Calls/${sid}/Recordings.json`, { RecordingChannels: 'dual' });
    const leg = () =>
      control('GET', '/sim/calls?state=open').then(({ calls }) => calls.find((c) => c.parent_call_sid === sid));
    await until(async () => (await leg())?.status === 'in-progress');
    const now = async () => (await control('GET', '/sim')).now_ms;
    const change = (fields) => mine('POST', `/Calls/${sid}/Recordings/${rec.sid}.json`, fields);
    const pass = async (ms, from) => until(async () => (await now()) > from + ms);
    if (behaviour) {
      await pass(2500, await now());
      assert.equal((await change({ Status: 'paused', ...behaviour })).status, 'paused');
      await pass(5000, await now());
      assert.equal((await change({ Status: 'in-progress' })).status, 'in-progress');
    }
    await idle();
    const { lines } = (await control('GET', '/sim/ledger')).recordings.find((r) => r.sid === rec.sid);
    const said = lines.flat().filter((l) => !l.text.startsWith('One moment'));
    return {
      span: Math.max(...said.map((l) => l.end_s)) - Math.min(...said.map((l) => l.start_s)),
      heard: said.reduce((sum, l) => sum + l.end_s - l.start_s, 0),
    };
  };

  it('with skip is shorter by the pause, with silence it is not; what was said meanwhile is in neither', async () => {
    const [whole, silent, short] = [
      await recorded(null),
      await recorded({}),
      await recorded({ PauseBehavior: 'skip' }),
    ];
    const seen = JSON.stringify({ whole, silent, short });
    assert.ok(Math.abs(whole.span - silent.span) < 0.1, seen);
    assert.ok(whole.span - short.span > 4.9, seen);
    assert.ok(whole.heard - silent.heard > 3 && whole.heard - short.heard > 3, seen);
    assert.ok(silent.heard > 2 && short.heard > 2, seen);
  });

  it('knows no other behaviour', async () => {
    const { sid } = await control('POST', '/sim/calls', { from: CALLER, to: OURS, lines: talk });
    await until(async () => (await control('GET', `/sim/calls/${sid}`)).status === 'in-progress');
    const rec = await mine('POST', `/Calls/${sid}/Recordings.json`);
    const res = await rest('POST', `/${ACCOUNT}/Calls/${sid}/Recordings/${rec.sid}.json`, {
      Status: 'paused',
      PauseBehavior: 'loud',
    });
    assert.deepEqual([res.status, (await res.json()).code], [400, 20001]);
    await idle();
  });
});

describe('numbers for sale', () => {
  it('say what they can, and are chosen by it', async () => {
    const found = async (type, fields) =>
      (await mine('GET', `/AvailablePhoneNumbers/GB/${type}.json`, fields)).available_phone_numbers;
    const local = await found('Local', {});
    assert.ok(local.length > 0 && local.every((n) => n.capabilities.voice && !n.capabilities.SMS));
    assert.equal((await found('Local', { SmsEnabled: 'true' })).length, 0);
    assert.ok((await found('Mobile', { SmsEnabled: 'true', VoiceEnabled: 'true' })).every((n) => n.capabilities.SMS));
    assert.equal((await found('Local', { ExcludeAllAddressRequired: 'true' })).length, 0);
    assert.ok(
      (await mine('GET', '/AvailablePhoneNumbers/US/Local.json', { MmsEnabled: 'true' })).available_phone_numbers
        .length > 0,
    );
  });
});

describe('alerts', () => {
  it('are paged, dated and fetched by their SID', async () => {
    documents.delete('/voice');
    for (let i = 0; i < 3; i += 1) await control('POST', '/sim/calls', { from: CALLER, to: OURS });
    await idle();
    const page = async (fields) => (await rest('GET', '/v1/Alerts', fields)).json();
    const one = await page({ PageSize: 2 });
    assert.deepEqual(
      [one.alerts.length, one.meta.page, one.meta.page_size, one.alerts[0].error_code],
      [2, 0, 2, '11200'],
    );
    const next = await fetch(one.meta.next_page_url, {
      headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` },
    });
    const two = await next.json();
    assert.deepEqual([two.alerts.length, two.meta.next_page_url], [1, null]);
    assert.equal((await page({ LogLevel: 'warning' })).alerts.length, 0);
    assert.equal((await page({ EndDate: '2020-01-01T00:00:00Z' })).alerts.length, 0);
    assert.equal((await page({ StartDate: '2020-01-01' })).alerts.length, 3);
    const { sid } = one.alerts[0];
    assert.equal((await (await rest('GET', `/v1/Alerts/${sid}`)).json()).sid, sid);
    assert.equal((await rest('GET', `/v1/Alerts/NO${'0'.repeat(32)}`)).status, 404);
  });
});

describe('limits', () => {
  it('any request may be told to slow down, with Retry-After; a burst ends', async () => {
    await control('POST', '/sim/faults', { fault: 'rest_status', status: 429, retry_after: 3, count: 2 });
    for (let i = 0; i < 2; i += 1) {
      const res = await rest('GET', `/${ACCOUNT}/Calls.json`);
      assert.deepEqual([res.status, res.headers.get('retry-after'), (await res.json()).code], [429, '3', 20429]);
    }
    assert.equal((await rest('GET', `/${ACCOUNT}/Calls.json`)).status, 200);
  });
  it('a fault of a number hits that number alone', async () => {
    await control('POST', '/sim/faults', { fault: 'create_status', status: 503, number: '+447700900999' });
    const make = async (To) =>
      (await rest('POST', `/${ACCOUNT}/Calls.json`, { To, From: OURS, Twiml: '<Response><Hangup/></Response>' }))
        .status;
    assert.deepEqual([await make(CALLER), await make('+447700900999'), await make('+447700900999')], [201, 503, 201]);
    await idle();
  });
});

describe('the account', () => {
  it('is in the list of accounts', async () => {
    const list = await (await rest('GET', '.json')).json();
    assert.deepEqual(
      list.accounts.map((a) => [a.sid, a.status]),
      [[ACCOUNT, 'active']],
    );
    assert.equal((await rest('GET', '.json', { Nonsense: 1 })).status, 400);
  });
});

describe('a scope', () => {
  it('shows the calls of a number and nothing else', async () => {
    await control('POST', '/sim/numbers', {
      phone_number: '+442071838760',
      voice_url: `http://127.0.0.1:${server.address().port}/voice`,
    });
    await control('POST', '/sim/calls', { from: CALLER, to: OURS });
    await control('POST', '/sim/calls', { from: CALLER, to: '+442071838760' });
    await idle();
    const part = await control('GET', '/sim/ledger?number=%2B442071838760');
    assert.deepEqual(
      [part.calls.length, part.calls.filter((c) => c.to === '+442071838760').length],
      [2, 1],
      'the call and its leg',
    );
    assert.equal(part.webhooks.filter((w) => w.kind === 'voice').length, 1);
    assert.equal((await control('GET', '/sim/ledger')).calls.length, 4);
  });
});

describe('hints', () => {
  it('make a phrase that is among them surer', async () => {
    documents.set(
      '/voice',
      '<Response><Gather input="speech" hints="sales, technical service" action="/said"/></Response>',
    );
    documents.set('/said', '<Response/>');
    for (const says of ['technical service', 'something else'])
      await control('POST', '/sim/calls', { from: CALLER, to: OURS, says });
    await idle();
    const said = (await control('GET', '/sim/ledger')).webhooks
      .filter((w) => w.kind === 'gather')
      .map((w) => new URLSearchParams(w.params));
    assert.deepEqual(Object.fromEntries(said.map((p) => [p.get('SpeechResult'), p.get('Confidence')])), {
      'technical service': '0.97',
      'something else': '0.91',
    });
  });
});

describe('the same seed', () => {
  it('is the same storm, however quickly the server answers', async () => {
    const storm = async (ms) => {
      late = ms;
      await control('POST', '/sim/reset');
      await control('POST', '/sim/storm', { to: OURS, calls: 40, rate: 80, seed: 11 });
      await idle();
      late = 0;
      const { calls, webhooks } = await control('GET', '/sim/ledger?sha256=no');
      const timeless = (o) => JSON.stringify(o, (key, v) => (/_at$/.test(key) ? undefined : v));
      return [...calls.map(timeless), ...webhooks.map((w) => [w.kind, w.call_sid, w.http].join())].sort();
    };
    const quick = await storm(0);
    assert.ok(quick.length > 100);
    assert.deepEqual(await storm(150), quick);
  });
});
