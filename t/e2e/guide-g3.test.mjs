// G3's own settings and payloads as it prints them, with values of ours: calls are tracked by themselves.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { form, inbound, Rig, sid } from '../lib/rig.mjs';

describe("G3's samples", () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    // "When a call comes in" and "Call status callback URL" of the number, as the guide has them entered.
    await rig.sim.number(rig.tenant.number, '/api/twilio/voice/answer', '/api/twilio/voice/status');
  });
  after(() => rig.stop());

  it('a call that comes in by the two addresses it enters at Twilio is tracked, recorded and linked', async () => {
    const { sid: callSid } = await rig.sim.call({
      from: '+442079460123',
      to: rig.tenant.number,
      lines: [{ who: 'agent', text: 'Good morning, how can I help you?' }],
    });
    await rig.sim.idle();
    const ended = `select ended_at is not null from calls where twilio_call_sid = '${callSid}'`;
    await rig.until(() => rig.sql(ended) === 't');
    assert.equal(
      rig.sql(`select direction, status, record from calls where twilio_call_sid = '${callSid}'`),
      'inbound|completed|t',
    );
    const linked = () =>
      rig.sql(`select count(*) from recordings r join calls c on c.id = r.call_id
        where c.twilio_call_sid = '${callSid}' and r.status = 'completed'`);
    await rig.until(() => linked() === '1');
  });

  it('its list of statuses arrives, "answered" as in-progress', async () => {
    const c = inbound('g3 words');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    for (const event of ['initiated', 'ringing', 'answered', 'childDone', 'completed'])
      assert.equal((await rig.webhook('/api/twilio/voice/status', c[event])).status, 200, event);
    assert.deepEqual(
      rig
        .rows(`select event_type from call_events where call_sid in ('${c.sid}', '${c.child}') and kind = 'voice.status'
          order by created_at`)
        .map((r) => r.event_type),
      ['initiated', 'ringing', 'in-progress', 'completed', 'completed'],
    );
  });

  it("the guide's SQL on calls and call_events finds them", () => {
    const count = (query) => Number(rig.sql(`select count(*) from (${query}) x`));
    const callSid = sid('CA', 'parent', 'g3 words');
    assert.ok(count('SELECT * FROM calls ORDER BY created_at DESC LIMIT 10') >= 2);
    assert.ok(
      count(`SELECT c.*, ce.event_type, ce.created_at as event_time
        FROM calls c
        LEFT JOIN call_events ce ON c.id = ce.call_id
        WHERE c.twilio_call_sid = '${callSid}'
        ORDER BY ce.created_at`) >= 5,
    );
    assert.ok(count(`SELECT * FROM call_events WHERE created_at > NOW() - INTERVAL '1 hour'`) >= 5);
  });

  it('recording is on by default and can be switched off for one call', async () => {
    rig.sql(`update tenants set disclosure_mode = 'off'`);
    for (const [to, more, kept] of [
      ['+442079460131', {}, 't'],
      ['+442079460132', { record: true }, 't'],
      ['+442079460133', { record: false }, 'f'],
    ]) {
      const res = await rig.api('POST', '/api/calls/initiate', { to, ...more });
      assert.equal(res.status, 200, res.text);
      assert.equal(rig.sql(`select record from calls where id = '${res.json().callId}'`), kept, JSON.stringify(more));
    }
    const ledger = await rig.sim.idle();
    const recorded = (to) => {
      const leg = ledger.calls.find((c) => c.to === to);
      return ledger.recordings.some((r) => [leg.sid, leg.parent_call_sid].includes(r.call_sid));
    };
    assert.ok(recorded('+442079460132'));
    assert.ok(!recorded('+442079460133'), 'and no recording is made');
  });

  it('recordings are for those who are logged in', async () => {
    const c = inbound('g3 recording');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    assert.equal((await rig.api('GET', `/api/twilio/recording/${c.sid}`)).status, 200);
    assert.equal((await rig.api('GET', `/api/twilio/recording/${c.sid}`, undefined, { key: null })).status, 401);
  });

  it('without a signature nothing is believed', async () => {
    for (const path of ['/api/twilio/voice/answer', '/api/twilio/voice/status', '/api/twilio/voice/recording']) {
      const res = await rig.http('POST', path, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form(inbound('g3 forged').answer),
      });
      assert.deepEqual([res.status, res.json().code], [403, 'invalid_signature']);
    }
  });

  it('"authentication failed" has its code and its cure; no 406 anywhere', async () => {
    await rig.sim.fault({ fault: 'create_status', status: 401 });
    const res = await rig.api('POST', '/api/calls/initiate', { to: '+442079460135' });
    const { success, code, error, cure } = res.json();
    assert.deepEqual(
      [res.status, success, code, error],
      [502, false, 'twilio_auth_failed', 'Failed to make call: authentication failed'],
    );
    assert.match(cure, /token or API key/);
    const missing = await rig.api('GET', `/api/v1/calls/CA${'e'.repeat(32)}`);
    assert.equal(missing.status, 404);
  });
});
