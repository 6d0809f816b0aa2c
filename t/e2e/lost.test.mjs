// A recording that exists at Twilio appears here, whether its callbacks came or not; one that does not says why.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keep, wav } from '../lib/audio.mjs';
import { inbound, Rig, sid } from '../lib/rig.mjs';

describe('recordings whose callbacks are lost', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, auth: 0 }, sim: { speed: 500 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const sweep = async () => {
    if (rig.sweep) {
      rig.sweep.kill('SIGTERM');
      assert.equal(await rig.sweep.ended, 0);
    }
    rig.startSweep(); // standing work is done at once
  };
  const seek = (call) =>
    rig.rows(`select state, reason, attempts from jobs where kind = 'seek' and ref = '${call}'`)[0];

  it('are found by the sweep, and fetched', async () => {
    await rig.sim.fault({ fault: 'drop', kind: 'recording', count: 9 });
    await rig.sim.call({ from: '+447700900123', to: rig.tenant.number });
    await rig.sim.idle();
    const call = await rig.until(() => rig.sql('select id from calls where ended_at is not null and talk_seconds > 0'));
    assert.equal(rig.sql('select count(*) from recordings'), '0');
    await sweep();
    await rig.until(() => rig.sql("select seen_at > started_at - interval '1 hour' from sweeps") === 't');
    assert.equal(seek(call), undefined, 'not before two minutes are over');
    rig.sql(`update calls set ended_at = now() - interval '3 minutes' where id = '${call}'`);
    await sweep();
    await rig.until(() => rig.sql("select count(*) from recordings where status = 'stored'") === '1');
    const [truth] = (await rig.sim.ledger()).recordings;
    assert.equal(
      rig.sql(`select sid, encode(sha256, 'hex'), kind, call_id from recordings`),
      `${truth.sid}|${truth.sha256}|call|${call}`,
    );
    assert.equal(seek(call).state, 'done');
    await rig.until(() => rig.sql('select transcription_status from recordings') === 'completed');
  });

  it('are not there: the reason and the next attempt are', async () => {
    const c = inbound('nothing');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    const call = rig.sql(
      `update calls set status = 'completed', talk_seconds = 9, record = true, ended_at = now() - interval '3 minutes'
        where twilio_call_sid = '${c.sid}' returning id`,
    );
    await sweep();
    const job = await rig.until(() => seek(call)?.reason && seek(call));
    assert.equal(job.state, 'waiting');
    assert.match(job.reason, /SID|no recording|not found/i);
    for (let i = 0; i < 9 && seek(call).state === 'waiting'; i++) {
      const { attempts } = seek(call);
      rig.sql(`update jobs set due_at = now() where kind = 'seek'`);
      await rig.until(() => seek(call).attempts > attempts && seek(call).state !== 'running');
    }
    assert.equal(seek(call).state, 'dead');
    assert.match(rig.switchhook('sweep', 'status'), /seek/);
  });

  it('of one call may be several, a voicemail among them, each with its own link', async () => {
    const c = inbound('several');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    const second = { ...c.recorded, RecordingSid: sid('RE', 'second leg'), CallSid: c.child, RecordingDuration: '7' };
    const voice = {
      ...c.recorded,
      RecordingSid: sid('RE', 'voicemail'),
      RecordingSource: 'RecordVerb',
      RecordingChannels: '1',
    };
    await rig.webhook('/api/twilio/voice/status', c.answered);
    for (const fields of [c.recorded, second, voice]) await rig.webhook('/api/twilio/voice/recording', fields);
    rig.sql(`update jobs set state = 'dead' where kind = 'fetch'`);
    const all = [c.recorded, second, voice].map(({ RecordingSid }, i) =>
      keep(rig, rig.tenant, { recordingSid: RecordingSid }, wav({ seconds: 1 + i }), { seconds: 1 + i }),
    );
    const doc = (await rig.api('GET', `/api/twilio/recording/${c.sid}`)).json();
    assert.deepEqual(
      doc.recordings.map((r) => [r.sid, r.kind]).sort(),
      all.map((r, i) => [r.sid, i < 2 ? 'call' : 'voicemail']).sort(),
    );
    for (const r of all) {
      const { url } = doc.recordings.find((x) => x.sid === r.sid);
      const res = await rig.http('GET', new URL(url).pathname + new URL(url).search);
      assert.ok(res.bytes.equals(r.bytes), 'its own audio');
    }
    const longest = await rig.api('GET', `/api/twilio/recording/${c.sid}.wav`);
    assert.ok(longest.bytes.equals(all[1].bytes), "the call's is its longest conversation");
    const call = (await rig.api('GET', `/api/v1/calls/${c.sid}/recordings`)).json();
    assert.equal(call.data.length, 3);
  });
});
