// Whole calls: the simulator rings, our TwiML runs, the sweep fetches, transcribes, reads; ledger and database agree.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Rig, until } from '../lib/rig.mjs';

const lines = [
  { who: 'agent', text: 'Good morning, this is Anna of Fish and Chips, how can I help you?' },
  { who: 'customer', text: 'Hello, I would like to book a table for six people on Friday evening, please.' },
  { who: 'agent', text: 'With pleasure. I will send you the confirmation by mail today.' },
  { who: 'customer', text: 'Wonderful, thank you very much, that is great service.' },
  { who: 'agent', text: 'You are welcome. I will call you on Thursday to confirm.' },
  { who: 'customer', text: 'Great, goodbye.' },
];

describe('a call, whole', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 30 }, sweep: true });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const call = (sid) => rig.rows(`select * from calls where twilio_call_sid = '${sid}'`)[0];
  const analysed = (sid) =>
    until(
      () => rig.rows(`select * from call_recordings where twilio_call_sid = '${sid}' and sentiment is not null`)[0],
      90000,
    );

  async function checkRecording(sid) {
    const row = await analysed(sid);
    const ledger = await rig.sim.idle();
    const kept = rig.rows(`select r.*, encode(r.sha256, 'hex') as hex from recordings r where call_sid = '${sid}'`);
    assert.equal(kept.length, 1, 'one recording');
    const truth = ledger.recordings.find((r) => r.sid === kept[0].sid);
    assert.equal(kept[0].hex, truth.sha256, 'the file is the one that was recorded');
    const file = readFileSync(join(rig.settings.RECORDINGS_DIR, kept[0].path));
    assert.equal(createHash('sha256').update(file).digest('hex'), kept[0].hex);
    assert.equal(kept[0].channels, 2);
    assert.equal(row.transcription_status, 'completed');
    const { segments } = rig.rows(
      `select t.segments from transcripts t where t.recording_id = '${kept[0].id}' order by version desc limit 1`,
    )[0];
    assert.deepEqual([...new Set(segments.map((s) => s.speaker))].sort(), ['agent', 'customer'], 'two speakers');
    assert.ok(
      segments.every((s, i) => i === 0 || s.start >= segments[i - 1].start),
      'in the order of time',
    );
    assert.ok(
      ['positive', 'neutral', 'negative'].includes(row.sentiment) &&
        row.sentiment_score >= -1 &&
        row.sentiment_score <= 1,
    );
    assert.ok(Array.isArray(row.action_items) && row.action_items.length > 0, 'action items');
    assert.ok(row.summary.length > 0);
    return { row, segments };
  }

  it('inbound: answered, recorded, transcribed, analysed', async () => {
    const { sid } = await rig.sim.call({ from: '+442079460123', to: rig.tenant.number, lines });
    await rig.sim.idle();
    await until(() => call(sid)?.ended_at);
    const row = call(sid);
    assert.deepEqual([row.direction, row.status, row.outcome], ['inbound', 'completed', 'answered']);
    assert.ok(row.duration_seconds > 0 && row.answered_at && row.ended_at && row.talk_seconds > 0);
    const events = rig.rows(
      `select event_type, call_sid = '${sid}' as root from call_events where call_id = '${row.id}' order by created_at`,
    );
    assert.equal(events[0].event_type, 'answer');
    assert.deepEqual(
      events.filter((e) => !e.root).map((e) => e.event_type),
      ['initiated', 'ringing', 'in-progress', 'completed'],
    );
    assert.ok(events.some((e) => e.root && e.event_type === 'completed'));
    const { segments } = await checkRecording(sid);
    const said = segments.map((s) => s.text).join(' ');
    for (const word of ['table', 'Friday', 'Thursday']) assert.match(said, new RegExp(word, 'i'));
  });

  it('outbound: the same', async () => {
    const res = await rig.api('POST', '/api/calls/initiate', { to: '+442079460140' });
    const { callSid, callId } = res.json();
    assert.ok(callSid, res.text);
    await rig.sim.idle();
    await until(() => call(callSid)?.ended_at);
    const row = call(callSid);
    assert.deepEqual(
      [row.id, row.direction, row.status, row.to_number],
      [callId, 'outbound', 'completed', '+442079460140'],
    );
    if (row.record) await checkRecording(callSid);
    else assert.match(row.record_reason, /disclosure/, 'recorded unless nobody could have said so');
  });

  it('outbound, recorded, where no announcement is wanted', async () => {
    rig.sql("update tenants set disclosure_mode = 'off'");
    const { callSid } = (await rig.api('POST', '/api/calls/initiate', { to: '+442079460141', record: true })).json();
    await rig.sim.idle();
    await until(() => call(callSid)?.ended_at);
    assert.equal(call(callSid).record, true);
    await checkRecording(callSid);
    rig.sql("update tenants set disclosure_mode = 'announce'");
  });

  it('missed: no-answer, the caller hears a sentence, nothing is recorded', async () => {
    await rig.sim.phone(rig.tenant.forward, { answer: 'no' });
    const { sid } = await rig.sim.call({ from: '+442079460124', to: rig.tenant.number });
    await rig.sim.idle();
    await until(() => call(sid)?.ended_at);
    const row = call(sid);
    assert.deepEqual([row.status, row.outcome, row.answered_at], ['no-answer', 'missed', null]);
    assert.equal(rig.sql(`select count(*) from recordings where call_id = '${row.id}' and status <> 'absent'`), '0');
    await rig.sim.phone(rig.tenant.forward, { answer: 'yes' });
  });

  it('shorter than the threshold is skipped, never left pending', async () => {
    const { sid } = await rig.sim.call({
      from: '+442079460125',
      to: rig.tenant.number,
      lines: [{ who: 'agent', text: 'Hello?' }],
      caller_hangs_up_after_s: 9,
    });
    await rig.sim.idle();
    await until(
      () => rig.sql(`select transcription_status from recordings where call_sid = '${sid}'`).startsWith('skipped'),
      60000,
    );
    assert.equal(rig.sql(`select transcription_status from recordings where call_sid = '${sid}'`), 'skipped:short');
  });

  it('with every webhook doubled, some late and some out of order, is the same call', async () => {
    await rig.sim.fault(
      { fault: 'duplicate', count: 20 },
      { fault: 'reorder', count: 5 },
      { fault: 'delay', ms: 4000, count: 5 },
    );
    const { sid } = await rig.sim.call({ from: '+442079460126', to: rig.tenant.number, lines });
    await rig.sim.idle();
    await until(() => call(sid)?.ended_at);
    await until(() => call(sid).status === 'completed');
    assert.deepEqual(
      [call(sid).outcome, rig.sql(`select count(*) from calls where twilio_call_sid = '${sid}'`)],
      ['answered', '1'],
    );
    await checkRecording(sid);
  });

  it('all of it agrees with the ledger', async () => {
    const ledger = await rig.sim.idle();
    assert.equal(
      rig.sql('select count(*) from calls'),
      String(ledger.calls.filter((c) => !c.parent_call_sid && !c.parent_sid).length),
    );
    assert.equal(rig.sql("select count(*) from jobs where state in ('dead', 'parked')"), '0');
    assert.deepEqual(
      rig.rows(`select kind, ref, state, reason from jobs where state not in ('done', 'waiting', 'running')`),
      [],
    );
    assert.equal(ledger.alerts.length, 0, JSON.stringify(ledger.alerts));
  });
});
