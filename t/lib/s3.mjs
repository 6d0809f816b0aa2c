// S3-compatible storage on loopback that checks every signature by itself, from the description of Signature Version 4:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const escape = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export class S3 {
  objects = new Map(); // by path
  requests = []; // { method, path, headers, status }
  slow = 0; // ms to take for each piece of an upload
  refuse = 0; // a status for all
  id = 'AKIAIOSFODNN7EXAMPLE';
  secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  region = 'eu-west-2';

  static async start() {
    const s = new S3();
    s.server = createServer((rq, rs) => s.#serve(rq, rs).catch(() => rs.destroy())).listen(0, '127.0.0.1');
    await once(s.server, 'listening');
    s.url = `http://127.0.0.1:${s.server.address().port}`;
    return s;
  }

  // What switchhook.env says of it.
  get settings() {
    return {
      S3_ENDPOINT: this.url,
      S3_BUCKET: 'calls',
      S3_REGION: this.region,
      S3_ACCESS_KEY_ID: this.id,
      S3_SECRET_ACCESS_KEY: this.secret,
    };
  }

  // The signature that this request should have.
  #expected(rq, url, { scope, moment, names, payload, leaveOut }) {
    const query = [...url.searchParams]
      .filter(([name]) => name !== leaveOut)
      .map(([name, value]) => `${escape(name)}=${escape(value)}`)
      .sort()
      .join('&');
    const path = url.pathname.split('/').map((part) => escape(decodeURIComponent(part))).join('/');
    const headers = names.map((n) => `${n}:${(rq.headers[n] ?? '').trim().replace(/ +/g, ' ')}\n`).join('');
    const canonical = [rq.method, path, query, headers, names.join(';'), payload].join('\n');
    const [day, region, service, end] = scope;
    const key = [day, region, service, end].reduce(hmac, `AWS4${this.secret}`);
    return hmac(key, ['AWS4-HMAC-SHA256', moment, scope.join('/'), sha(canonical)].join('\n')).toString('hex');
  }

  // Why it is refused; null: it is not.
  #refusal(rq, url, body) {
    const at = (moment) => Date.parse(moment.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
    const q = url.searchParams;
    let wanted;
    if (q.has('X-Amz-Signature')) {
      const [id, ...scope] = q.get('X-Amz-Credential').split('/');
      const moment = q.get('X-Amz-Date');
      const names = q.get('X-Amz-SignedHeaders').split(';');
      wanted = { id, scope, moment, names, payload: 'UNSIGNED-PAYLOAD', leaveOut: 'X-Amz-Signature' };
      wanted.given = q.get('X-Amz-Signature');
      if (Date.now() > at(moment) + Number(q.get('X-Amz-Expires')) * 1000) return 'expired';
      if (rq.method !== 'GET') return 'a link that writes';
    } else {
      const m = /^AWS4-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
        rq.headers.authorization ?? '',
      );
      if (!m) return 'no signature';
      const [id, ...scope] = m[1].split('/');
      const payload = rq.headers['x-amz-content-sha256'];
      wanted = { id, scope, moment: rq.headers['x-amz-date'], names: m[2].split(';'), payload, given: m[3] };
      if (payload !== sha(body)) return 'another body';
    }
    if (wanted.id !== this.id) return 'another key';
    if (!wanted.names.includes('host')) return 'the host is not signed';
    const unsigned = Object.keys(rq.headers).filter((n) => /^x-amz-/.test(n) && !wanted.names.includes(n));
    if (unsigned.length) return `${unsigned} is not signed`;
    if (wanted.scope.slice(1).join('/') !== `${this.region}/s3/aws4_request`) return 'another scope';
    if (wanted.scope[0] !== wanted.moment.slice(0, 8)) return 'another day';
    if (Math.abs(Date.now() - at(wanted.moment)) > 15 * 60 * 1000) return 'a clock that is wrong';
    return wanted.given === this.#expected(rq, url, wanted) ? null : 'another signature';
  }

  async #serve(rq, rs) {
    const parts = [];
    for await (const part of rq) {
      parts.push(part);
      this.received = parts.reduce((n, p) => n + p.length, 0);
      if (this.slow) await new Promise((r) => setTimeout(r, this.slow));
    }
    const body = Buffer.concat(parts);
    const url = new URL(rq.url, this.url);
    const why = this.#refusal(rq, url, body);
    const status = this.refuse || (why ? 403 : this.#act(rq, url.pathname, body, rs));
    this.requests.push({ method: rq.method, path: url.pathname, headers: rq.headers, status, why });
    if (rs.headersSent) return;
    rs.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'secret-of-the-storage' });
    rs.end(status === 204 ? undefined : `<Error><Message>${why}</Message></Error>`);
  }

  #act(rq, path, body, rs) {
    if (rq.method === 'PUT') {
      this.objects.set(path, body);
      return 200;
    }
    if (rq.method === 'DELETE') {
      this.objects.delete(path);
      return 204;
    }
    const all = this.objects.get(path);
    if (!all) return 404;
    const m = /^bytes=(\d*)-(\d*)$/.exec(rq.headers.range ?? '');
    const from = m ? (m[1] === '' ? all.length - Number(m[2]) : Number(m[1])) : 0;
    const to = m && m[1] !== '' && m[2] !== '' ? Math.min(Number(m[2]) + 1, all.length) : all.length;
    rs.writeHead(m ? 206 : 200, {
      'content-type': 'binary/octet-stream',
      'content-length': to - from,
      'accept-ranges': 'bytes',
      ...(m ? { 'content-range': `bytes ${from}-${to - 1}/${all.length}` } : {}),
      'x-amz-request-id': 'secret-of-the-storage',
    });
    rs.end(all.subarray(from, to));
    return m ? 206 : 200;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
