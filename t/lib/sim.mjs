// The simulator beside a rig: Twilio's REST side, the calls it plays, and OpenAI's endpoints.
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { child, program, root, run, until } from './process.mjs';
import { ACCOUNT, API_KEY, API_SECRET, PUBLIC_URL, TOKEN } from './twilio.mjs';

export class Simulator {
  // dir, port: of the rig, whose nginx stands behind PUBLIC_URL. as: setpriv's options.
  static async start({ dir, port, as }, { speed = 50, seed = 1 } = {}) {
    const sim = new Simulator();
    const state = join(dir, 'sim');
    const credentials = join(dir, 'sim.env');
    mkdirSync(state);
    writeFileSync(
      credentials,
      `TWILIO_ACCOUNT_SID=${ACCOUNT}\nTWILIO_AUTH_TOKEN=${TOKEN}\nOPENAI_API_KEY=sk-test\n` +
        `TWILIO_API_KEY_SID=${API_KEY}\nTWILIO_API_KEY_SECRET=${API_SECRET}\n`,
      { mode: 0o600 },
    );
    if (root) {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(run(['id', flag, 'postgres'])));
      for (const path of [state, credentials]) chownSync(path, uid, gid);
    }
    sim.child = child(
      join(dir, 'log'),
      'sim',
      [
        program('switchhook-sim'),
        '--port',
        '0',
        '--state',
        state,
        '--credentials',
        credentials,
        '--speed',
        `${speed}`,
        '--seed',
        `${seed}`,
        '--map',
        `${PUBLIC_URL}=http://127.0.0.1:${port}`,
      ],
      { as },
    );
    sim.url = await until(() => /listening on (http:\S+)/.exec(sim.child.log())?.[1]);
    return sim;
  }

  async #json(method, path, body) {
    const res = await fetch(this.url + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await res.text();
    if (!res.ok) throw new Error(`simulator ${method} ${path}: ${res.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  number(e164, voice = '/api/twilio/voice/answer', status = '/api/twilio/voice/status') {
    return this.#json('POST', '/sim/numbers', {
      phone_number: e164,
      voice_url: PUBLIC_URL + voice,
      status_callback: PUBLIC_URL + status,
    });
  }

  phone(address, how) {
    return this.#json('PUT', `/sim/phones/${encodeURIComponent(address)}`, how);
  }

  call(how) {
    return this.#json('POST', '/sim/calls', how);
  }

  fault(...faults) {
    return this.#json('POST', '/sim/faults', faults);
  }

  clock(how) {
    return this.#json('POST', '/sim/clock', how);
  }

  ledger() {
    return this.#json('GET', '/sim/ledger');
  }

  // Waits until no call, webhook or recording is in work.
  async idle(ms = 60000) {
    await until(async () => (await this.#json('GET', '/sim')).idle, ms);
    return this.ledger();
  }
}
