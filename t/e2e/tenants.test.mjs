// The operator's tenant and user commands; and what is left of a tenant whose key is shredded.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addSession } from '../lib/credentials.mjs';
import { program } from '../lib/process.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const failing = (rig) => (...args) => {
  try {
    rig.switchhook(...args);
  } catch (e) {
    return { status: e.status, stderr: e.stderr };
  }
  return assert.fail('it went well');
};

describe('the commands for tenants and people', () => {
  let rig;
  let fails;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, api: 1, auth: 1 }, nginx: { limits: false } });
    fails = failing(rig);
  });
  after(() => rig.stop());
  const json = (...args) => JSON.parse(rig.switchhook('-o', 'json', ...args));

  it('show and set what the API shows and sets', async () => {
    const one = json('tenant', 'show');
    assert.deepEqual([one.name, one.numbers, one.twilio_account], ['Fish & chips', '1', rig.tenant.account]);
    const wish = ['--greeting', 'Hello "you".', '--record', 'false', '--ring-timeout-seconds', '40'];
    const set = json('tenant', 'set', ...wish);
    assert.deepEqual([set.greeting, set.record, set.ring_timeout_seconds], ['Hello "you".', 'false', '40']);
    const api = (await rig.api('GET', '/api/v1/settings')).json();
    assert.deepEqual([api.greeting, api.record, api.ring_timeout_seconds], ['Hello "you".', false, 40]);
    assert.equal(json('tenant', 'set', '--greeting', 'default').greeting, 'Thank you for calling. Connecting you now.');
    for (const bad of [
      ['--record', 'perhaps'],
      ['--ring-timeout-seconds', 'x'],
      ['--time-zone', 'Mars/Base'],
      ['--default-number', '+442079460000'],
      ['--country', 'england'],
    ])
      assert.equal(fails('tenant', 'set', ...bad).status, 1, bad.join(' '));
    const entry = rig.rows("select actor, detail from audit_entries where action = 'settings.change' order by seq")[0];
    assert.match(entry.actor, /^operator:/);
    assert.deepEqual([entry.detail.old.record, entry.detail.new.record], [true, false]);
  });

  it('add, list, show and change people, and close their doors', async () => {
    const line = (text) => ({ input: `${text}\n` });
    json('user', 'add', '--email', 'Ann@example.com', '--role', 'admin', '--password-stdin', line('correct horse 7'));
    const ann = json('user', 'show', '--user', 'ANN@example.com');
    assert.deepEqual([ann.email, ann.role, ann.status], ['ann@example.com', 'admin', 'active']);
    assert.deepEqual(json('user', 'show', '--user', ann.id), ann);
    assert.ok(json('user', 'list').some((u) => u.id === ann.id));
    const login = (password) =>
      rig.http('POST', '/api/v1/sessions', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ann@example.com', password }),
      });
    assert.equal((await login('correct horse 7')).status, 201);
    const session = addSession(rig, rig.tenant, ann.id).headers;
    const me = () => rig.http('GET', '/api/v1/me', { headers: session });
    assert.equal((await me()).status, 200);
    json('user', 'set', '--user', 'ann@example.com', '--name', 'Ann', '--password-stdin', line('battery staple 9'));
    assert.equal((await me()).status, 401, 'another password ends sessions');
    assert.equal((await login('battery staple 9')).status, 201);
    assert.equal(fails('user', 'set', '--user', ann.id, '--disable').status, 1, 'the only admin');
    json('user', 'add', '--email', 'bob@example.com', '--role', 'admin');
    assert.equal(json('user', 'set', '--user', ann.id, '--disable').status, 'disabled');
    assert.equal((await login('battery staple 9')).status, 401);
    assert.equal(json('user', 'set', '--user', ann.id, '--enable', '--role', 'viewer').role, 'viewer');
    assert.equal(fails('user', 'show', '--user', 'nobody@example.com').status, 5);
    assert.equal(fails('user', 'set', '--user', ann.id, '--disable', '--enable').status, 1);
    const done = rig.sql("select string_agg(action, ' ' order by seq) from audit_entries where action like 'user.%'");
    assert.equal(done, 'user.add user.change user.password user.add user.change user.change');
  });

  it('take no password that would be guessed', () => {
    const his = ['carl.carlson@example.com', 'Carl.Carlson!', 'Fish&Chips1'];
    for (const bad of ['password1', 'abcd1234', ...his, 'Aa1!', 'zzzzzzzz']) {
      const { stderr, status } = fails(
        ...['user', 'add', '--email', 'carl.carlson@example.com', '--role', 'agent', '--password-stdin'],
        { input: `${bad}\n` },
      );
      assert.equal(status, 1, bad);
      assert.match(stderr, /password/);
    }
  });
});

describe('a tenant whose key is shredded', () => {
  let rig;
  let fails;
  const secret = 'a secret of thirty-two bytes or more';
  before(async () => {
    rig = await Rig.start({ sim: { speed: 100 } });
    fails = failing(rig);
    await rig.sim.number(rig.tenant.number);
    rig.startSweep(); // which tells of numbers that Twilio does not have
    // Sealed with the tenant's own key, as every secret is that did not come from an older installation.
    const account = { account_sid: rig.tenant.account, auth_token: rig.tenant.token };
    assert.equal((await rig.api('PUT', '/api/v1/settings/twilio', account)).status, 200);
    rig.switchhook('identity', 'add', '--issuer', 'https://crm', '--audience', 'crm', '--secret-stdin', {
      input: `${secret}\n`,
    });
    rig.sql(`update users set external_id = 'ext', role = 'admin' where id = '${rig.tenant.user}'`);
  });
  after(() => rig.stop());
  const jwt = () => {
    const part = (v) => Buffer.from(JSON.stringify(v)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + 600;
    const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'https://crm', aud: 'crm', sub: 'ext', exp })}`;
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
  };
  const asUser = () => rig.api('GET', '/api/v1/calls', undefined, { key: jwt() });
  const dial = (to) => rig.api('POST', '/api/calls/initiate', { to });
  const names = () => ['--tenant', rig.tenant.id];

  it('worked before; a dry run says what would go, and nothing goes without a word', async () => {
    assert.equal((await dial('+442079460123')).status, 200);
    assert.equal((await asUser()).status, 200);
    const plan = JSON.parse(rig.switchhook('tenant', 'shred', ...names(), '-n', '-o', 'json'));
    assert.deepEqual([plan.name, plan.twilio_account, plan.sealed_key, plan.sealed_logins, plan.shredded_at], [
      'Fish & chips', rig.tenant.account, 'true', '1', null,
    ]);
    const refused = fails('tenant', 'shred', ...names());
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /--yes/);
    assert.equal(rig.sql('select count(*) from tenant_keys'), '1');
  });

  it('is one whose name was typed, where there is a terminal', async () => {
    const id = rig.sql("insert into tenants (name) values ('Second one') returning id");
    const shredded = () => rig.sql(`select shredded_at is not null from tenants where id = '${id}'`);
    const typed = async (name) => {
      const as = process.getuid() === 0 ? 'setpriv --reuid=postgres --regid=postgres --clear-groups -- ' : '';
      const line = `${as}${program('switchhook')} --env ${rig.env} tenant shred --tenant ${id}`;
      const c = spawn('script', ['-qec', line, '/dev/null'], { env: { PATH: process.env.PATH } });
      let said = '';
      c.stdout.on('data', (d) => (said += d));
      c.stdin.write(`${name}\n`);
      const status = await new Promise((done) => c.on('close', done));
      assert.match(said, /Type Second one to go on/);
      return status;
    };
    assert.equal(await typed('second one'), 1);
    assert.equal(shredded(), 'f');
    assert.equal(await typed('Second one'), 0);
    assert.equal(shredded(), 't');
  });

  it('has no key any more, in no row, and gets no other', async () => {
    rig.switchhook('tenant', 'set', ...names(), '--encrypt-metadata', 'true');
    const ada = (await rig.api('POST', '/api/v1/contacts', { name: 'Ada', phone_number: '+442079460177' })).json();
    assert.equal(ada.name, 'Ada');
    assert.equal(rig.sql(`select sealed(name) from contacts where id = '${ada.id}'`), 't');
    const gone = JSON.parse(rig.switchhook('tenant', 'shred', ...names(), '--yes', '-o', 'json'));
    const left = (await rig.api('GET', `/api/v1/contacts/${ada.id}`)).json();
    assert.deepEqual([left.name, left.phone_number], ['[sealed]', null]);
    assert.equal((await rig.api('GET', '/api/v1/settings')).json().encrypt_metadata, false);
    assert.equal((await rig.api('POST', '/api/v1/contacts', { name: 'Bo' })).json().name, 'Bo', 'what is new is plain');
    assert.equal(fails('tenant', 'set', ...names(), '--encrypt-metadata', 'true').status, 3);
    assert.deepEqual(gone, { keys: '1', accounts: '1', logins: '1' });
    for (const table of ['tenant_keys', 'twilio_configurations', 'identity_providers'])
      assert.equal(rig.sql(`select count(*) from ${table}`), '0', table);
    const entry = rig.rows(`select actor, detail from audit_entries
                             where action = 'tenant.shred' and tenant_id = '${rig.tenant.id}'`)[0];
    assert.match(entry.actor, /^operator:/);
    assert.equal(entry.detail.old.account_sid, rig.tenant.account);
    assert.equal(fails('tenant', 'shred', ...names(), '--yes').status, 1, 'once is enough');
    const account = { account_sid: rig.tenant.account, auth_token: rig.tenant.token };
    const again = await rig.api('PUT', '/api/v1/settings/twilio', account);
    assert.deepEqual([again.status, again.json().code], [409, 'twilio_not_configured']);
    assert.match(again.json().detail, /shredded/);
    const secrets = join(rig.dir, 'secrets');
    writeFileSync(secrets, `AUTH_TOKEN=${rig.tenant.token}\n`);
    rig.own(secrets);
    const set = fails('tenant', 'set-twilio', ...names(), '--account-sid', rig.tenant.account, '--secrets', secrets);
    assert.deepEqual([set.status, /shredded/.test(set.stderr)], [3, true]);
    assert.equal(rig.sql('select count(*) from tenant_keys'), '0');
  });

  it('answers in clear words and never 5xx; nothing is dialled', async () => {
    const dials = (await rig.sim.ledger()).dials.length;
    const paths = ['/calls', '/contacts', '/numbers', '/users', '/keys', '/audit', '/settings', '/settings/limits'];
    for (const path of paths)
      assert.equal((await rig.api('GET', `/api/v1${path}`)).status, 200, path);
    assert.equal((await rig.api('GET', '/api/v1/settings/twilio')).status, 404);
    const refused = await dial('+442079460124');
    assert.deepEqual([refused.status, refused.json().code], [409, 'twilio_not_configured']);
    const v1 = await rig.api('POST', '/api/v1/calls', { to: '+442079460123' }, { headers: { 'idempotency-key': 'k' } });
    assert.equal(v1.status, 409, v1.text);
    assert.equal((await asUser()).status, 401);
    assert.equal((await rig.sim.ledger()).dials.length, dials);
  });

  it("has its webhooks refused, also by a worker's memory and the snapshot's", async () => {
    const c = inbound('after');
    const send = () => rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.until(async () => (await send()).status === 403);
    assert.match((await send()).text, /<Response|signature|account/i);
    const calls = rig.sql('select count(*) from calls');
    assert.equal((await send()).status, 403);
    assert.equal(rig.sql('select count(*) from calls'), calls);
  });

  it('does not stop the others from moving to another master key', () => {
    rig.switchhook('rotate-keys', '--new-key');
    rig.switchhook('rotate-keys');
  });
});
