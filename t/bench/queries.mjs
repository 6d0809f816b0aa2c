// Large reads: our API beside psql running the same statement, at two sizes. See t/bench/queries.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { seed } from '../lib/calls.mjs';
import { Rig } from '../lib/rig.mjs';

const option = (name, fallback) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? fallback : Number(process.argv[i + 1]);
};
const calls = option('calls', 1_000_000);
const runs = option('runs', 9);
const DAYS = 400;
const kept = Math.min(DAYS, option('kept', DAYS));
const CHUNK = 100_000;
const sizes = process.argv.includes('--alone') ? [calls] : [calls / 10, calls];
const median = (v) => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];
const say = (text) => process.stdout.write(`${text}\n`);

const rig = await Rig.start({
  workers: { hooks: 0, auth: 0, api: 1 },
  database: { shared_buffers: '512MB', maintenance_work_mem: '256MB', max_wal_size: '8GB', work_mem: '16MB' },
});
const today = new Date();
const day = (n) => new Date(today - n * 864e5).toISOString().slice(0, 10);

// Indexes that are made anew behind the rows: ten million calls would otherwise write to each of them in turn.
const spare = rig.rows(`select c.relname as name, pg_get_indexdef(i.indexrelid) as def from pg_index i
  join pg_class c on c.oid = i.indexrelid where i.indrelid = 'calls'::regclass and not i.indisunique`);

// The same question twice: as a request, and as the statement behind it.
const asks = (deep) => [
  ['first page', 'calls?limit=50', `calls_page('{}', 'newest', null, null, 50, false)`],
  [
    'deep page',
    `calls?limit=50&cursor=${deep.us}.${deep.id}`,
    `calls_page('{}', 'newest', ${deep.us}, '${deep.id}', 50, false)`,
  ],
  [
    'page of one client',
    'calls?limit=50&client_id=0b000000-0000-7000-8000-000000000002',
    `calls_page('{"client_id": "0b000000-0000-7000-8000-000000000002"}', 'newest', null, null, 50, false)`,
  ],
  [
    'page of one caller',
    'calls?limit=50&customer_number=%2B441632000777',
    `calls_page('{"customer_number": "+441632000777"}', 'newest', null, null, 50, false)`,
  ],
  [
    'page of a status, 7 %',
    'calls?limit=50&status=busy',
    `calls_page('{"status": "busy"}', 'newest', null, null, 50, false)`,
  ],
  [
    'page of a status that none has',
    'calls?limit=50&status=queued',
    `calls_page('{"status": "queued"}', 'newest', null, null, 50, false)`,
  ],
  ['30-day summary', `stats/summary?from=${day(29)}`, `stats_summary('{"from": "${day(29)}"}')`],
  ['30-day timeline', `stats/timeline?from=${day(29)}`, `stats_timeline('{"from": "${day(29)}"}')`],
  ['30-day heat map', `stats/heatmap?from=${day(29)}`, `stats_heatmap('{"from": "${day(29)}"}')`],
  [
    '30-day breakdown by agent',
    `stats/breakdown?by=user&from=${day(29)}`,
    `stats_breakdown('{"by": "user", "from": "${day(29)}"}')`,
  ],
  [
    'a year by month',
    `stats/timeline?by=month&from=${day(364)}`,
    `stats_timeline('{"by": "month", "from": "${day(364)}"}')`,
  ],
  ['7-day attribution', `stats/attribution?from=${day(6)}`, `stats_attribution('{"from": "${day(6)}"}')`],
  ['30-day top callers', `stats/callers?from=${day(29)}`, `stats_callers('{"from": "${day(29)}"}')`],
  ['90-day top callers', `stats/callers?from=${day(89)}`, `stats_callers('{"from": "${day(89)}"}')`],
];

async function http(path) {
  const began = performance.now();
  const ask = () => rig.api('GET', `/api/v1/${path}`);
  const res = await ask().catch(ask); // nginx has closed what was kept open over minutes of seeding
  if (res.status !== 200) throw new Error(`${path}: ${res.text}`);
  return performance.now() - began;
}

// Milliseconds of one statement in psql, as the worker's role: one connection, the first run left out.
function psql(expression, n) {
  const text = `\\o /dev/null\n\\timing on\nset jit = off; set plan_cache_mode = force_generic_plan;
    set app.tenant = '${rig.tenant.id}';\n${`select ${expression};\n`.repeat(n + 1)}`;
  const times = [...rig.sql(text, 'switchhook_app').matchAll(/^Time: ([\d.]+) ms/gm)].map((m) => Number(m[1]));
  return median(times.slice(-n));
}

// First byte, all, and what the worker grew by.
function pull(path) {
  const file = `/proc/${rig.workers('api')[0]}/status`;
  const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))[1]);
  const was = peak();
  return new Promise((done, failed) => {
    const began = performance.now();
    let first;
    let bytes = 0;
    request(
      {
        host: '127.0.0.1',
        port: rig.port,
        path: `/api/v1/${path}`,
        headers: { authorization: `Bearer ${rig.tenant.key}` },
      },
      (res) => {
        res.on('data', (part) => {
          first ??= performance.now() - began;
          bytes += part.length;
        });
        res.on('end', () => done({ first, all: performance.now() - began, bytes, grown: peak() - was }));
        res.on('error', failed);
      },
    )
      .on('error', failed)
      .end();
  });
}

// As the sweep keeps figures; the clock is what it took.
function roll() {
  const began = performance.now();
  const enough = () => rig.sql(`select rolled_from <= now() - interval '${kept} days' from stat_marks`) === 't';
  for (let n = 1; n > 0 && !(kept < DAYS && enough());) {
    n = Number(
      rig
        .sql(
          `set jit = off; begin; select set_config('app.tenant', '${rig.tenant.id}', true);
      select stat_refresh(30); commit`,
          'switchhook_sweep',
        )
        .split('\n')
        .at(-1),
    );
  }
  return performance.now() - began;
}

const found = {};
try {
  for (const size of sizes) {
    say(`# ${size} calls over ${DAYS} days: seeding`);
    rig.sql('truncate calls, conversions, cost_entries cascade');
    const started = performance.now();
    for (const i of spare) rig.sql(`drop index ${i.name}`);
    for (let have = 0; have < size; have += CHUNK) {
      const n = Math.min(CHUNK, size - have);
      const begins = new Date(+today - DAYS * 864e5 * (1 - have / size)).toISOString();
      const options = { n, from: begins, days: (DAYS * n) / size, callers: Math.max(1000, size / 20), clients: 20 };
      rig.sql(seed(rig.tenant.id, { ...options, ahead: have, money: size <= 1_000_000 }));
    }
    for (const i of spare) rig.sql(`set maintenance_work_mem = '1GB'; ${i.def}`);
    rig.sql(`vacuum (analyze) calls; truncate stat_dirty, stat_cells, caller_gaps, caller_cells;
      delete from stat_marks`);
    say(`# seeded in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    const took = roll();
    rig.sql('vacuum (analyze) stat_cells; vacuum (analyze) caller_gaps; vacuum (analyze) caller_cells');
    const cells = rig.sql('select count(*) from stat_cells');
    const bytes = rig.sql('select pg_size_pretty(pg_database_size(current_database()))');
    say(`# kept figures of ${size} calls in ${(took / 1000).toFixed(1)} s; ${cells} cells, ${bytes} in all`);
    const deep = rig.rows(`select id, (extract(epoch from created_at) * 1000000)::bigint::text as us from calls
      where created_at < now() - interval '${Math.floor(DAYS * 0.9)} days' order by created_at desc limit 1`)[0];
    say('# size           question                             api ms    psql ms   api/psql     growth');
    for (const [name, path, sql] of asks(deep).filter(([, p]) => !p.includes('from=') || p.slice(-10) > day(kept))) {
      await http(path);
      const times = [];
      for (let i = 0; i < runs; i++) times.push(await http(path));
      const raw = psql(sql, runs);
      const api = median(times);
      const before = found[name];
      found[name] = raw;
      const columns = [api.toFixed(1), raw.toFixed(2), (api / raw).toFixed(2), before ? (raw / before).toFixed(2) : ''];
      say(`${String(size).padStart(10)}     ${name.padEnd(32)}${columns.map((c) => c.padStart(11)).join('')}`);
    }
    const span = Math.ceil((DAYS * 100_000) / size);
    const query = `from=${day(span - 1)}`;
    await pull(`exports/calls.csv?from=${day(0)}`);
    const copying = `set app.tenant = '${rig.tenant.id}'; set jit = off; \\o /dev/null
      copy (select c.*, n.e164, k.name, g.name, u.name from calls c left join numbers n on n.id = c.number_id
        left join clients k on k.id = c.client_id left join campaigns g on g.id = c.campaign_id
        left join users u on u.id = c.user_id
        where c.tenant_id = current_tenant() and c.created_at >= '${day(span - 1)}'
        order by c.created_at desc, c.id desc) to stdout csv`;
    const pulls = [];
    const copies = [];
    for (let i = 0; i < Math.min(runs, 5); i++) {
      pulls.push(await pull(`exports/calls.csv?${query}`));
      const began = performance.now();
      rig.sql(copying, 'switchhook_app');
      copies.push(performance.now() - began);
    }
    const of = (what) => median(pulls.map((p) => p[what]));
    const rows = rig.sql(`select count(*) from calls where created_at >= '${day(span - 1)}'`);
    const grown = Math.max(...pulls.map((p) => p.grown));
    const mb = (pulls[0].bytes / 1e6).toFixed(1);
    const col = String(size).padStart(10);
    say(`${col}     export of ${rows} calls: first byte ${of('first').toFixed(0)} ms, all ${of('all').toFixed(0)} ms`);
    say(`${col}     ${mb} MB, and the worker grew by ${grown} kB`);
    const copy = median(copies);
    say(`${col}     psql copy: ${copy.toFixed(0)} ms; speed ${(copy / of('all')).toFixed(2)}`);
  }
} finally {
  await rig.stop({ clean: false });
}
