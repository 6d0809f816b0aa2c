// A door on loopback before somebody's HTTP: all that passes is noted, and at a moment that is named something happens
// instead of the rest.
import { once } from 'node:events';
import { createServer, request } from 'node:http';

export class Door {
  passed = []; // { method, path, status } of what was answered
  #armed = null;

  // to: where it leads, http://host:port; may be set later.
  static async start(to) {
    const door = new Door();
    door.to = to;
    door.server = createServer((rq, rs) => door.#pass(rq, rs)).listen(0, '127.0.0.1');
    await once(door.server, 'listening');
    door.url = `http://127.0.0.1:${door.server.address().port}`;
    return door;
  }

  // Once: before a request of that method goes on, when a part of its body has, or once it is answered there.
  arm(method, when, act) { this.#armed = { method, when, act }; }

  get armed() { return this.#armed !== null; }

  #reached(rq, when) {
    if (this.#armed?.method !== rq.method || this.#armed.when !== when) return false;
    const { act } = this.#armed;
    this.#armed = null;
    act();
    rq.socket.destroy();
    return true;
  }

  #pass(rq, rs) {
    if (this.#reached(rq, 'before')) return;
    const on = request(this.to + rq.url, { method: rq.method, headers: rq.headers });
    on.on('error', () => rq.socket.destroy());
    rq.on('error', () => on.destroy());
    rq.on('close', () => !rq.complete && on.destroy());
    on.on('response', async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      this.passed.push({ method: rq.method, path: rq.url, status: answer.statusCode });
      if (this.#reached(rq, 'after')) return;
      rs.writeHead(answer.statusCode, answer.headers).end(Buffer.concat(parts));
    });
    rq.on('data', (part) => {
      if (this.#armed?.when !== 'within' || !this.#reached(rq, 'within')) return on.write(part);
      return on.destroy();
    });
    rq.on('end', () => on.end());
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
