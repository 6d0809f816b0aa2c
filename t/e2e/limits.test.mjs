// What a stolen key can cost: the gate before every call, and the limits of requests.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Rig, until } from '../lib/rig.mjs';

const initiate = '/api/calls/initiate';
const customer = (n) => `+4420794601${String(n).padStart(2, '0')}`;

describe('the gate before a call', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 4, auth: 0 }, sim: { speed: 1 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const limits = (...args) =>
    JSON.parse(rig.switchhook('tenant', 'limits', '--tenant', rig.tenant.id, ...args, '-o', 'json'));
  const place = (more = {}) => rig.api('POST', initiate, { to: customer(1), message: 'Hello.', ...more });
  const dials = async () => (await rig.sim.ledger()).dials.length;
  const refused = async (res, status, code, why) => {
    assert.equal(res.status, status, res.text);
    assert.equal(res.json().code, code);
    assert.equal(
      rig.sql(
        `select gate_refused || ' ' || outcome || ' ' || status || ' ' || (ended_at is not null) from calls
          order by created_at desc, id desc limit 1`,
      ),
      `${why} refused failed true`,
      'the verdict is kept with the call',
    );
  };

  it("lets calls into the tenant's own country alone, until it is told more", async () => {
    const before = await dials();
    await refused(await place({ to: '+14155550123' }), 403, 'destination_not_allowed', 'destination');
    await refused(await place({ to: '+33612345678' }), 403, 'destination_not_allowed', 'destination');
    await refused(await place({ to: '+881612345678' }), 403, 'destination_not_allowed', 'destination');
    assert.equal(await dials(), before);
    assert.equal(limits('--countries', 'GB US').countries, 'GB US');
    assert.equal((await place({ to: '+14155550123' })).status, 200);
    assert.equal(limits('--countries', 'none').countries, 'GB');
    await refused(await place({ to: '+14155550124' }), 403, 'destination_not_allowed', 'destination');
  });

  it('calls no premium, personal or blocked number', async () => {
    const before = await dials();
    await refused(await place({ to: '+449098790000' }), 403, 'destination_not_allowed', 'premium');
    await refused(await place({ to: '+447012345678' }), 403, 'destination_not_allowed', 'premium');
    limits('--blocked-prefixes', '+44207946017 +44207946018');
    await refused(await place({ to: customer(70) }), 403, 'destination_not_allowed', 'premium');
    assert.equal(await dials(), before);
    limits('--blocked-prefixes', 'none');
  });

  it("rings no agent's phone in a country it does not call", async () => {
    const before = await dials();
    rig.sql(`insert into clients (tenant_id, external_id, name, forward_to)
      values ('${rig.tenant.id}', 'far', 'Far', '+33612345678')`);
    const res = await place({ message: undefined, clientId: 'far', mode: 'agent_first' });
    assert.equal(res.status, 403, res.text);
    assert.equal(res.json().code, 'destination_not_allowed');
    assert.equal(await dials(), before);
  });

  it('places nothing while it is closed', async () => {
    const before = await dials();
    assert.ok(limits('--stop').stopped_at);
    await refused(await place({ to: customer(2) }), 403, 'calling_stopped', 'stopped');
    assert.equal(await dials(), before);
    assert.ok(!limits('--resume').stopped_at);
    assert.equal((await place({ to: customer(2) })).status, 200);
  });

  const over = () => until(() => rig.sql('select count(*) from calls where ended_at is null') === '0');

  it('ends the day when minutes or money are used up', async () => {
    // Twilio's own report of a call's length would overwrite what is written here.
    await rig.sim.idle();
    await over();
    const spend = (column, value) =>
      rig.sql(`update calls set ${column} = ${value} where id = (select id from calls where gate_refused is null
        order by created_at desc limit 1)`);
    limits('--minutes-per-day', '100');
    spend('duration_seconds', 6000);
    await refused(await place({ to: customer(3) }), 403, 'spend_cap', 'minutes');
    spend('duration_seconds', 60);
    limits('--money-per-day', '2.50');
    spend('price', -2.6);
    await refused(await place({ to: customer(4) }), 403, 'spend_cap', 'money');
    spend('price', -0.1);
    assert.equal((await place({ to: customer(5) })).status, 200);
    limits('--minutes-per-day', 'none', '--money-per-day', 'none');
  });

  it('lets a stolen key place no more calls than the cap, however fast it asks', async () => {
    // Nobody picks up and nothing ends meanwhile, however slow the machine is.
    for (let n = 0; n < 60; n++) await rig.sim.phone(customer(10 + n), { answer: 'no' });
    await rig.sim.idle();
    await over();
    const before = await dials();
    const cap = 3;
    limits('--concurrent', `${cap}`, '--per-second', 'none');
    const all = await Promise.all(Array.from({ length: 60 }, (_, n) => place({ to: customer(10 + n) })));
    const placed = all.filter((res) => res.status === 200).length;
    assert.ok(placed >= 1 && placed <= cap, `${placed} were placed`);
    assert.equal((await dials()) - before, placed, 'no more reached Twilio');
    const rest = all.filter((res) => res.status !== 200);
    assert.ok(rest.every((res) => res.status === 429 && res.json().code === 'rate_limited'));
    assert.ok(rest.every((res) => res.headers['retry-after']));
    assert.equal(
      rig.sql(`select count(*) from calls where gate_refused = 'concurrent'`),
      `${rest.length}`,
    );
    limits('--concurrent', 'none');
  });

  it('lets out so many calls a second', async () => {
    await until(() => rig.sql(`select count(*) from calls where created_at > now() - interval '1 second'`) === '0');
    const before = await dials();
    limits('--per-second', '2');
    const began = Date.now();
    const all = await Promise.all(Array.from({ length: 30 }, (_, n) => place({ to: customer(20 + n) })));
    const seconds = Math.ceil((Date.now() - began) / 1000) + 1;
    const placed = all.filter((res) => res.status === 200).length;
    assert.ok(placed >= 1 && placed <= 2 * seconds && placed < 30, `${placed} in ${seconds} s`);
    assert.equal((await dials()) - before, placed);
    limits('--per-second', 'none');
  });

  it('is in the audit, what was and what is, with each call placed and refused', () => {
    assert.match(
      rig.sql(`select detail #>> '{old,dial_countries}' || '|' || coalesce(detail #>> '{new,dial_countries}', '-')
        from audit_entries where action = 'tenant.limits' and detail #>> '{old,dial_countries}' = 'GB US'`),
      /^GB US\|GB$/,
    );
    assert.equal(
      rig.sql(`select (select count(*) from calls where gate_refused is not null) =
        (select count(*) from audit_entries where action = 'call.refuse' and detail ? 'gate' and origin is not null)`),
      't',
    );
    assert.equal(
      rig.sql(`select count(*) = (select count(*) from call_intents) from audit_entries where action = 'call.place'`),
      't',
    );
  });
});

describe('the limit of requests', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 2, auth: 1 } });
  });
  after(() => rig.stop());
  const limits = (...args) => rig.switchhook('tenant', 'limits', '--tenant', rig.tenant.id, ...args);
  const another = () =>
    JSON.parse(rig.switchhook('key', 'add', '--tenant', rig.tenant.id, '--name', 'k', '-o', 'json')).key;
  const fill = () => rig.sql('delete from rate_buckets');
  const ask = (key) => rig.api('GET', '/api/v1/calls', undefined, key ? { key } : {});

  it('is said in each answer, refusals included', async () => {
    limits('--key-requests-per-minute', '600', '--requests-per-minute', '1200');
    const res = await ask();
    assert.equal(res.headers['ratelimit-limit'], '600');
    assert.equal(res.headers['ratelimit-remaining'], '599');
    assert.match(res.headers['ratelimit-reset'], /^\d+$/);
    const missing = await rig.api('GET', `/api/v1/calls/CA${'0'.repeat(32)}`);
    assert.equal(missing.status, 404);
    assert.equal(missing.headers['ratelimit-limit'], '600');
    const nobody = await ask('shk_test_000000000000_0000000000000000000000000000000000000000000');
    assert.equal(nobody.headers['ratelimit-limit'], undefined);
  });

  it('holds for one key, with problem+json and Retry-After, and not for the key beside it', async () => {
    const other = another();
    limits('--key-requests-per-minute', '5', '--requests-per-minute', '100');
    fill();
    const all = await Promise.all(Array.from({ length: 20 }, () => ask()));
    const good = all.filter((res) => res.status === 200).length;
    assert.ok(good >= 5 && good <= 6, `${good} passed`);
    const over = all.find((res) => res.status === 429);
    assert.match(over.headers['content-type'], /^application\/problem\+json/);
    assert.equal(over.json().code, 'rate_limited');
    assert.equal(over.headers['retry-after'], '12', 'one in 12 seconds');
    assert.equal(over.headers['ratelimit-remaining'], '0');
    assert.equal((await ask(other)).status, 200);
  });

  it('holds for all keys of a tenant together', async () => {
    const other = another();
    limits('--key-requests-per-minute', '100', '--requests-per-minute', '4');
    fill();
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 ? other : undefined)));
    const good = all.filter((res) => res.status === 200).length;
    assert.ok(good >= 4 && good <= 5, `${good} passed`);
    assert.equal(all.find((res) => res.status === 429).headers['ratelimit-limit'], '4');
  });

  it('does not exist for Twilio', async () => {
    limits('--key-requests-per-minute', '1', '--requests-per-minute', '1');
    const all = await Promise.all(
      Array.from({ length: 10 }, () => rig.webhook('/api/twilio/voice/status', { AccountSid: rig.tenant.account })),
    );
    assert.ok(all.every((res) => res.status !== 429 && res.headers['ratelimit-limit'] === undefined));
  });
});
