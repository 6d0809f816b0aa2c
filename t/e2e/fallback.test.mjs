// With every worker gone nginx still answers a caller; events stay undelivered, so that Twilio sends them again.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig, until } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

describe('without workers', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 1, auth: 0 } });
    assert.equal(await rig.stopPool('hooks'), 0);
  });
  after(() => rig.stop());
  const concrete = (path) => path.replace(/:\w+/g, '01890000-0000-7000-8000-000000000001');
  const hooks = routes.filter((r) => r.auth === 'TWILIO');
  const waits = (r) => ['ANSWER', 'BROWSER'].includes(r.kind);
  const connects = (r) => ['CALLEE', 'CALLEE_CONSENT'].includes(r.kind);

  it('every route on which a caller waits gives static TwiML, which records nothing', async () => {
    const paths = hooks.filter(waits);
    assert.ok(paths.length >= 5);
    for (const { method, path } of paths) {
      const res = await rig.webhook(concrete(path), inbound('gone').answer, { method });
      assert.equal(res.status, 200, path);
      assert.match(res.headers['content-type'], /^text\/xml/);
      assert.match(res.text, /^<\?xml[^>]*><Response><Say>[^<]+<\/Say><Hangup\/><\/Response>$/);
      assert.equal(res.headers['set-cookie'], undefined);
      assert.doesNotMatch(res.text, /record/i);
    }
  });

  it('a phone that was picked up is connected, unrecorded', async () => {
    const paths = hooks.filter(connects);
    assert.equal(paths.length, 2);
    for (const { path } of paths) {
      const res = await rig.webhook(concrete(path), inbound('gone').initiated);
      assert.deepEqual([res.status, res.text], [200, '<?xml version="1.0" encoding="UTF-8"?><Response/>'], path);
    }
  });

  it('every other webhook fails, so that Twilio tries again', async () => {
    const paths = hooks.filter((r) => !waits(r) && !connects(r));
    assert.ok(paths.length >= 5);
    for (const { path } of paths) {
      const res = await rig.webhook(concrete(path), inbound('gone').completed);
      assert.ok([502, 503, 504].includes(res.status), `${path}: ${res.status}`);
      assert.match(res.headers['content-type'], /json/);
    }
  });

  it('the API lives on', async () => {
    assert.equal((await rig.http('GET', '/api/health')).status, 200);
  });

  it('a pool that comes back is used at once', async () => {
    await rig.startPool('hooks', 2);
    const res = await until(async () => {
      const r = await rig.webhook('/api/twilio/voice/answer', inbound('back').answer);
      return /<Dial/.test(r.text) && r;
    });
    assert.equal(res.status, 200);
  });
});

describe('without a database', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 1, auth: 0 } });
  });
  after(() => rig.stop());

  it('callers hear TwiML and events go to the spool, within the time Twilio waits', async () => {
    assert.equal((await rig.webhook('/api/twilio/voice/answer', inbound('before').answer)).status, 200);
    await rig.pg.stop();
    const began = Date.now();
    const [answer, event] = await Promise.all([
      rig.webhook('/api/twilio/voice/answer', inbound('dark').answer),
      rig.webhook('/api/twilio/voice/status', inbound('before').completed),
    ]);
    assert.ok(Date.now() - began < 8000);
    assert.equal(answer.status, 200);
    assert.match(answer.text, /<Response>/);
    const spooled = rig.spool().includes(inbound('before').sid);
    assert.ok(event.status < 300 ? spooled : event.status === 503, `${event.status}, on disk ${spooled}`);
    const api = await rig.api('GET', `/api/twilio/recording/CA${'a'.repeat(32)}`);
    assert.equal(api.status, 503);
    assert.equal(api.json().success, false);
  });
});
