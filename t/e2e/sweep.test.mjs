// The sweep: what a call leaves behind becomes a file, a text and an analysis, once, whatever goes wrong on the way.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { child, end, program, root } from '../lib/process.mjs';
import { Rig, until } from '../lib/rig.mjs';

const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const KINDS = 3; // requests to models that one recording of two people needs: two channels and an analysis

// A rig with a simulator and no sweep of its own: the tests start theirs.
class Lab {
  #n = 0;
  #sweeps = [];

  static async start(settings = {}) {
    const lab = new Lab();
    lab.rig = await Rig.start({ workers: { hooks: 1, api: 0, auth: 0 }, sim: { speed: 500 },
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

  start(args = ['--max-seconds', '30'], env = this.rig.env) {
    this.#n += 1;
    const cmd = [program('switchhook-sweep'), '--env', env, ...args];
    const c = child(join(this.rig.dir, 'log'), `sweep-${this.#n}`, cmd, { as });
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

  jobs() {
    return this.rig.sql(`select string_agg(kind || ' ' || state || ' ' || n, ', ' order by kind, state)
      from (select kind, state, count(*) as n from jobs group by 1, 2) g`);
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
    this.rig.sql(`truncate jobs, ai_requests, analyses, transcripts, recordings, calls, call_legs, webhook_events
      cascade`);
  }
}

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

  it('does nothing twice when it runs again', async () => {
    await lab.calls(1);
    await lab.run();
    const asked = await lab.asked();
    lab.rig.sql("update jobs set state = 'waiting', due_at = now()"); // every job a second time
    await lab.run();
    assert.equal(await lab.asked(), asked);
    await lab.intact(1);
  });

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

    it('asks three times for text it can use, then fails with the reason', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'ai_invalid_json', count: 99 });
      const asked = await lab.asked();
      await lab.settle();
      assert.deepEqual([lab.job('transcribe').state, lab.recording().transcription_status], ['dead', 'failed']);
      assert.match(lab.recording().transcription_reason, /cannot be used/);
      assert.equal(await lab.asked() - asked, 3);
      assert.equal(lab.rig.sql("select count(*) from ai_requests where outcome like 'unusable: %'"), '3');
    });

    it('gets another chance from the operator', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'ai_invalid_json', count: 3 });
      await lab.settle();
      assert.match(lab.rig.switchhook('sweep', 'status'), /transcribe +dead +1 .*cannot be used/);
      assert.match(lab.rig.switchhook('sweep', 'requeue', '--kind', 'transcribe'), /requeued:? +1/);
      assert.equal(lab.recording().transcription_status, 'pending');
      await lab.run();
      await lab.intact(1);
    });

    it('keeps the transcript when only the analysis fails', async () => {
      await lab.calls(1);
      await lab.rig.sim.fault({ fault: 'ai_wrong_schema', kind: 'chat', count: 99 });
      await lab.settle();
      assert.deepEqual([lab.job('analyse').state, lab.recording().transcription_status], ['dead', 'completed']);
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
    const turns = [...log.matchAll(/"msg":"job".*"tenant":"([^"]+)"/g)].map((m) => m[1]);
    assert.equal(turns.length, 63);
    assert.equal(turns.slice(0, 6).filter((t) => t === other.id).length, 3);
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
