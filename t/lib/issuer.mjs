// A CRM's own login: signs tokens of all three kinds, and publishes its keys on loopback.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const base64 = (x) => Buffer.from(JSON.stringify(x)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

export class Issuer {
  #rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  #ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  // name: a host; the tokens of two issuers differ in nothing else.
  static async start(name) {
    const it = new Issuer();
    it.secret = `the secret that ${name} shares with us, 32 bytes and more`;
    it.shared = { iss: `https://${name}/auth/v1`, aud: 'authenticated' };
    it.published = { iss: `https://${name}/`, aud: 'switchhook' };
    const jwk = (kid, { publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' });
    const keys = JSON.stringify({ keys: [jwk('rsa-1', it.#rsa), jwk('ec-1', it.#ec)] });
    it.server = createServer((rq, res) => res.end(keys)).listen(0, '127.0.0.1');
    await once(it.server, 'listening');
    return it;
  }

  // Has a tenant of the rig believe it.
  believe(rig, tenant) {
    const add = ({ iss, aud }, ...options) =>
      rig.switchhook('identity', 'add', '--tenant', tenant.id, '--issuer', iss, '--audience', aud, ...options);
    add(this.shared, '--secret-stdin', { input: `${this.secret}\n` });
    add(this.published, '--jwks-url', `http://127.0.0.1:${this.server.address().port}/jwks.json`);
  }

  // A token of a kind for a user's external id; more: other claims.
  token(kind, sub, more = {}) {
    const claims = { ...(kind === 'HS256' ? this.shared : this.published), iat: now(), exp: now() + 600, sub, ...more };
    const kid = { RS256: 'rsa-1', ES256: 'ec-1' }[kind];
    const text = `${base64({ alg: kind, ...(kid && { kid }) })}.${base64(claims)}`;
    const signed = {
      HS256: () => createHmac('sha256', this.secret).update(text).digest(),
      RS256: () => sign('sha256', Buffer.from(text), this.#rsa.privateKey),
      ES256: () => sign('sha256', Buffer.from(text), { key: this.#ec.privateKey, dsaEncoding: 'ieee-p1363' }),
    }[kind]();
    return `${text}.${signed.toString('base64url')}`;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

export const kinds = ['HS256', 'RS256', 'ES256'];
