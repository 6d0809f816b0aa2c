// Pages of other origins: whom the tenant lists may call, everybody else is told who he is and how to be let in.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addPerson, Browser } from '../lib/person.mjs';
import { PUBLIC_URL, Rig } from '../lib/rig.mjs';

const crm = 'https://crm.example';

describe('origins', () => {
  let rig;
  let other;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { hooks: 0, api: 1, auth: 1 } });
    other = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    const res = await rig.api('PUT', '/api/v1/settings/origins', { origins: [crm, 'http://localhost:3000', crm] });
    assert.equal(res.status, 200, res.text);
    assert.deepEqual(res.json(), { origins: ['http://localhost:3000', crm] });
  });
  after(() => rig.stop());
  const get = (origin, more = {}) => rig.api('GET', '/api/v1/calls', undefined, { headers: { origin }, ...more });
  const preflight = (origin, path = '/api/v1/calls') =>
    rig.http('OPTIONS', path, {
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it('that are listed are answered, and a browser may read it', async () => {
    for (const origin of [crm, 'http://localhost:3000']) {
      const res = await get(origin);
      assert.equal(res.status, 200, res.text);
      assert.equal(res.headers['access-control-allow-origin'], origin);
      assert.match(res.headers.vary, /Origin/);
      assert.equal(res.headers['access-control-allow-credentials'], undefined, 'cookies are for our own pages');
      const bad = await rig.api('GET', '/api/v1/calls?limit=0', undefined, { headers: { origin } });
      assert.equal(bad.status, 422);
      assert.equal(bad.headers['access-control-allow-origin'], origin, 'errors can be read as well');
    }
  });

  it('that are not listed are refused by name, with the cure', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'http://crm.example',
      `${crm}:8443`,
      `${crm}.evil.example`,
      'https://CRM.example',
      `${crm}/`,
      '*',
    ]) {
      const res = await get(origin);
      assert.equal(res.status, 403, origin);
      assert.equal(res.json().code, 'unauthorized_domain');
      assert.ok(res.json().detail.includes(`Unauthorized domain: ${origin}`), res.text);
      assert.ok(res.json().hint.includes(`switchhook origin add --origin ${origin}`), res.text);
      assert.equal(res.headers['access-control-allow-origin'], undefined);
    }
    const headers = { origin: 'https://evil.example' };
    const guide = await rig.api('POST', '/api/calls/initiate', { to: '+442079460123' }, { headers });
    assert.equal(guide.status, 403);
    assert.equal(guide.json().error, 'Unauthorized domain');
    assert.equal(rig.sql('select count(*) from call_intents'), '0', 'nothing was done');
  });

  it('are each tenant’s own', async () => {
    assert.equal((await get(crm, { key: other.key })).status, 403);
    assert.deepEqual(
      (await rig.api('GET', '/api/v1/settings/origins', undefined, { key: other.key })).json(),
      { origins: [] },
    );
  });

  it('ask for leave first, and need not ask again for ten minutes', async () => {
    const yes = await preflight(crm);
    assert.equal(yes.status, 204);
    assert.equal(yes.headers['access-control-allow-origin'], crm);
    assert.equal(yes.headers['access-control-max-age'], '600');
    assert.match(yes.headers['access-control-allow-headers'], /Authorization/);
    assert.match(yes.headers['access-control-allow-methods'], /PATCH/);
    assert.match(yes.headers.vary, /Origin/);
    const no = await preflight('https://evil.example');
    assert.equal(no.status, 403);
    assert.equal(no.headers['access-control-allow-origin'], undefined);
    assert.match(no.text, /evil\.example/);
    assert.equal((await rig.http('OPTIONS', '/api/v1/calls')).status, 405, 'a question without an origin is none');
  });

  it('of our own are always at home, and no origin at all is a server', async () => {
    assert.equal((await get(PUBLIC_URL)).status, 200);
    assert.equal((await rig.api('GET', '/api/v1/calls')).status, 200);
  });

  it('that are listed still cannot use the cookie', async () => {
    const b = await Browser.login(rig, addPerson(rig, 'admin'));
    const res = await b.request('PATCH', '/api/v1/settings', { connecting: 'x' }, { origin: crm });
    assert.equal(res.status, 403);
  });

  it('are scheme, host and port, and nothing else', async () => {
    for (const origin of [
      'crm.example',
      'https://crm.example/',
      'https://*.example',
      'ftp://crm.example',
      'https://CRM.example',
      'https://crm.example:443',
      'https://user@crm.example',
      'https://crm.example:99999',
      '*',
      5,
    ]) {
      const res = await rig.api('PUT', '/api/v1/settings/origins', { origins: [crm, origin] });
      assert.equal(res.status, 422, String(origin));
      assert.match(res.text, /\/origins\/1/);
    }
    assert.equal((await get(crm)).status, 200, 'a refused list changes nothing');
  });

  it('are added and listed by the command, and taken away by the API', async () => {
    rig.switchhook('origin', 'add', '--tenant', rig.tenant.id, '--origin', 'https://second.example');
    assert.match(rig.switchhook('origin', 'list', '--tenant', rig.tenant.id), /second\.example/);
    assert.equal((await get('https://second.example')).status, 200);
    assert.equal((await rig.api('PUT', '/api/v1/settings/origins', { origins: [crm] })).status, 200);
    assert.equal((await get('https://second.example')).status, 403, 'at once');
  });
});
