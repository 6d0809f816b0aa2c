// A storm of whole calls against the real server: none lost, none doubled, and who spent how much CPU on it.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { child, program, until } from '../lib/process.mjs';
import { Rig } from '../lib/rig.mjs';

const CALLS_MAX = 20000;
const LIMIT_MS = 15 * 60 * 1000;
const [calls, rate, seed] = [
  [2000, CALLS_MAX],
  [100, 1000],
  [1, 2 ** 31],
].map(([usual, most], i) => {
  const n = Number(process.argv[2 + i] ?? usual);
  if (Number.isInteger(n) && n >= 1 && n <= most) return n;
  process.stderr.write('usage: t/bench/storm [CALLS [RATE [SEED]]]\n');
  return process.exit(2);
});

// CPU seconds of a process and of those of its children that are gone; of all its descendants if deep.
const HZ = 100;
function cpu(pid, deep) {
  let own;
  try {
    own = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  const t = own
    .slice(own.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  const below = deep
    ? readdirSync(`/proc/${pid}/task`).flatMap((id) =>
        readFileSync(`/proc/${pid}/task/${id}/children`, 'utf8').trim().split(' ').filter(Boolean),
      )
    : [];
  return t.reduce((a, b) => a + b) / HZ + below.reduce((sum, id) => sum + cpu(id, deep), 0);
}
const memory = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// What of a ledger is the same for the same seed: no dates of the wall clock, no real times, no ports, no ids of ours.
function facts(ledger) {
  const timeless = (o) => JSON.stringify(o, (key, v) => (/(^at|_at)$/.test(key) ? undefined : v));
  const fields = (params) =>
    [...new URLSearchParams(params)].filter(([k]) => !/Timestamp|StartTime|RecordingUrl/.test(k)).join();
  const rows = [
    ...ledger.calls.map(timeless),
    ...ledger.recordings.map(timeless),
    ...ledger.alerts.map(timeless),
    ...ledger.webhooks.map((w) => [w.kind, w.call_sid, w.url, fields(w.params), w.http, w.tries].join()),
  ];
  return createHash('sha256').update(rows.sort().join('\n')).digest('hex');
}

const rig = await Rig.start({ workers: { api: 0, auth: 0 }, sim: { speed: 50, seed } });
try {
  await rig.sim.number(rig.tenant.number);
  const parts = {
    simulator: [rig.sim.child.pid],
    nginx: [rig.nginx.pid, true],
    workers: [rig.pools.hooks.pid, true],
    postgresql: [rig.pg.child.pid, true],
  };
  const spent = () => Object.fromEntries(Object.entries(parts).map(([name, of]) => [name, cpu(...of)]));
  const before = spent();
  const began = Date.now();
  const storm = child(`${rig.dir}/log`, 'storm', [
    program('switchhook-sim'),
    'storm',
    '--sim',
    rig.sim.url,
    '--to',
    rig.tenant.number,
    '--calls',
    `${calls}`,
    '--rate',
    `${rate}`,
    '--seed',
    `${seed}`,
  ]);
  const late = setTimeout(() => storm.kill(), LIMIT_MS);
  const code = await storm.ended;
  clearTimeout(late);
  const seconds = (Date.now() - began) / 1000;
  const after = spent();
  const n = (query) => Number(rig.sql(query));
  const said = Object.fromEntries(
    storm
      .log()
      .trim()
      .split('\n')
      .map((l) => l.split(/\s+/)),
  );
  await until(() => n('select count(*) from calls where ended_at is null') === 0, 30000).catch(() => {});
  const used = Object.fromEntries(Object.keys(before).map((k) => [k, after[k] - before[k]]));
  const ours = used.nginx + used.workers + used.postgresql;
  const ledger = await (await fetch(`${rig.sim.url}/sim/ledger?sha256=no`)).json();
  const out = {
    calls,
    legs: said.calls,
    webhooks: said.webhooks,
    attempts: said.attempts,
    lost: said.lost,
    retried: said.retried,
    alerts: said.alerts,
    'p50 ms': said.p50_ms,
    'p99 ms': said.p99_ms,
    'max ms': said.max_ms,
    'calls stored': n('select count(*) from calls'),
    'calls without end': n('select count(*) from calls where ended_at is null'),
    'events stored': n('select count(*) from webhook_events'),
    'recordings stored': n('select count(*) from recordings'),
    'calls doubled': n('select count(*) - count(distinct twilio_call_sid) from calls'),
    'events doubled': n('select count(*) - count(distinct digest) from webhook_events'),
    seconds: seconds.toFixed(1),
    'webhooks a second': (said.webhooks / seconds).toFixed(0),
    'CPU s simulator': used.simulator.toFixed(2),
    'CPU s nginx': used.nginx.toFixed(2),
    'CPU s workers': used.workers.toFixed(2),
    'CPU s PostgreSQL': used.postgresql.toFixed(2),
    'CPU simulator / server': (used.simulator / ours).toFixed(3),
    'MiB simulator': memory(rig.sim.child.pid).toFixed(0),
    'facts sha256': facts(ledger),
  };
  for (const [name, value] of Object.entries(out)) process.stdout.write(`${name.padEnd(24)}${value}\n`);
  if (code !== 0) process.stderr.write(`the storm ended with ${code}: ${storm.log()}\n`);
  process.exitCode =
    code === 0 && out['calls without end'] === 0 && out['calls doubled'] === 0 && out['events doubled'] === 0 ? 0 : 1;
} finally {
  await rig.stop({ clean: false });
}
