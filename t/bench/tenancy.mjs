// Another tenant's id and nobody's, in turns, one request at a time.
import { randomBytes, randomUUID } from 'node:crypto';
import { routes } from '../lib/routes.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const ROUNDS = Number(process.argv[2] ?? 20);
const EACH = 25; // pairs a route and round
const median = (v) => v.slice().sort((a, b) => a - b)[Math.floor((v.length - 1) / 2)];

const rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 0 }, nginx: { accessLog: false } });
try {
  const b = rig.addTenant('Other', {
    account: `AC${'0'.repeat(31)}2`,
    token: 'f'.repeat(32),
    number: '+442079460957',
    forward: '+442079460998',
  });
  const { id } = rig.tenant;
  const call = inbound('theirs');
  await rig.webhook('/api/twilio/voice/answer', call.answer);
  await rig.webhook('/api/twilio/voice/recording', call.recorded);
  const one = (table) => rig.sql(`select id from ${table} where tenant_id = '${id}' limit 1`);
  for (const noun of ['contacts', 'clients', 'campaigns']) {
    rig.sql(`insert into ${noun} (tenant_id, name)
             select t, 'n' || n from unnest(array['${id}', '${b.id}']::uuid[]) t, generate_series(1, 5000) n`);
  }
  rig.sql('analyze');
  const theirs = Object.fromEntries(
    ['contacts', 'clients', 'campaigns', 'numbers', 'users', 'calls'].map((noun) => [noun, one(noun)]),
  );
  const asked = routes.filter((r) => r.pool === 'api' && /:/.test(r.path) && r.auth !== 'SELF' && r.method === 'GET');
  const took = Object.fromEntries(asked.map((r) => [r.path, { foreign: [], absent: [] }]));
  const ask = async (r, side) => {
    const noun = /^\/api\/v1\/(\w+)/.exec(r.path)?.[1];
    const of = side === 'foreign' ? [theirs[noun], call.sid] : [randomUUID(), `CA${randomBytes(16).toString('hex')}`];
    const began = process.hrtime.bigint();
    const res = await rig.api('GET', r.path.replace(':id', of[0]).replace(':sid', of[1]), undefined, { key: b.key });
    const us = Number(process.hrtime.bigint() - began) / 1000;
    if (res.status !== 404) throw new Error(`${r.path}: ${res.status} ${res.text}`);
    return us;
  };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const r of asked) {
      for (let i = 0; i < EACH; i++) {
        const sides = i % 2 ? ['foreign', 'absent'] : ['absent', 'foreign'];
        for (const side of sides) {
          const us = await ask(r, side);
          if (round > 0) took[r.path][side].push(us); // the first one warms up
        }
      }
    }
  }
  let worst = 0;
  console.log(`${'GET'.padEnd(36)}${['nobody us', 'theirs us', 'ratio'].map((w) => w.padStart(11)).join('')}`);
  for (const [path, { foreign, absent }] of Object.entries(took)) {
    const [f, a] = [median(foreign), median(absent)];
    worst = Math.max(worst, Math.abs(f / a - 1));
    console.log(path.padEnd(36) + [a.toFixed(0), f.toFixed(0), (f / a).toFixed(3)].map((w) => w.padStart(11)).join(''));
  }
  console.log(`\nfurthest apart: ${(100 * worst).toFixed(1)} %, at most 5: ${worst <= 0.05 ? 'reached' : 'above'}`);
  process.exitCode = worst <= 0.05 ? 0 : 1;
} finally {
  await rig.stop();
}
