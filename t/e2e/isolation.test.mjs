// Two tenants on one installation: neither touches the other's calls, by webhook or by API.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig, until } from '../lib/rig.mjs';

const answer = '/api/twilio/voice/answer';
const status = '/api/twilio/voice/status';
const other = {
  account: `AC${'0'.repeat(31)}2`,
  token: 'ffffffffffffffffffffffffffffffff',
  number: '+442079460957',
  forward: '+442079460998',
};

describe('two tenants', () => {
  let rig;
  let b;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 } });
    b = rig.addTenant('Other & sons', other);
    // Accounts are read again at most once a second.
    const known = () => rig.webhook(status, theirs('known').completed, { token: other.token });
    await until(async () => (await known()).status === 200);
    rig.sql('truncate webhook_events, calls, call_legs cascade');
  });
  after(() => rig.stop());
  const events = () => rig.sql('select count(*) from webhook_events');
  const theirs = (key, more) => inbound(key, { account: other.account, to: other.number, ...more });

  it('each have their calls answered with their own numbers', async () => {
    const mine = await rig.webhook(answer, inbound('mine').answer);
    const yours = await rig.until(async () => {
      const res = await rig.webhook(answer, theirs('yours').answer, { token: other.token });
      return res.status === 200 && res; // an account that was just added is known within a second
    });
    assert.match(mine.text, />\+442079460999</);
    assert.match(yours.text, />\+442079460998</);
    assert.equal(rig.sql(`select count(*) from calls where tenant_id = '${b.id}'`), '1');
  });

  it('cannot sign for each other', async () => {
    const before = events();
    assert.equal(
      (await rig.webhook(answer, theirs('forged').answer)).status,
      403,
      "A signs with its token for B's account",
    );
    assert.equal((await rig.webhook(answer, inbound('forged').answer, { token: other.token })).status, 403);
    assert.equal(
      (await rig.webhook(answer, { ...inbound('forged').answer, AccountSid: '' })).status,
      403,
      "nobody's account",
    );
    assert.equal(
      (await rig.webhook(answer, { ...inbound('forged').answer, AccountSid: `AC${'9'.repeat(32)}` })).status,
      403,
    );
    assert.equal(events(), before, 'and nothing was written');
  });

  it("cannot have each other's numbers answered", async () => {
    const res = await rig.webhook(answer, inbound('wrong number', { to: other.number }).answer);
    assert.equal(res.status, 200);
    assert.doesNotMatch(res.text, /442079460998/);
    assert.match(res.text, /not in service/);
  });

  it("cannot move each other's calls", async () => {
    const c = theirs('steady');
    await rig.webhook(answer, c.answer, { token: other.token });
    const mine = { ...c.completed, AccountSid: inbound('x').answer.AccountSid };
    assert.ok((await rig.webhook(status, mine)).status < 300, 'kept as an event of a call A does not know');
    assert.equal(
      rig.sql(`select status from calls where twilio_call_sid = '${c.sid}' and tenant_id = '${b.id}'`),
      'ringing',
    );
    assert.equal(
      rig.sql(
        `select count(*) from call_legs where sid = '${c.sid}' and tenant_id = '${b.id}' and status = 'completed'`,
      ),
      '0',
    );
    await rig.webhook('/api/twilio/voice/recording', { ...c.recorded, AccountSid: mine.AccountSid });
    assert.equal(
      rig.sql(`select count(*) from recordings r join calls c on c.id = r.call_id where c.tenant_id <> r.tenant_id`),
      '0',
    );
  });

  it("see, change and end nothing of each other's people", async () => {
    const calm = (res) => ({ ...res.json(), request_id: '', instance: '' });
    const foreign = `/api/v1/users/${b.user}`;
    const none = '/api/v1/users/01890000-0000-7000-8000-0000000000ff';
    for (const [method, json, more] of [
      ['GET', undefined, ''],
      ['PATCH', { role: 'viewer' }, ''],
      ['POST', undefined, '/invitation'],
    ]) {
      const res = await rig.api(method, foreign + more, json);
      assert.equal(res.status, 404, `${method} ${res.text}`);
      assert.deepEqual(calm(res), calm(await rig.api(method, none + more, json)), method);
    }
    assert.equal(rig.sql(`select role from users where id = '${b.user}'`), 'agent');
    assert.equal(rig.sql('select count(*) from mail_outbox'), '0');
    const seen = (await rig.api('GET', '/api/v1/users')).json().data.map((u) => u.id);
    assert.ok(seen.includes(rig.tenant.user) && !seen.includes(b.user));
  });

  it('have their own settings, accounts and origins', async () => {
    const mine = (path, json) => rig.api(json ? 'PATCH' : 'GET', `/api/v1/settings${path}`, json);
    const theirs = (path) => rig.api('GET', `/api/v1/settings${path}`, undefined, { key: b.key });
    assert.equal((await mine('', { greeting: 'Mine alone.' })).status, 200);
    assert.notEqual((await theirs('')).json().greeting, 'Mine alone.');
    assert.equal((await theirs('/twilio')).json().account_sid, other.account);
    assert.notEqual((await mine('/twilio')).json().account_sid, other.account);
    await rig.api('PUT', '/api/v1/settings/origins', { origins: ['https://mine.example'] });
    assert.deepEqual((await theirs('/origins')).json().origins, []);
    await rig.api('PUT', '/api/v1/settings/origins', { origins: [] }, { key: b.key });
    assert.deepEqual((await mine('/origins')).json().origins, ['https://mine.example']);
  });

  it('hear nothing of each other from the API', async () => {
    const c = theirs('private');
    await rig.webhook(answer, c.answer, { token: other.token });
    await rig.webhook('/api/twilio/voice/recording', c.recorded, { token: other.token });
    const foreign = await rig.api('GET', `/api/twilio/recording/${c.sid}`);
    const absent = await rig.api('GET', `/api/twilio/recording/CA${'e'.repeat(32)}`);
    assert.equal(foreign.status, 404);
    const calm = (res) => ({ ...res.json(), request_id: '' });
    assert.deepEqual(calm(foreign), calm(absent), 'a foreign call looks like none');
    assert.equal((await rig.api('GET', `/api/twilio/recording/${c.sid}`, undefined, { key: b.key })).status, 200);
  });
});
