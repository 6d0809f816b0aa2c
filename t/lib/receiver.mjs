// A receiver of webhooks on loopback that answers as it is told and keeps what it got, and the signature computed
// without a line of ours: by openssl in a shell, and by node's crypto.
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Receiver {
  got = []; // { path, method, headers, body, json }
  answers = []; // what comes next: { status, headers, body }; then 204
  always = {}; // by type: what all of them get

  static async start() {
    const r = new Receiver();
    r.server = createServer(async (req, res) => {
      const parts = [];
      for await (const part of req) parts.push(part);
      const body = Buffer.concat(parts).toString();
      const { url: path, method, headers: sent } = req;
      r.got.push({ path, method, headers: sent, body, json: JSON.parse(body) });
      const { status = 204, headers = {}, body: said = '' } =
        r.always[r.got.at(-1).json.type] ?? r.answers.shift() ?? {};
      res.writeHead(status, headers).end(said);
    }).listen(0, '127.0.0.1');
    await once(r.server, 'listening');
    r.url = `http://127.0.0.1:${r.server.address().port}/hook`;
    return r;
  }

  of(type) {
    return this.got.filter((g) => g.json.type === type);
  }

  stop() {
    this.server.closeAllConnections?.();
    this.server.close();
  }
}

const text = ({ headers, body }) => `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;

// base64(HMAC-SHA256) by openssl's command line, its key in hex.
export function opensslSignature(secret, got) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64').toString('hex');
  const script = `openssl dgst -sha256 -mac HMAC -macopt hexkey:${key} -binary | openssl base64 -A`;
  return `v1,${execFileSync('sh', ['-c', script], { input: text(got) })}`;
}

export function nodeSignature(secret, got) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(text(got)).digest('base64')}`;
}
