// A mail server on loopback that keeps what it is given: { from, to, headers, text, link }.
import { once } from 'node:events';
import { createServer } from 'node:net';

// One message as it was sent: headers unfolded, text out of base64.
function read(raw) {
  const [head, ...body] = raw.split('\r\n\r\n');
  const headers = Object.fromEntries(
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 1).trim()]),
  );
  const plain = (b64) => Buffer.from(b64.replace(/\s/g, ''), 'base64').toString();
  const boundary = /multipart\/alternative; boundary="(.*)"/.exec(headers['content-type'])?.[1];
  if (!boundary) {
    const text = plain(body.join(''));
    return { headers, text, raw, link: /https?:\S+/.exec(text)?.[0] };
  }
  const parts = body.join('\r\n\r\n').split(`--${boundary}`).slice(1, -1).map((p) => p.split('\r\n\r\n'));
  const of = (type) => plain(parts.find(([h]) => h.includes(`Content-Type: ${type}; charset=utf-8`))[1]);
  const text = of('text/plain');
  return { headers, text, html: of('text/html'), raw, link: /https?:\S+/.exec(text)?.[0] };
}

export class Smtp {
  mails = [];
  #open = new Set();
  refuse = 0; // so many messages are refused for now

  static async start() {
    const s = new Smtp();
    s.server = createServer((c) => s.#talk(c)).listen(0, '127.0.0.1');
    await once(s.server, 'listening');
    s.url = `smtp://127.0.0.1:${s.server.address().port}`;
    return s;
  }

  #talk(c) {
    this.#open.add(c);
    c.on('close', () => this.#open.delete(c));
    let got = '';
    let data = false;
    const envelope = { to: [] };
    c.on('error', () => {});
    c.write('220 smtp\r\n');
    c.on('data', (bytes) => {
      got += bytes;
      for (let end; (end = got.indexOf(data ? '\r\n.\r\n' : '\r\n')) >= 0; ) {
        const line = got.slice(0, end);
        got = got.slice(end + (data ? 5 : 2));
        const reply = data ? this.#take(envelope, line) : this.#answer(envelope, line);
        c.write(reply);
        data = reply.startsWith('354');
        if (/^QUIT/i.test(line)) c.end();
      }
    });
  }

  #take(envelope, raw) {
    this.mails.push({ ...envelope, ...read(raw.replace(/\r\n\.\./g, '\r\n.')) });
    return '250 kept\r\n';
  }

  #answer(envelope, line) {
    if (/^MAIL FROM:/i.test(line)) Object.assign(envelope, { to: [], from: '' });
    if (/^MAIL FROM:/i.test(line)) envelope.from = /<(.*?)>/.exec(line)[1];
    if (/^RCPT TO:/i.test(line)) envelope.to.push(/<(.*?)>/.exec(line)[1]);
    if (!/^DATA/i.test(line)) return /^QUIT/i.test(line) ? '221 bye\r\n' : '250 smtp\r\n';
    if (this.refuse === 0) return '354 go on\r\n';
    this.refuse -= 1;
    return '451 later\r\n';
  }

  to(address) {
    return this.mails.filter((m) => m.to.includes(address));
  }

  stop() {
    this.server.close();
    for (const c of this.#open) c.destroy();
  }
}
