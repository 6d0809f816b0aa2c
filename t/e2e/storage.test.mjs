// Where recordings lie: encrypted on the disk, in a bucket, or left at Twilio; heard the same way wherever that is.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';
import { S3 } from '../lib/s3.mjs';

const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const files = (dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile())
        .map((f) => join(f.path ?? f.parentPath, f.name))
    : [];

// A rig with a simulated Twilio and no sweep yet.
async function lab(settings, nginx = {}) {
  const rig = await Rig.start({ workers: { hooks: 1, auth: 0 }, sim: { speed: 500 }, settings, nginx });
  await rig.sim.number(rig.tenant.number);
  // A call is played; when the sweep has done its work: { id, sid, truth: what Twilio has }.
  rig.play = async () => {
    const known = () => rig.sql("select count(*) from jobs where kind = 'fetch'");
    const was = known();
    await rig.sim.call({ from: '+447700900123', to: rig.tenant.number });
    await rig.sim.idle();
    await rig.until(() => known() !== was);
    return rig.rows('select id, sid, call_sid from recordings order by created_at desc, id desc limit 1')[0];
  };
  rig.stored = async (r) => {
    const state = () => rig.sql(`select status from recordings where id = '${r.id}'`);
    await rig.until(() => state() === 'stored');
    const truth = (await rig.sim.ledger()).recordings.find((x) => x.sid === r.sid);
    const row = rig.rows(`select *, encode(sha256, 'hex') as hex from recordings where id = '${r.id}'`)[0];
    return { ...r, ...row, truth };
  };
  rig.listen = (r, headers = {}) => rig.api('GET', `/api/v1/recordings/${r.id}/audio`, undefined, { headers });
  // The audio is Twilio's, whole and in ranges.
  rig.heard = async (r) => {
    const whole = await rig.listen(r);
    assert.equal(whole.status, 200, whole.text.slice(0, 300));
    assert.equal(whole.headers['content-type'], 'audio/wav');
    assert.match(whole.headers['content-disposition'], new RegExp(`^inline; filename="recording-.*-${r.sid}\\.wav"$`));
    assert.equal(sha(whole.bytes), r.truth.sha256);
    const n = whole.bytes.length;
    for (const [range, from, to] of [
      ['bytes=0-43', 0, 44],
      [`bytes=${n - 1000}-`, n - 1000, n],
      ['bytes=65530-65545', 65530, 65546],
      ['bytes=-10', n - 10, n],
    ]) {
      const part = await rig.listen(r, { range });
      assert.equal(part.status, 206, range);
      assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/${n}`);
      assert.ok(part.bytes.equals(whole.bytes.subarray(from, to)), range);
    }
    return whole.bytes;
  };
  rig.erased = async (r) => {
    assert.equal((await rig.api('DELETE', `/api/v1/recordings/${r.id}`)).status, 204);
    assert.equal((await rig.listen(r)).status, 404);
    await rig.until(() => rig.sql(`select state from jobs where kind = 'erase' and ref = '${r.id}'`) === 'done');
    const auth = Buffer.from(`${rig.tenant.account}:${rig.tenant.token}`).toString('base64');
    const at = `${rig.sim.url}/2010-04-01/Accounts/${rig.tenant.account}/Recordings/${r.sid}.json`;
    const res = await fetch(at, { headers: { authorization: `Basic ${auth}` } });
    assert.equal(res.status, 404, 'and Twilio has it no more');
  };
  return rig;
}

describe('an encrypted recording', () => {
  let rig;
  let r;
  let plain;
  before(async () => {
    rig = await lab({ RECORDINGS_ENCRYPTION: '1' });
    rig.startSweep();
    r = await rig.stored(await rig.play());
  });
  after(() => rig.stop({ clean: false })); // what was altered is an internal error
  const at = () => join(rig.settings.RECORDINGS_DIR, r.path);
  const copy = () => join(rig.settings.PLAY_DIR, `${r.id}.wav`);
  const old = Date.now() / 1000 - 901;
  // 15 minutes pass in which nobody listens.
  const forget = async () => {
    if (existsSync(copy())) utimesSync(copy(), old, old);
    rig.sweep.kill('SIGTERM');
    assert.equal(await rig.sweep.ended, 0);
    rig.startSweep();
    await rig.until(() => !existsSync(copy()));
  };

  it('is heard as Twilio recorded it', async () => {
    assert.match(r.path, /\.wav\.enc$/);
    assert.match(r.sealed_key, /^enc2\|/);
    assert.equal(r.hex, r.truth.sha256, 'the checksum is that of the audio');
    plain = await rig.heard(r);
  });

  it('has no byte in the clear on the disk', () => {
    const all = files(rig.settings.RECORDINGS_DIR);
    assert.deepEqual(all, [at()]);
    const bytes = readFileSync(at());
    assert.equal(bytes.indexOf('RIFF'), -1);
    assert.equal(bytes.indexOf('WAVE'), -1);
    let windows = 0;
    for (let i = 44; i + 24 < plain.length; i += 4096) {
      const part = plain.subarray(i, i + 24);
      if (new Set(part).size < 12) continue;
      assert.equal(bytes.indexOf(part), -1, `${i}`);
      windows++;
    }
    assert.ok(windows > 3, `${windows}`);
  });

  it('becomes text all the same', async () => {
    await rig.until(() => rig.sql(`select transcription_status from recordings where id = '${r.id}'`) === 'completed');
  });

  it('lies in the clear for a while where it was listened to, and no longer', async () => {
    assert.ok(readFileSync(copy()).equals(plain));
    assert.equal((await rig.http('GET', `/_play/${r.id}.wav`)).status, 404, 'nobody gets it past the worker');
    utimesSync(copy(), old, old);
    await rig.heard(r);
    assert.ok(existsSync(copy()), 'who listens keeps it');
    await forget();
    await rig.heard(r);
  });

  it('opens by a newer master key, and by none that is not its own', async () => {
    const file = rig.settings.KEY_FILE;
    const again = async () => {
      await rig.stopPool('api');
      await rig.startPool('api', 2);
      await rig.until(async () => (await rig.api('GET', '/api/v1/me')).status === 200);
      await forget();
    };
    rig.switchhook('rotate-keys', '--new-key');
    rig.switchhook('rotate-keys');
    const [first, second] = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
    writeFileSync(file, `${second}\n`);
    await again();
    await rig.heard(r);
    assert.equal(rig.sql(`select sealed_key from recordings where id = '${r.id}'`), r.sealed_key, 'as it was sealed');
    writeFileSync(file, `${first}\n`);
    await again();
    assert.equal((await rig.listen(r)).status, 500, 'an old key opens nothing any more');
    assert.ok(!existsSync(copy()));
    writeFileSync(file, `${second}\n`);
    await again();
    await rig.heard(r);
  });

  it('is not played when it was altered', async () => {
    const bytes = readFileSync(at());
    const bad = Buffer.from(bytes);
    bad[bytes.length >> 1] ^= 1;
    writeFileSync(at(), bad);
    await forget();
    const res = await rig.listen(r);
    assert.equal(res.status, 500);
    assert.ok(!existsSync(copy()), 'and nothing of it is left in the clear');
    writeFileSync(at(), bytes);
    await rig.heard(r);
  });

  it('leaves nothing when it is deleted', async () => {
    await rig.erased(r);
    assert.deepEqual(files(rig.settings.RECORDINGS_DIR), []);
    assert.deepEqual(files(rig.settings.PLAY_DIR), []);
    assert.equal(rig.sql(`select sealed_key is null and path is null from recordings where id = '${r.id}'`), 't');
  });
});

describe('a recording in a bucket', () => {
  let rig;
  let s3;
  let r;
  before(async () => {
    s3 = await S3.start();
    rig = await lab({ RECORDINGS_STORAGE: 's3', ...s3.settings }, { s3: s3.url });
  });
  after(async () => {
    await rig.stop({ clean: false }); // a sweep is killed
    await s3.stop();
  });
  const object = (x) => s3.objects.get(`/calls/${x.path}`);

  it('is there once, whole, however often the sweep dies while it brings it', async () => {
    r = await rig.play();
    s3.slow = 20;
    for (let i = 0; i < 5; i++) {
      s3.received = 0;
      rig.sql(`update jobs set leased_until = now() where state = 'running'`);
      rig.startSweep();
      await rig.until(() => s3.received > 0);
      rig.sweep.kill('SIGKILL');
      await rig.sweep.ended;
      assert.notEqual(rig.sql(`select status from recordings where id = '${r.id}'`), 'stored');
    }
    s3.slow = 0;
    rig.sql(`update jobs set leased_until = now() where state = 'running'`);
    rig.startSweep();
    r = await rig.stored(r);
    assert.deepEqual([...s3.objects.keys()], [`/calls/${r.path}`]);
    assert.equal(sha(object(r)), r.truth.sha256);
    assert.deepEqual(files(rig.settings.RECORDINGS_DIR).filter((f) => /\.wav(\.enc)?$/.test(f)), []);
    await rig.until(() => rig.sql(`select transcription_status from recordings where id = '${r.id}'`) === 'completed');
  });

  it('is heard through nginx, which shows the storage nothing of who listens', async () => {
    const before = s3.requests.length;
    await rig.heard(r);
    const res = await rig.api('GET', `/api/v1/recordings/${r.id}/audio`, undefined, {
      headers: { cookie: 'a=secret', 'x-other': 'secret' },
    });
    assert.equal(res.status, 200);
    assert.equal(res.headers['x-amz-request-id'], undefined, 'nor the listener what the storage says of itself');
    const seen = s3.requests.slice(before);
    assert.ok(seen.length >= 6 && seen.every((q) => q.method === 'GET' && q.why === null));
    for (const q of seen)
      for (const name of ['authorization', 'cookie', 'x-other']) assert.equal(q.headers[name], undefined, name);
  });

  it('is signed so that nothing but the one request goes', async () => {
    // The stand-in is as strict as it says: it refuses what our own requests are, altered.
    const { url } = s3;
    for (const [path, headers] of [
      [`/calls/${r.path}`, {}],
      [`/calls/${r.path}`, { authorization: 'AWS4-HMAC-SHA256 Credential=x,SignedHeaders=host,Signature=00' }],
    ])
      assert.equal((await fetch(url + path, { headers })).status, 403);
    assert.ok(s3.requests.filter((q) => q.status === 403).length >= 2);
    assert.ok(s3.requests.filter((q) => q.method !== 'GET').every((q) => q.why === null));
  });

  it('cannot be heard while the storage is away or refuses, and says so in our words', async () => {
    s3.refuse = 403;
    const res = await rig.listen(r);
    assert.equal(res.status, 502);
    assert.ok(!res.text.includes('Message') && !res.text.includes('AKIA'), res.text);
    s3.refuse = 0;
    await rig.heard(r);
  });

  it('waits for a storage that is away or refuses, and says why', async () => {
    const job = (x) => rig.rows(`select state, reason from jobs where kind = 'fetch' and ref = '${x.id}'`)[0];
    const why = (x) => rig.sql(`select status_reason from recordings where id = '${x.id}'`);
    s3.refuse = 403;
    const refused = await rig.play();
    await rig.until(() => job(refused).state === 'parked');
    assert.match(why(refused), /S3_ACCESS_KEY_ID/);
    s3.refuse = 503;
    const away = await rig.play();
    await rig.until(() => /503/.test(why(away)));
    assert.equal(job(away).state, 'waiting');
    assert.equal(s3.objects.size, 1, 'nothing half is there');
    s3.refuse = 0;
    rig.sql(`update jobs set due_at = now() where state in ('waiting', 'parked')`);
    for (const x of [refused, away]) await rig.erased(await rig.stored(x));
  });

  it('may be encrypted there', async () => {
    const res = await rig.api('PUT', '/api/v1/settings/recordings', { encrypt: true });
    assert.deepEqual([res.status, res.json()], [200, { link_seconds: 300, storage: null, encrypt: true }]);
    const e = await rig.stored(await rig.play());
    assert.match(e.path, /\.wav\.enc$/);
    assert.equal(object(e).indexOf('RIFF'), -1);
    await rig.heard(e);
    await rig.erased(e);
    assert.equal(object(e), undefined);
  });

  it('leaves nothing there, here and at Twilio when it is deleted', async () => {
    await rig.erased(r);
    assert.equal(s3.objects.size, 0);
  });
});

describe('a recording left at Twilio', () => {
  let rig;
  let r;
  before(async () => {
    rig = await lab({ RECORDINGS_STORAGE: 'twilio' }, { twilio: 'sim' });
    rig.startSweep();
    r = await rig.stored(await rig.play());
  });
  after(() => rig.stop());

  it('is heard through nginx, in ranges', async () => {
    assert.equal(r.storage, 'twilio');
    await rig.heard(r);
    assert.deepEqual(files(rig.settings.RECORDINGS_DIR), []);
  });

  it('has peaks and a text, and its account is in no answer', async () => {
    assert.equal((await rig.api('GET', `/api/v1/recordings/${r.id}/waveform`)).json().peaks.length, 2);
    await rig.until(() => rig.sql(`select transcription_status from recordings where id = '${r.id}'`) === 'completed');
    const res = await rig.listen(r);
    assert.ok(!JSON.stringify(res.headers).includes('uthorization'), JSON.stringify(res.headers));
    const basic = Buffer.from(`${rig.tenant.account}:${rig.tenant.token}`).toString('base64');
    for (const [name, log] of rig.logs()) assert.ok(!log.includes(basic), name);
    assert.equal((await rig.http('GET', `/_twilio/2010-04-01/Accounts/x`)).status, 404);
  });

  it('is gone there when it is deleted', () => rig.erased(r));
});

describe('settings of recordings', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, auth: 0 } });
  });
  after(() => rig.stop());

  it('are the tenant\'s own, and on record', async () => {
    const put = (json) => rig.api('PUT', '/api/v1/settings/recordings', json);
    const defaults = { link_seconds: 300, storage: null, encrypt: null };
    assert.deepEqual((await rig.api('GET', '/api/v1/settings/recordings')).json(), defaults);
    for (const bad of [{ link_seconds: 29 }, { link_seconds: 901 }, { storage: 'ftp' }, { encrypt: 'yes' }])
      assert.equal((await put(bad)).status, 422, JSON.stringify(bad));
    const set = { link_seconds: 60, storage: 'disk', encrypt: true };
    assert.deepEqual((await put(set)).json(), set);
    assert.deepEqual((await rig.api('GET', '/api/v1/settings/recordings')).json(), set);
    assert.equal(
      rig.sql(`select detail -> 'old' ->> 'link_seconds', detail -> 'new' ->> 'link_seconds' from audit_entries
                where action = 'settings.recordings'`),
      '300|60',
    );
    assert.deepEqual((await put({})).json(), defaults);
    const c = inbound('none');
    assert.equal((await rig.api('GET', `/api/twilio/recording/${c.sid}`)).status, 404);
  });
});
