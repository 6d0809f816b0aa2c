// What nobody should send: other methods, other paths, bodies that are broken, huge, or not what they say. Never a 5xx.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { form, inbound, PUBLIC_URL, Rig, TOKEN } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const hooks = routes.filter((r) => r.auth === 'TWILIO');
const answer = '/api/twilio/voice/answer';
const status = '/api/twilio/voice/status';
const concrete = (path) => path.replace(/:\w+/g, '01890000-0000-7000-8000-000000000001');

// Signs the bytes of a form as Twilio would: what stands between & and =, decoded, byte by byte.
function signBytes(path, body) {
  const decode = (s) =>
    Buffer.from(
      s.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, h) => String.fromCharCode(parseInt(h, 16))),
      'latin1',
    );
  const pairs = body
    .split('&')
    .filter(Boolean)
    .map((f) => (f.includes('=') ? [f.slice(0, f.indexOf('=')), f.slice(f.indexOf('=') + 1)] : [f, '']).map(decode));
  pairs.sort((a, b) => Buffer.compare(a[0], b[0]) || Buffer.compare(a[1], b[1]));
  const distinct = pairs.filter(
    (p, i) => i === 0 || Buffer.compare(p[0], pairs[i - 1][0]) || Buffer.compare(p[1], pairs[i - 1][1]),
  );
  return createHmac('sha1', TOKEN)
    .update(Buffer.concat([Buffer.from(PUBLIC_URL + path), ...distinct.flat()]))
    .digest('base64');
}

describe('another method', () => {
  let rig;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());

  it('on a webhook of Twilio is 405 with Allow and one line of JSON that explains', async () => {
    const posts = hooks.filter((r) => r.method === 'POST').map((r) => r.path);
    const gets = new Set(hooks.filter((r) => r.method === 'GET').map((r) => r.path));
    assert.ok(posts.length > 10);
    for (const path of posts.filter((p) => !gets.has(p))) {
      const res = await rig.http('GET', concrete(path));
      assert.equal(res.status, 405, path);
      assert.equal(res.headers.allow, 'POST');
      assert.match(res.headers['content-type'], /^application\/json/);
      assert.equal(res.text.trim().split('\n').length, 1);
      const error = res.json();
      assert.equal(error.success, false);
      assert.equal(error.code, 'method_not_allowed');
      assert.ok(error.error.length > 10 && error.cure.length > 10, res.text);
    }
  });

  it('on any route is 405, whoever asks', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const res = await rig.http(method, answer, { headers: { 'content-length': '0' } });
      assert.equal(res.status, 405, method);
      assert.match(res.headers.allow, /POST/);
    }
    assert.equal((await rig.api('GET', '/api/calls/initiate')).status, 405);
  });

  it('HEAD never carries a body', async () => {
    const res = await rig.http('HEAD', status);
    assert.equal(res.status, 405);
    assert.equal(res.text, '');
  });
});

describe('another path', () => {
  let rig;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());

  it('is 404 in JSON that names a cure', async () => {
    for (const path of [
      `${answer}/`,
      '/api/twilio/voice',
      '/api/twilio/nothing',
      '/api/calling/anything',
      '/api/webhooks/twilio/nothing',
      '/api/webhooks/twilio/voice/',
      '/api',
      '/nothing',
    ]) {
      const res = await rig.http('POST', path, {
        body: 'a=b',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      assert.equal(res.status, 404, path);
      assert.match(res.headers['content-type'], /json/, path);
    }
    const slash = (await rig.http('POST', `${answer}/`, { body: '' })).json();
    assert.ok(slash.cure?.includes(answer), 'the right path is named');
  });

  it('that only looks like ours is none of ours', async () => {
    for (const path of [
      '/api//twilio/voice/answer',
      '/api/twilio/voice/../voice/answer',
      '/api/twilio/voice/%61nswer',
      '/API/twilio/voice/answer',
    ]) {
      const res = await rig.webhook(path, inbound('odd path').answer);
      assert.equal(res.status, 404, path);
    }
  });
});

describe('a body', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 1, auth: 0 } });
  });
  after(() => rig.stop());
  const base = (key) => form(inbound(key).answer);
  const send = (path, body, more = {}) =>
    rig.webhook(
      path,
      {},
      { body, signature: signBytes(path, typeof body === 'string' ? body : body.toString('latin1')), ...more },
    );
  const kept = (key) =>
    Number(
      rig.sql(`select count(*) from webhook_events where convert_from(raw, 'LATIN1') like '%${inbound(key).sid}%'`),
    );

  const odd = {
    'a NUL in a value': '&CallerName=a%00b',
    'a NUL in a name': '&Caller%00Name=a',
    'bytes that are not UTF-8': '&CallerName=M%FCller&Odd=%C0%80%ED%A0%80',
    'a broken escape': '&CallerName=%zz',
    'half an escape': '&CallerName=%4',
    'an unknown status': '&CallStatus=exploded',
    '250 fields': `&${Array.from({ length: 250 }, (_, i) => `F${i}=x`).join('&')}`,
    '10,000 fields': `&${'a&'.repeat(10000)}`,
    'a doubled CallSid': `&CallSid=CA${'f'.repeat(32)}`,
    'a value of 60,000 bytes': `&Long=${'x'.repeat(60000)}`,
    'a name of 60,000 bytes': `&${'x'.repeat(60000)}=1`,
    'control bytes in the caller': '&CallerName=%01%02%1b[31m',
    'XML in the caller': '&CallerName=</Say><Hangup/>',
  };
  for (const [name, more] of Object.entries(odd)) {
    it(`with ${name} is answered or refused, never a 5xx`, async () => {
      for (const path of [answer, status]) {
        const res = await send(path, base(name) + more);
        assert.ok(res.status < 500, `${path}: ${res.status} ${res.text}`);
        if (res.status < 300) assert.ok(kept(name) > 0, 'what is answered is kept');
      }
    });
  }

  it('with a valid signature and a malformed SID is answered and kept, without a call', async () => {
    const fields = { ...inbound('test123').answer, CallSid: 'test123' };
    const res = await rig.webhook(answer, fields);
    assert.equal(res.status, 200);
    assert.equal(rig.sql("select count(*) from calls where twilio_call_sid = 'test123'"), '0');
    assert.equal(
      rig.sql(
        `select count(*) from webhook_events
          where event_type = 'malformed' and convert_from(raw, 'UTF8') like '%test123%'`,
      ),
      '1',
    );
  });

  it('of 64 KiB and one byte is 413', async () => {
    const res = await send(status, `${base('big')}&Long=${'x'.repeat(65536)}`);
    assert.equal(res.status, 413);
    assert.equal(res.json().code, 'too_large');
  });

  it('of another type is refused', async () => {
    for (const type of ['multipart/form-data; boundary=x', 'text/plain', 'application/xml', '']) {
      const res = await send(status, base('type'), { headers: { 'content-type': type } });
      assert.ok(res.status >= 400 && res.status < 500, `${type}: ${res.status}`);
    }
  });

  it('that is empty is refused', async () => {
    const res = await send(answer, '');
    assert.ok(res.status >= 400 && res.status < 500, `${res.status}`);
  });

  it('of an answer that says XML comes back as text', async () => {
    rig.sql("update numbers set greeting = E'\\x01</Say><Hangup/> & \"' where e164 = '+442079460958'");
    const { text } = await rig.webhook(answer, inbound('escape').answer);
    assert.doesNotMatch(text, /\x01|<Hangup/);
    assert.match(text, /&lt;\/Say&gt;&lt;Hangup\/&gt; &amp;/);
  });

  // What nginx sees and passes on when a client breaks off: nothing may be stored, nobody may hang.
  it('that is shorter than it says is never taken for whole', async () => {
    const body = base('cut short');
    const before = rig.sql('select count(*) from webhook_events');
    const head =
      `POST ${status} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `X-Twilio-Signature: ${signBytes(status, body)}\r\nContent-Length: ${body.length + 10}\r\n\r\n`;
    await new Promise((done) => {
      const s = connect(rig.port, '127.0.0.1', () => s.end(head + body));
      s.on('close', done).on('error', done).resume();
    });
    const calm = await rig.webhook(status, inbound('after the cut').completed);
    assert.ok(calm.status < 300);
    assert.equal(rig.sql('select count(*) from webhook_events'), String(Number(before) + 1));
  });

  it('of JSON to the API is read strictly', async () => {
    const post = (body) =>
      rig.http('POST', '/api/calls/initiate', {
        body,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${rig.tenant.key}` },
      });
    for (const bad of [
      '',
      '{',
      '{"to":"+442079460123"',
      '{"to":1}',
      '{"to":"+442079460123","to":"+442079460124"}',
      '{"to":"\\u0000"}',
      '[]',
      'null',
      '{"to":"\xff"}',
      `${'['.repeat(2000)}`,
      '{"to":"+442079460123"}x',
      '{"to":"not a number"}',
    ]) {
      const res = await post(bad);
      assert.ok(res.status >= 400 && res.status < 500, `${bad.slice(0, 30)}: ${res.status}`);
      assert.equal(res.json().success, false);
    }
    assert.equal(rig.sql('select count(*) from call_intents'), '0', 'and nothing was dialled');
    assert.equal((await post(JSON.stringify({ to: '+442079460123', x: 'x'.repeat(300000) }))).status, 413);
  });
});
