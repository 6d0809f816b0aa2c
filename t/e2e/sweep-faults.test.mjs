// A model that fails for long: every recording is there, its work is parked with the reason, somebody is told once, and
// all of it goes on after the cure.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Lab } from '../lib/lab.mjs';

const N = 3;
const DAY = 96; // tries of a parked job in a day, one every 15 minutes
const HUGE = 2 ** 30;
const RSS_KB = 400 * 1024;

describe('a model that gives', () => {
  let lab;
  let server;
  let give; // what the server answers
  let asked = 0;
  let sent = 0; // the most bytes of one answer
  let env;
  before(async () => {
    lab = await Lab.start();
    server = createServer((rq, rs) => {
      asked += 1;
      rq.resume();
      rq.on('end', () => give(rs));
    });
    await new Promise((ok) => { server.listen(0, '127.0.0.1', ok); });
    env = join(lab.rig.dir, 'other.env');
    const url = `http://127.0.0.1:${server.address().port}/v1`;
    writeFileSync(env, readFileSync(lab.rig.env, 'utf8').replace(/^OPENAI_BASE_URL=.*$/m, `OPENAI_BASE_URL=${url}`));
    lab.rig.own(env);
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await lab.stop();
  });
  beforeEach(() => {
    lab.wipe();
    sent = 0;
  });

  const error = (status, code, head = {}) => (rs) => {
    rs.writeHead(status, { 'content-type': 'application/json', ...head });
    rs.end(JSON.stringify({ error: { message: 'refused', type: 'error', code } }));
  };
  const text = (type, body) => (rs) => {
    rs.writeHead(200, { 'content-type': type });
    rs.end(body);
  };
  // As much as is read.
  const huge = (rs) => {
    rs.writeHead(200, { 'content-type': 'application/json' });
    const block = Buffer.alloc(1 << 16, 'x');
    let n = 0;
    const more = () => {
      while (n < HUGE && !rs.destroyed) {
        n += block.length;
        sent = Math.max(sent, n);
        if (!rs.write(block)) return rs.once('drain', more);
      }
      return rs.end();
    };
    rs.on('error', () => {});
    more();
  };

  // A sweep, and the most memory it had.
  async function watched(file) {
    const c = lab.start(['--max-seconds', '50'], file);
    let most = 0;
    const look = setInterval(() => {
      try {
        most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${c.pid}/status`, 'utf8'))?.[1] ?? 0));
      } catch {
        // it has ended
      }
    }, 5);
    assert.equal(await c.ended, 0, c.log());
    clearInterval(look);
    return most;
  }

  const faults = [
    ['401', error(401, 'invalid_api_key'), 'model:key', /401, invalid_api_key/, DAY],
    ['429 for want of money', error(429, 'insufficient_quota'), 'model:quota', /429, insufficient_quota/, DAY],
    ['429', error(429, 'rate_limit_exceeded', { 'retry-after': '3' }), 'model:busy', /429/, 12],
    ['500', error(500, 'server_error'), 'model:provider', /500/, 12],
    ['invalid JSON', text('application/json', '{"text": "this is not '), 'model:answer', /cannot be used/, 6],
    ['a body of 1 GB', huge, 'model:answer', /over \d+ bytes/, 6],
    ['HTML', text('text/html', '<!doctype html><title>Hello</title>'), 'model:answer', /cannot be used/, 6],
    ['another schema', text('application/json', '{"transcript": [{"words": 3}]}'), 'model:answer', /no text/, 6],
  ];
  for (const [name, answer, cause, reason, rounds] of faults)
    it(`${name}: recordings are there, work is parked, one alarm, and the cure cures`, async () => {
      await lab.calls(N);
      give = answer;
      const before = asked;
      let most = 0;
      for (let i = 0; i < rounds; i += 1) {
        lab.hurry();
        most = Math.max(most, await watched(env));
      }
      assert.equal(lab.jobs(), `fetch done ${N}, transcribe parked ${N}`);
      const stored = "select count(*) from recordings where status = 'stored' and sha256 is not null";
      assert.equal(lab.rig.sql(stored), `${N}`);
      const rows = lab.rig.rows(`select r.transcription_status, r.transcription_reason, j.cause, j.reason, j.due_at
        from recordings r join jobs j on j.ref = r.id::text and j.kind = 'transcribe'`);
      for (const r of rows) {
        assert.equal(r.transcription_status, 'pending');
        assert.equal(r.cause, cause);
        assert.match(r.reason, reason);
        assert.match(r.transcription_reason, reason);
        assert.ok(r.due_at, 'the next attempt');
      }
      const alarms = lab.rig.rows('select cause, reason, n, cleared_at from alarms');
      assert.deepEqual(alarms.map((a) => [a.cause, a.cleared_at]), [[cause, null]], 'one alarm');
      assert.match(alarms[0].reason, reason);
      assert.ok(alarms[0].n >= N);
      const most_asked = cause === 'model:answer' ? 7 * N : rounds * N;
      assert.ok(asked - before <= most_asked, `${asked - before} requests`);
      assert.ok(most > 0 && most < RSS_KB, `${most} kB`);
      assert.ok(sent < HUGE / 16, `${sent} bytes were taken`);
      lab.hurry();
      await lab.settle();
      lab.rig.sql("update jobs set due_at = now() where state = 'parked'");
      await lab.run();
      await lab.settle();
      await lab.intact(N);
      await lab.run(['--once-kind', 'alarms']);
      assert.equal(lab.rig.sql('select count(*) from alarms where cleared_at is null'), '0', 'the alarm is over');
    });

  it('answers that cannot be used are given up on in the end, with the reason', async () => {
    await lab.calls(1);
    give = text('text/html', '<p>no');
    const before = asked;
    for (let i = 0; i < 12; i += 1) {
      lab.hurry();
      await lab.run(undefined, env);
    }
    assert.equal(asked - before, 7);
    assert.deepEqual([lab.job('transcribe').state, lab.recording().transcription_status], ['dead', 'failed']);
    assert.equal(lab.rig.sql('select count(*) from alarms'), '1');
    assert.match(lab.rig.switchhook('sweep', 'status'), /alarm +model:answer/);
    assert.match(lab.rig.switchhook('sweep', 'requeue', '--reason', 'quota'), /requeued:? +0/);
    const { id } = lab.rig.tenant;
    assert.match(lab.rig.switchhook('sweep', 'requeue', '--reason', 'answer', '--tenant', id), /requeued:? +1/);
    assert.equal(lab.recording().transcription_status, 'pending');
    assert.match(lab.rig.switchhook('sweep', 'status', '--tenant', id), /transcribe +waiting +1/);
    await lab.settle();
    await lab.intact(1);
  });

  it('nothing for silence: an empty text with the reason, and nobody is asked', async () => {
    await lab.calls(1);
    await lab.run(['--once-kind', 'fetch']);
    const path = join(lab.rig.settings.RECORDINGS_DIR, lab.recording().path);
    const wav = readFileSync(path);
    for (let i = 44; i + 1 < wav.length; i += 2) wav.writeInt16LE((i % 7) * 10 - 30, i); // the noise of a line
    writeFileSync(path, wav);
    give = text('application/json', '{"text": "Thank you for watching!", "language": "english", "duration": 3}');
    const before = asked;
    await lab.run(undefined, env);
    assert.equal(asked, before);
    assert.deepEqual(lab.rig.rows('select text, segments from transcripts'), [{ text: '', segments: [] }]);
    assert.deepEqual([lab.recording().transcription_status, lab.recording().transcription_reason],
      ['skipped:silent', 'nobody speaks in it']);
    assert.equal(lab.jobs(), 'fetch done 1, transcribe done 1');
  });

  it('phantoms: what is said into silence, doubted or repeated is left out', async () => {
    await lab.calls(1);
    const seg = (start, end, words, more = {}) => ({ id: 0, start, end, text: ` ${words}`, no_speech_prob: 0.01,
      avg_logprob: -0.2, compression_ratio: 1.2, ...more });
    give = (rs) => text('application/json', JSON.stringify({ text: 'x', language: 'english', duration: 34, segments: [
      seg(1, 3, 'A real sentence.'), seg(3, 4, 'Subtitles by somebody.', { no_speech_prob: 0.9, avg_logprob: -1.3 }),
      seg(4, 5, 'la la la', { compression_ratio: 9 }), seg(900, 901, 'Beyond the end.'),
      ...[5, 6, 7, 8].map((s) => seg(s, s + 1, 'Thank you.'))] }))(rs);
    await lab.run(['--once-kind', 'transcribe'], env);
    await lab.run(undefined, env);
    const said = lab.rig.sql('select text from transcripts');
    assert.match(said, /A real sentence/);
    assert.doesNotMatch(said, /Subtitles|la la|Beyond/);
    assert.ok((said.match(/Thank you/g) ?? []).length <= 2, said); // one a channel
  });
});
