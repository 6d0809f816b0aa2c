// Recording callbacks: one row a recording, one job once it is finished, under the call that owns the leg.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

const path = '/api/twilio/voice/recording';

describe('a recording callback', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());
  const send = async (to, fields) => {
    const res = await rig.webhook(to, fields);
    assert.ok([200, 204].includes(res.status), `${res.status}`);
  };
  const jobs = (c) =>
    rig.sql(
      `select count(*) from jobs j join recordings r on r.id::text = j.ref
        where r.sid = '${c.recordingSid}' and j.kind = 'fetch'`,
    );
  const row = (c) =>
    rig.sql(`select r.status, r.duration_seconds, r.channels, r.call_id = c.id from recordings r
    left join calls c on c.twilio_call_sid = r.call_sid where r.sid = '${c.recordingSid}'`);

  it('in progress makes a row and no work, completed makes the work', async () => {
    const c = inbound('plain');
    await send('/api/twilio/voice/answer', c.answer);
    await send(path, c.recording);
    assert.equal(row(c), 'in-progress||2|t');
    assert.equal(jobs(c), '0');
    await send(path, c.recorded);
    assert.equal(row(c), 'completed|41|2|t');
    assert.equal(jobs(c), '1');
    assert.equal(
      rig.sql(
        `select string_agg(event_type, ',' order by created_at)
          from call_events where kind = 'voice.recording' and call_sid = '${c.sid}'`,
      ),
      'recording.in-progress,recording.completed',
    );
  });

  it('repeated and late ones change nothing', async () => {
    const c = inbound('late');
    await send('/api/twilio/voice/answer', c.answer);
    await Promise.all(Array.from({ length: 6 }, () => send(path, c.recorded)));
    await send(path, c.recording);
    assert.equal(row(c), 'completed|41|2|t');
    assert.equal(jobs(c), '1');
  });

  it('before its call is kept and joined', async () => {
    const c = inbound('early');
    await send(path, c.recorded);
    assert.equal(rig.sql(`select call_id is null from recordings where sid = '${c.recordingSid}'`), 't');
    await send('/api/twilio/voice/answer', c.answer);
    assert.equal(row(c), 'completed|41|2|t');
    assert.equal(jobs(c), '1');
  });

  it('that there is none closes the wait with a reason', async () => {
    const c = inbound('absent');
    await send('/api/twilio/voice/answer', c.answer);
    await send(path, { ...c.recorded, RecordingStatus: 'absent', RecordingDuration: '0', ErrorCode: '31227' });
    assert.equal(
      rig.sql(`select status, status_reason is not null from recordings where sid = '${c.recordingSid}'`),
      'absent|t',
    );
    assert.equal(jobs(c), '0');
  });

  it('never has its URL believed', async () => {
    const c = inbound('url');
    await send('/api/twilio/voice/answer', c.answer);
    await send(path, { ...c.recorded, RecordingUrl: 'http://169.254.169.254/latest/meta-data' });
    assert.equal(rig.sql(`select coalesce(recording_url, '') from calls where twilio_call_sid = '${c.sid}'`), '');
    assert.equal(rig.sql("select count(*) from recordings where to_jsonb(recordings)::text like '%169.254%'"), '0');
  });

  it('in the words of the guides, without a status, is a finished one', async () => {
    const c = inbound('printed');
    await send('/api/twilio/voice/answer', c.answer);
    await send(path, {
      AccountSid: c.answer.AccountSid,
      CallSid: c.sid,
      RecordingSid: c.recordingSid,
      RecordingUrl: 'https://api.twilio.com/recording.mp3',
      RecordingDuration: '145',
    });
    assert.equal(
      rig.sql(`select status, duration_seconds from recordings where sid = '${c.recordingSid}'`),
      'completed|145',
    );
  });
});
