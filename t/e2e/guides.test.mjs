// What the five guides print, sent as printed: paths, payloads, replies, errors.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { form, inbound, Rig } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const alias = {
  answer: ['/api/twilio/voice/answer', '/api/webhooks/twilio/voice', '/api/twilio/webhook'],
  status: ['/api/twilio/voice/status', '/api/webhooks/twilio/status', '/api/twilio/status'],
  recording: ['/api/twilio/voice/recording', '/api/webhooks/twilio/recording', '/api/twilio/recording-status'],
};

describe('the guides', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    rig.sql("update tenants set dial_countries = 'GB US'");
  });
  after(() => rig.stop());

  it("G0, G1, G2, G3: a call under each guide's own paths is the same call", async () => {
    const texts = [];
    for (const i of [0, 1, 2]) {
      const c = inbound(`guide ${i}`);
      const res = await rig.webhook(alias.answer[i], c.answer);
      assert.equal(res.status, 200);
      texts.push(res.text);
      for (const event of ['initiated', 'ringing', 'answered', 'childDone', 'completed']) {
        assert.equal((await rig.webhook(alias.status[i], c[event])).status, 200, alias.status[i]);
      }
      assert.equal((await rig.webhook(alias.recording[i], c.recorded)).status, 200);
      assert.equal(
        rig.sql(`select status, duration_seconds from calls where twilio_call_sid = '${c.sid}'`),
        'completed|46',
      );
      assert.equal(rig.sql(`select status from recordings where sid = '${c.recordingSid}'`), 'completed');
    }
    assert.equal(new Set(texts).size, 1);
  });

  it('G1: the printed verbs in the printed order', async () => {
    const { text } = await rig.webhook(alias.answer[0], inbound('verbs').answer);
    assert.match(
      text,
      /<Response><Say[^>]*>Thank you[^<]*you now\.<\/Say>.*<Dial [^>]*>\s*<Number[^>]*>\+442079460999</s,
    );
    assert.doesNotMatch(text, /record="(true|false)"/, 'legal words only');
  });

  it('G1: the printed recording and status payloads are enough', async () => {
    const c = inbound('sparse');
    await rig.webhook(alias.answer[0], c.answer);
    assert.equal(
      (
        await rig.webhook(alias.status[0], {
          AccountSid: c.answer.AccountSid,
          CallSid: c.sid,
          CallStatus: 'completed',
          CallDuration: '145',
          Direction: 'inbound',
        })
      ).status,
      200,
    );
    assert.equal(rig.sql(`select duration_seconds from calls where twilio_call_sid = '${c.sid}'`), '145');
  });

  it('G2: the printed curl call, unsigned, is 403', async () => {
    const res = await rig.http('POST', alias.answer[2], {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'CallSid=test123&From=%2B1234567890&To=%2B1987654321&CallStatus=ringing',
    });
    assert.equal(res.status, 403);
    assert.equal(res.json().error, 'Invalid signature');
  });

  it('G2: GET twiml answers like the webhook, its signature covering the query', async () => {
    const c = inbound('get');
    const res = await rig.webhook('/api/twilio/twiml', c.answer, { method: 'GET' });
    assert.equal(res.status, 200);
    assert.match(res.text, /<Dial/);
    assert.equal(rig.sql(`select count(*) from calls where twilio_call_sid = '${c.sid}'`), '1');
    assert.equal((await rig.http('GET', `/api/twilio/twiml?${form(c.answer)}`)).status, 403);
  });

  it("G4: a browser's call is dialled with the server's caller id, never the browser's", async () => {
    const plain = (id) => id.replaceAll('-', '');
    const { user, id, account, number } = rig.tenant;
    const fields = {
      ...inbound('browser').answer,
      AccountSid: account,
      From: `client:user_${plain(user)}_${plain(id)}`,
      To: '+14155550123',
      CallerId: '+15005550001',
      ApplicationSid: `AP${'1'.repeat(32)}`,
    };
    const res = await rig.webhook('/api/twilio/twiml', fields);
    assert.equal(res.status, 200);
    assert.match(res.text, new RegExp(`<Dial [^>]*callerId="\\${number}"`));
    assert.match(res.text, />\+14155550123<\/Number>/);
    assert.equal(
      rig.sql(
        `select direction, user_id = '${user}', customer_number from calls where twilio_call_sid = '${fields.CallSid}'`,
      ),
      'outbound|t|+14155550123',
    );
    const foreign = await rig.webhook('/api/twilio/twiml', {
      ...fields,
      CallSid: inbound('foreign').sid,
      From: `client:user_${plain(user)}_${'0'.repeat(32)}`,
    });
    assert.equal(foreign.status, 200);
    assert.doesNotMatch(foreign.text, /<Dial/, "another tenant's identity dials nothing");
  });

  it("G2: GET recording tells of a call's recordings", async () => {
    const c = inbound('recording');
    await rig.webhook(alias.answer[0], c.answer);
    await rig.webhook(alias.recording[0], c.recorded);
    const res = await rig.api('GET', `/api/twilio/recording/${c.sid}`);
    assert.equal(res.status, 200, res.text);
    const reply = res.json();
    assert.equal(reply.success, true);
    assert.equal(reply.callSid, c.sid);
    assert.equal(reply.recordings[0].sid, c.recordingSid);
    assert.deepEqual(
      [reply.recordings[0].durationSeconds, reply.recordings[0].channels, reply.recordings[0].kind],
      [41, 2, 'call'],
    );
    for (const sid of [`CA${'d'.repeat(32)}`, 'nonsense', 'CA1']) {
      const none = await rig.api('GET', `/api/twilio/recording/${sid}`);
      assert.equal(none.status, 404);
      assert.equal(none.json().code, 'not_found');
    }
    assert.equal((await rig.api('GET', `/api/twilio/recording/${c.sid}`, undefined, { key: null })).status, 401);
  });

  it('G1: initiate and G2: make-call answer in their printed shapes', async () => {
    const one = await rig.api('POST', '/api/calls/initiate', { to: '+442079460123', record: true });
    assert.ok([200, 201].includes(one.status), one.text);
    assert.deepEqual(
      Object.keys(one.json())
        .filter((k) => ['success', 'callSid', 'status'].includes(k))
        .sort(),
      ['callSid', 'status', 'success'],
    );
    const old = await rig.api('POST', '/api/calling/initiate', { to: '+442079460124' });
    assert.ok([200, 201].includes(old.status), "G0's prefix");
    await rig.sim.idle();
  });

  it('health says ok, and nothing about keys', async () => {
    const res = await rig.http('GET', '/api/health');
    assert.equal(res.status, 200);
    assert.deepEqual(res.json(), { status: 'ok' });
  });

  it('every error on these routes is the superset that all clients read', async () => {
    for (const res of [
      await rig.http('POST', alias.answer[0], { body: '' }),
      await rig.api('POST', '/api/calls/initiate', { to: '' }),
      await rig.api('GET', '/api/twilio/recording/x'),
      await rig.http('GET', '/api/webhooks/twilio/status'),
    ]) {
      const error = res.json();
      assert.equal(error.success, false, res.text);
      for (const name of ['error', 'code', 'cure', 'request_id'])
        assert.ok(typeof error[name] === 'string' && error[name].length > 1, `${name} in ${res.text}`);
    }
  });

  it('every alias of the table is a row of routes.c', () => {
    const have = new Set(routes.map((r) => `${r.method} ${r.path}`));
    for (const path of [
      ...alias.answer,
      ...alias.status,
      ...alias.recording,
      '/api/twilio/twiml',
      '/api/calls/initiate',
      '/api/calling/initiate',
      '/api/twilio/make-call',
    ]) {
      assert.ok(have.has(`POST ${path}`), path);
    }
    assert.ok(have.has('GET /api/twilio/twiml'));
  });
});
