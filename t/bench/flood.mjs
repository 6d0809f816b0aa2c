// Webhooks beside logins, quiet and flooded in turn.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { child, end, source } from '../lib/process.mjs';
import { addPerson } from '../lib/person.mjs';
import { Rig, sid } from '../lib/rig.mjs';
import { inbound, load, median, requests, template } from './requests.mjs';

const ROUNDS = Number(process.argv[2] ?? 5);
const ANSWERS = 10000; // of one round: more than can be taken
const clients = 4; // as many calls at once; more would measure a queue
const seconds = 2;
const answer = '/api/twilio/voice/answer';
const expect = '200:+442079460999</Number>';

const rig = await Rig.start({
  durable: true,
  workers: { hooks: 2, api: 1, auth: 2 },
  nginx: { accessLog: false },
  database: { jit: 'off', max_connections: '80' },
});
const dir = join(rig.dir, 'bench');
mkdirSync(dir);
const ring = template({ ...inbound, CallSid: '@sid@' }, ['sid']);
let files = 0;
const calls = () => {
  const file = join(dir, `answer-${files}`);
  const of = files++;
  requests(file, ANSWERS, answer, (i) => ring(answer, { sid: sid('CA', 'flood', of, i) }));
  return file;
};
const measure = () => load(rig.port, calls(), { clients, seconds, count: ANSWERS, expect });

const seen = { quiet: [], flooded: [] };
const heard = {};
let floods = 0;
async function flooded() {
  const script = join(source, 't', 'bench', 'guesses.mjs');
  const c = child(dir, `guesses-${floods++}`, [process.execPath, script, `${rig.port}`]);
  // The pool is busy before the measurement begins.
  await rig.until(() => Number(rig.sql('select count(*) from login_attempts')) > before + 4, 30000);
  const got = await measure();
  await end(c);
  for (const [word, n] of Object.entries(JSON.parse(c.log()))) heard[word] = (heard[word] ?? 0) + n;
  return got;
}

let before = 0;
try {
  addPerson(rig, 'agent');
  await measure(); // warms up
  for (let r = 1; r <= ROUNDS; r++) {
    seen.quiet.push(await measure());
    before = Number(rig.sql('select count(*) from login_attempts'));
    seen.flooded.push(await flooded());
    const [q, f] = [seen.quiet.at(-1), seen.flooded.at(-1)];
    console.log(`round ${r} of ${ROUNDS}: p99 ${q.p99_ms} ms quiet, ${f.p99_ms} ms flooded`);
  }
  const of = (side, what) => median(seen[side].map((x) => x[what]));
  console.log(`\n${''.padEnd(10)}${['answer/s', 'p50 ms', 'p99 ms'].map((w) => w.padStart(10)).join('')}`);
  for (const side of Object.keys(seen)) {
    const cells = [of(side, 'rate').toFixed(0), of(side, 'p50_ms').toFixed(2), of(side, 'p99_ms').toFixed(2)];
    console.log(side.padEnd(10) + cells.map((c) => c.padStart(10)).join(''));
  }
  const attempts = Number(rig.sql('select count(*) from login_attempts'));
  console.log(`\nguesses judged: ${attempts} accounts; answers: ${JSON.stringify(heard)}`);
  const value = median(seen.flooded.map((f, i) => f.p99_ms / seen.quiet[i].p99_ms)); // of neighbours in time
  console.log(`p99 flooded / quiet: ${value.toFixed(2)}, at most 2: ${value <= 2 ? 'reached' : 'above'}`);
  process.exitCode = value <= 2 ? 0 : 1;
} finally {
  await rig.stop();
}
