// Whoever listens slowly holds nobody but nginx: a long recording, many listeners, few workers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keep, wav } from '../lib/audio.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const BYTES = 100 * 1024 * 1024; // of a sparse file: 55 minutes of two channels
const LISTENERS = 50;
const WORKERS = 2;

describe('a recording of 100 MB', () => {
  let rig;
  let r;
  const sockets = [];
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: WORKERS, auth: 0 } });
    const c = inbound('long');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    r = keep(rig, rig.tenant, c, wav());
    truncateSync(join(rig.settings.RECORDINGS_DIR, r.path), BYTES);
  });
  after(async () => {
    for (const s of sockets) s.destroy();
    await rig.stop();
  });

  // A listener that has read the head of the answer, and no more until it is told to.
  async function listener() {
    const s = connect({ port: rig.port, host: '127.0.0.1', highWaterMark: 4096 });
    sockets.push(s);
    await once(s, 'connect');
    s.write(
      `GET /api/v1/recordings/${r.id}/audio HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
        `Authorization: Bearer ${rig.tenant.key}\r\n\r\n`,
    );
    let got = Buffer.alloc(0);
    while (got.indexOf('\r\n\r\n') < 0) {
      await once(s, 'readable');
      got = Buffer.concat([got, s.read() ?? Buffer.alloc(0)]);
    }
    const end = got.indexOf('\r\n\r\n');
    const head = got.toString('latin1', 0, end);
    assert.match(head, /^HTTP\/1\.1 200 /);
    assert.match(head, new RegExp(`content-length: ${BYTES}\\b`, 'i'));
    return { s, body: got.subarray(end + 4) };
  }

  // Connections that a worker has accepted and not yet ended: what it holds beyond what it holds at rest.
  const held = () => rig.workers('api').map((pid) => readdirSync(`/proc/${pid}/fd`).length);
  const sleeps = () =>
    rig.workers('api').every((pid) => /^State:\s+S/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));

  it('is sent to 50 slow listeners while two workers go on with other things', async () => {
    const pids = rig.workers('api').sort();
    for (let i = 0; i < 8; i++) await rig.api('GET', '/api/v1/me'); // both have their connection to the database
    await rig.until(sleeps);
    const atRest = held();
    const all = await Promise.all(Array.from({ length: LISTENERS }, listener));
    // Nobody has more than what fits into the sockets between, and nobody is done.
    for (const { s } of all) assert.ok(!s.readableEnded && s.bytesRead < BYTES / 4, `${s.bytesRead}`);
    const log = () => readFileSync(join(rig.dir, 'log', 'access.log'), 'utf8').split('/audio').length - 1;
    assert.equal(log(), 0, 'nginx has ended none of them');
    await rig.until(sleeps);
    for (const [i, n] of held().entries()) assert.ok(n <= atRest[i] + 1, `${held()} beside ${atRest}`);
    for (let i = 0; i < 5; i++) {
      // 100 connections of one address are nginx's limit, and the listeners have 50.
      const others = await Promise.all(Array.from({ length: 40 }, () => rig.api('GET', '/api/v1/recordings')));
      for (const res of others) assert.equal(res.status, 200, res.text);
    }
    assert.equal(log(), 0, 'and still none');
    assert.deepEqual(rig.workers('api').sort(), pids, 'no worker had to be replaced');
    assert.equal(
      rig.sql(`select count(*) from audit_entries where action = 'recording.play' and object = '${r.sid}'`),
      `${LISTENERS}`,
    );
    // One of them reads on to the end: it is the file.
    const { s, body } = all[0];
    const hash = createHash('sha256').update(body);
    let n = body.length;
    for await (const part of s) {
      hash.update(part);
      n += part.length;
    }
    const want = createHash('sha256');
    for await (const part of createReadStream(join(rig.settings.RECORDINGS_DIR, r.path))) want.update(part);
    assert.equal(n, BYTES);
    assert.equal(hash.digest('hex'), want.digest('hex'));
  });

  it('is sought in by ranges', async () => {
    const from = 77 * 1024 * 1024;
    const res = await rig.api('GET', `/api/v1/recordings/${r.id}/audio`, undefined, {
      headers: { range: `bytes=${from}-${from + 999}` },
    });
    assert.equal(res.status, 206);
    assert.equal(res.headers['content-range'], `bytes ${from}-${from + 999}/${BYTES}`);
    assert.equal(res.bytes.length, 1000);
  });
});
