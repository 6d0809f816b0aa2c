// Measures ours and its peers in turns; prints medians as ratios beside the floors that they must reach.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generated } from '../lint/generated.mjs';
import { child, end, freePort, source, until } from '../lib/process.mjs';
import { PUBLIC_URL, Rig, sid, TOKEN } from '../lib/rig.mjs';
import { CLIENTS, inbound, load, median, requests, SECONDS, template } from './requests.mjs';

const exec = promisify(execFile);
const ROUNDS = Number(process.argv[2] ?? 3);
const ANSWERS = 60000; // of one round: more than any side can take
const STATUSES = 45000;
const answer = '/api/twilio/voice/answer';
const status = '/api/twilio/voice/status';

function prepare(dir) {
  const ring = template({ ...inbound, CallSid: '@sid@' }, ['sid']);
  const done = template(
    {
      ...inbound,
      CallSid: '@sid@',
      CallStatus: 'completed',
      CallDuration: '46',
      Duration: '1',
      SequenceNumber: '0',
      CallbackSource: 'call-progress-events',
      Timestamp: 'Mon, 05 Jan 2026 09:30:48 +0000',
    },
    ['sid'],
  );
  const call = (round, i) => sid('CA', 'bench', round, i);
  for (let r = 0; r <= ROUNDS; r++) {
    requests(join(dir, `answer-${r}`), r === 0 ? 20000 : ANSWERS, answer, (i) => ring(answer, { sid: call(r, i) }));
    requests(join(dir, `status-${r}`), r === 0 ? 10000 : STATUSES, status, (i) => done(status, { sid: call(r, i) }));
  }
  requests(
    join(dir, 'forged'),
    1000,
    answer,
    (i) => ring(answer, { sid: call('forged', i) }),
    'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
  );
  requests(join(dir, 'static'), 1000, '/static', () => ({ body: '', signature: 'x' }));
}

// nginx for the peers and for its own static answer, set like ours.
function peersNginx(dir, ports) {
  const conf = `daemon off; pid ${dir}/peers.pid; error_log ${dir}/peers-error.log warn; worker_processes 1;
    events { worker_connections 2048; }
    http { access_log off; client_body_temp_path ${dir}/tmp/b2; proxy_temp_path ${dir}/tmp/p2;
      fastcgi_temp_path ${dir}/tmp/f2;
      uwsgi_temp_path ${dir}/tmp/u2; scgi_temp_path ${dir}/tmp/s2; client_body_buffer_size 64k;
      ${['best', 'idiomatic']
        .map(
          (mode) => `upstream ${mode} { server 127.0.0.1:${ports[`${mode}_app`]}; keepalive 64; }
        server { listen 127.0.0.1:${ports[mode]} backlog=4096;
          location / { proxy_pass http://${mode}; proxy_http_version 1.1; proxy_set_header Connection ""; } }`,
        )
        .join('\n')}
      server { listen 127.0.0.1:${ports.static} backlog=4096; location = /static { return 200 "<Response/>"; } } }`;
  writeFileSync(join(dir, 'peers.conf'), conf);
  return ['/usr/sbin/nginx', '-p', dir, '-e', join(dir, 'peers-error.log'), '-c', join(dir, 'peers.conf')];
}

// pgbench scripts: a durable answer a transaction, in the guides' tables and in ours with our own statements.
function scripts(rig, dir) {
  const id = "'CA' || lpad(to_hex(:n::bigint), 32, '0')";
  const quote = (s) => `'${String(s).replaceAll("'", "''")}'`;
  writeFileSync(
    join(dir, 'guides.sql'),
    `\\set n random(1, 4000000000000000)
with n as (select tenant_id from numbers where e164 = '+442079460958'),
c as (insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, status)
      select tenant_id, ${id}, '+14155551212', '+442079460958', 'inbound', 'ringing'
        from n on conflict (twilio_call_sid) do nothing returning id)
insert into call_events (call_id, event_type, event_data) select id, 'answer',
  ${quote(JSON.stringify(inbound))}::jsonb from c;\n`,
  );
  const values = {
    tenant_id: quote(rig.tenant.id),
    sid: id,
    root_sid: id,
    call_sid: id,
    new_id: 'uuid7()::text',
    from_number: "'+14155551212'",
    to_number: "'+442079460958'",
    customer_number: "'+14155551212'",
    status: "'ringing'",
    kind: "'voice.answer'",
    event_type: "'answer'",
    digest: 'gen_random_uuid()::text',
    received_ms: '(extract(epoch from now()) * 1000)::bigint',
    raw: `${quote(new URLSearchParams(inbound))}::bytea`,
  };
  const all = readFileSync(join(process.env.SWITCHHOOK_BUILD, 'sql.c'), 'utf8');
  const statement = (name) => {
    const names = [...readFileSync(join(source, 'lib', 'sql', `${name}.sql`), 'utf8').matchAll(/^-- in\s+(.*)$/gm)]
      .flatMap((m) => m[1].split(','))
      .map((c) => c.trim().split(/\s+/)[0]);
    return generated(all, name)
      .replace(/\$(\d+)::(\w+)\[\]/g, (_, k, type) => `array[${values[names[k - 1]] ?? 'null'}]::${type}[]`)
      .replace(/\s*\n\s*/g, ' ')
      .trim();
  };
  const order = ['ingest_lock', 'ingest_answer', 'ingest_event'].filter((n) => all.includes(`sql_${n}_stmt`));
  writeFileSync(
    join(dir, 'lean.sql'),
    `\\set n random(1, 4000000000000000)\n\\startpipeline\n${order.map(statement).join('\n')}\n\\endpipeline\n`,
  );
}

async function pgbench(rig, database, script, user = 'postgres') {
  const { stdout } = await exec(
    '/usr/lib/postgresql/15/bin/pgbench',
    [
      '-h',
      rig.pg.host,
      '-U',
      user,
      '-n',
      '-M',
      'prepared',
      '-c',
      '8',
      '-j',
      '2',
      '-T',
      `${SECONDS}`,
      '-f',
      script,
      database,
    ],
    { env: { ...process.env, PGOPTIONS: '-c plan_cache_mode=force_generic_plan' } },
  );
  return Number(/tps = ([\d.]+)/.exec(stdout)[1]);
}

// CPU time that processes and their children have used, in microseconds.
// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
function cpu(pids) {
  let ticks = 0;
  const add = (pid) => {
    try {
      const f = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
      ticks += Number(f[11]) + Number(f[12]) + Number(f[13]) + Number(f[14]); // its own, and of children that ended
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).forEach(add);
    } catch {
      /* it has ended */
    }
  };
  pids.forEach(add);
  return ticks * 10000;
}

const results = {};
const note = (side, what, value) => {
  ((results[side] ??= {})[what] ??= []).push(value);
};

// The CPU that nginx, the workers and PostgreSQL each took for a request.
let parts = {};
async function costed(side, what, r, work) {
  const before = Object.entries(parts[side]).map(([name, pids]) => [name, cpu(pids)]);
  const got = await work();
  if (r > 0)
    for (const [name, used] of before) note(side, `${what} ${name}`, (cpu(parts[side][name]) - used) / got.n);
  return got;
}

async function round(r, rig, ports, dir) {
  const sides = { ours: rig.port, best: ports.best, idiomatic: ports.idiomatic };
  for (const [side, port] of Object.entries(sides)) {
    const a = await costed(side, 'answer', r, () =>
      load(port, join(dir, `answer-${r}`), { count: ANSWERS, expect: '200:+442079460999</Number>' }),
    );
    const s = await costed(side, 'status', r, () =>
      load(port, join(dir, `status-${r}`), { count: Math.min(a.n, STATUSES), seconds: SECONDS }),
    );
    const f = await circles(port, join(dir, 'forged'), '403');
    if (r === 0) continue;
    note(side, 'answer', a.rate);
    note(side, 'answer p50', a.p50_ms);
    note(side, 'answer p99', a.p99_ms);
    note(side, 'status', s.rate);
    note(side, 'status p50', s.p50_ms);
    note(side, 'status p99', s.p99_ms);
    note(side, 'forged', f);
  }
  const still = await circles(ports.static, join(dir, 'static'), '200');
  const guides = await pgbench(rig, 'peer_best', join(dir, 'guides.sql'));
  const lean = await pgbench(rig, 'switchhook', join(dir, 'lean.sql'), 'switchhook_ingest');
  if (r === 0) return;
  note('static', 'answer', still);
  note('pgbench guides', 'answer', guides);
  note('pgbench lean', 'answer', lean);
}

// A small file round and round for a second: requests that write nothing may repeat.
const circles = async (port, file, expect) => (await load(port, file, { expect, count: 0, seconds: 1 })).rate;

const head = (name, words) => `\n${name.padEnd(16)} ${words.map((h) => h.padStart(9)).join('')}`;

function print() {
  const m = (side, what) => median(results[side]?.[what] ?? [NaN]);
  console.log(head('side', ['answer/s', 'p50 ms', 'p99 ms', 'status/s', 'p50 ms', 'p99 ms', 'forged/s']));
  for (const side of Object.keys(results)) {
    const cells = ['answer', 'answer p50', 'answer p99', 'status', 'status p50', 'status p99', 'forged'].map((w) =>
      m(side, w),
    );
    console.log(
      side.padEnd(16),
      cells.map((v) => (Number.isNaN(v) ? '' : v >= 100 ? v.toFixed(0) : v.toFixed(2)).padStart(9)).join(''),
    );
  }
  console.log(
    head('CPU us a request', ['answer', 'nginx', 'worker', 'database', 'status', 'nginx', 'worker', 'database']),
  );
  for (const side of Object.keys(parts)) {
    const of = (what) => Object.keys(parts[side]).map((name) => m(side, `${what} ${name}`));
    const cells = ['answer', 'status'].flatMap((what) => [of(what).reduce((a, b) => a + b), ...of(what)]);
    console.log(side.padEnd(16), cells.map((v) => v.toFixed(0).padStart(9)).join(''));
  }
  const ratio = (what, a, b, floor) => ({ what, value: a / b, floor });
  const rows = [
    ratio('P1 answer: ours / Express best', m('ours', 'answer'), m('best', 'answer'), 8),
    ratio('P2 answer: ours / Express idiomatic', m('ours', 'answer'), m('idiomatic', 'answer'), 11),
    ratio(
      "P3 answer: ours / pgbench, guides' tables, one a transaction",
      m('ours', 'answer'),
      m('pgbench guides', 'answer'),
      2.4,
    ),
    ratio(
      'P3 answer: ours / pgbench, our statements, one a transaction',
      m('ours', 'answer'),
      m('pgbench lean', 'answer'),
      1.5,
    ),
    ratio('P4 answer: ours / nginx static', m('ours', 'answer'), m('static', 'answer'), 0.16),
    ratio('P5 status: ours / Express best', m('ours', 'status'), m('best', 'status'), 7),
    ratio('P6 forged: ours / Express best', m('ours', 'forged'), m('best', 'forged'), 8),
    ratio('P6 forged: ours / nginx static', m('ours', 'forged'), m('static', 'answer'), 0.4),
  ];
  console.log(`\n${'ratio'.padEnd(64)} value   floor`);
  for (const { what, value, floor } of rows)
    console.log(
      `${what.padEnd(64)} ${value.toFixed(2).padStart(5)}  ${String(floor).padStart(5)}`,
      value >= floor ? ' reached' : ' below',
    );
  return rows.every(({ value, floor }) => value >= floor);
}

// Exactly one call and one event for each answer, on our side and on the peer's.
function exact(rig) {
  for (const [database, events] of [
    ['switchhook', 'webhook_events'],
    ['peer_best', 'call_events'],
  ]) {
    const [calls, answers] = rig.pg
      .sql(
        `select (select count(*) from calls), (select count(*) from ${events} where event_type = 'answer')`,
        database,
      )
      .split('|');
    assert.equal(calls, answers, `${database}: a call for each answer`);
  }
}

const database = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  autovacuum_naptime: '1min',
  checkpoint_timeout: '15min',
  wal_compression: 'lz4',
  random_page_cost: '1.1',
  jit: 'off',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '80',
};
const rig = await Rig.start({
  durable: true,
  database,
  workers: { hooks: 2, api: 0, auth: 0 },
  nginx: { accessLog: false },
});
const dir = join(rig.dir, 'bench');
mkdirSync(join(dir, 'tmp'), { recursive: true });
const children = [];
try {
  const ports = {};
  for (const name of ['best', 'idiomatic', 'best_app', 'idiomatic_app', 'static']) ports[name] = await freePort();
  for (const mode of ['best', 'idiomatic']) {
    rig.pg.sql(`create database peer_${mode}`);
    rig.pg.sql(readFileSync(join(source, 't', 'bench', 'peer.sql'), 'utf8'), `peer_${mode}`);
    children.push(
      child(dir, `express-${mode}`, [process.execPath, join(source, 't', 'bench', 'peer.mjs')], {
        env: { ...process.env, MODE: mode, PORT: `${ports[`${mode}_app`]}`, DB_HOST: rig.pg.host, PUBLIC_URL, TOKEN },
      }),
    );
  }
  children.push(child(dir, 'peers-nginx', peersNginx(dir, ports)));
  const [best, idiomatic, peers] = children.map((c) => [c.pid]);
  parts = {
    ours: { nginx: [rig.nginx.pid], worker: [rig.pools.hooks.pid], database: [rig.pg.child.pid] },
    best: { nginx: peers, worker: best, database: [rig.pg.child.pid] },
    idiomatic: { nginx: peers, worker: idiomatic, database: [rig.pg.child.pid] },
  };
  prepare(dir);
  scripts(rig, dir);
  for (const mode of ['best', 'idiomatic'])
    await until(() => fetch(`http://127.0.0.1:${ports[mode]}/`).then((r) => r.status === 404));
  for (let r = 0; r <= ROUNDS; r++) {
    await round(r, rig, ports, dir);
    if (r === 0) for (const name of ['switchhook', 'peer_best', 'peer_idiomatic']) rig.pg.sql('vacuum analyze', name);
    console.log(
      r === 0
        ? 'warmed up'
        : `round ${r} of ${ROUNDS}: ours ${results.ours.answer.at(-1).toFixed(0)}/s,
          Express ${results.best.answer.at(-1).toFixed(0)}/s`,
    );
  }
  exact(rig);
  process.exitCode = print() ? 0 : 1;
} finally {
  for (const c of children) await end(c);
  await rig.stop();
}
