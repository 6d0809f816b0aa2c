// Twilio's own Voice SDK takes our token: it opens its signalling with it, is told who it is, registers, and asks for
// the next one in time. Only the far end of its socket is ours, and judges the token as Twilio would.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import { addPerson, Browser } from '../lib/person.mjs';
import { Rig, until } from '../lib/rig.mjs';

// What the SDK sends and where to, and Twilio's answers to it.
class Signalling extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  static said = [];
  static secret = '';
  readyState = Signalling.CONNECTING;

  constructor(uri) {
    super();
    Signalling.said.push({ uri });
    setImmediate(() => {
      this.readyState = Signalling.OPEN;
      this.dispatchEvent(new Event('open'));
    });
  }

  send(text) {
    if (!text.trim()) return; // a sign of life
    const { type, payload } = JSON.parse(text);
    Signalling.said.push({ type, payload });
    if (type === 'listen') this.#listen(payload.token);
    if (type === 'register') this.#answer('ready', {});
  }

  #listen(token) {
    const options = { algorithms: ['HS256'], complete: true };
    const { header, payload } = jsonwebtoken.verify(token, Signalling.secret, options);
    assert.equal(header.cty, 'twilio-fpa;v=1');
    const ttl = payload.exp - payload.iat;
    const home = header.twr ?? 'us1';
    this.#answer('connected', {
      edge: 'dublin',
      home,
      region: 'EU_IRELAND',
      token: { accountSid: payload.sub, identity: payload.grants.identity, ttl },
    });
  }

  #answer(type, payload) {
    const event = new Event('message');
    event.data = JSON.stringify({ type, payload, version: '1.6' });
    setImmediate(() => this.dispatchEvent(event));
  }

  close() {
    this.readyState = Signalling.CLOSED;
  }
}

describe("Twilio's Voice SDK", () => {
  let rig;
  let browser;
  let agent;
  let Device;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { hooks: 0, api: 1, auth: 1 } });
    Signalling.secret = rig.givePhone(rig.tenant).secret;
    rig.sql(`update twilio_configurations set region = 'ie1', edge = 'dublin'`);
    agent = addPerson(rig, 'agent');
    browser = await Browser.login(rig, agent);
    // Its timers run for as long as a page is open: they must not keep this process.
    for (const name of ['setTimeout', 'setInterval']) {
      const real = globalThis[name];
      globalThis[name] = (...args) => real(...args).unref();
    }
    const page = {
      WebSocket: Signalling,
      window: { navigator: { userAgent: 'test' }, location: { protocol: 'https:' } },
      navigator: { userAgent: 'test', platform: 'test' },
    };
    for (const [name, value] of Object.entries(page))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    ({ Device } = createRequire(import.meta.url)('@twilio/voice-sdk'));
  });
  after(() => rig.stop());
  const token = async () => (await browser.request('POST', '/api/twilio/token')).json().data;

  it('opens its signalling with it, learns who it is and registers', async () => {
    const { token: first, identity } = await token();
    const device = new Device(first, { logLevel: 'silent', edge: 'dublin' });
    assert.equal(device.token, first);
    device.register().catch(() => {});
    await until(() => device.state === 'registered');
    assert.equal(device.identity, identity);
    assert.deepEqual([device.edge, device.home], ['dublin', 'ie1'], "the token's region is the device's home");
    const [{ uri }, { type, payload }] = Signalling.said;
    assert.match(uri, /^wss:\/\/voice-js\.dublin\.twilio\.com\//);
    assert.deepEqual([type, payload.token], ['listen', first]);

    const { token: second } = await token();
    device.updateToken(second);
    await until(() => Signalling.said.filter((m) => m.type === 'listen').at(-1).payload.token === second);
    device.destroy();
  });

  it('is told when to ask again', async () => {
    const { token: text } = await token();
    // 3,599.9 s before its end: the hour that the token lives is what the SDK counts from.
    const device = new Device(text, { logLevel: 'silent', edge: 'dublin', tokenRefreshMs: 3599900 });
    const asked = new Promise((go) => device.once('tokenWillExpire', go));
    device.register().catch(() => {});
    await asked;
    device.destroy();
  });
});
