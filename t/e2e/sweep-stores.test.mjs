// The sweep killed at named points while it brings audio to where it stays, and while it deletes it there and at
// Twilio: nothing lost, nothing twice, nothing left behind. SWITCHHOOK_KILLS=20: how often at each of them (1).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Door } from '../lib/door.mjs';
import { Lab } from '../lib/lab.mjs';
import { S3 } from '../lib/s3.mjs';

const KILLS = Number(process.env.SWITCHHOOK_KILLS ?? 1);
const stale = /\.tmp(\.enc)?$/; // the names of what is not whole
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');

// Where it stays, and the moment: one of t/lib/failpoint.c, or at a door: [whose, method, when].
const disk = { storage: 'disk', encrypt: true };
const bucket = { storage: 's3', encrypt: true };
const plain = { storage: 's3', encrypt: false };
const left = { storage: 'twilio', encrypt: false };
const uploads = [
  ['half of it is encrypted for the disk', disk, 'within:.enc'],
  ['it is encrypted on the disk and has no name', disk, 'before:rename:.wav.enc'],
  ['it is encrypted on the disk and nobody knows', disk, 'after:rename:.wav.enc'],
  ['half of it is encrypted for the bucket', bucket, 'within:.enc'],
  ['it is encrypted and about to go to the bucket', bucket, ['bucket', 'PUT', 'before']],
  ['a part of it is on the way to the bucket', plain, ['bucket', 'PUT', 'within']],
  ['it is in the bucket and nobody knows', bucket, ['bucket', 'PUT', 'after']],
  ['it is in the bucket and about to be in the database', plain, 'before:recording_store'],
  ['it is in the bucket and in the database', bucket, 'after:recording_store'],
  ['it was looked at and is left at Twilio', left, 'before:recording_store'],
  ['it is in the bucket and from now on they go to the disk', bucket, 'before:recording_store', disk],
  ['it is on the disk and from now on they go to the bucket', disk, 'before:recording_store', plain],
];
const deletes = [
  ['a deletion is claimed', disk, 'after:job_claim'],
  ['it is about to leave the disk', disk, 'before:unlink:.wav.enc'],
  ['it has left the disk', disk, 'after:unlink:.wav.enc'],
  ['the bucket is about to be asked', bucket, ['bucket', 'DELETE', 'before']],
  ['the bucket has deleted it', bucket, ['bucket', 'DELETE', 'after']],
  ['a copy in the clear is left', bucket, 'before:unlink:play'],
  ['Twilio is about to be asked', plain, ['twilio', 'DELETE', 'before']],
  ['Twilio has deleted it', disk, ['twilio', 'DELETE', 'after']],
  ['Twilio has deleted what was left there', left, ['twilio', 'DELETE', 'after']],
  ['all of it is gone and the database does not know', disk, 'before:erase_done'],
  ['the database knows that all of it is gone', bucket, 'after:erase_done'],
];

describe('the sweep killed when', () => {
  let lab;
  let rig;
  let s3;
  const doors = {};
  before(async () => {
    s3 = await S3.start();
    doors.bucket = await Door.start(s3.url);
    doors.twilio = await Door.start();
    const settings = { ...s3.settings, S3_ENDPOINT: doors.bucket.url, TWILIO_API_BASE_URL: doors.twilio.url };
    lab = await Lab.start(settings, { api: 1 });
    rig = lab.rig;
    doors.twilio.to = rig.sim.url;
    await rig.sim.number(rig.tenant.number);
  });
  after(async () => {
    await lab.stop();
    for (const door of Object.values(doors)) await door.stop();
    await s3.stop();
  });
  beforeEach(() => lab.wipe());

  const folder = () => join(rig.settings.RECORDINGS_DIR, rig.tenant.id);
  const below = (dir) =>
    existsSync(dir)
      ? readdirSync(dir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => f.name).sort()
      : [];
  const copies = () => below(rig.settings.PLAY_DIR);
  const rows = () => rig.rows(`select id, sid, path, status from recordings order by id`);
  const copy = (r) => join(rig.settings.PLAY_DIR, `${r.id}.wav`);
  const settle = async (kind) => {
    const open = () => rig.sql(`select count(*) from jobs where kind = '${kind}' and state <> 'done'`) !== '0';
    for (let i = 0; i < 12 && open(); i += 1) {
      lab.hurry();
      await lab.run(['--kinds', kind]);
    }
    assert.equal(rig.sql(`select string_agg(distinct state, ' ') from jobs where kind = '${kind}'`), 'done');
  };

  // One sweep of that kind, to the point and no further.
  async function killed(kind, point) {
    rig.sql("update jobs set leased_until = now() where state = 'running'"); // the dead one's is over
    const [waiting] = rig.rows(`select ref from jobs where kind = '${kind}' and state <> 'done'
      order by state = 'running', due_at, id limit 1`);
    const at = point === 'before:unlink:play' ? `before:unlink:${waiting.ref}.wav` : point;
    const c = lab.start(['--kinds', kind], undefined, typeof at === 'string' ? `kill:${at}` : 'none');
    if (typeof at !== 'string') {
      const [whose, method, when] = at;
      doors[whose].arm(method, when, () => c.kill('SIGKILL'));
    }
    assert.equal(await c.ended, 'SIGKILL', c.log());
    assert.ok(!doors.bucket.armed && !doors.twilio.armed);
  }

  // As the tenant says, so many recordings that nobody has fetched.
  const keep = ({ storage, encrypt }) =>
    rig.sql(`insert into recording_settings (tenant_id, storage, encrypt)
      values ('${rig.tenant.id}', '${storage}', ${encrypt})
      on conflict (tenant_id) do update set storage = excluded.storage, encrypt = excluded.encrypt`);
  async function recorded(n, place) {
    keep(place);
    s3.objects.clear();
    for (const name of below(folder()).filter((f) => !stale.test(f))) rmSync(join(folder(), name));
    for (const name of copies().filter((f) => !stale.test(f))) rmSync(join(rig.settings.PLAY_DIR, name));
    await lab.calls(n);
  }

  for (const [name, first, point, then] of uploads)
    it(`${name}, ${KILLS} times`, async () => {
      const place = then ?? first;
      await recorded(KILLS, first);
      for (let i = 0; i < KILLS; i += 1) await killed('fetch', point);
      keep(place);
      await settle('fetch');
      const all = rows();
      assert.deepEqual(all.map((r) => r.status), Array(KILLS).fill('stored'), 'none is lost');
      const kept = all.map((r) => r.path.slice(rig.tenant.id.length + 1)).sort();
      const here = below(folder()).filter((f) => !stale.test(f));
      assert.deepEqual(here, place.storage === 'disk' ? kept : [], 'no orphan on the disk');
      assert.deepEqual(copies().filter((f) => !stale.test(f)), [], 'nor in the clear');
      const objects = place.storage === 's3' ? all.map((r) => `/calls/${r.path}`).sort() : [];
      assert.deepEqual([...s3.objects.keys()].sort(), objects, 'nor in the bucket');
      const truth = new Map((await rig.sim.ledger()).recordings.map((r) => [r.sid, r.sha256]));
      for (const r of all) {
        if (place.storage === 'twilio') continue; // heard through nginx, which asks Twilio itself
        const bytes = place.encrypt
          ? (await rig.api('GET', `/api/v1/recordings/${r.id}/audio`)).bytes
          : s3.objects.get(`/calls/${r.path}`);
        assert.equal(sha(bytes), truth.get(r.sid), 'what is kept is what Twilio recorded');
      }
    });

  it('what was half is removed an hour later', async () => {
    const dirs = [folder(), rig.settings.PLAY_DIR];
    assert.ok(dirs.some((d) => below(d).some((f) => stale.test(f))), 'there is something to remove');
    for (const d of dirs)
      for (const f of readdirSync(d, { recursive: true, withFileTypes: true }))
        if (f.isFile()) utimesSync(join(f.path ?? f.parentPath, f.name), 1, 1);
    await lab.run(['--once-kind', 'files']);
    await lab.run(['--once-kind', 'played']);
    assert.deepEqual(dirs.flatMap((d) => below(d).filter((f) => stale.test(f))), []);
  });

  for (const [name, place, point] of deletes)
    it(`${name}, ${KILLS} times`, async () => {
      await recorded(KILLS, place);
      await settle('fetch');
      rig.sql("delete from jobs where kind <> 'fetch'");
      const all = rows();
      mkdirSync(rig.settings.PLAY_DIR, { recursive: true });
      for (const r of all) writeFileSync(copy(r), 'in the clear');
      rig.own(rig.settings.PLAY_DIR);
      doors.twilio.passed.length = 0;
      for (const r of all) assert.equal((await rig.api('DELETE', `/api/v1/recordings/${r.id}`)).status, 204);
      rig.sql("delete from jobs where kind not in ('fetch', 'erase')");
      for (let i = 0; i < KILLS; i += 1) await killed('erase', point);
      await settle('erase');
      assert.deepEqual(below(folder()), [], 'nothing is left on the disk');
      assert.deepEqual(copies(), [], 'nothing in the clear');
      assert.deepEqual([...s3.objects.keys()], [], 'nothing in the bucket');
      const gone = doors.twilio.passed.filter((p) => p.method === 'DELETE' && p.status === 204).map((p) => p.path);
      const sids = gone.map((p) => /RE[0-9a-f]{32}/.exec(p)[0]);
      assert.deepEqual(sids.sort(), all.map((r) => r.sid).sort(), 'once at Twilio');
      assert.equal(rig.sql(`select count(*) from recordings where status = 'erased' and path is null
        and sealed_key is null and sha256 is null`), `${KILLS}`);
      for (const action of ['recording.delete', 'recording.erase'])
        assert.equal(rig.sql(`select count(*), count(distinct object) from audit_entries where action = '${action}'
          and object in (select sid from recordings)`), `${KILLS}|${KILLS}`, action);
    });
});
