// Webhooks out: what is told, how it is signed, how often it is tried, and where it may not go.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { nodeSignature, opensslSignature, Receiver } from '../lib/receiver.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

const PAUSES = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]; // seconds, as WH-1 has them

describe('webhooks out', () => {
  let rig;
  let receiver;
  let endpoint;
  before(async () => {
    rig = await Rig.start({ sweep: true, settings: { WEBHOOKS_TO_LOOPBACK: '1' } });
    receiver = await Receiver.start();
  });
  after(async () => {
    receiver.stop();
    await rig.stop();
  });
  beforeEach(async () => {
    rig.sql('delete from webhook_endpoints');
    const left = "select count(*) from jobs where state in ('waiting', 'running') and kind = 'webhook'";
    await until(() => rig.sql(left) === '0');
    rig.sql('delete from jobs');
    receiver.got = [];
    receiver.answers = [];
    receiver.always = {};
    endpoint = await add();
  });

  const path = (more = '') => `/api/v1/webhook-endpoints${more}`;
  async function add(more = {}) {
    const res = await rig.api('POST', path(), { url: receiver.url, ...more });
    assert.equal(res.status, 201, res.text);
    return res.json();
  }
  const show = async (id = endpoint.id) => (await rig.api('GET', path(`/${id}`))).json();
  const log = async (query = '') => {
    const res = await rig.api('GET', `/api/v1/webhook-deliveries${query}`);
    assert.equal(res.status, 200, res.text);
    return res.json().data;
  };
  const ping = async (id = endpoint.id) => {
    const res = await rig.api('POST', path(`/${id}/test`));
    assert.equal(res.status, 202, res.text);
    return res.json().delivery_id;
  };
  const delivery = async (id) => (await rig.api('GET', `/api/v1/webhook-deliveries/${id}`)).json();
  const tried = (id, n) => until(async () => (await delivery(id)).attempts.length >= n);
  const hurry = () => rig.sql("update jobs set due_at = now() where kind = 'webhook' and state = 'waiting'");
  async function play(name) {
    const c = inbound(name);
    for (const [p, fields] of [['answer', c.answer], ['status', c.completed], ['recording', c.recorded]])
      assert.equal((await rig.webhook(`/api/twilio/voice/${p}`, fields)).status, 200);
    return c;
  }

  it('tell a call from its beginning to its end, in the order of their sequence, minified', async () => {
    const c = await play('told');
    await until(() => receiver.of('call.completed').length === 1);
    const sequence = (g) => g.json.data.sequence;
    const types = receiver.got.slice().sort((x, y) => sequence(x) - sequence(y)).map((g) => g.json.type);
    assert.deepEqual(types.slice(0, 2), ['call.created', 'call.ringing']);
    assert.ok(types.indexOf('call.completed') > 1);
    for (const g of receiver.got) {
      assert.equal(g.method, 'POST');
      assert.deepEqual(Object.keys(g.json), ['type', 'timestamp', 'data']);
      assert.equal(g.body, JSON.stringify(g.json), 'no spaces');
      assert.ok(g.body.length < 20480);
      assert.equal(g.json.data.twilio_call_sid, c.sid);
      assert.match(g.headers['content-type'], /^application\/json/);
    }
    const numbers = receiver.got.map((g) => g.json.data.sequence).sort((x, y) => x - y);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1), 'each number once, without a gap');
  });

  it('say that a call was missed, after that it is over', async () => {
    const c = inbound('missed');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/status', { ...c.completed, CallStatus: 'no-answer', CallDuration: '0' });
    await until(() => receiver.of('call.missed').length === 1);
    const [missed] = receiver.of('call.missed');
    await until(() => receiver.of('call.completed').length === 1);
    assert.ok(missed.json.data.sequence > receiver.of('call.completed')[0].json.data.sequence);
    assert.equal(missed.json.data.outcome, 'missed');
  });

  it('are not written for a tenant that has no endpoint, nor for kinds that nobody wants', async () => {
    await rig.api('PATCH', path(`/${endpoint.id}`), { events: ['recording.available'] });
    await play('unwanted');
    rig.sql('delete from webhook_endpoints');
    assert.equal(rig.sql('select watched from tenants'), 'f');
    const messages = rig.sql('select count(*) from webhook_messages');
    await play('unheard');
    assert.equal(rig.sql('select count(*) from webhook_messages'), messages);
    assert.equal(rig.sql("select count(*) from jobs where kind = 'webhook'"), '0');
  });

  it('tell of a call that was under way when the endpoint came', async () => {
    rig.sql('delete from webhook_endpoints');
    const c = inbound('under way');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await add();
    await rig.webhook('/api/twilio/voice/status', c.completed);
    await until(() => receiver.of('call.completed').length === 1);
  });

  it('tell of consents, of numbers that may not be called, and of numbers bought or amiss', async () => {
    const number = '+442079460777';
    const consent = { number, purpose: 'call', decision: 'granted' };
    assert.equal((await rig.api('POST', '/api/v1/consents', consent)).status, 201);
    const list = (await rig.api('POST', '/api/v1/dnc-lists', { name: 'Ours' })).json().id;
    const listed = await rig.api('POST', `/api/v1/dnc-lists/${list}/entries`, { number });
    assert.equal(listed.status, 201, listed.text);
    rig.sql(`insert into number_purchases (tenant_id, state, e164, request_hash, actor)
      select tenant_id, 'sending', e164, sha256('x'), 'key:x' from numbers limit 1;
      update number_purchases set state = 'bought', number_id = (select id from numbers limit 1);
      insert into number_health (number_id, tenant_id) select id, tenant_id from numbers limit 1
        on conflict do nothing;
      update number_health set drift = '[{"what": "voice_url", "is": "", "wanted": "x"}]';
      update number_health set drift = '[{"what": "status_callback", "is": "", "wanted": "x"}]'`);
    const types = ['consent.recorded', 'dnc.added', 'number.purchased', 'number.unhealthy'];
    await until(() => types.every((t) => receiver.of(t).length > 0));
    const [told, added, bought, amiss] = types.map((t) => receiver.of(t).map((g) => g.json.data));
    assert.deepEqual([told[0].number, told[0].decision], [number, 'granted']);
    assert.deepEqual([added[0].number, added[0].list], [number, 'Ours']);
    assert.equal(bought[0].phone_number, rig.tenant.number);
    assert.deepEqual([amiss.length, amiss[0].drift[0].what], [1, 'voice_url'], 'once, when it begins');
  });

  it('are signed as openssl and node say, with both secrets while they rotate', async () => {
    await tried(await ping(), 1);
    const [first] = receiver.got;
    assert.match(endpoint.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal(first.headers['webhook-signature'], opensslSignature(endpoint.secret, first));
    assert.equal(first.headers['webhook-signature'], nodeSignature(endpoint.secret, first));
    assert.ok(Math.abs(first.headers['webhook-timestamp'] - Date.now() / 1000) < 60);

    const res = await rig.api('POST', path(`/${endpoint.id}/secret`));
    assert.equal(res.status, 201, res.text);
    const { secret, old_secret_until: until_ } = res.json();
    assert.notEqual(secret, endpoint.secret);
    assert.ok(Math.abs(Date.parse(until_) - Date.now() - 864e5) < 6e4);
    await tried(await ping(), 1);
    const both = receiver.got[1];
    assert.deepEqual(both.headers['webhook-signature'].split(' '), [
      opensslSignature(secret, both),
      opensslSignature(endpoint.secret, both),
    ]);
    rig.sql("update webhook_endpoints set old_until = now()");
    await tried(await ping(), 1);
    const last = receiver.got[2];
    assert.equal(last.headers['webhook-signature'], nodeSignature(secret, last));
  });

  it('show a secret once and keep it sealed', async () => {
    assert.equal((await show()).secret, undefined);
    assert.ok(!(await rig.api('GET', path())).text.includes('whsec_'));
    assert.match(rig.sql('select secret from webhook_endpoints'), /^enc2\|/);
    assert.ok(!rig.sql('select jsonb_agg(detail) from audit_entries').includes('whsec_'));
  });

  it('are tried ten times in three days when the receiver fails, then it is off', async () => {
    receiver.answers = Array.from({ length: 10 }, () => ({ status: 500, body: 'broken' }));
    const id = await ping();
    for (const [i, pause] of PAUSES.entries()) {
      await tried(id, i + 1);
      const wait = Number(rig.sql(`select extract(epoch from due_at - a.at) from jobs j, webhook_attempts a
        where j.kind = 'webhook' and a.delivery_id = '${id}' and a.n = ${i + 1}`));
      assert.ok(wait >= pause * 0.89 && wait <= pause * 1.11, `${wait} s after attempt ${i + 1}, not ${pause}`);
      assert.equal((await show()).enabled, true);
      hurry();
    }
    await tried(id, 10);
    const d = await delivery(id);
    assert.equal(d.state, 'failed');
    assert.deepEqual(d.attempts.map((a) => [a.n, a.status, a.response]),
      Array.from({ length: 10 }, (_, i) => [i + 1, 500, 'broken']));
    const off = await show();
    assert.equal(off.enabled, false);
    assert.match(off.disabled_reason, /10 attempts failed: it answered 500/);
    assert.deepEqual(new Set(receiver.got.map((g) => g.headers['webhook-id'])).size, 1, 'one id over all retries');
    assert.deepEqual(new Set(receiver.got.map((g) => g.body)).size, 1);
  });

  it('wait as long as 429 and 503 ask', async () => {
    for (const status of [429, 503]) {
      receiver.answers = [{ status, headers: { 'retry-after': '1234' } }];
      const id = await ping();
      await tried(id, 1);
      const wait = Number(rig.sql(`select extract(epoch from due_at - a.at) from jobs j, webhook_attempts a
        where j.ref = '${id}' and a.delivery_id = '${id}'`));
      assert.ok(Math.abs(wait - 1234) < 5, `${wait}`);
      hurry();
      await until(async () => (await delivery(id)).state === 'delivered');
    }
  });

  it('end at 410: the endpoint is off at once, and what waits is dropped', async () => {
    receiver.always = { 'call.created': { status: 500 } };
    await play('to be dropped');
    await until(() => receiver.of('call.created').length >= 1);
    receiver.always = { 'test.ping': { status: 410 } };
    const id = await ping();
    await until(async () => (await delivery(id)).state === 'failed');
    const off = await show();
    assert.deepEqual([off.enabled, off.disabled_reason], [false, 'it answered 410']);
    hurry();
    await until(async () => (await log('?state=waiting')).length === 0);
    assert.ok((await log('?state=dropped')).length >= 1);
    const on = await rig.api('PATCH', path(`/${endpoint.id}`), { enabled: true });
    assert.deepEqual([on.json().enabled, on.json().disabled_reason], [true, null]);
  });

  it('do not follow a redirect', async () => {
    receiver.answers = [{ status: 307, headers: { location: `${receiver.url}/elsewhere` } }];
    const id = await ping();
    await tried(id, 1);
    const [a] = (await delivery(id)).attempts;
    assert.deepEqual([a.status, a.error], [307, 'a redirect, which is not followed']);
    assert.equal((await delivery(id)).state, 'waiting');
    assert.deepEqual(receiver.got.map((g) => g.path), ['/hook']);
  });

  it('keep the first 2 KiB of an answer, whatever bytes they are', async () => {
    receiver.answers = [{ status: 200, body: `\0\xff${'x'.repeat(100000)}` }];
    const id = await ping();
    await tried(id, 1);
    const [a] = (await delivery(id)).attempts;
    assert.ok(a.response.length > 2000 && Buffer.byteLength(a.response) <= 2048 + 8, `${a.response.length}`);
    assert.equal((await delivery(id)).state, 'delivered');
  });

  const near = ['https://10.0.0.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://169.254.169.254/latest',
    'https://2130706433/', 'https://0177.0.0.1/', 'https://0x7f.1/', 'https://192.168.1.1:8443/', 'https://[fd00::1]/',
    'https://100.64.0.1/', 'http://example.com/', 'https://user@example.com/', 'ftp://example.com/', 'https://0/'];
  it('are not promised to private addresses, in no spelling', async () => {
    for (const url of near) {
      const local = rig.settings.WEBHOOKS_TO_LOOPBACK && /2130706433|0177|0x7f/.test(url);
      const res = await rig.api('POST', path(), { url });
      assert.equal(res.status, local ? 201 : 422, `${url} ${res.text}`);
      if (!local) assert.equal(res.json().errors[0].pointer, '/url');
    }
  });

  it('do not go to a name that means a private address, nor to an address that has become one', async () => {
    rig.sql(`update webhook_endpoints set url = 'https://10.11.12.13/hook'`);
    const id = await ping();
    await tried(id, 1);
    assert.match((await delivery(id)).attempts[0].error, /not an address of the public internet/);
    assert.equal((await delivery(id)).attempts[0].status, null);
  });

  it('are sent once more by hand, with the same id', async () => {
    const id = await ping();
    await until(async () => (await delivery(id)).state === 'delivered');
    const res = await rig.api('POST', `/api/v1/webhook-deliveries/${id}/resend`);
    assert.equal(res.status, 201, res.text);
    assert.equal(res.json().resent, true);
    await until(() => receiver.got.length === 2);
    const ids = receiver.got.map((g) => g.headers['webhook-id']);
    assert.equal(ids[0], ids[1]);
  });

  it('are replayed for a range of time', async () => {
    await play('again');
    await until(async () => receiver.got.length >= 3 && (await log('?state=waiting')).length === 0);
    const first = receiver.got.map((g) => g.headers['webhook-id']).sort();
    receiver.got = [];
    const range = rig.rows(`select rfc3339(min(m.created_at)) as from, rfc3339(now() + interval '1 s') as to
      from webhook_messages m join webhook_deliveries d on d.message_id = m.id`)[0];
    const res = await rig.api('POST', path(`/${endpoint.id}/replay`), range);
    assert.equal(res.status, 202, res.text);
    assert.equal(res.json().deliveries, first.length);
    await until(() => receiver.got.length === first.length);
    assert.deepEqual(receiver.got.map((g) => g.headers['webhook-id']).sort(), first);
  });

  it('go from the command line as well', async () => {
    const cli = (...args) => JSON.parse(rig.switchhook('webhook', ...args, '-o', 'json'));
    const made = cli('add', '--url', receiver.url, '--events', 'call.missed');
    assert.match(made.secret, /^whsec_/);
    assert.equal(cli('list').length, 2);
    const { delivery: id } = cli('test', '--endpoint', made.id);
    await until(async () => (await delivery(id)).state === 'delivered');
    cli('resend', '--delivery', id);
    await until(() => receiver.of('test.ping').length === 2);
    cli('rm', '--endpoint', made.id);
    assert.equal(cli('list').length, 1);
  });
});
