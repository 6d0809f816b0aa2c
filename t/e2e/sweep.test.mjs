// The sweep: what a call leaves behind becomes a file, a text and an analysis, once.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { KINDS, Lab } from '../lib/lab.mjs';

describe('the sweep', () => {
  let lab;
  before(async () => { lab = await Lab.start(); });
  after(() => lab.stop());
  beforeEach(async () => { await fetch(`${lab.rig.sim.url}/sim/faults`, { method: 'DELETE' }); lab.wipe(); });
  it('makes a file, a conversation and an analysis of a call', async () => {
    await lab.calls(1);
    await lab.run();
    await lab.intact(1);
    const r = lab.recording();
    assert.equal(r.channels, 2);
    assert.equal(r.path, `${lab.rig.tenant.id}/${r.sid}.wav`);
    assert.equal(lab.rig.sql('select length(peaks) from recordings'), '4000');
    const call = lab.rig.rows('select * from calls')[0];
    assert.equal(call.recording_url, `https://voice.example.com/api/twilio/recording/${call.twilio_call_sid}.wav`);
    const t = lab.rig.rows('select * from transcripts')[0];
    assert.equal(t.model, 'whisper-1');
    assert.match(t.text, /^Agent: Good morning.*\nCustomer: Hello, my boiler/);
    assert.deepEqual([...new Set(t.segments.map((s) => s.speaker))].sort(), ['agent', 'customer']);
    assert.deepEqual(t.segments.map((s) => s.start), t.segments.map((s) => s.start).sort((a, b) => a - b));
    const a = lab.rig.rows('select * from analyses')[0];
    assert.equal(a.sentiment, 'positive');
    assert.ok(a.action_items.length > 0 && a.topics.length > 0 && a.summary.length > 0);
    for (const item of a.action_items) assert.ok(t.text.includes(item.quote), item.quote);
    const spent = lab.rig.sql("select count(*), count(*) filter (where outcome = 'ok') from ai_requests");
    assert.equal(spent, `${KINDS}|${KINDS}`);
    assert.deepEqual(lab.files(), []);
    assert.equal(lab.rig.sql('select count(*) from sweeps'), '1');
  });

  it('tells the conversation apart for models that give no times', async () => {
    await lab.calls(1);
    const env = join(lab.rig.dir, 'plain.env');
    writeFileSync(env, readFileSync(lab.rig.env, 'utf8').replace('whisper-1', 'gpt-4o-mini-transcribe'));
    lab.rig.own(env);
    await lab.run(undefined, env);
    assert.match(lab.rig.sql('select text from transcripts'), /^Agent: .*\nCustomer: .*\nAgent: .*\nCustomer: /);
  });

  it('is run by the operator’s command as well', async () => {
    await lab.calls(1);
    lab.rig.switchhook('sweep', 'run', '--kind', 'fetch');
    assert.equal(lab.jobs(), 'fetch done 1, transcribe waiting 1');
    lab.rig.switchhook('sweep', 'run', '--max-seconds', '30');
    await lab.intact(1);
  });

  it('does nothing twice when it runs again', async () => {
    await lab.calls(1);
    await lab.run();
    const asked = await lab.asked();
    lab.rig.sql("update jobs set state = 'waiting', due_at = now()"); // every job a second time
    await lab.run();
    assert.equal(await lab.asked(), asked);
    await lab.intact(1);
  });
});
