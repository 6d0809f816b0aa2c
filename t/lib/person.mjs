// People with passwords, and their sessions as a browser holds them.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID, scryptSync } from 'node:crypto';
import { PUBLIC_URL } from './twilio.mjs';

// As lib/passwd.h says, at a cost that tests can pay; cost: the product's own is 15 and 3.
export function passwordHash(password, { ln = 10, p = 1 } = {}) {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 2 ** ln, r: 8, p, maxmem: 1 << 28 });
  const text = (b) => b.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${ln},r=8,p=${p}$${text(salt)}$${text(hash)}`;
}

// A user of a tenant: { id, email, password, role }.
export function addPerson(rig, role, { tenant = rig.tenant, password = 'correct horse 7', email, cost } = {}) {
  const address = email ?? `${role}-${randomBytes(4).toString('hex')}@example.com`;
  const person = { id: randomUUID(), email: address, password };
  const hash = passwordHash(password, cost);
  rig.sql(`insert into users (id, tenant_id, email, name, role, password_hash)
    values ('${person.id}', '${tenant.id}', '${person.email}', '${role}', '${role}', '${hash}')`);
  return { ...person, role, tenant };
}

// Every request of a browser: its cookies, and for unsafe methods Origin and the session's token.
export class Browser {
  cookie = '';
  beside = ''; // of further accounts
  csrf = '';

  constructor(rig) {
    this.rig = rig;
  }

  async request(method, path, json, headers = {}) {
    const res = await this.rig.http(method, path, {
      headers: {
        ...(this.cookie || this.beside ? { cookie: [this.cookie, this.beside].filter(Boolean).join('; ') } : {}),
        ...(method === 'GET' ? {} : { origin: PUBLIC_URL, 'x-csrf-token': this.csrf }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? (method === 'GET' ? {} : { body: '' }) : { body: JSON.stringify(json) }),
    });
    for (const set of res.headers['set-cookie'] ?? []) {
      const which = set.startsWith('__Host-switchhook-beside=') ? 'beside' : 'cookie';
      this[which] = /Max-Age=0/.test(set) ? '' : set.slice(0, set.indexOf(';'));
    }
    return res;
  }

  try(email, password, more = {}) {
    return this.request('POST', '/api/v1/sessions', { email, password, ...more });
  }

  static async login(rig, { email, password }) {
    const b = new Browser(rig);
    const res = await b.try(email, password);
    assert.equal(res.status, 201, res.text);
    b.csrf = res.json().csrf_token;
    b.session = res.json().session_id;
    return b;
  }
}
