// Three sweeps over many pending recordings, one of them stopped for longer than its lease. SWITCHHOOK_PENDING=2000:
// how many (200).
import assert from 'node:assert/strict';
import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Lab } from '../lib/lab.mjs';
import { until } from '../lib/rig.mjs';

const PENDING = Number(process.env.SWITCHHOOK_PENDING ?? 200);
const LEASE = 3; // seconds: two minutes made short

describe('three sweeps at once', () => {
  let lab;
  before(async () => {
    lab = await Lab.start({ SWEEP_LEASE_SECONDS: `${LEASE}` });
  });
  after(() => lab.stop());

  // n recordings with the audio of one, which wait for their text.
  async function pending(n) {
    const lines = [
      { who: 'agent', text: 'Good morning.' },
      { who: 'customer', text: 'Hello there.' },
    ];
    await lab.calls(1, { lines });
    lab.rig.sql('update tenants set transcribe_over_seconds = 0');
    await lab.run(['--once-kind', 'fetch']);
    const first = lab.recording();
    const dir = join(lab.rig.settings.RECORDINGS_DIR, lab.rig.tenant.id);
    const sid = (i) => `RE${i.toString(16).padStart(32, '0')}`;
    for (let i = 1; i < n; i += 1) linkSync(join(dir, `${first.sid}.wav`), join(dir, `${sid(i)}.wav`));
    lab.rig.sql(`
      with r as (
        insert into recordings (tenant_id, sid, call_sid, call_id, kind, status, channels, duration_seconds, path,
                                bytes, sha256, stored_at, transcription_status)
        select tenant_id, 'RE' || lpad(to_hex(i), 32, '0'), call_sid, call_id, kind, status, channels,
               duration_seconds, tenant_id || '/RE' || lpad(to_hex(i), 32, '0') || '.wav', bytes, sha256, stored_at,
               transcription_status
          from recordings, generate_series(1, ${n - 1}) i
        returning id, tenant_id)
      insert into jobs (tenant_id, kind, ref) select tenant_id, 'transcribe', id::text from r;
      insert into transcription_settings (tenant_id, analysis) values ('${lab.rig.tenant.id}', false)`);
  }

  it(`do each of ${PENDING} jobs once, though one of them sleeps through its lease`, { timeout: 1200000 }, async () => {
    await pending(PENDING);
    const asked = await lab.paid();
    const long = ['--max-seconds', '600'];
    const sleeper = lab.start(long, undefined, 'stop:after:ai_open');
    const held = "from jobs where state = 'running' and leased_until < now()";
    const others = [lab.start(long), lab.start(long)];
    const done = () => Number(lab.rig.sql("select count(*) from transcripts"));
    // Nobody else holds a lease that has passed: the sleeper's job is taken from it.
    await until(() => done() > PENDING / 20, 120000);
    for (const c of others) assert.equal(await c.ended, 0, c.log());
    await until(() => Number(lab.rig.sql(`select count(*) ${held}`)) > 0 || done() === PENDING, 60000);
    await lab.run(long);
    assert.equal(done(), PENDING, 'the sleeping sweep holds nobody up');
    sleeper.kill('SIGCONT');
    assert.equal(await sleeper.ended, 0, sleeper.log());
    assert.match(sleeper.log(), /"kind":"transcribe","state":"lost"/);
    assert.equal(lab.rig.sql('select count(*), count(distinct recording_id), max(version) from transcripts'),
      `${PENDING}|${PENDING}|1`);
    assert.equal(lab.jobs(), `fetch done 1, transcribe done ${PENDING}`);
    assert.equal(lab.rig.sql("select count(*) from recordings where transcription_status <> 'completed'"), '0');
    assert.ok((await lab.paid()) - asked <= 2 * PENDING + 2, 'only what the sleeper had begun was paid for again');
    assert.ok(Number(lab.rig.sql('select max(attempts) from jobs')) <= 2);
  });
});
