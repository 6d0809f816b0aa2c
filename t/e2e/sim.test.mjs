// The simulator as Twilio's own SDK sees it: it makes calls, buys numbers, fetches recordings, judges every webhook.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import twilio from 'twilio';
import { child, directory, end, program, until } from '../lib/process.mjs';

const ACCOUNT = `AC${'5'.repeat(32)}`;
const TOKEN = 'token-of-the-simulators-own-test';
const PUBLIC = 'https://crm.example.com';
const OURS = '+442071838750';
const AGENT = '+442071838751';
const CALLER = '+447700900123';

let dir, sim, base, app, client;
const hooks = []; // every webhook received: { path, valid, params, method, headers }
const documents = new Map(); // path -> TwiML, or a function of the parameters

// Our side: answers TwiML, judges signatures.
function receive(q, r) {
  let body = '';
  q.on('data', (d) => { body += d; });
  q.on('end', () => {
    const params = Object.fromEntries(new URLSearchParams(body));
    const valid = twilio.validateRequest(TOKEN, q.headers['x-twilio-signature'] ?? '', PUBLIC + q.url, params);
    hooks.push({ path: q.url, valid, params, method: q.method, headers: q.headers });
    const doc = documents.get(q.url.replace(/\?.*/, ''));
    const answer = typeof doc === 'function' ? doc(params, r) : doc;
    if (answer === undefined) return r.writeHead(204).end();
    if (answer === null) return undefined; // the function answers by itself
    return r.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
  });
}

const json = async (path, method = 'GET', body = undefined) => {
  const res = await fetch(base + path, { method, body: body && JSON.stringify(body) });
  return res.status === 204 ? null : res.json();
};
const state = () => json('/sim');
const ledger = () => json('/sim/ledger');
const idle = () => until(async () => (await state()).idle && (await state()).idle);
const at = (path) => hooks.filter((h) => h.path.replace(/\?.*/, '') === path);
const call = async (more = {}) => {
  const { sid } = await json('/sim/calls', 'POST', { from: CALLER, to: OURS, ...more });
  await idle();
  return json(`/sim/calls/${sid}`);
};
const response = (inner) => `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`;

before(async () => {
  dir = directory('simtest');
  mkdirSync(join(dir, 'state'));
  writeFileSync(join(dir, 'credentials'),
    `TWILIO_ACCOUNT_SID=${ACCOUNT}\nTWILIO_AUTH_TOKEN=${TOKEN}\nOPENAI_API_KEY=sk-sim\n`);
  app = createServer(receive);
  await new Promise((done) => { app.listen(0, '127.0.0.1', done); });
  sim = child(dir, 'sim', [program('switchhook-sim'), '--port', '0', '--state', join(dir, 'state'), '--credentials',
    join(dir, 'credentials'),
    '--speed', '100', '--seed', '1', '--log', join(dir, 'sim-calls.log'), '--map',
      `${PUBLIC}=http://127.0.0.1:${app.address().port}`]);
  base = await until(() => /listening on (http:\S+)/.exec(sim.log())?.[1]);
  const http = new twilio.RequestClient();
  client = twilio(ACCOUNT, TOKEN, { httpClient: { request: (o) => http.request({ ...o,
    uri: o.uri.replace(/^https:\/\/[^/]+/, base) }) } });
});

after(async () => {
  app.close();
  app.closeAllConnections();
  assert.equal(await end(sim), 0, `the simulator ended well: ${sim.log().slice(-4000)}`);
  assert.doesNotMatch(sim.log(), /Sanitizer|runtime error/);
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  await json('/sim/reset', 'POST', { all: true });
  hooks.length = 0;
  documents.clear();
  await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: `${PUBLIC}/voice`,
    status_callback: `${PUBLIC}/ended` });
});

const forward = response(`<Dial action="/dialled" record="record-from-answer-dual" recordingStatusCallback="/recorded"
  recordingStatusCallbackEvent="in-progress completed absent" timeout="20" answerOnBridge="true"><Number
  statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">${AGENT}</Number></Dial>`);

describe('an inbound call that is forwarded', () => {
  it('sends every webhook in order, signed so that the SDK accepts it', async () => {
    documents.set('/voice', forward);
    documents.set('/dialled', response('<Hangup/>'));
    const parent = await call();
    assert.equal(parent.status, 'completed');
    assert.deepEqual(hooks.filter((h) => !h.valid), []);
    assert.equal(at('/voice')[0].params.CallStatus, 'ringing');
    assert.deepEqual(at('/leg').map((h) => h.params.CallStatus), ['initiated', 'ringing', 'in-progress', 'completed']);
    assert.deepEqual(at('/leg').map((h) => h.params.SequenceNumber), ['0', '1', '2', '3']);
    assert.deepEqual(new Set(at('/leg').map((h) => h.params.ParentCallSid)), new Set([parent.sid]));
    assert.deepEqual(at('/recorded').map((h) => h.params.RecordingStatus), ['in-progress', 'completed']);
    const [dial] = at('/dialled');
    assert.deepEqual([dial.params.DialCallStatus, dial.params.DialBridged, dial.params.CallStatus], ['completed',
      'true', 'in-progress']);
    assert.equal(at('/ended')[0].params.CallDuration, String(parent.duration));
    assert.ok(hooks.every((h) => h.headers['user-agent'] === 'TwilioProxy/1.1' &&
      h.headers.host === 'crm.example.com'));
  });

  it('serves a recording of two channels whose lines OpenAI\'s endpoint hears', async () => {
    documents.set('/voice', forward);
    await call({ lines: ['customer: My order has not arrived yet.',
      'agent: I am sorry. I will send you a new one today.'] });
    const { recordings: [rec] } = await ledger();
    const fetched = await client.recordings(rec.sid).fetch();
    assert.equal(Number(fetched.duration), rec.duration);
    const auth = { headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` } };
    const url = `${base}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${rec.sid}.wav`;
    const wav = Buffer.from(await (await fetch(url, auth)).arrayBuffer());
    assert.equal(createHash('sha256').update(wav).digest('hex'), rec.sha256);
    assert.deepEqual([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)], [2, 8000, 16]);
    const frames = (wav.length - 44) / 4;
    assert.ok(Math.abs(frames / 8000 - rec.duration_s) < 0.01);
    for (const ch of [0, 1]) {
      const mono = Buffer.alloc(44 + frames * 2);
      wav.copy(mono, 0, 0, 44);
      mono.writeUInt16LE(1, 22);
      mono.writeUInt32LE(frames * 2, 40);
      for (let i = 0; i < frames; i++) mono.writeInt16LE(wav.readInt16LE(44 + i * 4 + ch * 2), 44 + i * 2);
      const heard = await transcribe(mono);
      assert.deepEqual(heard.segments.map((s) => s.text.trim()), rec.lines[ch].map((l) => l.text));
      heard.segments.forEach((s, i) => assert.ok(Math.abs(s.start - rec.lines[ch][i].start_s) < 0.01));
    }
    assert.equal((await ledger()).ai[0].recording_sid, rec.sid);
  });

  it('tells the action how it went: busy, no answer, failed, and a caller who hangs up', async () => {
    documents.set('/voice', forward);
    documents.set('/dialled', response('<Say>Nobody is here.</Say>'));
    const results = [];
    for (const answer of ['busy', 'no', 'fail']) {
      await json(`/sim/phones/${AGENT}`, 'PUT', { answer });
      const { status } = await call();
      results.push([answer, at('/dialled').at(-1).params.DialCallStatus, status]);
    }
    assert.deepEqual(results, [['busy', 'busy', 'completed'], ['no', 'no-answer', 'completed'], ['fail', 'failed',
      'completed']]);
    await json(`/sim/phones/${AGENT}`, 'PUT', { answer: 'no' });
    const gone = await call({ caller_hangs_up_after_s: 5 });
    assert.equal(gone.status, 'no-answer');
    assert.equal(at('/leg').at(-1).params.CallStatus, 'canceled');
  });
});

async function transcribe(wav, format = 'verbose_json') {
  const form = new FormData();
  form.set('file', new Blob([wav], { type: 'audio/wav' }), 'a.wav');
  form.set('model', 'whisper-1');
  form.set('response_format', format);
  const res = await fetch(`${base}/v1/audio/transcriptions`, { method: 'POST', body: form,
    headers: { authorization: 'Bearer sk-sim' } });
  return res.json();
}

describe('what is signed', () => {
  it('any name, any query, the URL as it was registered without its fragment and password', async () => {
    const path = '/voice?b=2&a=1%20x&q=~%2f'; // no apostrophe: the SDK itself escapes it (twilio-node#1059)
    documents.set('/voice', response('<Reject/>'));
    for (const url of [PUBLIC + path, `${PUBLIC}${path}#rc=2&rp=all`, `https://anna:p%40ss@crm.example.com${path}`]) {
      await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: url });
      await call({ caller_name: "O'Brien & söhne +1 \u{1f4de} ☎", anonymous: true });
    }
    assert.deepEqual(hooks.map((h) => [h.path, h.valid]), hooks.map(() => [path, true]));
    assert.equal(hooks.length, 3);
    assert.deepEqual([hooks[0].params.From, hooks[0].params.CallerName], ['anonymous',
      "O'Brien & söhne +1 \u{1f4de} ☎"]);
    assert.equal(hooks[2].headers.authorization, `Basic ${btoa('anna:p@ss')}`);
  });
  it('a GET webhook: the URL with its parameters in the query', async () => {
    await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: `${PUBLIC}/voice?x=1`, voice_method: 'GET' });
    documents.set('/voice', response('<Reject/>'));
    await call();
    assert.deepEqual([hooks[0].method, hooks[0].valid], ['GET', true]);
    assert.match(hooks[0].path, /^\/voice\?x=1&AccountSid=AC/);
  });
});

describe('verbs', () => {
  it('Gather takes the keys that are pressed, or goes on', async () => {
    documents.set('/voice',
      response('<Gather action="/picked" numDigits="1"><Say>Press one</Say></Gather><Redirect>/late</Redirect>'));
    documents.set('/picked', response('<Hangup/>'));
    documents.set('/late', response('<Hangup/>'));
    await call({ presses: ['1'] });
    assert.equal(at('/picked')[0].params.Digits, '1');
    await call();
    assert.equal(at('/late').length, 1);
  });
  it('Gather hears speech', async () => {
    documents.set('/voice', response('<Gather action="/picked" input="speech"><Say>Tell me</Say></Gather>'));
    documents.set('/picked', response('<Hangup/>'));
    await call({ says: ['I want to talk to sales'] });
    assert.equal(at('/picked')[0].params.SpeechResult, 'I want to talk to sales');
  });
  it('Record takes a voicemail and reports it after the caller hung up', async () => {
    documents.set('/voice',
      response('<Record action="/left" recordingStatusCallback="/recorded" transcribeCallback="/text"/>'));
    await call({ lines: ['customer: Please call me back.'] });
    assert.deepEqual([at('/left')[0].params.Digits, at('/left')[0].params.CallStatus], ['hangup', 'completed']);
    assert.equal(at('/recorded')[0].params.RecordingSource, 'RecordVerb');
    assert.equal(at('/text')[0].params.TranscriptionText, 'Please call me back.');
  });
  it('Reject answers nobody', async () => {
    documents.set('/voice', response('<Reject reason="busy"/>'));
    assert.equal((await call()).status, 'busy');
  });
  it('a whisper runs on the called leg before it is bridged', async () => {
    documents.set('/voice', response(`<Dial action="/dialled"><Number url="/whisper">${AGENT}</Number></Dial>`));
    documents.set('/whisper',
      response('<Gather action="/accept" numDigits="1"><Say>Press any key</Say></Gather><Hangup/>'));
    documents.set('/accept', response('<Say>Connected</Say>'));
    await json(`/sim/phones/${AGENT}`, 'PUT', { presses: ['5'] });
    await call();
    assert.deepEqual([at('/whisper').length, at('/accept').length, at('/dialled')[0].params.DialBridged], [1, 1,
      'true']);
    await json(`/sim/phones/${AGENT}`, 'PUT', {});
    await call();
    assert.equal(at('/dialled')[1].params.DialBridged, 'false');
  });
});

describe('Dial', () => {
  const OTHER = '+442071838752';
  const legs = async () => (await ledger()).calls.filter((c) => c.parent_call_sid).map((c) => [c.to, c.status]);
  beforeEach(() => documents.set('/dialled', response('<Hangup/>')));
  it('rings all at once: one answers, the others are canceled', async () => {
    documents.set('/voice', response(`<Dial action="/dialled"><Number>${AGENT}</Number><Client>anna</Client></Dial>`));
    await json('/sim/phones/client:anna', 'PUT', { answer: 'yes', after_s: 1 });
    await call();
    assert.deepEqual(await legs(), [[AGENT, 'canceled'], ['client:anna', 'completed']]);
    assert.equal(at('/dialled')[0].params.DialCallStatus, 'completed');
  });
  it('rings one after the other if it is sequential', async () => {
    documents.set('/voice', response(`<Dial action="/dialled" sequential="true" timeout="5"><Number>${AGENT}</Number>
      <Number>${OTHER}</Number></Dial>`));
    await json(`/sim/phones/${AGENT}`, 'PUT', { answer: 'no' });
    await call();
    assert.deepEqual(await legs(), [[AGENT, 'no-answer'], [OTHER, 'completed']]);
  });
  it('shows only a caller id that is ours', async () => {
    documents.set('/voice', response(`<Dial action="/dialled" callerId="+12025550143">${AGENT}</Dial>`));
    await call();
    assert.deepEqual([await legs(), at('/dialled')[0].params.DialCallStatus], [[], 'failed']);
    assert.equal((await ledger()).alerts[0].error_code, '13214');
  });
  it('without an action goes on with the next verb', async () => {
    documents.set('/voice', response(`<Dial timeout="5">${AGENT}</Dial><Redirect>/next</Redirect>`));
    documents.set('/next', response('<Hangup/>'));
    await json(`/sim/phones/${AGENT}`, 'PUT', { answer: 'no' });
    await call();
    assert.equal(at('/next').length, 1);
  });
});

describe('an outbound call', () => {
  const create = (more) => client.calls.create({ to: CALLER, from: OURS, url: `${PUBLIC}/answer`,
    statusCallback: `${PUBLIC}/leg`, ...more });
  it('that is recorded says so at its end and in the recording webhook', async () => {
    documents.set('/answer', response('<Say>This is a message for you.</Say>'));
    const c = await create({ record: true, recordingChannels: 'dual', recordingStatusCallback: `${PUBLIC}/recorded` });
    await idle();
    const [done] = at('/leg');
    assert.match(done.params.RecordingSid, /^RE[0-9a-f]{32}$/);
    assert.deepEqual([at('/recorded')[0].params.CallSid, at('/recorded')[0].params.RecordingSource], [c.sid,
      'OutboundAPI']);
    const { recordings: [rec] } = await ledger();
    assert.deepEqual(rec.lines[1].map((l) => l.text), ['This is a message for you.']);
  });
  it('has the tones of pressed keys in its recording, which are no words', async () => {
    documents.set('/answer', response('<Gather action="/picked" numDigits="2"><Say>Your code?</Say></Gather>'));
    documents.set('/picked', response('<Say>Thank you.</Say>'));
    await json(`/sim/phones/${CALLER}`, 'PUT', { presses: ['42'] });
    await create({ record: true });
    await idle();
    const { recordings: [rec] } = await ledger();
    assert.deepEqual(rec.lines.map((l) => l.map((x) => x.text)), [['[tones 42]'], ['Your code?', 'Thank you.']]);
    const url = `${base}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${rec.sid}.wav`;
    const res = await fetch(url, { headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` } });
    assert.equal((await transcribe(Buffer.from(await res.arrayBuffer()))).text, 'Your code? Thank you.');
    assert.equal(at('/picked')[0].params.Digits, '42');
  });
  it('tells a machine from a human', async () => {
    documents.set('/answer', response('<Hangup/>'));
    await create({ machineDetection: 'Enable' });
    await idle();
    await json(`/sim/phones/${CALLER}`, 'PUT', { answer: 'machine' });
    await create({ machineDetection: 'DetectMessageEnd' });
    await idle();
    await create({ machineDetection: 'Enable', asyncAmd: 'true', asyncAmdStatusCallback: `${PUBLIC}/amd`,
      twiml: response('<Pause length="10"/>'), url: undefined });
    await idle();
    assert.deepEqual(at('/answer').map((h) => h.params.AnsweredBy), ['human', 'machine_end_beep']);
    assert.equal(at('/amd')[0].params.AnsweredBy, 'machine_start');
  });
  it('takes a new document while it runs, and none when it is over', async () => {
    documents.set('/answer', response('<Pause length="600"/>'));
    documents.set('/other', response('<Hangup/>'));
    const c = await create({});
    await until(async () => (await client.calls(c.sid).fetch()).status === 'in-progress');
    await client.calls(c.sid).update({ url: `${PUBLIC}/other`, method: 'GET' });
    await idle();
    assert.deepEqual(at('/other').map((h) => [h.method, h.valid]), [['GET', true]]);
    await assert.rejects(client.calls(c.sid).update({ status: 'completed' }), { code: 21220 });
  });
  it('is canceled while it rings, and has a price some time after its end', async () => {
    await json(`/sim/phones/${CALLER}`, 'PUT', { answer: 'no' });
    const c = await create({ statusCallbackEvent: ['ringing', 'completed'] });
    await until(() => at('/leg').length === 1);
    await client.calls(c.sid).update({ status: 'canceled' });
    await idle();
    assert.deepEqual(at('/leg').map((h) => h.params.CallStatus), ['ringing', 'canceled']);
    await json(`/sim/phones/${CALLER}`, 'PUT', {});
    const paid = await create({ twiml: response('<Say>Hello</Say>'), url: undefined });
    await idle();
    await json('/sim/clock', 'POST', { advance_s: 60 });
    assert.equal((await client.calls(paid.sid).fetch()).price, '-0.01400');
  });
  it('rings until its timeout', async () => {
    await json(`/sim/phones/${CALLER}`, 'PUT', { answer: 'no' });
    await create({ timeout: 7 });
    await idle();
    assert.deepEqual([at('/leg')[0].params.CallStatus, at('/leg')[0].params.SipResponseCode], ['no-answer', '487']);
  });
});

describe('a broken answer', () => {
  const alerts = async () => (await json('/sim/alerts')).alerts.map((a) => a.error_code);
  it('goes to the fallback URL with the reason', async () => {
    await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: `${PUBLIC}/voice`,
      voice_fallback_url: `${PUBLIC}/fallback` });
    documents.set('/voice', (_, r) => { r.writeHead(500).end(); return null; });
    documents.set('/fallback', response('<Hangup/>'));
    await call();
    assert.deepEqual([at('/fallback')[0].params.ErrorCode, at('/fallback')[0].params.ErrorUrl], ['11200',
      `${PUBLIC}/voice`]);
  });
  it('that is no XML is 12100, of a wrong type 12300', async () => {
    documents.set('/voice', '<Response><Say>');
    assert.equal((await call()).status, 'completed');
    documents.set('/voice', (_, r) => { r.writeHead(200,
      { 'content-type': 'application/json' }).end('{}'); return null; });
    await call();
    assert.deepEqual(await alerts(), ['12100', '12300']);
  });
  it('is not asked for again unless the fragment says so', async () => {
    documents.set('/voice', (_, r) => { r.writeHead(500).end(); return null; });
    await call();
    assert.equal(at('/voice').length, 1);
    await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: `${PUBLIC}/voice#rc=3&rp=5xx` });
    await call();
    assert.equal(at('/voice').length, 1 + 4);
    assert.equal(new Set(at('/voice').slice(1).map((h) => h.headers['i-twilio-idempotency-token'])).size, 1);
    assert.ok(at('/voice').every((h) => h.valid));
  });
  it('outside loopback is never asked for', async () => {
    await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: 'https://other.example.org/voice' });
    assert.equal((await call()).status, 'completed');
    assert.deepEqual(await alerts(), ['11205']);
  });
});

describe('time', () => {
  it('a slow answer is cut by the read timeout of the fragment, and asked for again if it says so', async () => {
    await json('/sim/numbers', 'POST', { phone_number: OURS, voice_url: `${PUBLIC}/voice#rt=200&ct=100&rc=1&rp=rt` });
    documents.set('/voice', (_, r) => { setTimeout(() => r.destroy(), 1500).unref(); return null; });
    await call();
    const { webhooks: [w], alerts } = await ledger();
    assert.deepEqual([w.attempts.length, alerts.map((a) => a.error_code)], [2, ['11205']]);
    assert.ok(w.attempts.every((t) => t.status === 0 && t.ms < 1000), JSON.stringify(w.attempts));
  });
  it('a redirect is followed with GET, signed for where it goes, without what was posted', async () => {
    documents.set('/voice', (_, r) => { r.writeHead(302, { location: `${PUBLIC}/moved` }).end(); return null; });
    documents.set('/moved', response('<Reject/>'));
    assert.equal((await call()).status, 'no-answer');
    const [moved] = at('/moved');
    assert.deepEqual([moved.method, moved.valid, Object.keys(moved.params).length], ['GET', true, 0]);
  });
  it('is the same for the same seed', async () => {
    documents.set('/voice', forward);
    documents.set('/dialled', response('<Say>Bye</Say>'));
    const runs = [];
    for (let i = 0; i < 2; i++) {
      await json('/sim/reset', 'POST');
      await call();
      await call({ caller_hangs_up_after_s: 4 });
      const l = await ledger();
      runs.push({ calls: l.calls.map((c) => [c.sid, c.from, c.to, c.status, c.duration_ms]),
        recordings: l.recordings.map((r) => [r.sid, r.sha256, r.duration_s, r.lines]),
        webhooks: l.webhooks.map((w) => [w.kind, w.call_sid, w.idempotency_token]) });
    }
    assert.deepEqual(runs[0], runs[1]);
  });
  it('runs with the clock: skew moves the dates that Twilio sends', async () => {
    documents.set('/voice', response('<Reject/>'));
    await json('/sim/clock', 'POST', { skew_s: -3600 });
    await call();
    const late = Date.now() - Date.parse(at('/ended')[0].params.Timestamp);
    assert.ok(late > 3500e3 && late < 3700e3, `${late} ms behind`);
  });
});

describe('the REST API', () => {
  it('makes a call, lists it, pages, ends it and deletes it', async () => {
    documents.set('/answer', response('<Pause length="600"/>'));
    const made = await client.calls.create({ to: CALLER, from: OURS, url: `${PUBLIC}/answer`,
      statusCallback: `${PUBLIC}/leg`,
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] });
    assert.deepEqual([made.status, made.direction], ['queued', 'outbound-api']);
    await until(async () => (await client.calls(made.sid).fetch()).status === 'in-progress');
    await client.calls(made.sid).update({ status: 'completed' });
    await idle();
    assert.deepEqual(at('/leg').map((h) => h.params.CallStatus), ['initiated', 'ringing', 'in-progress', 'completed']);
    for (let i = 0; i < 4; i++) await client.calls.create({ to: CALLER, from: OURS, twiml: response('<Hangup/>') });
    await idle();
    assert.equal((await client.calls.list({ to: CALLER, pageSize: 2 })).length, 5);
    assert.equal((await client.calls.list({ status: 'busy' })).length, 0);
    await client.calls(made.sid).remove();
    await assert.rejects(client.calls(made.sid).fetch(), { code: 20404, status: 404 });
  });
  it('refuses as Twilio refuses', async () => {
    const refused = (fields, code) => assert.rejects(client.calls.create({ to: CALLER, from: OURS, url: `${PUBLIC}/a`,
      ...fields }), { code });
    await refused({ to: '12' }, 21211);
    await refused({ from: '+442071838759' }, 21210);
    await refused({ url: 'nonsense' }, 21205);
    await refused({ timeout: 601 }, 20001);
    await assert.rejects(twilio(ACCOUNT, 'wrong', { httpClient: client.httpClient }).calls.list(), { code: 20003,
      status: 401 });
    const res = await fetch(`${base}/2010-04-01/Accounts/${ACCOUNT}/Calls.json`, { method: 'POST',
      body: new URLSearchParams({ Tto: 'x' }),
      headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` } });
    assert.deepEqual([res.status, (await res.json()).code], [400, 20001]);
  });
  it('takes events only as repeated parameters', async () => {
    documents.set('/answer', response('<Hangup/>'));
    await client.calls.create({ to: CALLER, from: OURS, url: `${PUBLIC}/answer`, statusCallback: `${PUBLIC}/leg`,
      statusCallbackEvent: ['initiated ringing answered completed'] });
    await idle();
    assert.deepEqual(at('/leg').map((h) => h.params.CallStatus), ['completed']);
  });
  it('sells numbers, changes them and takes them back', async () => {
    const found = await client.availablePhoneNumbers('GB').local.list({ contains: '+4420', limit: 3 });
    assert.equal(found.length, 3);
    assert.ok(found.every((n) => n.phoneNumber.startsWith('+4420')));
    const n = await client.incomingPhoneNumbers.create({ phoneNumber: found[0].phoneNumber,
      voiceUrl: `${PUBLIC}/voice` });
    await client.incomingPhoneNumbers(n.sid).update({ friendlyName: 'Front desk' });
    assert.equal((await client.incomingPhoneNumbers.list({ phoneNumber: n.phoneNumber }))[0].friendlyName,
      'Front desk');
    await assert.rejects(client.incomingPhoneNumbers.create({ phoneNumber: n.phoneNumber }), { code: 21422 });
    await client.incomingPhoneNumbers(n.sid).remove();
    await assert.rejects(client.incomingPhoneNumbers(n.sid).fetch(), { code: 20404 });
  });
  it('starts, pauses and stops a recording of a live call', async () => {
    documents.set('/answer', response('<Pause length="600"/>'));
    const c = await client.calls.create({ to: CALLER, from: OURS, url: `${PUBLIC}/answer` });
    await until(async () => (await client.calls(c.sid).fetch()).status === 'in-progress');
    const rec = await client.calls(c.sid).recordings.create({ recordingStatusCallback: `${PUBLIC}/recorded` });
    const before = (await state()).now_ms;
    await until(async () => (await state()).now_ms > before + 2000);
    assert.equal((await client.calls(c.sid).recordings(rec.sid).update({ status: 'paused' })).status, 'paused');
    await client.calls(c.sid).recordings('Twilio.CURRENT').update({ status: 'stopped' });
    await client.calls(c.sid).update({ status: 'completed' });
    await idle();
    assert.deepEqual(at('/recorded').map((h) => h.params.RecordingStatus), ['completed']);
    assert.ok(Number(at('/recorded')[0].params.RecordingDuration) >= 2);
    await client.recordings(rec.sid).remove();
    await assert.rejects(client.recordings(rec.sid).fetch(), { code: 20404 });
  });
});

describe('conferences', () => {
  const join = (more = '') =>
    response(`<Dial action="/left"><Conference statusCallback="/room"
    statusCallbackEvent="start end join leave mute hold" record="record-from-start" recordingStatusCallback="/recorded"
    ${more}>desk</Conference></Dial>`);
  it('start with two, record, report, and end', async () => {
    documents.set('/voice', join('waitUrl="/music"'));
    documents.set('/agent', join('participantLabel="agent-7" endConferenceOnExit="true"'));
    documents.set('/music', response('<Pause length="20"/>'));
    documents.set('/left', response('<Hangup/>'));
    await json('/sim/calls', 'POST', { from: CALLER, to: OURS });
    await until(() => at('/room').length === 1);
    await client.calls.create({ to: AGENT, from: OURS, url: `${PUBLIC}/agent` });
    await until(async () => (await client.conferences.list({ friendlyName: 'desk' }))[0]?.status === 'in-progress');
    const [room] = await client.conferences.list();
    const members = await client.conferences(room.sid).participants.list();
    assert.deepEqual(members.map((m) => m.label), [null, 'agent-7']);
    await client.conferences(room.sid).participants('agent-7').update({ muted: true });
    await idle();
    assert.deepEqual(at('/room').map((h) => h.params.StatusCallbackEvent), ['participant-join', 'participant-join',
      'conference-start',
      'participant-mute', 'participant-leave', 'participant-leave', 'conference-end']);
    assert.deepEqual(at('/room').map((h) => Number(h.params.SequenceNumber)), [1, 2, 3, 4, 5, 6, 7]);
    assert.equal(at('/recorded')[0].params.ConferenceSid, room.sid);
    assert.equal(at('/left')[0].params.DialCallStatus, 'answered');
    assert.ok(at('/music').length >= 1);
    assert.deepEqual(hooks.filter((h) => !h.valid), []);
  });
});

describe('queues', () => {
  beforeEach(() => {
    documents.set('/voice', response('<Enqueue action="/queued" waitUrl="/wait">support</Enqueue>'));
    documents.set('/wait', response('<Say>Please hold</Say><Pause length="10"/>'));
    documents.set('/queued', response('<Hangup/>'));
  });
  it('keep a caller until an agent takes him', async () => {
    await json('/sim/calls', 'POST', { from: CALLER, to: OURS });
    await until(() => at('/wait').length >= 2);
    assert.equal(at('/wait')[0].params.QueuePosition, '1');
    const [queue] = await client.queues.list();
    assert.deepEqual([queue.friendlyName, queue.currentSize], ['support', 1]);
    documents.set('/agent', response('<Dial action="/dialled"><Queue url="/whisper">support</Queue></Dial>'));
    documents.set('/whisper', response('<Say>An agent comes</Say>'));
    documents.set('/dialled', response('<Hangup/>'));
    const agent = await client.calls.create({ to: AGENT, from: OURS, url: `${PUBLIC}/agent` });
    await idle();
    assert.equal(at('/queued')[0].params.QueueResult, 'bridged');
    assert.equal(at('/whisper')[0].params.DequeingCallSid, agent.sid);
    assert.equal(at('/dialled')[0].params.DialBridged, 'true');
  });
  it('tell why a caller left: he hung up, the document said so, there was no room, he was redirected', async () => {
    await call({ caller_hangs_up_after_s: 20 });
    documents.set('/wait', response('<Leave/>'));
    await call();
    documents.set('/voice', response('<Enqueue action="/queued" maxQueueSize="0">support</Enqueue>'));
    await call();
    documents.set('/voice', response('<Enqueue action="/queued">support</Enqueue>'));
    documents.set('/taken', response('<Hangup/>'));
    await json('/sim/calls', 'POST', { from: CALLER, to: OURS });
    const queue = await until(async () => (await client.queues.list({})).find((q) => q.currentSize === 1));
    await client.queues(queue.sid).members('Front').update({ url: `${PUBLIC}/taken` });
    await idle();
    assert.deepEqual(at('/queued').map((h) => h.params.QueueResult), ['hangup', 'leave', 'queue-full', 'redirected']);
  });
});

describe('messages and applications', () => {
  it('a message we send is reported until it is delivered', async () => {
    const m = await client.messages.create({ to: CALLER, from: OURS, body: 'Hello', statusCallback: `${PUBLIC}/sms` });
    await idle();
    assert.deepEqual(at('/sms').map((h) => h.params.MessageStatus).sort(), ['delivered', 'queued', 'sent']);
    assert.equal((await client.messages(m.sid).fetch()).status, 'delivered');
    assert.deepEqual(hooks.filter((h) => !h.valid), []);
  });
  it('a message that comes in is answered with what the document says', async () => {
    await json('/sim/numbers', 'POST', { phone_number: OURS, sms_url: `${PUBLIC}/text` });
    documents.set('/text', response('<Message>Thank you</Message>'));
    await json('/sim/messages', 'POST', { from: CALLER, to: OURS, body: 'Call me \u{1f600}' });
    await idle();
    assert.equal(at('/text')[0].params.Body, 'Call me \u{1f600}');
    assert.deepEqual((await client.messages.list({ to: CALLER })).map((m) => [m.body, m.direction]), [['Thank you',
      'outbound-reply']]);
  });
  it('a browser calls through its application', async () => {
    const app_ = await client.applications.create({ friendlyName: 'crm', voiceUrl: `${PUBLIC}/browser` });
    documents.set('/browser', response(`<Dial callerId="${OURS}">${CALLER}</Dial>`));
    const done = await call({ from: 'client:user_7', to: CALLER, application_sid: app_.sid, params: { leadId: '9' } });
    assert.equal(done.status, 'completed');
    const { params } = at('/browser')[0];
    assert.deepEqual([params.From, params.To, params.ApplicationSid, params.leadId], ['client:user_7', CALLER,
      app_.sid, '9']);
    const child_ = (await ledger()).calls.find((c) => c.parent_call_sid === done.sid);
    assert.deepEqual([child_.from, child_.role, done.role], [OURS, 'customer', 'agent']);
  });
});

describe('faults', () => {
  const create = () => client.calls.create({ to: CALLER, from: OURS, twiml: response('<Hangup/>'),
    statusCallback: `${PUBLIC}/leg` });
  const fault = (f) => json('/sim/faults', 'POST', f);
  it('cut the reply of a create, though the call is made', async () => {
    for (const at_byte of [0, 20, 200]) {
      await fault({ fault: 'create_cut', at_byte });
      await assert.rejects(create());
    }
    await idle();
    const { dials, calls } = await ledger();
    assert.deepEqual(dials.map((d) => d.cut_at), [0, 20, 200]);
    assert.equal(calls.length, 3);
  });
  it('answer 429 and 5xx to a create, and no call is made', async () => {
    await fault([{ fault: 'create_status', status: 429, retry_after: 2 }, { fault: 'create_status', status: 503 }]);
    await assert.rejects(create(), { status: 429, code: 20429 });
    await assert.rejects(create(), { status: 503 });
    assert.equal((await ledger()).calls.length, 0);
  });
  it('duplicate, drop, forge, reorder webhooks and sign them with an old token', async () => {
    const made = async (name) => {
      hooks.length = 0;
      await fault({ fault: name, kind: 'status' });
      await client.calls.create({ to: CALLER, from: OURS, twiml: response('<Hangup/>'), statusCallback: `${PUBLIC}/leg`,
        statusCallbackEvent: ['ringing', 'completed'] });
      await idle();
      return at('/leg').map((h) => [h.params.CallStatus, h.valid]);
    };
    assert.deepEqual(await made('duplicate'), [['ringing', true], ['ringing', true], ['completed', true]]);
    assert.deepEqual(await made('drop'), [['completed', true]]);
    assert.deepEqual((await made('forge')).filter(([, valid]) => !valid), [['ringing', false]]);
    assert.deepEqual(await made('reorder'), [['completed', true], ['ringing', true]]);
    assert.deepEqual(await made('stale_token'), [['ringing', false], ['completed', true]]);
  });
  it('break the media and the model', async () => {
    documents.set('/voice', forward);
    await call();
    const { recordings: [{ sid }] } = await ledger();
    const url = `${base}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${sid}.wav`;
    const get = () => fetch(url, { headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` } });
    await fault([{ fault: 'recording_404' }, { fault: 'media_xml_error' }, { fault: 'media_truncated' }]);
    assert.equal((await get()).status, 404);
    assert.match(await (await get()).text(), /RestException/);
    await assert.rejects(async () => (await get()).arrayBuffer());
    assert.equal((await get()).headers.get('content-type'), 'audio/x-wav');
    await fault({ fault: 'ai_status', status: 429, code: 'insufficient_quota' });
    assert.equal((await transcribe(Buffer.alloc(44))).error.code, 'insufficient_quota');
  });
});

describe('the model', () => {
  it('fills a schema and quotes the transcript word by word', async () => {
    const schema = { type: 'object', properties: { label: { enum: ['positive', 'neutral', 'negative'] },
      score: { type: 'number', minimum: -1, maximum: 1 }, action_items: { type: 'array', items: { type: 'object',
        properties: { quote: { type: 'string' }, owner: { enum: ['agent', 'customer'] } } } } } };
    const res = await fetch(`${base}/v1/chat/completions`, { method: 'POST',
      headers: { authorization: 'Bearer sk-sim' },
      body: JSON.stringify({ model: 'm', response_format: { type: 'json_schema', json_schema: { name: 'a', schema } },
        messages: [{ role: 'user',
          content: 'agent: Great to hear. I will send the quote.\ncustomer: Thank you.' }] }) });
    const { choices: [{ message }], usage } = await res.json();
    assert.deepEqual(JSON.parse(message.content), { label: 'positive', score: 1,
      action_items: [{ quote: 'I will send the quote.', owner: 'agent' }] });
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  });
});

describe('scenarios and storms', () => {
  const sub = async (...args) => {
    const c = child(dir, `sub-${args[0]}`, [program('switchhook-sim'), ...args, '--sim', base]);
    return [await c.ended, c.log()];
  };
  it('a file says who calls whom and what must come out of it', async () => {
    documents.set('/voice', forward);
    documents.set('/dialled', response('<Hangup/>'));
    const file = join(dir, 'busy.scenario');
    writeFileSync(file, [`# the agent is busy`, `phone ${AGENT} answer=busy`,
      `call ${CALLER} ${OURS} caller_name=Anna`, '  customer: Hello?', 'wait',
      'expect calls 1 status=busy', 'expect webhooks kind=dial_status DialCallStatus=busy', 'expect alerts 0',
        ''].join('\n'));
    const [code, out] = await sub('play', file);
    assert.deepEqual([code, out.match(/^ok/gm)?.length], [0, 3], out);
    writeFileSync(file, `call ${CALLER} ${OURS}\nwait\nexpect calls 1 status=failed\n`);
    const [bad, why] = await sub('play', file);
    assert.deepEqual([bad, /^not ok/m.test(why)], [1, true], why);
  });
  it('a storm ends with a summary of what our server did', async () => {
    documents.set('/voice', forward);
    documents.set('/dialled', response('<Hangup/>'));
    const [code, out] = await sub('storm', '--to', OURS, '--calls', '50', '--rate', '100');
    assert.equal(code, 0, out);
    const { webhooks } = await ledger();
    assert.ok(webhooks.length >= 50 * 4 && webhooks.every((w) => w.attempts.at(-1).status < 300));
    assert.match(out, /^lost +0$/m);
  });
});
