// What a tenant decides for itself: settings with defaults, its Twilio account, the keys its secrets are sealed with.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addPerson, Browser } from '../lib/person.mjs';
import { run } from '../lib/process.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const path = '/api/v1/settings';
const quick = { nginx: { limits: false }, workers: { hooks: 0, api: 1, auth: 1 } };

describe('settings', () => {
  let rig;
  before(async () => {
    rig = await Rig.start(quick);
  });
  after(() => rig.stop());
  const get = () => rig.api('GET', path);
  const patch = (json, headers) => rig.api('PATCH', path, json, { headers });

  it('have typed defaults, and null gives them back', async () => {
    const before = (await get()).json();
    assert.equal(before.greeting, 'Thank you for calling. Connecting you now.');
    assert.equal(before.record, true);
    const changed = await patch({ greeting: 'Hello.', record: false, ring_timeout_seconds: 40, voice: 'alice' });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(
      ['greeting', 'record', 'ring_timeout_seconds', 'voice'].map((n) => changed.json()[n]),
      ['Hello.', false, 40, 'alice'],
    );
    const back = await patch({ greeting: null, record: null, ring_timeout_seconds: null, voice: null });
    assert.deepEqual(back.json(), before);
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'settings.change'"), '2');
  });

  it("say what counts as abandoned and as answered in time, and a client's what is a good lead", async () => {
    const have = (await get()).json();
    assert.deepEqual([have.abandoned_seconds, have.answer_within_seconds], [15, 20]);
    const own = (await patch({ abandoned_seconds: 5, answer_within_seconds: 30 })).json();
    assert.deepEqual([own.abandoned_seconds, own.answer_within_seconds], [5, 30]);
    assert.equal(rig.sql("select count(*) > 0 from stat_dirty where at = '-infinity'"), 't', 'kept figures go');
    await patch({ abandoned_seconds: null, answer_within_seconds: null });
    const made = await rig.api('POST', '/api/v1/clients', { name: 'Graded', quality_low_seconds: 10 });
    assert.equal(made.status, 201, made.text);
    const { id, quality_low_seconds: low, quality_high_seconds: high } = made.json();
    assert.deepEqual([low, high], [10, 90]);
    const change = (json) => rig.api('PATCH', `/api/v1/clients/${id}`, json);
    assert.equal((await change({ quality_high_seconds: 60 })).json().quality_high_seconds, 60);
    for (const wrong of [{ quality_high_seconds: 9 }, { quality_low_seconds: 61 }, { quality_low_seconds: -1 }]) {
      const res = await change(wrong);
      assert.equal(res.status, 422, res.text);
      assert.match(res.text, /quality_(high|low)_seconds/);
    }
    const wrong = await rig.api('POST', '/api/v1/clients', { name: 'Wrong', quality_low_seconds: 91 });
    assert.equal(wrong.status, 422, wrong.text);
    const back = (await change({ quality_low_seconds: null, quality_high_seconds: null })).json();
    assert.deepEqual([back.quality_low_seconds, back.quality_high_seconds], [30, 90]);
  });

  it('are read strictly: every member that is wrong is named', async () => {
    for (const [member, json] of [
      ['greting', { greting: 'x' }],
      ['time_zone', { time_zone: 'Mars/Olympus' }],
      ['country', { country: 'uk' }],
      ['ring_timeout_seconds', { ring_timeout_seconds: 4 }],
      ['ring_timeout_seconds', { ring_timeout_seconds: '30' }],
      ['record', { record: 'yes' }],
      ['name', { name: null }],
      ['disclosure_mode', { disclosure_mode: 'whisper' }],
      ['default_number', { default_number: '+442079460111' }],
      ['id', { id: '01890000-0000-7000-8000-000000000001' }],
      ['disabled_at', { disabled_at: null }],
    ]) {
      const res = await patch(json);
      assert.equal(res.status, 422, `${member}: ${res.text}`);
      assert.match(res.text, new RegExp(`/${member}"`), member);
    }
  });

  it('are changed by one person at a time', async () => {
    const { etag } = (await get()).headers;
    assert.equal((await patch({ connecting: 'One.' }, { 'if-match': etag })).status, 200);
    assert.equal((await patch({ connecting: 'Two.' }, { 'if-match': etag })).status, 412);
    assert.equal((await get()).json().connecting, 'One.');
  });

  it('are read by managers and changed by admins', async () => {
    const codes = {};
    for (const role of ['admin', 'manager', 'agent', 'viewer']) {
      const b = await Browser.login(rig, addPerson(rig, role));
      codes[role] = [
        (await b.request('GET', path)).status,
        (await b.request('PATCH', path, { connecting: role })).status,
        (await b.request('GET', `${path}/twilio`)).status,
        (await b.request('PUT', `${path}/origins`, { origins: [] })).status,
      ];
    }
    assert.deepEqual(codes, {
      admin: [200, 200, 200, 200],
      manager: [200, 403, 403, 403],
      agent: [403, 403, 403, 403],
      viewer: [403, 403, 403, 403],
    });
  });
});

describe('a tenant’s Twilio account', () => {
  let rig;
  const secret = 'abcdefabcdefabcdefabcdefabcdef99';
  const account = `AC${'7'.repeat(32)}`;
  before(async () => {
    rig = await Rig.start({ ...quick, workers: { hooks: 1, api: 1, auth: 0 } });
  });
  after(() => rig.stop());
  const put = (json) => rig.api('PUT', `${path}/twilio`, json);
  const call = (token, more) => rig.webhook('/api/twilio/voice/answer', inbound('set', more).answer, { token });
  const mine = { account_sid: account, auth_token: secret, region: 'ie1', edge: 'dublin' };

  it('goes in sealed with the tenant’s own key, works at once, and never comes out', async () => {
    const key = 'fedcbafedcbafedcbafedcbafedcba11';
    const res = await put({ ...mine, api_key_sid: `SK${'1'.repeat(32)}`, api_key_secret: key });
    assert.equal(res.status, 200, res.text);
    for (const text of [res.text, (await rig.api('GET', `${path}/twilio`)).text]) {
      assert.ok(!text.includes(secret) && !text.includes(key));
      assert.equal(JSON.parse(text).account_sid, account);
      assert.equal(JSON.parse(text).api_key_secret_set, true);
    }
    const row = rig.sql('select auth_token, api_key_secret from twilio_configurations');
    assert.match(row, /^enc2\|[0-9a-f]{8}\|[^|]+\|enc2\|/);
    assert.match(rig.sql('select sealed from tenant_keys'), /^enc1\|/);
    await rig.until(async () => (await call(secret, { account })).status === 200);
    const dump = rig.sql("select string_agg(a::text, ' ') from audit_entries a");
    assert.ok(!dump.includes(secret) && dump.includes(account), 'the audit tells which account, not its token');
    assert.ok(!rig.logs().some(([, text]) => text.includes(secret) || text.includes(key)), 'no log has it');
  });

  it('must be whole, and nobody else’s', async () => {
    const other = rig.addTenant('Other', {
      account: `AC${'8'.repeat(32)}`,
      token: secret,
      number: '+442079460957',
      forward: '+442079460998',
    });
    for (const json of [
      { auth_token: secret },
      { ...mine, account_sid: 'AC1' },
      { ...mine, api_key_sid: `SK${'1'.repeat(32)}` },
      { ...mine, region: 'xx9' },
      { ...mine, api_base_url: 'https://evil.example' },
      { ...mine, auth_token: 'line\nbreak.............' },
    ]) {
      assert.equal((await put(json)).status, 422, JSON.stringify(json));
    }
    assert.equal((await put({ ...mine, account_sid: other.account })).status, 409);
  });

  it('is set by the command as well, its secrets by file', async () => {
    const file = join(rig.dir, 'lib', 'secrets');
    writeFileSync(file, 'AUTH_TOKEN=00000000000000000000000000000042\n', { mode: 0o644 });
    rig.switchhook('tenant', 'set-twilio', '--tenant', rig.tenant.id, '--account-sid', account, '--secrets', file);
    await rig.until(async () => (await call('00000000000000000000000000000042', { account })).status === 200);
    assert.equal((await call(secret, { account })).status, 403);
    assert.throws(() => rig.switchhook('tenant', 'set-twilio', '--account-sid', account, '--auth-token', 'x'));
  });
});

describe('master keys', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ ...quick, workers: { hooks: 1, api: 0, auth: 0 } });
  });
  after(() => rig.stop());
  const keys = () => readFileSync(rig.settings.KEY_FILE, 'utf8');
  const forge = (name, token) => rig.webhook('/api/twilio/voice/answer', inbound(name).answer, { token });

  it('are rotated while calls come in, as often as one likes, and the old one may go', async () => {
    const before = keys();
    assert.match(rig.sql('select auth_token from twilio_configurations'), /^enc1\|k1\|/);
    const { key } = JSON.parse(rig.switchhook('rotate-keys', '--new-key', '-o', 'json'));
    assert.ok(keys().startsWith(before) && keys().includes(`\n${key} `));
    await rig.stopPool('hooks');
    await rig.startPool('hooks', 1);
    assert.equal((await forge('two keys')).status, 200, 'both open');
    assert.deepEqual(JSON.parse(rig.switchhook('rotate-keys', '-o', 'json')), { key, sealed: '1' });
    assert.match(rig.sql('select auth_token from twilio_configurations'), /^enc2\|/);
    assert.match(rig.sql('select sealed from tenant_keys'), new RegExp(`^enc1\\|${key}\\|`));
    assert.deepEqual(JSON.parse(rig.switchhook('rotate-keys', '-o', 'json')), { key, sealed: '0' });
    const second = JSON.parse(rig.switchhook('rotate-keys', '--new-key', '-o', 'json')).key;
    assert.deepEqual(JSON.parse(rig.switchhook('rotate-keys', '-o', 'json')), { key: second, sealed: '1' });
    const last = keys().split('\n').filter((l) => l.startsWith(second));
    writeFileSync(rig.settings.KEY_FILE, `${last[0]}\n`);
    await rig.stopPool('hooks');
    await rig.startPool('hooks', 1);
    assert.equal((await forge('one key')).status, 200, 'the first key is gone');
  });

  it('open nothing of a tenant whose key is shredded', async () => {
    rig.sql(`delete from tenant_keys where tenant_id = '${rig.tenant.id}'`);
    await rig.stopPool('hooks');
    await rig.startPool('hooks', 1);
    assert.equal((await forge('shredded')).status, 403);
    assert.ok(run(['cat', rig.settings.KEY_FILE]).length > 60);
  });
});
