// Logins of a CRM: its own tokens open our API as the user they mean, and nothing else does.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Rig } from '../lib/rig.mjs';

const secret = 'a secret that the CRM shares with us, 32 bytes and more';
const calls = '/api/v1/calls';
const now = () => Math.floor(Date.now() / 1000);
const base64 = (x) => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url');

const hs = (by = secret) => [{ alg: 'HS256', typ: 'JWT' }, (d) => createHmac('sha256', by).update(d).digest()];
const rs = (kid, key) => [{ alg: 'RS256', kid }, (d) => sign('sha256', Buffer.from(d), key.privateKey)];
const es = (kid, { privateKey }) => [
  { alg: 'ES256', kid },
  (d) => sign('sha256', Buffer.from(d), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
];
const jwk = (kid, { publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' });

describe('a token of the CRM', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const shared = { iss: 'https://crm.example/auth/v1', aud: 'authenticated' };
  const published = { iss: 'https://login.example/', aud: 'switchhook' };
  let rig;
  let b;
  let keys = [jwk('rsa-1', rsa), jwk('ec-1', ec)];
  let asked = 0;
  let up = true;
  const server = createServer((rq, res) => {
    asked += 1;
    if (up) res.end(JSON.stringify({ keys }));
    else res.writeHead(503).end();
  });

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 1 } });
    b = rig.addTenant('Other & sons', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    const url = `http://127.0.0.1:${server.address().port}/jwks.json`;
    const tenant = ['--tenant', rig.tenant.id];
    const add = ({ iss, aud }, options) =>
      rig.switchhook('identity', 'add', ...tenant, '--issuer', iss, '--audience', aud, ...options);
    add(shared, ['--secret-stdin', { input: `${secret}\n` }]);
    add(published, ['--jwks-url', url, '--claim', 'email']);
    rig.switchhook('identity', 'map', ...tenant, '--email', email(), '--external-id', 'crm-7');
    rig.sql(`update users set external_id = 'crm-b' where id = '${b.user}'`);
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await rig.stop();
  });

  const token = ([head, signed], claims) => {
    const text = `${base64(head)}.${base64(claims)}`;
    return `${text}.${signed(text).toString('base64url')}`;
  };
  const times = () => ({ iat: now(), exp: now() + 600 });
  const mine = (more) => ({ ...shared, ...times(), sub: 'crm-7', ...more });
  const email = () => `agent-${rig.tenant.id.slice(-12)}@example.com`;
  const theirs = (more) => ({ ...published, ...times(), sub: 'x', email: email(), ...more });
  const ask = (key, method = 'GET', path = calls, body = undefined) => rig.api(method, path, body, { key });
  const refused = async (key, why) => {
    const res = await ask(key);
    assert.equal(res.status, 401, res.text);
    assert.match(res.json().detail, why);
    assert.equal(res.headers['www-authenticate'], 'Bearer');
  };

  it('of each of the three kinds is its user', async () => {
    for (const t of [token(hs(), mine()), token(rs('rsa-1', rsa), theirs()), token(es('ec-1', ec), theirs())]) {
      const res = await ask(t);
      assert.equal(res.status, 200, res.text);
    }
    assert.equal(asked, 1, 'the keys are fetched once');
    const log = rig.logs().map(([, text]) => text).join('');
    assert.ok(log.includes(`"user":"${rig.tenant.user}"`), 'the log knows who it was');
    assert.ok(!log.includes(token(hs(), mine()).split('.')[0]), 'and holds no token');
  });

  it('may do what its user may, as that user', async () => {
    rig.sql(`update users set role = 'viewer' where id = '${rig.tenant.user}'`);
    const res = await ask(token(hs(), mine({ role: 'admin' })), 'POST', '/api/calls/initiate', { to: '+442079460123' });
    assert.equal(res.status, 403, 'a role in the token counts for nothing');
    rig.sql(`update users set role = 'agent' where id = '${rig.tenant.user}'`);
  });

  it('of a user who is disabled, unknown, or of another tenant opens nothing', async () => {
    await refused(token(hs(), mine({ sub: 'crm-8' })), /no such user/);
    await refused(token(hs(), mine({ sub: 'crm-b' })), /no such user/);
    await refused(token(hs(), mine({ sub: undefined })), /sub/);
    await refused(token(rs('rsa-1', rsa), theirs({ email: `agent-${b.id.slice(-12)}@example.com` })), /no such user/);
    for (const no of [false, 'false', null, 0, 1, 'yes'])
      await refused(token(rs('rsa-1', rsa), theirs({ email_verified: no })), /not verified/);
    for (const yes of [true, 'true'])
      assert.equal((await ask(token(rs('rsa-1', rsa), theirs({ email_verified: yes })))).status, 200);
    rig.sql(`update users set disabled_at = now() where id = '${rig.tenant.user}'`);
    await refused(token(hs(), mine()), /no such user/);
    rig.sql(`update users set disabled_at = null where id = '${rig.tenant.user}'`);
    assert.equal((await ask(token(hs(), mine()))).status, 200);
  });

  it('is refused for everything that is wrong with it', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    await refused(token(hs(), mine({ exp: now() - 61 })), /expired/);
    await refused(token(hs(), mine({ exp: undefined })), /exp/);
    await refused(token(hs(), mine({ nbf: now() + 120 })), /not valid yet/);
    await refused(token(hs(), mine({ iss: 'https://evil.example' })), /issuer/);
    await refused(token(hs(), mine({ aud: 'anon' })), /aud/);
    await refused(token(hs('another secret of at least 32 bytes!'), mine()), /does not fit/);
    await refused(token(hs(pem), theirs()), /no such key/);
    await refused(token(rs('rsa-1', rsa), mine()), /not for RS256/);
    await refused(token([{ alg: 'none' }, () => Buffer.from('x')], mine()), /alg/);
    await refused(token(hs(), mine()).slice(0, -3), /does not fit/);
    await refused('a.b.c', /token/);
  });

  it('by a key that was rotated in is believed, and a strange kid asks at most once a minute', async () => {
    const fresh = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const before = asked;
    keys = [...keys, jwk('ec-2', fresh)];
    // The test before has asked already, for a kid that nobody has: only another minute would let us ask again.
    const first = await ask(token(es('ec-2', fresh), theirs()));
    assert.ok([200, 401].includes(first.status));
    for (let i = 0; i < 20; i += 1) {
      assert.equal((await ask(token(es(`strange-${i}`, fresh), theirs()))).status, 401);
    }
    assert.ok(asked - before <= 1, `asked ${asked - before} times`);
  });

  it('by a rotated key is believed by a worker that has not asked lately', async () => {
    const fresh = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await rig.stopPool('api');
    await rig.startPool('api', 1);
    assert.equal((await ask(token(rs('rsa-1', rsa), theirs()))).status, 200);
    keys = [jwk('rsa-2', fresh)];
    assert.equal((await ask(token(rs('rsa-2', fresh), theirs()))).status, 200, 'the new key is fetched at once');
    assert.equal((await ask(token(rs('rsa-1', rsa), theirs()))).status, 401, 'the old one is gone with the old set');
  });

  it('needs no issuer while its keys are fresh, and is 503 where there never were any', async () => {
    up = false;
    await rig.stopPool('api');
    await rig.startPool('api', 1);
    const res = await ask(token(rs('rsa-1', rsa), theirs()));
    assert.equal(res.status, 503, res.text);
    assert.equal((await ask(token(hs(), mine()))).status, 200, 'others are served');
    up = true;
  });

  it("is refused when the tenant's key was destroyed, for the secret is noise then", async () => {
    rig.sql(`delete from tenant_keys where tenant_id = '${rig.tenant.id}'`);
    await refused(token(hs(), mine()), /does not open/);
  });

  it('is refused once the provider is removed; the audit tells of both', async () => {
    const [one] = JSON.parse(rig.switchhook('identity', 'list', '--tenant', rig.tenant.id, '-o', 'json')).filter(
      (p) => p.issuer === shared.iss,
    );
    rig.switchhook('identity', 'remove', '--tenant', rig.tenant.id, '--id', one.id);
    await refused(token(hs(), mine()), /issuer nobody/);
    assert.equal(
      rig.sql(
        `select string_agg(action, ' ' order by seq) from audit_entries
          where tenant_id = '${rig.tenant.id}' and action like 'identity.%'`,
      ),
      'identity.add identity.add identity.map identity.remove',
    );
    assert.ok(!rig.sql(`select coalesce(string_agg(secret, ''), '') from identity_providers`).includes(secret));
  });
});
