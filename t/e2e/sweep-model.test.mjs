// The sweep when the model is not as it should be.
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
  describe('when the model is not as it should be', () => {
    for (const [name, fault] of Object.entries({
      'a refused key': { status: 401, code: 'invalid_api_key' },
      'an exhausted quota': { status: 429, code: 'insufficient_quota' },
    })) {
      it(`parks everything on ${name}, asks once, and goes on after the cure`, async () => {
        await lab.calls(3);
        await lab.rig.sim.fault({ fault: 'ai_status', ...fault, count: 99 });
        const asked = await lab.asked();
        await lab.run();
        assert.equal(lab.jobs(), 'fetch done 3, transcribe parked 3');
        assert.equal(await lab.asked() - asked, 1);
        assert.equal(lab.rig.sql(`select count(*) from recordings
          where status = 'stored' and transcription_status = 'pending'
          and transcription_reason like '%${fault.status}, ${fault.code}%'`), '3');
        assert.equal(lab.rig.sql("select max(attempts) from jobs where kind = 'transcribe'"), '0');
        await fetch(`${lab.rig.sim.url}/sim/faults`, { method: 'DELETE' });
        lab.hurry();
        await lab.run();
        await lab.intact(3);
        assert.equal(lab.rig.sql('select count(*) from recordings where transcription_reason is not null'), '0');
      });
    }

    for (const [name, fault] of Object.entries({
      'a rate limit': { fault: 'ai_status', status: 429, retry_after: 7 },
      'a server error': { fault: 'ai_status', status: 500 },
      'an answer that is cut': { fault: 'ai_cut', at_byte: 100 },
      'an answer that is no JSON': { fault: 'ai_invalid_json' },
      'an answer without an end': { fault: 'ai_huge' },
      'another schema': { fault: 'ai_wrong_schema', kind: 'chat' },
    })) {
      it(`asks again after ${name}, and not for what it has`, async () => {
        await lab.calls(1);
        const paid = await lab.paid();
        await lab.rig.sim.fault({ ...fault, count: 1, skip: fault.kind ? 0 : 1 }); // the second channel's
        await lab.run();
        assert.equal(lab.job(fault.kind ? 'analyse' : 'transcribe').state, 'waiting');
        if (fault.retry_after) {
          const pause = lab.rig.sql("select extract(epoch from due_at - now()) from jobs where state = 'waiting'");
          assert.ok(pause > 4 && pause <= 7, pause);
        }
        await lab.settle();
        await lab.intact(1);
        assert.ok(await lab.paid() - paid <= KINDS + 1, 'what was paid for is not asked for again');
        assert.deepEqual(lab.files(), []);
      });
    }

    it('asks three times for text it can use, then waits for a cure with the reason', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'ai_invalid_json', count: 99 });
      const asked = await lab.asked();
      await lab.settle();
      assert.deepEqual([lab.job('transcribe').state, lab.recording().transcription_status], ['parked', 'pending']);
      assert.match(lab.recording().transcription_reason, /cannot be used/);
      assert.equal(lab.rig.sql("select due_at > now() + interval '23 hours' from jobs where state = 'parked'"), 't');
      assert.equal(await lab.asked() - asked, 3);
      assert.equal(lab.rig.sql("select count(*) from ai_requests where outcome like 'unusable: %'"), '3');
    });

    it('gets another chance from the operator', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'ai_invalid_json', count: 3 });
      await lab.settle();
      assert.match(lab.rig.switchhook('sweep', 'status'), /transcribe +parked +1 .*cannot be used/);
      assert.match(lab.rig.switchhook('sweep', 'requeue', '--kind', 'transcribe'), /requeued:? +1/);
      assert.equal(lab.rig.sql('select max(attempts) from jobs where state = $$waiting$$'), '0');
      await lab.run();
      await lab.intact(1);
    });

    it('keeps the transcript when only the analysis fails', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'ai_wrong_schema', kind: 'chat', count: 99 });
      await lab.settle();
      assert.deepEqual([lab.job('analyse').state, lab.recording().transcription_status], ['parked', 'completed']);
      assert.match(lab.recording().transcription_reason, /^analysis: the model's answer cannot be used: /);
    });

    it('parks with the setting’s name when there is none', async () => {
      await lab.calls(1);
      const env = join(lab.rig.dir, 'none.env');
      writeFileSync(env, readFileSync(lab.rig.env, 'utf8').replace(/^OPENAI_.*\n/gm, ''));
      lab.rig.own(env);
      await lab.run(undefined, env);
      assert.deepEqual([lab.job('transcribe').state, lab.recording().transcription_status], ['parked', 'pending']);
      assert.match(lab.recording().transcription_reason, /OPENAI_API_KEY.*OPENAI_BASE_URL/);
    });
  });
});
