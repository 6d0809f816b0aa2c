// The sweep killed at named points: nothing lost, nothing twice, nothing left behind. SWITCHHOOK_KILLS=20: how often at
// each of them (2).
import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { KINDS, Lab } from '../lib/lab.mjs';

const KILLS = Number(process.env.SWITCHHOOK_KILLS ?? 2);

// In the order in which a recording meets them. paid: an answer that was paid for is lost with the sweep.
const points = [
  ['the fetch is claimed', 'after:job_claim'],
  ['half of a piece of the audio is written', 'within:download'],
  ['the audio lies under its temporary name', 'before:rename:.wav'],
  ['the audio has its name', 'after:rename:.wav'],
  ['the audio is in the database', 'after:recording_store'],
  ['the transcription has begun', 'after:transcript_load'],
  ['the money is noted, and nobody asked', 'after:ai_open'],
  ['the model has answered, and nothing is kept', 'before:rename:.part', 'paid'],
  ['the answer of one channel is kept', 'after:rename:.part'],
  ['the answers of both are kept', 'before:transcript_store'],
  ['the text is in the database, its parts are not removed', 'after:transcript_store'],
  ['the analysis has been answered, and nothing is kept', 'before:analysis_store', 'paid'],
  ['the analysis is in the database', 'after:analysis_store'],
];

describe('the sweep killed when', () => {
  let lab;
  before(async () => {
    lab = await Lab.start();
  });
  after(() => lab.stop());
  beforeEach(() => lab.wipe());

  // An hour later: what the dead left is stale.
  const tidy = async () => {
    const dir = join(lab.rig.settings.RECORDINGS_DIR, lab.rig.tenant.id);
    for (const name of lab.files()) utimesSync(join(dir, name), 1, 1);
    await lab.run(['--once-kind', 'files']);
    assert.deepEqual(lab.files(), [], 'no orphan');
  };

  for (const [name, point, paid] of points)
    it(`${name}, ${KILLS} times`, async () => {
      await lab.calls(KILLS);
      const before = await lab.paid();
      for (let i = 0; i < KILLS; i += 1) {
        lab.rig.sql("update jobs set leased_until = now() where state = 'running'"); // the dead one's is over
        const c = lab.start(undefined, undefined, `kill:${point}`);
        assert.equal(await c.ended, 'SIGKILL', c.log());
      }
      await lab.settle();
      await lab.intact(KILLS);
      const repeats = (await lab.paid()) - before - KILLS * KINDS;
      assert.ok(repeats <= (paid ? KILLS : 0), `${repeats} answers were paid for again`);
      assert.equal(lab.rig.sql('select max(version) from transcripts'), '1', 'no second transcript');
      await tidy();
    });
});
