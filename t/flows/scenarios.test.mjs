// Every .scenario file, played by the simulator against the real server: nginx, pools, PostgreSQL, sweep.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PUBLIC_URL, Rig } from '../lib/rig.mjs';
import { end, program, root, source } from '../lib/process.mjs';
import { Facts } from './facts.mjs';

const AT_ONCE = 6;
const dir = join(source, 't', 'flows');
const only = process.env.SWITCHHOOK_T_SCENARIO; // a part of a file's name
const scenarios = readdirSync(dir)
  .filter((f) => f.endsWith('.scenario'))
  .sort()
  .map((file) => {
    const text = readFileSync(join(dir, file), 'utf8');
    return {
      file,
      text,
      title: `${file.replace('.scenario', '')}: ${text.split('\n', 1)[0].replace(/^# */, '')}`,
      alone: /^alone$/m.test(text),
      numbers: new Set(text.match(/\+\d{8,15}/g)),
    };
  });
const wanted = scenarios.filter((s) => !only || s.file.includes(only));

describe('scenarios', () => {
  let rig, facts, keys;
  before(async () => {
    rig = await Rig.start({
      workers: { hooks: 2, api: 2, auth: 0 },
      sim: { speed: 60 },
      sweep: true,
      settings: { TRANSCRIBE_MODEL: 'whisper-1' },
    });
    await rig.sim.number(rig.tenant.number);
    const bare = rig.addTenant('Nobody has a number here', {
      account: `AC${'7'.repeat(32)}`,
      token: 'x'.repeat(32),
      number: '+442079460901',
      forward: '+442079460902',
    });
    const unset = rig.addTenant('No Twilio here', {
      account: `AC${'8'.repeat(32)}`,
      token: 'y'.repeat(32),
      number: '+442079460911',
      forward: '+442079460912',
    });
    rig.sql(`update tenants set dial_countries = 'GB US' where id = '${rig.tenant.id}';
      update tenants set default_number = null where id = '${bare.id}';
      delete from user_voip_settings where user_id = '${bare.user}';
      delete from twilio_configurations where tenant_id = '${unset.id}'`);
    keys = [rig.tenant.key, `bare=${bare.key}`, `unset=${unset.key}`];
    const as = root ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'] : [];
    facts = await Facts.start({
      tenant: rig.tenant.id,
      command: [...as, 'psql', '-h', rig.pg.host, '-U', 'postgres', '-d', 'switchhook', '-qAtX'],
      // What waits or is parked is due, and the sweep has forgotten why it kept quiet.
      later: async () => {
        await end(rig.sweep);
        rig.sql("update jobs set due_at = now() where state in ('waiting', 'parked')");
        rig.startSweep();
      },
    });
  });
  after(async () => {
    await facts?.stop();
    await rig?.stop();
  });

  const play = (file) =>
    new Promise((done) => {
      execFile(
        program('switchhook-sim'),
        [
          'play',
          join(dir, file),
          '--sim',
          rig.sim.url,
          '--public',
          PUBLIC_URL,
          '--server',
          `http://127.0.0.1:${rig.port}`,
          '--facts',
          facts.url,
          '--wait',
          '20',
          ...keys.flatMap((k) => ['--key', k]),
        ],
        { env: { ...process.env, ASAN_OPTIONS: `log_path=${rig.dir}/log/asan` } },
        (error, out, err) => {
          const broken = out.split('\n').filter((l) => l.startsWith('not ok'));
          done({
            code: error?.code ?? 0,
            tests: out.match(/^ok/gm)?.length ?? 0,
            broken: [...broken, ...(err ? [err] : [])],
          });
        },
      );
    });
  const plays = ({ file, title }) =>
    it(title, async () => {
      const { code, tests, broken } = await play(file);
      assert.deepEqual(broken, []);
      assert.equal(code, 0);
      assert.ok(tests > 0, 'it expects something');
    });

  it('share no number: they are played side by side', () => {
    const owners = new Map();
    for (const { file, numbers } of scenarios)
      for (const n of numbers) owners.set(n, [...(owners.get(n) ?? []), file]);
    assert.deepEqual(
      [...owners].filter(([, files]) => files.length > 1),
      [],
    );
  });
  describe('side by side', { concurrency: AT_ONCE }, () => wanted.filter((s) => !s.alone).forEach(plays));
  describe('one by one', () => wanted.filter((s) => s.alone).forEach(plays));
});
