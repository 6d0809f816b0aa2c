// Calls, legs and accounts that we do not know: said politely, kept, never an error.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

const voice = (what) => `/api/twilio/voice/${what}`;

describe('what nobody knows', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());

  it('a number that is not ours hears a sentence; its whole life is kept as events', async () => {
    const c = inbound('stranger', { to: '+442079460111' });
    const res = await rig.webhook(voice('answer'), c.answer);
    assert.equal(res.status, 200);
    assert.match(res.text, /<Response><Say[^>]*>[^<]+<\/Say><Hangup\/><\/Response>/);
    for (const [path, event] of [
      ['status', 'initiated'],
      ['status', 'answered'],
      ['recording', 'recorded'],
      ['dial', 'dial'],
      ['status', 'childDone'],
    ]) {
      assert.ok((await rig.webhook(voice(path), c[event])).status < 300, event);
    }
    assert.equal(
      rig.sql(`select count(*), count(call_id) from webhook_events where call_sid in ('${c.sid}', '${c.child}')`),
      '6|0',
    );
    assert.equal(rig.sql(`select count(*) from calls where twilio_call_sid = '${c.sid}'`), '0');
  });

  it('a number that was released is not ours any more', async () => {
    rig.sql(
      `insert into numbers (tenant_id, e164, forward_to, released_at)
        values ('${rig.tenant.id}', '+442079460950', '+442079460999', now())`,
    );
    const { text } = await rig.webhook(voice('answer'), inbound('released', { to: '+442079460950' }).answer);
    assert.match(text, /not in service/);
  });

  it('a To that is no number at all is no error', async () => {
    for (const to of ['', 'sip:bob@example.com', 'client:joe', '+1234567890', 'x'.repeat(300), '😀']) {
      const res = await rig.webhook(voice('answer'), { ...inbound(`to ${to}`).answer, To: to, Called: to });
      assert.equal(res.status, 200, to);
      assert.match(res.text, /<Say/);
    }
  });

  it("a disabled tenant's caller hears a sentence, and the event is kept", async () => {
    rig.sql('update tenants set disabled_at = now()');
    const c = inbound('disabled');
    const res = await rig.webhook(voice('answer'), c.answer);
    assert.equal(res.status, 200);
    assert.doesNotMatch(res.text, /<Dial/);
    assert.equal(rig.sql(`select count(*) from webhook_events where call_sid = '${c.sid}'`), '1');
    rig.sql('update tenants set disabled_at = null');
  });

  it('an intent that does not exist is treated as a plain call', async () => {
    const c = inbound('no intent');
    const res = await rig.webhook('/api/twilio/v/01890000-0000-7000-8000-0000000000ff/answer', c.answer);
    assert.equal(res.status, 200);
    assert.match(res.text, /<(Say|Dial)/);
    assert.ok((await rig.webhook('/api/twilio/v/not-a-uuid/status', c.completed)).status < 500);
  });
});
