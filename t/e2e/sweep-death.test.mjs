// Sweeps that die, stall and meet.
import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { KINDS, Lab } from '../lib/lab.mjs';
import { end } from '../lib/process.mjs';
import { until } from '../lib/rig.mjs';

describe('the sweep', () => {
  let lab;
  before(async () => { lab = await Lab.start(); });
  after(() => lab.stop());
  beforeEach(async () => { await fetch(`${lab.rig.sim.url}/sim/faults`, { method: 'DELETE' }); lab.wipe(); });
  describe('when sweeps die, stall and meet', () => {
    it('nothing is lost or paid for more often than it was killed', async () => {
      const N = 40;
      await lab.calls(N);
      const paid = await lab.paid();
      let kills = 0;
      for (; kills < 60 && lab.open() > 0; kills += 1) {
        lab.hurry();
        const c = lab.start();
        const late = setTimeout(() => c.kill('SIGKILL'), 30 + Math.random() * 60);
        await c.ended;
        clearTimeout(late);
      }
      await lab.settle();
      await lab.intact(N);
      const repeats = await lab.paid() - paid - N * KINDS;
      assert.ok(repeats <= kills, `${repeats} answers were paid for again after ${kills} kills`);
      assert.ok(kills >= 10, `${kills} kills`);
    });

    it('what the dead left behind is removed after an hour', async () => {
      const dir = join(lab.rig.settings.RECORDINGS_DIR, lab.rig.tenant.id);
      const old = ['.REffffffffffffffffffffffffffffffff.3.tmp', '.REffffffffffffffffffffffffffffffff.1-0.part'];
      for (const name of [...old, '.REffffffffffffffffffffffffffffffff.4.tmp']) writeFileSync(join(dir, name), 'x');
      for (const name of old) utimesSync(join(dir, name), 1, Date.now() / 1000 - 3700);
      lab.rig.own(dir);
      const stormed = lab.files().filter((f) => !f.includes('ffff'));
      for (const name of stormed) utimesSync(join(dir, name), 1, 1);
      await lab.run(['--once-kind', 'files']);
      assert.deepEqual(lab.files(), ['.REffffffffffffffffffffffffffffffff.4.tmp']);
      utimesSync(join(dir, '.REffffffffffffffffffffffffffffffff.4.tmp'), 1, 1);
      await lab.run(['--once-kind', 'files']);
    });

    it('three at once do each job once', async () => {
      await lab.calls(10);
      const paid = await lab.paid();
      await Promise.all([1, 2, 3].map(() => lab.run())); // all end well
      await lab.settle();
      await lab.intact(10);
      assert.equal(await lab.paid() - paid, 10 * KINDS);
      assert.equal(lab.rig.sql("select max(attempts) from jobs"), '1');
    });

    it('one that slept through its lease writes nothing', async () => {
      await lab.calls(1);
      await lab.run(['--once-kind', 'fetch']);
      await lab.rig.sim.fault({ fault: 'ai_slow', ms: 1500, count: 1 });
      const sleeper = lab.start();
      await until(() => lab.rig.sql("select count(*) from ai_requests") === '1');
      sleeper.kill('SIGSTOP');
      lab.hurry();
      await lab.run();
      await lab.intact(1);
      sleeper.kill('SIGCONT');
      assert.equal(await sleeper.ended, 0);
      assert.match(sleeper.log(), /"kind":"transcribe","state":"lost"/);
      await lab.intact(1);
    });

    it('a job that kills its sweeps is dead in the end', async () => {
      await lab.calls(1);
      lab.rig.sql("update jobs set state = 'running', attempts = 20, token = 20, leased_until = now()");
      await lab.run();
      assert.equal(lab.job('fetch').state, 'dead');
      assert.match(lab.recording().transcription_reason, /died in it 20 times/);
    });
  });

  it('lets tenants take turns', async () => {
    const other = lab.rig.addTenant('Patience', { account: `AC${'0'.repeat(31)}7`, token: lab.rig.tenant.token,
      number: '+442079460970', forward: '+442079460971' });
    const queue = (tenant, n, tag) => lab.rig.sql(`with r as (
        insert into recordings (tenant_id, sid, call_sid, status)
        select '${tenant}', 'RE' || '${tag}' || lpad(i::text, 31, '0'), 'CA' || lpad(i::text, 32, '0'), 'completed'
          from generate_series(1, ${n}) i
        returning id)
      insert into jobs (tenant_id, kind, ref, due_at)
      select '${tenant}', 'fetch', id::text, now() - interval '1 hour' from r`);
    queue(lab.rig.tenant.id, 60, 'a');
    queue(other.id, 3, 'b');
    lab.rig.sql(`update jobs set due_at = now() where tenant_id = '${other.id}'`); // they came last
    const log = await lab.run(['--once-kind', 'fetch']);
    // Twilio has none of these: they are tried again some seconds later, in the same run where that takes so long.
    const tenantOf = new Map(); // of each job, as they came first
    for (const [, id, tenant] of log.matchAll(/"msg":"job".*"id":"([^"]+)","tenant":"([^"]+)"/g))
      if (!tenantOf.has(id)) tenantOf.set(id, tenant);
    const turns = [...tenantOf.values()];
    assert.equal(turns.length, 63);
    assert.equal(turns.slice(0, 6).filter((t) => t === other.id).length, 3, turns.join());
  });

  it('gives a recording that came before its call its call, and the call its address', async () => {
    await lab.calls(1);
    lab.rig.sql('update recordings set call_id = null');
    await lab.run();
    await lab.run();
    assert.equal(lab.rig.sql(`select count(*) from recordings r join calls c on c.id = r.call_id
      where c.recording_url is not null`), '1');
  });

  it('ends at once and well when it is told to', async () => {
    const c = lab.start(['--loop', '60']);
    const seen = () => lab.rig.sql("select coalesce(max(seen_at)::text, '') from sweeps");
    const was = seen();
    await until(() => seen() !== was);
    const asked = Date.now();
    assert.equal(await end(c), 0);
    assert.ok(Date.now() - asked < 2000);
  });

  it('takes what becomes due while it loops', async () => {
    const c = lab.start(['--loop', '60']);
    await lab.calls(1);
    await until(() => lab.jobs() === 'analyse done 1, fetch done 1, transcribe done 1');
    await lab.intact(1);
    assert.equal(await end(c), 0);
  });

  it('says what is wrong with its options and settings', async () => {
    for (const args of [['--loop', '0'], ['--max-seconds', 'x'], ['--once-kind', 'nothing'], ['surplus'], ['--what']]) {
      const c = lab.start(args);
      assert.equal(await c.ended, 2, args.join(' '));
    }
    const c = lab.start([], '/nowhere/switchhook.env');
    assert.equal(await c.ended, 2);
  });

  it('fails when the database is away', async () => {
    const env = join(lab.rig.dir, 'away.env');
    const nobody = `DATABASE_URL=host=${lab.rig.dir} dbname=nobody`;
    writeFileSync(env, readFileSync(lab.rig.env, 'utf8').replace(/^DATABASE_URL=.*$/m, nobody));
    lab.rig.own(env);
    const c = lab.start([], env);
    assert.equal(await c.ended, 1);
  });
});
