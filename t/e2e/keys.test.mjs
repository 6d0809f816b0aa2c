// API keys: what they are for, until when, when they were used; and the audit of it all.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Rig } from '../lib/rig.mjs';

describe('an API key', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 1 } });
  });
  after(() => rig.stop());
  const tenant = () => ['--tenant', rig.tenant.id];
  const make = (...more) => JSON.parse(rig.switchhook('key', 'add', ...tenant(), '--name', 'k', ...more, '-o', 'json'));
  const list = () => JSON.parse(rig.switchhook('key', 'list', ...tenant(), '-o', 'json'));
  const ask = (key, method = 'GET', path = '/api/v1/calls', body = undefined) => rig.api(method, path, body, { key });
  const fails = (...args) => {
    try {
      rig.switchhook(...args);
    } catch (e) {
      return { status: e.status, stderr: e.stderr };
    }
    return assert.fail('it went well');
  };

  it('may do what its words say and no more', async () => {
    const sid = `CA${'0'.repeat(32)}`;
    const dial = ['POST', '/api/calls/initiate', { to: 'nonsense' }];
    const reader = make('--scopes', 'calls:read').key;
    assert.equal((await ask(reader)).status, 200);
    const res = await ask(reader, ...dial);
    assert.equal(res.status, 403);
    assert.match(res.text, /calls:write/);
    assert.equal((await ask(reader, 'GET', `/api/twilio/recording/${sid}`)).status, 403);
    const player = make('--scopes', 'calls:write recordings:read').key;
    assert.equal((await ask(player)).status, 403, 'to write is not to read');
    assert.equal((await ask(player, ...dial)).status, 400, 'let through, and the number is wrong');
    assert.equal((await ask(player, 'GET', `/api/twilio/recording/${sid}`)).status, 404);
    const all = make('--scopes', 'admin').key;
    assert.equal((await ask(all)).status, 200);
    assert.equal((await ask(all, ...dial)).status, 400);
    const people = make('--scopes', 'users:read users:write').key;
    assert.equal((await ask(people, 'GET', '/api/v1/users')).status, 200);
    const invited = await ask(people, 'POST', '/api/v1/users', { email: 'x@example.com', role: 'admin' });
    assert.equal(invited.status, 403, 'or it could make itself an admin');
    const viewer = make('--scopes', 'admin', '--role', 'viewer').key;
    assert.equal((await ask(viewer, ...dial)).status, 403, 'words do not widen a role');
  });

  it('is not made with words that mean nothing', () => {
    assert.equal(fails('key', 'add', ...tenant(), '--name', 'k', '--scopes', 'calls').status, 1);
    assert.equal(fails('key', 'add', ...tenant(), '--name', 'k', '--scopes', '').status, 1);
    assert.equal(fails('key', 'add', ...tenant(), '--name', 'k', '--days', '0').status, 1);
  });

  it('ends on its day', async () => {
    const { key, prefix } = make('--days', '1');
    assert.equal((await ask(key)).status, 200);
    rig.sql(`update api_keys set expires_at = now() - interval '1 second' where prefix = '${prefix}'`);
    assert.equal((await ask(key)).status, 401);
    assert.equal(list().find((k) => k.prefix === prefix).state, 'expired');
  });

  it('ends when it is revoked, once', async () => {
    const { key, prefix } = make();
    assert.equal((await ask(key)).status, 200);
    rig.switchhook('key', 'revoke', ...tenant(), '--key', prefix);
    assert.equal((await ask(key)).status, 401);
    assert.equal(list().find((k) => k.prefix === prefix).state, 'revoked');
    assert.equal(fails('key', 'revoke', ...tenant(), '--key', prefix).status, 5);
  });

  it('remembers when it was used, and writes it once a minute', async () => {
    const { key, prefix } = make();
    const row = () =>
      rig.sql(`select coalesce(last_used_at::text, 'never') || ' ' || xmin from api_keys where prefix = '${prefix}'`);
    assert.match(row(), /^never/);
    await ask(key);
    const first = row();
    assert.doesNotMatch(first, /^never/);
    await ask(key);
    await ask(key);
    assert.equal(row(), first, 'not written again');
    rig.sql(`update api_keys set last_used_at = now() - interval '2 minutes' where prefix = '${prefix}'`);
    const later = row();
    await ask(key);
    assert.notEqual(row(), later);
    assert.ok(list().find((k) => k.prefix === prefix).last_used_at);
  });

  it('and everything else that is set is in the audit, whose chain can be walked', () => {
    rig.switchhook('client', 'add', ...tenant(), '--name', 'One');
    rig.switchhook('number', 'add', ...tenant(), '--number', '+442079460950');
    rig.switchhook('user', 'add', ...tenant(), '--email', 'jo@example.com', '--role', 'agent');
    rig.switchhook('tenant', 'add', '--name', 'Third');
    const actions = rig.sql(`select distinct action from audit_entries order by 1`).split('\n');
    for (const a of ['client.add', 'key.add', 'key.revoke', 'number.add', 'tenant.add', 'user.add']) {
      assert.ok(actions.includes(a), `${a} of ${actions}`);
    }
    assert.equal(rig.sql(`select count(*) from audit_entries where actor not like 'operator:%'`), '0');
    const heads = JSON.parse(rig.switchhook('audit', 'verify', '-o', 'json'));
    assert.equal(heads.length, 2);
    assert.ok(heads.every((h) => h.entries === h.last_seq && /^[0-9a-f]{64}$/.test(h.last_hash)));
  });

  it('and whoever bends an entry behind the triggers is found', () => {
    const bend = (statement) => rig.sql(`set session_replication_role = replica; ${statement}`);
    const where = `tenant_id = '${rig.tenant.id}' and seq = 2`;
    const was = rig.sql(`select actor from audit_entries where ${where}`);
    bend(`update audit_entries set actor = 'operator:nobody' where ${where}`);
    const changed = fails('audit', 'verify');
    assert.equal(changed.status, 1);
    assert.match(changed.stderr, new RegExp(`tenant ${rig.tenant.id}, entry 2: it is not what was written`));
    bend(`update audit_entries set actor = '${was}' where ${where}`);
    rig.switchhook('audit', 'verify');
    bend(`delete from audit_entries where ${where}`);
    assert.match(fails('audit', 'verify').stderr, /entry 3: entries before it are missing/);
  });
});
