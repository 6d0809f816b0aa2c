// The end of a Dial: nothing more after a talk, a sentence and the end where nobody took the call.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

describe('the end of a dial', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());

  const ended = async (key, fields) => {
    const c = inbound(key);
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    const res = await rig.webhook('/api/twilio/voice/dial', { ...c.dial, ...fields });
    assert.equal(res.status, 200);
    assert.match(res.headers['content-type'], /^text\/xml/);
    return { c, text: res.text };
  };

  it('after a talk says nothing and hangs up', async () => {
    const { c, text } = await ended('talk', {});
    assert.doesNotMatch(text, /<Say/);
    assert.equal(
      rig.sql(`select event_type from call_events where call_sid = '${c.sid}' and kind = 'voice.dial'`),
      'dial.completed',
    );
    assert.equal(rig.sql(`select duration_seconds, status from call_legs where sid = '${c.child}'`), '41|completed');
  });

  for (const word of ['busy', 'no-answer', 'failed', 'canceled']) {
    it(`that was ${word} says a sentence and hangs up`, async () => {
      const { text } = await ended(word, {
        DialCallStatus: word,
        DialCallDuration: '',
        RecordingSid: '',
        RecordingUrl: '',
      });
      assert.match(text, /<Say[^>]*>Sorry, nobody can take your call at the moment\. Goodbye\.<\/Say><Hangup\/>/);
    });
  }

  it('without a child leg, as after a conference, is taken', async () => {
    const { text } = await ended('conference', { DialCallStatus: 'answered', DialCallSid: '', DialCallDuration: '' });
    assert.doesNotMatch(text, /<Say/);
  });

  it('of a call that we do not know is answered all the same', async () => {
    const c = inbound('stranger', { to: '+442079460111' });
    const res = await rig.webhook('/api/twilio/voice/dial', { ...c.dial, DialCallStatus: 'busy' });
    assert.equal(res.status, 200);
    assert.match(res.text, /<Hangup\/>/);
  });
});
