// Who hears recordings: by login, by key, by a signed link, and for how long.
import assert from 'node:assert/strict';
import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keep, wav } from '../lib/audio.mjs';
import { addKey } from '../lib/credentials.mjs';
import { addPerson, Browser } from '../lib/person.mjs';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';
import { ticket } from '../lib/ticket.mjs';

const other = {
  account: `AC${'0'.repeat(31)}2`,
  token: 'ffffffffffffffffffffffffffffffff',
  number: '+442079460957',
  forward: '+442079460998',
};

describe('a stored recording', () => {
  let rig;
  let b;
  const audio = wav({ seconds: 2 });
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false } });
    b = rig.addTenant('Other & sons', other);
  });
  after(() => rig.stop());

  // A call with a stored recording.
  async function recorded(name, bytes = audio) {
    const c = inbound(name);
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    return { ...c, ...keep(rig, rig.tenant, c, bytes, { seconds: 2 }) };
  }
  const path = (url) => url.slice(PUBLIC_URL.length);
  const entries = (action, object) =>
    Number(rig.sql(`select count(*) from audit_entries where action = '${action}' and object = '${object}'`));
  const links = (r, json = {}, options) => rig.api('POST', `/api/v1/recordings/${r.id}/links`, json, options);
  const open = (url, headers = {}) => rig.http('GET', path(url), { headers });

  it('is printed by the guide with a signed url that expires', async () => {
    const r = await recorded('printed');
    const before = Math.floor(Date.now() / 1000);
    const doc = (await rig.api('GET', `/api/twilio/recording/${inbound('printed').sid}`)).json();
    const [entry] = doc.recordings;
    assert.deepEqual(
      { ...doc, recordings: [{ ...entry, url: 'u', expiresAt: 'e', createdAt: 'c' }] },
      {
        success: true,
        callSid: inbound('printed').sid,
        status: 'completed',
        recordings: [
          {
            sid: r.sid,
            kind: 'call',
            status: 'completed',
            durationSeconds: 2,
            channels: 2,
            createdAt: 'c',
            url: 'u',
            expiresAt: 'e',
          },
        ],
      },
    );
    assert.match(entry.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(entry.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const seconds = Date.parse(entry.expiresAt) / 1000 - before;
    assert.ok(seconds >= 300 && seconds <= 302, `${seconds}`);
    assert.ok(entry.url.startsWith(`${PUBLIC_URL}/api/twilio/recording/${r.sid}.wav?link=`), entry.url);
    const res = await open(entry.url);
    assert.equal(res.status, 200, res.text);
    assert.ok(res.bytes.equals(audio));
    assert.equal(entries('recording.link', inbound('printed').sid), 1);
    assert.equal(
      rig.sql(`select detail ->> 'by' from audit_entries where action = 'recording.play' and object = '${r.sid}'`),
      'link',
    );
  });

  it('has no .mp3, and says what there is', async () => {
    const r = await recorded('mp3');
    const res = await rig.api('GET', `/api/twilio/recording/${r.sid}.mp3`);
    assert.deepEqual([res.status, res.json().code], [404, 'not_found']);
    assert.match(res.json().cure, /\.wav/);
  });

  it('is sent in ranges, byte by byte what is on the disk, under a name of ours', async () => {
    const r = await recorded('ranges');
    for (const at of [`/api/v1/recordings/${r.id}/audio`, `/api/twilio/recording/${r.sid}.wav`]) {
      for (const [range, from, to] of [
        ['bytes=0-0', 0, 1],
        ['bytes=44-1043', 44, 1044],
        [`bytes=${audio.length - 7}-`, audio.length - 7, audio.length],
        ['bytes=-100', audio.length - 100, audio.length],
      ]) {
        const res = await rig.api('GET', at, undefined, { headers: { range } });
        assert.equal(res.status, 206);
        assert.equal(res.headers['content-range'], `bytes ${from}-${to - 1}/${audio.length}`);
        assert.ok(res.bytes.equals(audio.subarray(from, to)), range);
      }
      const past = await rig.api('GET', at, undefined, { headers: { range: `bytes=${audio.length}-` } });
      assert.equal(past.status, 416);
      const whole = await rig.api('GET', at);
      assert.equal(whole.headers['content-type'], 'audio/wav');
      assert.equal(whole.headers['accept-ranges'], 'bytes');
      assert.match(whole.headers['cache-control'], /no-store/);
      assert.equal(whole.headers['referrer-policy'], 'no-referrer');
      assert.match(
        whole.headers['content-disposition'],
        new RegExp(`^inline; filename="recording-\\d{4}-\\d\\d-\\d\\d-${r.sid}\\.wav"$`),
      );
      assert.ok(whole.bytes.equals(audio));
      const kept = await rig.api('GET', `${at}?download=1`);
      assert.match(kept.headers['content-disposition'], /^attachment; filename="recording-/);
    }
    assert.equal(entries('recording.download', r.sid), 2);
    assert.equal(entries('recording.play', r.sid), 12, 'each request is an entry');
  });

  it('has a waveform of both channels', async () => {
    const r = await recorded('wave');
    const doc = (await rig.api('GET', `/api/v1/recordings/${r.id}/waveform`)).json();
    assert.deepEqual(doc, {
      recording_id: r.id,
      channels: 2,
      duration_seconds: 2,
      slices: 2,
      peaks: [
        [10, 255],
        [20, 0],
      ],
    });
    assert.equal(entries('recording.wave', r.sid), 1);
  });

  it('stands in the lists of the tenant and of its client', async () => {
    const r = await recorded('listed');
    const client = (await rig.api('POST', '/api/v1/clients', { name: 'Listed' })).json();
    const none = (await rig.api('POST', '/api/v1/clients', { name: 'Silent' })).json();
    rig.sql(`update calls set client_id = '${client.id}' where twilio_call_sid = '${inbound('listed').sid}'`);
    const page = async (at) => (await rig.api('GET', at)).json();
    const one = await page(`/api/v1/clients/${client.id}/recordings?count=true`);
    assert.deepEqual([one.data.map((x) => x.id), one.total, one.next_cursor], [[r.id], 1, null]);
    assert.deepEqual((await page(`/api/v1/clients/${none.id}/recordings`)).data, []);
    assert.equal((await rig.api('GET', `/api/v1/clients/${r.id}/recordings`)).status, 404);
    const seen = [];
    for (let at = '/api/v1/recordings?limit=2'; at; ) {
      const res = await rig.api('GET', at);
      seen.push(...res.json().data.map((x) => x.id));
      at = /<([^>]+)>/.exec(res.headers.link ?? '')?.[1];
    }
    assert.equal(seen.length, Number(rig.sql('select count(*) from recordings')));
    assert.equal(new Set(seen).size, seen.length);
    const doc = (await rig.api('GET', `/api/v1/recordings/${r.id}`)).json();
    assert.deepEqual([doc.id, doc.sid, doc.hold], [r.id, r.sid, null]);
  });

  it('opens by a link to nobody but its recording, and every byte of it counts', async () => {
    const r = await recorded('bytes');
    const next = await recorded('bytes 2');
    const res = await links(r);
    assert.equal(res.status, 201, res.text);
    const { url } = res.json();
    assert.equal((await open(url)).status, 200);
    const text = path(url);
    for (let i = text.indexOf(r.id); i < text.length; i++) {
      for (const c of [text[i] === '0' ? '1' : '0', text[i] === 'a' ? 'A' : 'a']) {
        const res = await rig.http('GET', text.slice(0, i) + c + text.slice(i + 1));
        assert.ok([400, 401, 404, 422].includes(res.status), `byte ${i}: ${res.status}`);
      }
    }
    for (const bad of [
      text.slice(0, -1),
      `${text}0`,
      text.replace(r.id, next.id),
      text.replace(`v1/recordings/${r.id}/audio`, `twilio/recording/${r.sid}.wav`),
      text.replace('/audio', '/waveform'),
      text.replace('/audio', ''),
    ])
      assert.ok([401, 422].includes((await rig.http('GET', bad)).status), bad);
    assert.equal((await rig.http('GET', `${text}&download=1`)).status, 200);
  });

  it('is not opened by a link of another tenant', async () => {
    const r = await recorded('foreign');
    const text = path((await links(r)).json().url);
    assert.equal((await rig.http('GET', text.replace(rig.tenant.id, b.id))).status, 401);
    assert.equal((await links(r, {}, { key: b.key })).status, 404);
    for (const at of [`/${r.id}`, `/${r.id}/audio`, `/${r.id}/waveform`])
      assert.equal((await rig.api('GET', `/api/v1/recordings${at}`, undefined, { key: b.key })).status, 404);
    assert.equal((await rig.api('GET', `/api/twilio/recording/${r.sid}.wav`, undefined, { key: b.key })).status, 404);
  });

  it('is not opened by a link that is over', async () => {
    const r = await recorded('over');
    assert.equal((await links(r, { seconds: 29 })).status, 422);
    assert.equal((await links(r, { seconds: 901 })).status, 422);
    const { url, expires_at: until } = (await links(r, { seconds: 30 })).json();
    assert.ok(Date.parse(until) - Date.now() <= 30000);
    const long = (await links(r, { seconds: 900 })).json();
    assert.ok(Date.parse(long.expires_at) - Date.now() <= 300000, 'no longer than the tenant says');
    assert.equal((await open(url)).status, 200);
    // Made by the same key as it was 1 s ago and as it will be in 2 s.
    const at = `/api/v1/recordings/${r.id}/audio`;
    const made = (s) => ticket(rig, at, { kind: 'key', id: rig.tenant.key.slice(0, 21), role: 'admin' }, s);
    const now = Math.floor(Date.now() / 1000);
    assert.equal((await rig.http('GET', made(now + 5))).status, 200);
    const late = await rig.http('GET', made(now - 1));
    assert.deepEqual([late.status, late.json().code], [401, 'unauthenticated']);
    assert.match(late.json().detail, /over/);
    const soon = made(now + 2);
    await rig.until(async () => (await rig.http('GET', soon)).status === 401);
    assert.ok(Date.now() >= (now + 2) * 1000, 'not before its time');
  });

  it("ends with its viewer's session, role and door", async () => {
    const r = await recorded('viewer');
    const admin = await Browser.login(rig, addPerson(rig, 'admin'));
    const person = addPerson(rig, 'agent');
    const login = async () => {
      const s = await Browser.login(rig, person);
      const res = await s.request('POST', `/api/v1/recordings/${r.id}/links`, {});
      assert.equal(res.status, 201, res.text);
      const list = (await s.request('GET', `/api/twilio/recording/${inbound('viewer').sid}`)).json();
      const urls = [res.json().url, list.recordings[0].url];
      for (const url of urls) assert.equal((await open(url)).status, 200);
      return { s, urls };
    };
    const refused = async (urls) => {
      for (const url of urls) assert.equal((await open(url)).status, 401, url);
    };
    const first = await login();
    const second = await login();
    await first.s.request('DELETE', '/api/v1/sessions');
    await refused(first.urls);
    for (const url of second.urls) assert.equal((await open(url)).status, 200, "another session's stays");
    const user = `/api/v1/users/${person.id}`;
    assert.equal((await admin.request('PATCH', user, { role: 'viewer' })).status, 200);
    await refused(second.urls);
    rig.sql(`update users set role = 'agent' where id = '${person.id}'`);
    const third = await login();
    assert.equal((await admin.request('PATCH', user, { disabled: true })).status, 200);
    await refused(third.urls);
  });

  it('ends with the key it was made with', async () => {
    const r = await recorded('key');
    const key = addKey(rig, rig.tenant, { role: 'agent' });
    const { url } = (await links(r, {}, { key })).json();
    assert.equal((await open(url)).status, 200);
    rig.sql(`update api_keys set scopes = 'calls:read' where prefix = '${key.slice(0, 21)}'`);
    assert.equal((await open(url)).status, 403, 'its words count as well');
    rig.sql(`update api_keys set scopes = null where prefix = '${key.slice(0, 21)}'`);
    assert.equal((await open(url)).status, 200);
    rig.sql(`update api_keys set revoked_at = now() where prefix = '${key.slice(0, 21)}'`);
    assert.equal((await open(url)).status, 401);
  });

  it('is in no log by its link', async () => {
    const r = await recorded('logged');
    const { url } = (await links(r)).json();
    await open(url);
    const text = /link=(.*)$/.exec(url)[1].split('.').at(-1);
    for (const [name, log] of rig.logs()) assert.ok(!log.includes(text), name);
  });

  it('is not what a planted symlink says', async () => {
    const r = await recorded('symlink');
    const file = join(rig.settings.RECORDINGS_DIR, r.path);
    writeFileSync(join(rig.dir, 'secret'), 'secret');
    unlinkSync(file);
    symlinkSync(join(rig.dir, 'secret'), file);
    const res = await rig.api('GET', `/api/v1/recordings/${r.id}/audio`);
    assert.ok(res.status >= 400 && !res.text.includes('secret'), `${res.status}`);
    assert.equal((await rig.http('GET', `/_recordings/${r.path}`)).status, 404, 'and there is no way around');
  });
});
