// API keys over HTTP: made, shown once, listed, ended; never more than their maker. What is deleted, and what stays.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addKey, addSession, bearer } from '../lib/credentials.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const nobody = '01890000-0000-7000-8000-00000000dead';

describe('API keys over HTTP', () => {
  let rig;
  let admin; // a live key in full
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, auth: 0 } });
    const made = JSON.parse(rig.switchhook('key', 'add', '--name', 'root', '-o', 'json'));
    admin = made.key;
  });
  after(() => rig.stop());
  const ask = (method, path, json, key = admin) => rig.api(method, `/api/v1${path}`, json, { key });
  const make = async (more = {}, key = admin) => {
    const res = await ask('POST', '/keys', { name: 'k', role: 'agent', ...more }, key);
    assert.equal(res.status, 201, res.text);
    return res;
  };

  it('show a key once and keep its hash alone', async () => {
    const res = await make({ name: 'Nightly "report"', scopes: 'calls:read', expires_in_days: 3 });
    const made = res.json();
    assert.match(made.key, /^shk_live_[0-9a-z]{12}_[0-9A-Za-z]{43}$/);
    assert.equal(made.prefix, made.key.slice(0, 21));
    assert.equal(made.name, 'Nightly "report"');
    assert.deepEqual([made.test, made.state, made.scopes, made.role], [false, 'active', 'calls:read', 'agent']);
    assert.ok(Math.abs(Date.parse(made.expires_at) - Date.now() - 3 * 86400e3) < 3600e3);
    assert.equal(res.headers.location, `/api/v1/keys/${made.id}`);
    assert.equal(res.headers['cache-control'], 'no-store');
    const { key, ...rest } = made;
    const shown = await ask('GET', `/keys/${made.id}`);
    assert.deepEqual(shown.json(), rest);
    const list = await ask('GET', '/keys?limit=100');
    assert.ok(list.json().data.some((k) => k.id === made.id));
    const secret = key.slice(22);
    for (const text of [shown.text, list.text, rig.sql('table api_keys'), rig.sql('table audit_entries')])
      assert.ok(!text.includes(secret));
    for (const [, text] of rig.logs()) assert.ok(!text.includes(secret));
    assert.equal((await rig.api('GET', '/api/v1/calls', undefined, { key })).status, 200);
    assert.ok((await ask('GET', `/keys/${made.id}`)).json().last_used_at, 'and its use is seen');
  });

  it('are those of the command', async () => {
    const made = (await make({ name: 'both' })).json();
    const listed = JSON.parse(rig.switchhook('key', 'list', '-o', 'json')).find((k) => k.prefix === made.prefix);
    assert.deepEqual([listed.name, listed.role, listed.state], ['both', 'agent', 'active']);
    rig.switchhook('key', 'revoke', '--key', made.prefix);
    assert.equal((await ask('GET', `/keys/${made.id}`)).json().state, 'revoked');
  });

  it('end at once, stay in the list, and end once', async () => {
    const made = (await make()).json();
    const entries = () => rig.sql(`select count(*) from audit_entries where object = '${made.prefix}'`);
    assert.equal((await ask('GET', '/calls', undefined, made.key)).status, 200);
    assert.equal((await ask('DELETE', `/keys/${made.id}`)).status, 204);
    assert.equal((await ask('GET', '/calls', undefined, made.key)).status, 401);
    const shown = (await ask('GET', `/keys/${made.id}`)).json();
    assert.equal(shown.state, 'revoked');
    assert.ok(shown.revoked_at);
    assert.equal(entries(), '2');
    assert.equal((await ask('DELETE', `/keys/${made.id}`)).status, 204);
    assert.equal(entries(), '2', 'nothing more happened');
    assert.equal((await ask('DELETE', `/keys/${nobody}`)).status, 404);
    assert.equal((await ask('DELETE', '/keys/x')).status, 404);
  });

  it('never give more than their maker has', async () => {
    for (const role of ['viewer', 'agent', 'manager']) {
      const res = await ask('POST', '/keys', { name: 'k', role: 'viewer' }, addKey(rig, rig.tenant, { role }));
      assert.equal(res.status, 403, role);
    }
    const words = (await make({ role: 'admin', scopes: 'keys:read keys:write' })).json();
    assert.equal((await ask('GET', '/keys', undefined, words.key)).status, 200);
    assert.equal((await ask('POST', '/keys', { name: 'k', role: 'viewer' }, words.key)).status, 403);
    assert.equal((await ask('DELETE', `/keys/${words.id}`, undefined, words.key)).status, 403);
    const brief = (await make({ role: 'admin', expires_in_days: 2 })).json();
    for (const more of [{}, { expires_in_days: 30 }])
      assert.equal((await make(more, brief.key)).json().expires_at, brief.expires_at, 'it would outlive its maker');
    const sooner = (await make({ expires_in_days: 1 }, brief.key)).json();
    assert.ok(Date.parse(sooner.expires_at) < Date.parse(brief.expires_at));
    const trial = (await make({ role: 'admin', test: true })).json();
    assert.match(trial.key, /^shk_test_/);
    assert.equal((await ask('POST', '/keys', { name: 'k', role: 'viewer' }, trial.key)).status, 403);
    assert.match((await make({ test: true }, trial.key)).json().key, /^shk_test_/);
  });

  it('say what is wrong with a wish', async () => {
    for (const [more, pointer] of [
      [{ scopes: 'everything' }, '/scopes'],
      [{ scopes: 'calls:' }, '/scopes'],
      [{ role: 'owner' }, '/role'],
      [{ expires_in_days: 0 }, '/expires_in_days'],
      [{ expires_at: '2030-01-01' }, '/expires_at'],
      [{ name: '' }, '/name'],
    ]) {
      const res = await ask('POST', '/keys', { name: 'k', role: 'agent', ...more });
      assert.equal(res.status, 422, res.text);
      assert.equal(res.json().errors[0].pointer, pointer);
    }
  });

  it('are made once for one Idempotency-Key, and the repetition shows the same', async () => {
    const post = () =>
      rig.api('POST', '/api/v1/keys', { name: 'once', role: 'viewer' }, {
        key: admin,
        headers: { 'idempotency-key': 'a key' },
      });
    const one = await post();
    const two = await post();
    assert.equal(two.json().key, one.json().key);
    assert.equal(rig.sql("select count(*) from api_keys where name = 'once'"), '1');
  });
});

describe('the limits over HTTP', () => {
  let rig;
  let person;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    const user = rig.sql(`insert into users (tenant_id, email, role)
      values ('${rig.tenant.id}', 'boss@example.com', 'admin') returning id`);
    person = addSession(rig, rig.tenant, user).headers;
  });
  after(() => rig.stop());
  const path = '/api/v1/settings/limits';
  const show = async () => (await rig.api('GET', path)).json();
  const byKey = (json, headers) => rig.api('PATCH', path, json, { headers });
  const byPerson = (json, headers) => rig.api('PATCH', path, json, { key: null, headers: { ...person, ...headers } });

  it('are tightened by a key and loosened by a person', async () => {
    const before = await show();
    assert.deepEqual([before.countries, before.stopped, before.per_second], [['GB'], false, null]);
    const tight = await byKey({ per_second: 5, minutes_per_day: 60, money_per_day: '20', blocked_prefixes: ['+4470'] });
    assert.equal(tight.status, 200, tight.text);
    assert.deepEqual(await show(), tight.json());
    assert.equal(tight.json().money_per_day, '20.00');
    for (const loose of [
      { countries: ['GB', 'FR'] },
      { per_second: 6 },
      { per_second: null },
      { minutes_per_day: null },
      { money_per_day: '20.01' },
      { blocked_prefixes: [] },
      { blocked_prefixes: null },
    ]) {
      const res = await byKey(loose);
      assert.equal(res.status, 403, `${JSON.stringify(loose)} ${res.text}`);
      assert.deepEqual(await show(), tight.json());
    }
    const open = { countries: ['GB', 'FR'], per_second: null, money_per_day: null, blocked_prefixes: [] };
    const wide = await byPerson(open);
    assert.equal(wide.status, 200, wide.text);
    assert.deepEqual(wide.json().countries.sort(), ['FR', 'GB']);
    assert.deepEqual([wide.json().per_second, wide.json().money_per_day], [null, null]);
    assert.equal((await byPerson({ countries: null })).json().countries.join(), 'GB', 'its own country');
  });

  it('stop every call, by a key as well, until a person says otherwise', async () => {
    const call = (to) => rig.api('POST', '/api/calls/initiate', { to });
    assert.equal((await call('+442079460121')).status, 200);
    const stopped = await byKey({ stopped: true });
    assert.equal(stopped.json().stopped, true);
    assert.ok(stopped.json().stopped_at);
    const refused = await call('+442079460122');
    assert.deepEqual([refused.status, refused.json().code], [403, 'calling_stopped']);
    assert.equal((await byKey({ stopped: false })).status, 403);
    assert.equal((await byPerson({ stopped: false })).status, 200);
    assert.equal((await call('+442079460123')).status, 200);
    const seen = rig.rows("select detail from audit_entries where action = 'limits.change' order by seq desc limit 1");
    assert.deepEqual([seen[0].detail.old.stopped, seen[0].detail.new.stopped], [true, false]);
  });

  it('refuse what is none, and a change of what has changed', async () => {
    for (const [bad, pointer] of [
      [{ countries: ['gb'] }, '/countries/0'],
      [{ countries: ['GB', 5] }, '/countries/1'],
      [{ blocked_prefixes: ['44'] }, '/blocked_prefixes/0'],
      [{ money_per_day: '-1' }, '/money_per_day'],
      [{ money_per_day: '1.234' }, '/money_per_day'],
      [{ per_second: 1001 }, '/per_second'],
      [{ stopped: null }, '/stopped'],
      [{ requests_per_minute: 5 }, '/requests_per_minute'],
    ]) {
      const res = await byPerson(bad);
      assert.equal(res.status, 422, `${JSON.stringify(bad)} ${res.text}`);
      assert.equal(res.json().errors[0].pointer, pointer);
    }
    const { etag } = (await rig.api('GET', path)).headers;
    assert.equal((await byPerson({ concurrent: 7 }, { 'if-match': etag })).status, 200);
    assert.equal((await byPerson({ concurrent: 8 }, { 'if-match': etag })).status, 412);
  });
});

describe('what is deleted', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const v1 = (method, path, json, headers = {}) => rig.api(method, `/api/v1${path}`, json, { headers });

  for (const noun of ['contacts', 'clients', 'campaigns']) {
    it(`${noun}: is gone, guarded by If-Match, and its external_id is free`, async () => {
      const made = await v1('POST', `/${noun}`, { name: 'Ada', external_id: 'x1' });
      const path = `/${noun}/${made.json().id}`;
      const old = made.headers.etag;
      assert.equal((await v1('PATCH', path, { name: 'Eve' })).status, 200);
      assert.equal((await v1('DELETE', path, undefined, { 'if-match': old })).status, 412);
      const { etag } = (await v1('GET', path)).headers;
      assert.equal((await v1('DELETE', path, undefined, { 'if-match': etag })).status, 204);
      for (const [method, json] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']])
        assert.equal((await v1(method, path, json)).status, 404, method);
      assert.ok(!(await v1('GET', `/${noun}?count=true`)).text.includes(made.json().id));
      assert.equal((await v1('GET', `/${noun}?count=true`)).json().total, 0);
      const again = await v1('POST', `/${noun}`, { name: 'Ada', external_id: 'x1' });
      assert.equal(again.status, 201, again.text);
      assert.equal((await v1('DELETE', `/${noun}/${again.json().id}`)).status, 204);
      assert.equal((await v1('DELETE', `/${noun}/${nobody}`)).status, 404);
      const entry = rig.rows(`select action, detail from audit_entries where object = '${made.json().id}'
                               order by seq desc limit 1`)[0];
      assert.equal(entry.action, `${noun.slice(0, -1)}.delete`);
      assert.equal(entry.detail.old.external_id, 'x1');
      if (noun === 'contacts') assert.equal(rig.sql('select count(*) from contacts'), '0', 'people are forgotten');
    });
  }

  it('is not what a number in service serves; a call keeps what it was about', async () => {
    const client = (await v1('POST', '/clients', { name: 'Held' })).json();
    const [number] = (await v1('GET', '/numbers')).json().data;
    assert.equal((await v1('PATCH', `/numbers/${number.id}`, { client_id: client.id })).status, 200);
    const c = inbound('about');
    assert.equal((await rig.webhook('/api/twilio/voice/answer', c.answer)).status, 200);
    const held = await v1('DELETE', `/clients/${client.id}`);
    assert.equal(held.status, 409);
    assert.match(held.json().detail, new RegExp(`serve this client: \\${number.phone_number}`));
    assert.equal((await v1('PATCH', `/numbers/${number.id}`, { client_id: null })).status, 200);
    assert.equal((await v1('DELETE', `/clients/${client.id}`)).status, 204);
    assert.equal((await v1('GET', `/calls/${c.sid}`)).json().client_id, client.id, 'history stays');
    assert.equal(rig.sql(`select name from clients where id = '${client.id}'`), 'Held', 'and has its name');
    const patch = await v1('PATCH', `/numbers/${number.id}`, { client_id: client.id });
    assert.deepEqual([patch.status, patch.json().errors[0].pointer], [422, '/client_id']);
    const call = await rig.api('POST', '/api/calls/initiate', { to: '+442079460123', clientId: client.id });
    assert.equal(call.status, 404, call.text);
  });

  it('is for who may change it', async () => {
    const client = (await v1('POST', '/clients', { name: 'Mine' })).json();
    const agent = addKey(rig, rig.tenant, { role: 'agent' });
    const res = await rig.http('DELETE', `/api/v1/clients/${client.id}`, { headers: bearer(agent) });
    assert.equal(res.status, 403);
  });
});
