// A login to the database that row level security does not bind is refused by every program that serves tenants.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';
import { program, root } from '../lib/process.mjs';

const programs = {
  hooks: 'switchhook_ingest',
  api: 'switchhook_app',
  auth: 'switchhook_app',
  sweep: 'switchhook_sweep',
  'sweep, its second login': 'switchhook_ingest',
};

// How a role becomes unsafe and how that is taken back; what is said then.
const faults = [
  ['is a superuser', 'alter role ROLE superuser', 'alter role ROLE nosuperuser', /ROLE is refused: it is a superuser/],
  [
    'bypasses row level security',
    'alter role ROLE bypassrls',
    'alter role ROLE nobypassrls',
    /ROLE is refused: it bypasses row level security/,
  ],
  [
    'owns a table',
    'alter table contacts owner to ROLE',
    'alter table contacts owner to switchhook_owner',
    /ROLE is refused: it owns tables/,
  ],
  [
    'may become the owner',
    'grant switchhook_owner to ROLE',
    'revoke switchhook_owner from ROLE',
    /ROLE is refused: it is a member of a role that owns tables/,
  ],
  [
    'may become one that bypasses',
    'create role all_seeing bypassrls; grant all_seeing to ROLE',
    'drop role all_seeing',
    /ROLE is refused: it is a member of a role that row level security does not bind/,
  ],
  [
    'reads all data',
    'grant pg_read_all_data to ROLE',
    'revoke pg_read_all_data from ROLE',
    /ROLE is refused: it is a member of a role that reads or writes all data/,
  ],
  [
    'meets a table that is open',
    'alter table contacts no force row level security',
    'alter table contacts force row level security',
    /refused: a table of tenants lacks forced row level security/,
  ],
];

describe('a login that', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, api: 0, auth: 0 } });
  });
  after(() => rig.stop());

  const as = root ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'] : [];
  // What a program that is started does within ten seconds: { status, text }.
  const start = (name) => {
    const socket = join(rig.dir, 'run', 'role.sock');
    const pool = name.split(',')[0];
    const worker = [program('switchhook-worker'), '--pool', pool, '--workers', '1', '--env', rig.env];
    const cmd =
      pool === 'sweep'
        ? [program('switchhook-sweep'), '--env', rig.env, '--once-kind', 'files']
        : ['spawn-fcgi', '-n', '-s', socket, '--', ...worker];
    const [file, ...args] = [...as, ...cmd];
    const done = spawnSync(file, args, { encoding: 'utf8', timeout: 60000, cwd: '/' });
    rmSync(socket, { force: true });
    return { status: done.status, text: done.stdout + done.stderr };
  };

  for (const [what, spoil, mend, sentence] of faults) {
    it(`${what} starts nothing`, () => {
      for (const [name, role] of Object.entries(programs)) {
        rig.sql(spoil.replaceAll('ROLE', role));
        try {
          const { status, text } = start(name);
          assert.equal(status, name.startsWith('sweep') ? 1 : 3, `${name}: ${text}`);
          assert.match(text, new RegExp(sentence.source.replace('ROLE', role)), name);
        } finally {
          rig.sql(mend.replaceAll('ROLE', role));
        }
      }
    });
  }

  it('is bound as it should be starts the sweep', () => {
    const { status, text } = start('sweep');
    assert.equal(status, 0, text);
  });
});

describe('a login that becomes unsafe while workers run', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
  });
  after(() => rig.stop());

  it('is refused with the next connection: pages wait, webhooks are kept on disk', async () => {
    const hang = () =>
      rig.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename like 'switchhook\\_%'");
    const list = () => rig.api('GET', '/api/v1/contacts');
    assert.equal((await list()).status, 200);
    rig.sql('alter role switchhook_app bypassrls; alter role switchhook_ingest bypassrls');
    hang();
    const res = await list();
    assert.equal(res.status, 503, res.text);
    assert.doesNotMatch(res.text, /bypass|switchhook_app/, 'the log knows why, a client need not');
    const c = inbound('kept');
    await rig.webhook('/api/twilio/voice/status', c.completed);
    assert.ok(rig.spool().includes(c.sid), 'kept until the login is mended');
    assert.equal(rig.sql('select count(*) from webhook_events'), '0');
    rig.sql('alter role switchhook_app nobypassrls; alter role switchhook_ingest nobypassrls');
    await rig.until(async () => (await list()).status === 200);
  });
});

describe('a login that cannot be looked at', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 } });
  });
  after(() => rig.stop({ clean: false }));

  it('is no reason for a worker to fall: it is said, and the next look counts', async () => {
    const workers = () => ['api', 'hooks'].map((pool) => rig.workers(pool));
    const before_ = workers();
    rig.sql(`revoke select on pg_roles from public;
      select pg_terminate_backend(pid) from pg_stat_activity where usename like 'switchhook\\_%'`);
    const said = (pool) => /role_check.*permission denied/.test(rig.pools[pool].log());
    await rig.until(async () => {
      const res = await rig.api('GET', '/api/v1/contacts');
      assert.ok(res.status >= 500 && res.json().request_id, res.text);
      await rig.webhook('/api/twilio/voice/status', inbound('unseen').completed);
      return said('api') && said('hooks');
    });
    rig.sql('grant select on pg_roles to public');
    await rig.until(async () => (await rig.api('GET', '/api/v1/contacts')).status === 200);
    assert.deepEqual(workers(), before_);
  });
});
