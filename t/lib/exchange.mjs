// The browser's end of the simulator: phones that t/ui/standin.js registers ring, dial and talk as the simulator's
// calls do, and their pages hear of it in the events of Twilio's SDK.
import { join } from 'node:path';
import { source } from './process.mjs';

const over = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];
const lines = Array.from({ length: 400 }, (_, n) => ({
  who: n % 2 ? 'customer' : 'agent',
  text: 'And then there is more.',
}));

export class Exchange {
  #frames = new Map(); // identity -> frame of the page that holds the phone
  #calls = new Map(); // sid -> { frame, state }
  #rung = new Set();
  digits = [];
  tokens = [];
  #going = true;

  static async start(rig) {
    const x = new Exchange();
    x.rig = rig;
    x.done = x.#run();
    return x;
  }

  // Every page of the context has the stand-in from now on.
  async join(context) {
    await context.exposeBinding('exchange', ({ frame }, what, ...args) => this[what](frame, ...args));
    await context.route('**/vendor/twilio-voice.js', (route) =>
      route.fulfill({ path: join(source, 't', 'ui', 'standin.js'), contentType: 'text/javascript' }),
    );
  }

  async #sim(method, path, body) {
    const res = await fetch(`${this.rig.sim.url}/sim${path}`, { method, body: body && JSON.stringify(body) });
    return res.json().catch(() => null);
  }

  // A number of ours whose calls come to our server as the pages know it.
  number(e164) {
    const base = this.rig.settings.PUBLIC_URL;
    return this.#sim('POST', '/numbers', {
      phone_number: e164,
      voice_url: `${base}/api/twilio/voice/answer`,
      status_callback: `${base}/api/twilio/voice/status`,
    });
  }

  // Somebody calls a number of ours.
  async ring(from, to, more = {}) {
    return (await this.#sim('POST', '/calls', { from, to, lines, ...more })).sid;
  }

  phone(address, how) {
    return this.rig.sim.phone(address, { lines, ...how });
  }

  async register(frame, identity, token) {
    this.tokens.push(token);
    await this.rig.sim.phone(`client:${identity}`, { answer: 'no' });
    this.#frames.set(identity, frame);
  }

  async leave(frame, identity) {
    if (this.#frames.get(identity) !== frame) return;
    this.#frames.delete(identity);
    await this.rig.sim.phone(`client:${identity}`, { answer: 'fail' });
  }

  token(frame, token) {
    this.tokens.push(token);
  }

  async connect(frame, identity, params) {
    const { sid } = await this.#sim('POST', '/calls', {
      from: `client:${identity}`,
      to: params.To,
      lines,
      voice_url: `${this.rig.settings.PUBLIC_URL}/api/twilio/twiml`,
      params,
    });
    this.#calls.set(sid, { frame, state: 'made' });
    return sid;
  }

  async answer(frame, sid) {
    this.#calls.set(sid, { frame, state: 'ringing' });
    await this.#sim('POST', `/calls/${sid}/answer`);
  }

  reject(frame, sid) {
    return this.#sim('POST', `/calls/${sid}/reject`);
  }

  hangUp(frame, sid) {
    return this.#sim('POST', `/calls/${sid}/hangup`);
  }

  keys(frame, sid, pressed) {
    this.digits.push({ sid, keys: pressed });
  }

  digitsOf(sid) {
    return this.digits
      .filter((d) => d.sid === sid)
      .map((d) => d.keys)
      .join('');
  }

  async stop() {
    this.#going = false;
    await this.done;
  }

  async #run() {
    while (this.#going) {
      await this.#look().catch(() => {}); // a page that goes, a simulator that ends
      await new Promise((r) => setTimeout(r, 40));
    }
  }

  async #look() {
    const { calls } = await this.#sim('GET', '/calls');
    for (const leg of calls) {
      const identity = leg.to.startsWith('client:') && leg.to.slice(7);
      if (identity && leg.status === 'ringing' && !this.#rung.has(leg.sid) && this.#frames.has(identity)) {
        this.#rung.add(leg.sid);
        await this.#announce(leg, identity);
      }
      const known = this.#calls.get(leg.sid);
      if (known) await this.#follow(known, leg, calls);
    }
  }

  async #announce(leg, identity) {
    const frame = this.#frames.get(identity);
    const id = this.rig.sql(`select id from calls where twilio_call_sid = '${leg.parent_call_sid}'`);
    this.#calls.set(leg.sid, { frame, state: 'announced' });
    await frame.evaluate(
      ([who, parameters, more]) => globalThis.standin.incoming(who, parameters, more),
      [identity, { CallSid: leg.sid, From: leg.from }, leg.parent_call_sid ? { callId: id } : {}],
    );
  }

  async #follow(known, leg, calls) {
    const child = calls.find((c) => c.parent_call_sid === leg.sid);
    const say = async (state, name) => {
      known.state = state;
      await known.frame.evaluate(([sid, event]) => globalThis.standin?.call(sid, event), [leg.sid, name]);
    };
    if (known.state === 'made' && child && child.status === 'ringing') await say('ringing', 'ringing');
    else if (['made', 'ringing'].includes(known.state) && leg.status === 'in-progress') await say('talking', 'accept');
    else if (known.state !== 'over' && over.includes(leg.status))
      await say('over', known.state === 'announced' ? 'cancel' : 'disconnect');
  }
}
