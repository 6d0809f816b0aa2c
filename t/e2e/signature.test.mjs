// Who may speak as Twilio: every webhook route against every kind of wrong signature, and the right ones that look odd.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { inbound, PUBLIC_URL, Rig, sign } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const old = 'fedcba9876543210fedcba9876543210';
const hooks = routes.filter((r) => r.auth === 'TWILIO');

describe('signatures', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());
  const events = () =>
    rig.sql(
      'select (select count(*) from webhook_events) + (select count(*) from calls) + (select count(*) from call_legs)',
    );
  const fields = (key) => ({
    ...inbound(key).answer,
    DialCallStatus: 'completed',
    RecordingSid: inbound(key).recordingSid,
    RecordingStatus: 'completed',
  });

  it('are asked for on every route of the guides', () => {
    const paths = new Set(hooks.map((r) => r.path));
    for (const path of [
      '/api/twilio/voice/answer',
      '/api/twilio/voice/status',
      '/api/twilio/voice/recording',
      '/api/twilio/voice/dial',
      '/api/webhooks/twilio/voice',
      '/api/webhooks/twilio/status',
      '/api/webhooks/twilio/recording',
      '/api/twilio/webhook',
      '/api/twilio/recording-status',
      '/api/twilio/twiml',
      '/api/twilio/status',
    ])
      assert.ok(paths.has(path), path);
  });

  for (const { method, path } of hooks) {
    const url = path.replace(/:\w+/, '01890000-0000-7000-8000-000000000001');
    it(`${method} ${path}: none, forged, stale, another's, for another path or body: 403,
      nothing written; the right one passes`, async () => {
      const body = fields(url);
      const before = events();
      const wrong = {
        none: null,
        empty: '',
        forged: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
        stale: sign(url, body, { token: old }),
        'of another path': sign(`${url}x`, body),
        'of another host': sign(url, body, { base: 'https://evil.example' }),
        'over http': sign(url, body, { base: PUBLIC_URL.replace('https', 'http') }),
        'of another body': sign(url, { ...body, From: '+15005550006' }),
        longer: `${sign(url, body)}=`,
        'in hex': Buffer.from(sign(url, body), 'base64').toString('hex'),
      };
      for (const [name, signature] of Object.entries(wrong)) {
        const res = await rig.webhook(url, body, { method, signature });
        assert.equal(res.status, 403, name);
        const error = res.json();
        assert.equal(error.success, false);
        assert.equal(error.error, 'Invalid signature');
        assert.equal(error.code, 'invalid_signature');
        assert.doesNotMatch(res.text, /<Response/);
      }
      assert.equal(events(), before, 'nothing was written');
      assert.ok((await rig.webhook(url, body, { method })).status < 300, 'the right one');
    });
  }

  it('never believe Host or what a client says about forwarding', async () => {
    const body = fields('host');
    const path = '/api/twilio/voice/answer';
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example',
    };
    assert.equal(
      (await rig.webhook(path, body, { headers, signature: sign(path, body, { base: 'https://evil.example' }) }))
        .status,
      403,
    );
    assert.equal((await rig.webhook(path, body, { headers })).status, 200, 'and they do no harm');
  });

  it('are over the raw path and query', async () => {
    const body = fields('query');
    for (const path of [
      '/api/twilio/voice/answer?',
      '/api/twilio/voice/answer?a=%2f&b=%2F+%20',
      "/api/twilio/voice/answer?city=Sull'Adda",
    ]) {
      const string =
        PUBLIC_URL +
        path +
        Object.keys(body)
          .sort()
          .map((k) => k + body[k])
          .join('');
      const signature = createHmac('sha1', '12345678901234567890123456789012').update(string).digest('base64');
      assert.equal((await rig.webhook(path, body, { signature })).status, 200, path);
    }
  });

  it('may have been made with the port of https', async () => {
    const body = fields('port');
    const path = '/api/twilio/voice/status';
    assert.ok(
      (
        await rig.webhook(
          path,
          { ...body, CallStatus: 'completed' },
          { signature: sign(path, { ...body, CallStatus: 'completed' }, { base: `${PUBLIC_URL}:443` }) },
        )
      ).status < 300,
    );
  });

  it('of a doubled header are refused', async () => {
    const body = fields('doubled');
    const path = '/api/twilio/voice/answer';
    const res = await rig.webhook(path, body, {
      headers: { 'x-twilio-signature': [sign(path, body), 'x'] },
      signature: null,
    });
    assert.ok([400, 403].includes(res.status), `${res.status}`);
  });

  it("of JSON are over the body's digest", async () => {
    const path = '/api/twilio/voice/status';
    const res = await rig.webhook(
      path,
      {},
      { body: '{"CallSid":"CA1"}', signature: sign(path, {}), headers: { 'content-type': 'application/json' } },
    );
    assert.ok(res.status >= 400 && res.status < 500, 'a JSON body without bodySHA256 is covered by nothing');
  });

  it('made with the secondary token pass while a token is rotated', async () => {
    const next = 'abcdefabcdefabcdefabcdefabcdefab';
    const path = '/api/twilio/voice/answer';
    assert.equal((await rig.webhook(path, fields('rotate 1'), { token: next })).status, 403);
    rig.rotateToken(rig.tenant, next);
    await rig.until(async () => (await rig.webhook(path, fields('rotate 2'), { token: next })).status === 200);
    assert.equal((await rig.webhook(path, fields('rotate 3'))).status, 200, 'the primary still does');
  });
});
