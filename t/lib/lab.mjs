// A rig with a simulator in which tests start sweeps themselves: for the files t/e2e/sweep*.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { child, program, root } from './process.mjs';
import { Rig, until } from './rig.mjs';

export const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
export const KINDS = 3; // requests to models that one recording of two people needs: two channels and an analysis

// ASan wants to be first, and is content not to be.
const preload = {
  LD_PRELOAD: program(join('t', 'failpoint.so')),
  ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`,
};

// A rig with a simulator and no sweep of its own: the tests start theirs.
export class Lab {
  #n = 0;
  #sweeps = [];

  static async start(settings = {}, workers = {}) {
    const lab = new Lab();
    lab.rig = await Rig.start({ workers: { hooks: 1, api: 0, auth: 0, ...workers }, sim: { speed: 500 },
      settings: { TRANSCRIBE_MODEL: 'whisper-1', ...settings } });
    await lab.rig.sim.number(lab.rig.tenant.number);
    return lab;
  }

  // n calls are played to their end: their recordings wait.
  async calls(n, how = {}) {
    const was = Number(this.rig.sql("select count(*) from jobs where kind = 'fetch'"));
    const call = { from: '+447700900123', to: this.rig.tenant.number, ...how };
    for (let i = 0; i < n; i += 1) await this.rig.sim.call(call);
    await this.rig.sim.idle();
    await until(() => Number(this.rig.sql("select count(*) from jobs where kind = 'fetch'")) === was + n);
  }

  // failpoint: where it is killed or stopped, as t/lib/failpoint.c has it.
  start(args = ['--max-seconds', '30'], env = this.rig.env, failpoint = null) {
    this.#n += 1;
    const cmd = [program('switchhook-sweep'), '--env', env, ...args];
    const c = child(join(this.rig.dir, 'log'), `sweep-${this.#n}`, cmd, {
      as,
      env: failpoint === null ? process.env : { ...process.env, ...preload, FAILPOINT: failpoint },
    });
    this.#sweeps.push(c);
    return c;
  }

  // Ends what a failed test left behind, stopped ones too: nobody would otherwise, and the file would never end.
  async stop() {
    for (const c of this.#sweeps.filter((x) => x.exitCode === null && x.signalCode === null)) c.kill('SIGKILL');
    await this.rig.stop();
  }

  // One run to its end; what it logged.
  async run(args, env) {
    const c = this.start(args, env);
    assert.equal(await c.ended, 0, c.log());
    return c.log();
  }

  // Time passes: pauses are over, and so are the leases of the dead.
  hurry() {
    this.rig.sql(`update jobs set due_at = now() where state in ('waiting', 'parked');
      update jobs set leased_until = now() where state = 'running'`);
  }

  // Runs sweeps, as if time passed between them, until nothing is left that a sweep alone could do.
  async settle(rounds = 12) {
    for (let i = 0; i < rounds && this.open() > 0; i += 1) {
      this.hurry();
      await this.run();
    }
    assert.equal(this.open(), 0, 'every job came to an end');
  }

  open() { return Number(this.rig.sql("select count(*) from jobs where state not in ('done', 'dead', 'parked')")); }

  // All but those that tell somebody of a failure, which comes before a cure.
  jobs() {
    return this.rig.sql(`select string_agg(kind || ' ' || state || ' ' || n, ', ' order by kind, state)
      from (select kind, state, count(*) as n from jobs where kind <> 'notify' group by 1, 2) g`);
  }

  recording() { return this.rig.rows('select * from recordings')[0]; }

  job(kind) { return this.rig.rows(`select * from jobs where kind = '${kind}'`)[0]; }

  // Answers of models that were paid for.
  async paid(since = 0) { return (await this.rig.sim.ledger()).ai.slice(since).filter((a) => a.status === 200).length; }

  async asked() { return (await this.rig.sim.ledger()).ai.length; }

  // Everything that is here is what Twilio has: none lost, none twice, none changed.
  async intact(n) {
    const truth = new Map((await this.rig.sim.ledger()).recordings.map((r) => [r.sid, r.sha256]));
    const rows = this.rig.rows(`select sid, path, encode(sha256, 'hex') as sha256, transcription_status
      from recordings`);
    assert.equal(rows.length, n);
    for (const r of rows) {
      assert.equal(r.sha256, truth.get(r.sid));
      const file = readFileSync(join(this.rig.settings.RECORDINGS_DIR, r.path));
      assert.equal(createHash('sha256').update(file).digest('hex'), r.sha256);
      assert.equal(r.transcription_status, 'completed');
    }
    assert.equal(this.rig.sql('select count(*), count(distinct recording_id) from transcripts'), `${n}|${n}`);
    assert.equal(this.rig.sql('select count(*), count(distinct transcript_id) from analyses'), `${n}|${n}`);
    assert.equal(this.jobs(), `analyse done ${n}, fetch done ${n}, transcribe done ${n}`);
  }

  files() {
    const dir = join(this.rig.settings.RECORDINGS_DIR, this.rig.tenant.id);
    return readdirSync(dir).filter((name) => !/^RE[0-9a-f]{32}\.wav$/.test(name));
  }

  wipe() {
    this.rig.sql(`truncate alarms, transcript_runs, jobs, ai_requests, analyses, transcripts, recordings, calls,
      call_legs, webhook_events cascade`);
  }
}
