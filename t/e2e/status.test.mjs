// Status callbacks: a call only moves forward, whatever Twilio repeats, reorders or leaves out.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

const answer = '/api/twilio/voice/answer';
const status = '/api/twilio/voice/status';

describe('a status callback', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());
  const of = (c) =>
    rig.sql(`select status, coalesce(duration_seconds, -1) from calls where twilio_call_sid = '${c.sid}'`);
  const send = async (path, fields) => assert.equal((await rig.webhook(path, fields)).status, 200);

  it('is acknowledged with an empty document', async () => {
    const c = inbound('ack');
    await send(answer, c.answer);
    const res = await rig.webhook(status, c.completed);
    assert.ok([200, 204].includes(res.status));
    assert.doesNotMatch(res.text, /<(Say|Dial|Hangup)/);
  });

  it('moves both legs and the call', async () => {
    const c = inbound('legs');
    await send(answer, c.answer);
    await send(status, c.initiated);
    assert.equal(of(c), 'ringing|-1');
    await send(status, c.ringing);
    await send(status, c.answered);
    assert.equal(of(c), 'in-progress|-1');
    await send(status, c.childDone);
    await send(status, c.completed);
    assert.equal(of(c), 'completed|46');
    assert.deepEqual(
      rig.rows(`select l.role, l.status, l.duration_seconds as s, to_char(l.ended_at at time zone 'utc',
        'MI:SS') as ended
      from call_legs l join calls c on c.id = l.call_id where c.twilio_call_sid = '${c.sid}' order by role`),
      [
        { role: 'agent', status: 'completed', s: 41, ended: '30:47' },
        { role: 'customer', status: 'completed', s: 46, ended: '30:48' },
      ],
    );
    assert.equal(
      rig.sql(`select to_char(answered_at at time zone 'utc', 'HH24:MI:SS'), to_char(ended_at at time zone 'utc',
        'HH24:MI:SS'),
      talk_seconds, outcome from calls where twilio_call_sid = '${c.sid}'`),
      '09:30:06|09:30:48|41|answered',
    );
    assert.equal(
      rig.sql(`select string_agg(event_type, ',' order by event_data->>'ParentCallSid', event_data->>'SequenceNumber')
      from call_events e join calls c on c.id = e.call_id where c.twilio_call_sid = '${c.sid}'
        and e.call_sid <> c.twilio_call_sid`),
      'initiated,ringing,in-progress,completed',
    );
  });

  it('never takes a call back', async () => {
    const c = inbound('back');
    await send(answer, c.answer);
    await send(status, c.completed);
    for (const late of ['queued', 'initiated', 'ringing', 'in-progress', 'busy', 'failed', 'no-answer', 'canceled']) {
      await send(status, { ...c.completed, CallStatus: late, CallDuration: '' });
      assert.equal(of(c), 'completed|46', `after ${late}`);
    }
    assert.equal(
      rig.sql(`select count(*) from call_events where call_sid = '${c.sid}'`),
      '10',
      'but every word is kept',
    );
  });

  it('is not confused by the same SID with another word, nor by a shared parent', async () => {
    const [a, b] = [inbound('twin a'), inbound('twin b')];
    await send(answer, a.answer);
    await send(answer, b.answer);
    await send(status, { ...a.answered });
    await send(status, { ...b.ringing });
    assert.equal(of(a), 'in-progress|-1');
    assert.equal(of(b), 'ringing|-1');
  });

  it('of a number itself says SequenceNumber 0 and completed, and counts', async () => {
    const c = inbound('number callback');
    await send(answer, c.answer);
    await send(status, { ...c.answered });
    await send(status, { ...c.childDone });
    await send(status, { ...c.completed, SequenceNumber: '0' });
    assert.equal(of(c), 'completed|46');
  });

  it('that comes before its call is kept and joined', async () => {
    const c = inbound('early');
    await send(status, c.initiated);
    await send(status, c.ringing);
    assert.equal(
      rig.sql(`select count(*) filter (where call_id is null) from call_events where call_sid = '${c.child}'`),
      '2',
    );
    await send(answer, c.answer);
    assert.equal(
      rig.sql(`select count(*) filter (where e.call_id = c.id) from call_events e, calls c
      where e.call_sid = '${c.child}' and c.twilio_call_sid = '${c.sid}'`),
      '2',
    );
    assert.equal(
      rig.sql(
        `select count(*) from call_legs l join calls c on c.id = l.call_id where c.twilio_call_sid = '${c.sid}'`,
      ),
      '2',
    );
  });

  it('of a call nobody knows is kept', async () => {
    const c = inbound('nobody', { to: '+442079460111' });
    await send(status, c.ringing);
    assert.equal(
      rig.sql(`select event_type, call_id is null from call_events where call_sid = '${c.child}'`),
      'ringing|t',
    );
  });

  it('repeated at once is one event', async () => {
    const c = inbound('repeat');
    await send(answer, c.answer);
    const all = await Promise.all(Array.from({ length: 12 }, () => rig.webhook(status, c.completed)));
    assert.deepEqual([...new Set(all.map((r) => r.status < 300))], [true]);
    assert.equal(
      rig.sql(`select count(*) from webhook_events where call_sid = '${c.sid}' and event_type = 'completed'`),
      '1',
    );
  });

  it('with optional fields missing is taken, with unknown ones too', async () => {
    const c = inbound('sparse');
    await send(answer, { CallSid: c.sid, AccountSid: c.answer.AccountSid, From: c.answer.From, To: c.answer.To });
    await send(status, {
      CallSid: c.sid,
      AccountSid: c.answer.AccountSid,
      CallStatus: 'completed',
      CallDuration: '145',
      Direction: 'inbound',
      SomethingNew: 'x',
      StirVerstat: 'TN-Validation-Passed-A',
    });
    assert.equal(
      rig.sql(`select status, duration_seconds from calls where twilio_call_sid = '${c.sid}'`),
      'completed|145',
    );
  });

  it('of a call nobody answered tells why', async () => {
    for (const word of ['no-answer', 'busy', 'failed']) {
      const c = inbound(`missed ${word}`);
      await send(answer, c.answer);
      await send(status, c.ringing);
      await send(status, { ...c.childDone, CallStatus: word, CallDuration: '0', Duration: '0' });
      await send('/api/twilio/voice/dial', {
        ...c.dial,
        DialCallStatus: word,
        DialCallDuration: undefined,
        RecordingSid: '',
        RecordingUrl: '',
      });
      await send(status, { ...c.completed, CallDuration: '9' });
      assert.equal(
        rig.sql(
          `select status, outcome, answered_at is null, ended_at is null from calls where twilio_call_sid = '${c.sid}'`,
        ),
        `${word}|missed|t|f`,
        word,
      );
    }
  });
});
