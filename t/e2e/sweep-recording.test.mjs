// The sweep when the recording is not as it should be.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Lab } from '../lib/lab.mjs';

describe('the sweep', () => {
  let lab;
  before(async () => { lab = await Lab.start(); });
  after(() => lab.stop());
  beforeEach(async () => { await fetch(`${lab.rig.sim.url}/sim/faults`, { method: 'DELETE' }); lab.wipe(); });
  describe('when the recording is not as it should be', () => {
    it('waits for one that is not there yet', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'recording_404', count: 2 });
      await lab.run();
      assert.deepEqual([lab.job('fetch').state, lab.recording().status], ['waiting', 'completed']);
      assert.match(lab.recording().status_reason, /no media/);
      await lab.settle();
      await lab.intact(1);
      assert.equal(lab.job('fetch').attempts, 3);
    });

    it('gives up on one that never comes, and says so', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'recording_404', count: 99 });
      await lab.settle();
      assert.deepEqual([lab.job('fetch').state, lab.job('fetch').attempts], ['dead', 8]);
      assert.deepEqual([lab.recording().status, lab.recording().transcription_status], ['absent', 'failed']);
      assert.match(lab.recording().transcription_reason, /404/);
    });

    for (const [name, fault] of Object.entries({
      'an error page': { fault: 'media_xml_error', status: 200 },
      'an error page with 503': { fault: 'media_xml_error', status: 503 },
      'half a file': { fault: 'media_truncated', at_byte: 100000 },
      'a header alone': { fault: 'media_truncated', at_byte: 44 },
    })) {
      it(`never keeps ${name}`, async () => {
        await lab.calls(1);
        await lab.rig.sim.fault({ ...fault, count: 1 });
        await lab.run();
        assert.deepEqual([lab.job('fetch').state, lab.recording().path], ['waiting', null]);
        assert.deepEqual(lab.files(), []);
        await lab.settle();
        await lab.intact(1);
      });
    }

    it('never keeps one of another length', async () => {
      await lab.calls(1);
      lab.rig.sql('update recordings set duration_seconds = duration_seconds + 9');
      await lab.run();
      assert.match(lab.job('fetch').reason, /34 s long and should be 43 s/);
      lab.rig.sql('update recordings set duration_seconds = duration_seconds - 7');
      await lab.settle();
      await lab.intact(1);
    });

    it('waits for a cure of refused credentials', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'rest_status', status: 401, kind: 'GET', count: 1 });
      await lab.run();
      assert.deepEqual([lab.job('fetch').state, lab.job('fetch').attempts], ['parked', 0]);
      assert.match(lab.job('fetch').reason, /401/);
      lab.hurry();
      await lab.settle();
      await lab.run();
      await lab.intact(1);
    });

    it('is skipped when it is too short, by the tenant’s own threshold, or switched off', async () => {
      const said = async (set) => {
        lab.wipe();
        await lab.calls(1);
        lab.rig.sql(set);
        await lab.run();
        lab.rig.sql(`update tenants set transcribe = true, transcribe_over_seconds = 10;
          update user_voip_settings set auto_transcribe = true`);
        return lab.recording().transcription_status;
      };
      const length = "(select duration_seconds from recordings)";
      assert.equal(await said(`update tenants set transcribe_over_seconds = ${length}`), 'skipped:short');
      assert.equal(await said(`update tenants set transcribe_over_seconds = ${length} - 1`), 'completed');
      assert.equal(await said('update tenants set transcribe = false'), 'skipped:off');
      const user = `'${lab.rig.tenant.user}'`;
      assert.equal(await said(`insert into user_voip_settings (user_id, auto_transcribe) values (${user}, false)
        on conflict (user_id) do update set auto_transcribe = false;
        update calls set user_id = ${user}`), 'skipped:off');
    });

    it('is not sent to a model where nobody speaks', async () => {
      const text = 'Hello? Is anybody there? I can hear nothing at all, I will try again later.';
      await lab.calls(1, { lines: Array.from({ length: 4 }, () => ({ who: 'customer', text })) });
      const asked = await lab.paid();
      await lab.run();
      assert.equal(await lab.paid() - asked, 2); // one channel and the analysis
      assert.match(lab.rig.sql('select text from transcripts'), /^Customer: Hello/);
    });

    // A mono file of so many seconds instead of the one that was fetched; sample(i) is its i-th.
    const replace = (seconds, sample) => {
      const n = seconds * 8000;
      const wav = Buffer.alloc(44 + 2 * n);
      wav.write('RIFF....WAVEfmt ....', 'latin1');
      wav.writeUInt32LE(wav.length - 8, 4);
      const head = [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, 8000, 4], [28, 16000, 4], [32, 2, 2], [34, 16, 2]];
      for (const [at, v, bytes] of head) wav.writeUIntLE(v, at, bytes);
      wav.write('data', 36, 'latin1');
      wav.writeUInt32LE(2 * n, 40);
      for (let i = 0; i < n; i += 1) wav.writeInt16LE(sample(i), 44 + 2 * i);
      writeFileSync(join(lab.rig.settings.RECORDINGS_DIR, lab.recording().path), wav);
    };

    it('is not sent at all when it is silent', async () => {
      await lab.calls(1);
      await lab.run(['--once-kind', 'fetch']);
      replace(30, (i) => (i % 7) * 10 - 30); // the noise of a line
      const asked = await lab.asked();
      await lab.run();
      assert.deepEqual([lab.recording().transcription_status, lab.job('transcribe').state], ['skipped:silent', 'done']);
      assert.equal(await lab.asked(), asked);
    });

    it('is sent in pieces that a provider takes, cut where it is quiet', async () => {
      await lab.calls(1);
      await lab.run(['--once-kind', 'fetch']);
      // half an hour, a pause every ten seconds
      replace(1800, (i) => (i % 80000 < 72000 ? ((i >> 2) % 2 ? 4000 : -4000) : 0));
      await lab.run(['--once-kind', 'transcribe']);
      const requests = lab.rig.rows('select seconds from ai_requests order by created_at');
      const [one, two, ...rest] = requests.map((r) => r.seconds);
      assert.deepEqual(rest, []);
      assert.equal(one % 10, 9);
      assert.ok(one * 16000 < 24 * 1024 * 1024 && one + two >= 1799, `${one} s and ${two} s`);
    });
  });
});
