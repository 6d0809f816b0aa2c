// Chromium's audio element plays recordings by their signed links: it seeks by ranges, and what is heard there is what
// was said there. The page has the policy of our pages and no right but its own origin.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { wav } from '../lib/audio.mjs';
import { as } from '../lib/lab.mjs';
import { program } from '../lib/process.mjs';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';
import { ticket } from '../lib/ticket.mjs';

// Ten minutes of two channels, a tone a second: 300 Hz in the first one, 4 Hz more in each that follows.
const [seconds, rate, channels] = [600, 8000, 2];
const tone = (second) => 300 + 4 * second;
function tones() {
  const data = Buffer.alloc(seconds * rate * channels * 2);
  for (let i = 0; i < seconds * rate; i += 1) {
    const v = Math.round(12000 * Math.sin((2 * Math.PI * tone(Math.floor(i / rate)) * i) / rate));
    for (let c = 0; c < channels; c += 1) data.writeInt16LE(v, (i * channels + c) * 2);
  }
  const head = wav({ seconds: 0 });
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

// What the page does. heard(): the loudest tone of the last 0.7 s, as the element's output has it.
const script = `
const audio = document.querySelector('audio');
const context = new AudioContext();
const listener = context.createAnalyser();
listener.fftSize = 32768;
listener.smoothingTimeConstant = 0;
context.createMediaElementSource(audio).connect(listener);
listener.connect(context.destination);
const told = (name) => new Promise((done) => audio.addEventListener(name, done, { once: true }));
globalThis.load = async (url) => {
  const [ready, broken] = [told('loadedmetadata').then(() => null), told('error').then(() => audio.error.code)];
  audio.src = url;
  return Promise.race([ready, broken]);
};
globalThis.heard = () => {
  const bins = new Float32Array(listener.frequencyBinCount);
  listener.getFloatFrequencyData(bins);
  return (bins.indexOf(Math.max(...bins)) * context.sampleRate) / listener.fftSize;
};
globalThis.seek = async (to) => {
  const there = told('seeked');
  audio.pause();
  audio.currentTime = to;
  await there;
  await context.resume();
  await audio.play();
};
`;
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
  + "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

describe("in chromium's audio element", () => {
  let rig;
  let twilio; // whose only recording is these tones
  let browser;
  let page;
  const whole = tones();
  const ids = {};
  const asked = []; // { range, status, content } of each request for audio

  async function recorded(name, encrypt) {
    const c = inbound(name);
    assert.equal((await rig.api('PUT', '/api/v1/settings/recordings', { storage: 'disk', encrypt })).status, 200);
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', { ...c.recorded, RecordingDuration: `${seconds}` });
    const sweep = [...as, '--', program('switchhook-sweep'), '--env', rig.env, '--kinds', 'fetch'];
    await promisify(execFile)('setpriv', sweep);
    const row = rig.rows(`select id, path, status, status_reason from recordings where call_sid = '${c.sid}'`)[0];
    assert.equal(row.status, 'stored', row.status_reason);
    assert.equal(/\.enc$/.test(row.path), encrypt);
    return row.id;
  }

  before(async () => {
    twilio = createServer((rq, rs) => {
      rs.writeHead(200, { 'content-type': 'audio/x-wav', 'content-length': whole.length }).end(whole);
    }).listen(0, '127.0.0.1');
    await once(twilio, 'listening');
    const html = '<!doctype html><meta charset="utf-8"><title>Player</title><audio controls></audio>'
      + '<script src="player.js" type="module"></script>';
    rig = await Rig.start({
      workers: { hooks: 1, api: 1, auth: 0 },
      settings: { TWILIO_API_BASE_URL: `http://127.0.0.1:${twilio.address().port}` },
      nginx: { policy, pages: { 'player.html': html, 'player.js': script } },
    });
    ids.plain = await recorded('plain', false);
    ids.encrypted = await recorded('encrypted', true);
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage();
    page.on('response', (res) => {
      if (!/\/audio\?link=/.test(res.url())) return;
      const { 'content-range': content } = res.headers();
      asked.push({ range: res.request().headers().range, status: res.status(), content });
    });
    page.problems = [];
    page.on('pageerror', (e) => page.problems.push(`${e}`));
    page.on('console', (m) => m.type() === 'error' && page.problems.push(m.text()));
    const res = await page.goto(`http://127.0.0.1:${rig.port}/pages/player.html`);
    assert.equal(res.headers()['content-security-policy'], policy);
    await page.waitForFunction(() => globalThis.seek !== undefined);
  });
  after(async () => {
    await browser?.close();
    twilio.close();
    await rig.stop();
  });

  const link = async (id) => {
    const res = await rig.api('POST', `/api/v1/recordings/${id}/links`, {});
    assert.equal(res.status, 201, res.text);
    return res.json().url.slice(PUBLIC_URL.length);
  };
  const element = (name) => page.evaluate((n) => document.querySelector('audio')[n], name);

  for (const kind of ['plain', 'encrypted']) {
    it(`a recording that is ${kind} has its length and can be sought in`, async () => {
      asked.length = 0;
      assert.equal(await page.evaluate((url) => globalThis.load(url), await link(ids[kind])), null);
      assert.equal(await element('duration'), seconds);
      assert.deepEqual(await page.evaluate(() => {
        const { seekable: s } = document.querySelector('audio');
        return [s.length, s.start(0), s.end(0)];
      }), [1, 0, seconds]);
      assert.deepEqual(asked[0],
        { range: 'bytes=0-', status: 206, content: `bytes 0-${whole.length - 1}/${whole.length}` });
    });

    for (const [where, to] of [['in the middle', 300], ['near its end', 585], ['back at the beginning', 7]])
      it(`... and ${where} it is heard as it was recorded there`, async () => {
        const before = asked.length;
        await page.evaluate((t) => globalThis.seek(t), to + 0.1);
        // What is heard is the tone of this second or, since 0.7 s are looked at, of the one before.
        await page.waitForFunction(([at, first, step]) => {
          const { currentTime: now } = document.querySelector('audio');
          const second = Math.round((globalThis.heard() - first) / step);
          const off = Math.abs(globalThis.heard() - (first + step * second));
          return now > at + 0.3 && off < 2 && second >= at && [0, 1].includes(Math.floor(now) - second);
        }, [to, tone(0), tone(1) - tone(0)], { polling: 20 });
        await page.evaluate(() => document.querySelector('audio').pause());
        for (const a of asked.slice(before)) {
          const [, from] = /^bytes=(\d+)-/.exec(a.range);
          assert.equal(a.status, 206);
          assert.equal(a.content, `bytes ${from}-${whole.length - 1}/${whole.length}`);
        }
        if (where === 'near its end') {
          const froms = asked.map((a) => Number(/=(\d+)-/.exec(a.range)[1]));
          assert.ok(Math.max(...froms) > whole.length / 3, `it was not all read: ${froms}`);
        }
      });
  }

  it('a link that has expired, or is none, is an error and no sound', async () => {
    const [key] = rig.sql(`select prefix from api_keys where tenant_id = '${rig.tenant.id}'`).split('\n');
    const path = `/api/v1/recordings/${ids.plain}/audio`;
    const viewer = { kind: 'key', id: key, role: 'admin' };
    const good = ticket(rig, path, viewer, Math.floor(Date.now() / 1000) + 60);
    assert.equal((await rig.http('GET', good)).status, 200, 'such links are right while they last');
    for (const url of [ticket(rig, path, viewer, Math.floor(Date.now() / 1000) - 1), `${good}0`, path]) {
      asked.length = 0;
      assert.equal(await page.evaluate((u) => globalThis.load(u), url), 4, 'MEDIA_ERR_SRC_NOT_SUPPORTED');
      assert.ok(asked.every((a) => [401, 403].includes(a.status)), JSON.stringify(asked));
    }
  });

  it('nothing of it breaks the policy of the page', () => {
    assert.deepEqual(page.problems.filter((p) => !/^Failed to load resource: the server responded/.test(p)), []);
  });
});
