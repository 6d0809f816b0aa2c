// What the API promises of every resource: strict input, entity tags, cursors, one answer for one Idempotency-Key.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

const uuid = '01890000-0000-7000-8000-0000000000ff';

describe('resources', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 } });
  });
  after(() => rig.stop());
  const v1 = (method, path, json, headers = {}) => rig.api(method, `/api/v1${path}`, json, { headers });

  const nouns = {
    contacts: [
      { external_id: 'crm-1', name: 'Ada', phone_number: '+44 20 7946 0123' },
      { external_id: 'crm-1', name: 'Ada', phone_number: '+442079460123', time_zone: null },
      { name: 'Ada L.', phone_number: null },
    ],
    clients: [
      { name: 'Fish & chips', forward_to: '+442079460124', time_zone: 'Europe/London' },
      {
        name: 'Fish & chips',
        external_id: null,
        forward_to: '+442079460124',
        time_zone: 'Europe/London',
        disclosure_language: null,
        quality_low_seconds: 30,
        quality_high_seconds: 90,
      },
      { forward_to: '+442079460125', time_zone: null, disclosure_language: 'de-DE' },
    ],
    campaigns: [
      { name: 'Spring', source: 'google' },
      { name: 'Spring', external_id: null, source: 'google', medium: null },
      { name: 'Summer', external_id: 's-1', medium: 'cpc' },
    ],
  };
  for (const [noun, [sent, shown, change]] of Object.entries(nouns)) {
    it(`${noun}: added, shown, listed, changed`, async () => {
      const made = await v1('POST', `/${noun}`, sent);
      assert.equal(made.status, 201, made.text);
      const { id, created_at, ...rest } = made.json();
      assert.deepEqual(rest, shown);
      assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(made.headers.location, `/api/v1/${noun}/${id}`);
      const read = await v1('GET', `/${noun}/${id}`);
      assert.deepEqual(read.json(), made.json());
      assert.equal(read.headers.etag, made.headers.etag);
      const same = await v1('GET', `/${noun}/${id}`, undefined, { 'if-none-match': read.headers.etag });
      assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', read.headers.etag]);
      const listed = (await v1('GET', `/${noun}`)).json();
      assert.deepEqual(listed.data[0], made.json());

      const stale = await v1('PATCH', `/${noun}/${id}`, change, { 'if-match': '"0123"' });
      assert.deepEqual([stale.status, stale.json().code], [412, 'precondition_failed']);
      assert.deepEqual((await v1('GET', `/${noun}/${id}`)).json(), made.json(), 'a refused change changes nothing');
      const changed = await v1('PATCH', `/${noun}/${id}`, change, { 'if-match': read.headers.etag });
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual(changed.json(), { ...made.json(), ...change });
      assert.notEqual(changed.headers.etag, read.headers.etag);
      const again = await v1('PATCH', `/${noun}/${id}`, change, { 'if-match': read.headers.etag });
      assert.equal(again.status, 412, 'the tag of what was');
      const any = await v1('PATCH', `/${noun}/${id}`, {}, { 'if-match': '*' });
      assert.deepEqual([any.status, any.json()], [200, changed.json()]);
    });
  }

  it('an external_id that is taken is 409', async () => {
    const one = await v1('POST', '/contacts', { external_id: 'taken' });
    assert.equal(one.status, 201);
    const two = await v1('POST', '/contacts', { external_id: 'taken' });
    assert.deepEqual([two.status, two.json().code], [409, 'conflict']);
    assert.doesNotMatch(two.text, /contacts_|key|constraint/, 'nothing of the inside');
  });

  it('of two changes with one tag one wins', async () => {
    const made = await v1('POST', '/contacts', { name: 'raced' });
    const path = `/contacts/${made.json().id}`;
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => v1('PATCH', path, { name: `by ${i}` }, { 'if-match': made.headers.etag })),
    );
    assert.deepEqual(all.map((r) => r.status).sort(), [200, ...Array(7).fill(412)]);
    assert.equal((await v1('GET', path)).json().name, all.find((r) => r.status === 200).json().name);
  });

  it('numbers: what they serve and say', async () => {
    const [number] = (await v1('GET', '/numbers')).json().data;
    assert.equal(number.phone_number, rig.tenant.number);
    const client = (await v1('POST', '/clients', { name: 'Owner' })).json();
    const change = { client_id: client.id, user_id: null, greeting: '', record: false, ring_timeout_seconds: 30 };
    const changed = await v1('PATCH', `/numbers/${number.id}`, change);
    assert.deepEqual(changed.json(), { ...number, ...change });
    for (const [bad, pointer] of [
      [{ client_id: uuid }, '/client_id'],
      [{ user_id: uuid }, '/user_id'],
      [{ campaign_id: uuid }, '/campaign_id'],
      [{ forward_to: rig.tenant.number }, '/forward_to'],
      [{ ring_timeout_seconds: 4 }, '/ring_timeout_seconds'],
      [{ record_mode: null }, '/record_mode'],
      [{ disclosure_mode: 'maybe' }, '/disclosure_mode'],
      [{ phone_number: '+442079460111' }, '/phone_number'],
    ]) {
      const res = await v1('PATCH', `/numbers/${number.id}`, bad);
      assert.equal(res.status, 422, res.text);
      assert.equal(res.json().errors[0].pointer, pointer);
    }
    assert.deepEqual((await v1('GET', `/numbers/${number.id}`)).json(), changed.json());
  });

  it('recordings of a call, by id and by CallSid', async () => {
    const c = inbound('recorded');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    const { id } = (await v1('GET', `/calls/${c.sid}`)).json();
    const one = (await v1('GET', `/calls/${id}/recordings`)).json();
    assert.deepEqual(
      one.data.map((r) => [r.sid, r.call_id, r.duration_seconds]),
      [[c.recordingSid, id, 41]],
    );
    assert.deepEqual((await v1('GET', `/calls/${c.sid}/recordings`)).json(), one);
    assert.equal((await v1('GET', `/calls/${uuid}/recordings`)).status, 404);
  });

  it('Link leads from page to page, and count is told when asked', async () => {
    rig.sql(
      `insert into contacts (tenant_id, name, created_at)
       select '${rig.tenant.id}', 'linked ' || n, now() + n * interval '1 hour' from generate_series(1, 7) n`,
    );
    const seen = [];
    let path = '/api/v1/contacts?limit=2&count=true';
    const total = Number(rig.sql(`select count(*) from contacts where tenant_id = '${rig.tenant.id}'`));
    for (let i = 0; path && i < 50; i++) {
      const res = await rig.api('GET', path);
      const page = res.json();
      assert.equal(page.total, total);
      seen.push(...page.data.map((c) => c.id));
      path = /^<([^>]+)>; rel="next"$/.exec(res.headers.link ?? '')?.[1];
      assert.equal(page.next_cursor === null, path === undefined);
      if (path) assert.ok(path.includes(page.next_cursor));
    }
    assert.equal(seen.length, total);
    assert.equal(new Set(seen).size, total);
    assert.equal((await v1('GET', '/contacts')).json().total, null);
  });
});

describe('the feed', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, database: { max_prepared_transactions: 2 } });
  });
  after(() => rig.stop());
  const feed = (after) => rig.api('GET', `/api/v1/events${after ? `?after=${after}` : ''}`);

  it('begins with a cursor, tells what comes, and is 304 when nothing has', async () => {
    await rig.webhook('/api/twilio/voice/answer', inbound('before').answer);
    const start = (await feed()).json();
    assert.deepEqual(start.data, []);
    assert.equal((await feed(start.next_cursor)).status, 304);
    const c = inbound('fed');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/status', c.completed);
    const seen = [];
    let cursor = start.next_cursor;
    await rig.until(async () => {
      const res = await feed(cursor);
      if (res.status !== 200) return false;
      seen.push(...res.json().data);
      cursor = res.json().next_cursor;
      return seen.length >= 2;
    });
    assert.deepEqual(seen.map((e) => [e.call_sid, e.type]).sort(), [
      [c.sid, 'answer'],
      [c.sid, 'completed'],
    ]);
    const none = await feed(cursor);
    assert.deepEqual([none.status, none.text], [304, '']);
  });

  it('never passes a transaction that is still under way', async () => {
    const start = (await feed()).json().next_cursor;
    const id = rig.tenant.id;
    const insert = (digest) =>
      `insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, received_at, raw)
       values ('${id}', '${digest}', 'voice.status', 'ringing', 'CA', now(), '')`;
    // The first transaction is older and commits last; what the second one stored must not be told before.
    rig.sql(`begin; ${insert('00000000-0000-0000-0000-000000000001')}; prepare transaction 'slow'`);
    rig.sql(insert('00000000-0000-0000-0000-000000000002'));
    assert.equal((await feed(start)).status, 304, 'the later one waits for the earlier one');
    rig.sql("commit prepared 'slow'");
    const both = (await feed(start)).json().data.map((e) => e.id.slice(-1));
    assert.deepEqual(both, ['1', '2']);
  });
});

describe('an Idempotency-Key', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({
      workers: { api: 4, auth: 0 },
      sim: { speed: 100 },
      database: { max_prepared_transactions: 2 },
    });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const post = (path, json, key, more = {}) =>
    rig.api('POST', `/api/v1${path}`, json, { ...more, headers: { 'idempotency-key': key } });
  const calm = ({ status, text }) => JSON.stringify([status, text]);

  it('gives one row and one answer for 50 equal requests at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => post('/contacts', { name: 'once' }, 'once')));
    const done = all.filter((r) => r.status === 201);
    assert.ok(done.length >= 1);
    assert.equal(new Set(done.map(calm)).size, 1);
    for (const res of all.filter((r) => r.status !== 201)) {
      assert.deepEqual([res.status, res.json().code], [409, 'idempotency_running']);
    }
    assert.equal(rig.sql("select count(*) from contacts where name = 'once'"), '1');
    const again = await post('/contacts', { name: 'once' }, 'once');
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal(calm(again), calm(done[0]));
    assert.equal(again.headers.location, done[0].headers.location);
    assert.equal(done.filter((r) => !r.headers['idempotency-replayed']).length, 1, 'one request did the work');
  });

  it('places one call for 50 equal requests at once', async () => {
    const body = { to: '+442079460123', record: false };
    const all = await Promise.all(Array.from({ length: 50 }, () => post('/calls', body, 'one call')));
    const done = all.filter((r) => r.status === 201);
    assert.ok(done.length >= 1, all[0].text);
    assert.equal(new Set(done.map(calm)).size, 1, '50 equal answers, or 409');
    assert.ok(all.every((r) => r.status === 201 || r.json().code === 'idempotency_running'));
    assert.equal(rig.sql('select count(*), (select count(*) from call_intents) from calls'), '1|1');
    await rig.sim.idle();
    assert.equal((await rig.sim.ledger()).dials.length, 1, 'Twilio heard once');
    const again = await post('/calls', body, 'one call');
    assert.equal(calm(again), calm(done[0]), 'and the first answer ever after');
    assert.equal(again.headers['idempotency-replayed'], 'true');
  });

  it("places one call for 50 equal requests of a guide's at once", async () => {
    const dialled = async () => (await rig.sim.ledger()).dials.length;
    const before = await dialled();
    const headers = { 'idempotency-key': 'one click' };
    const body = { to: '+442079460124', record: false };
    const all = await Promise.all(
      Array.from({ length: 50 }, () => rig.api('POST', '/api/calls/initiate', body, { headers })),
    );
    const done = all.filter((r) => r.status === 200);
    assert.ok(done.length >= 1, all[0].text);
    assert.equal(new Set(done.map((r) => r.json().callId)).size, 1);
    for (const res of all.filter((r) => r.status !== 200)) assert.equal(res.status, 409, res.text);
    assert.equal(rig.sql(`select count(*) from calls where to_number = '+442079460124'`), '1');
    await rig.sim.idle();
    assert.equal((await dialled()) - before, 1, 'Twilio heard once');
  });

  it('invites once, and mails once, for 50 equal requests at once', async () => {
    const mails = () => Number(rig.sql('select count(*) from mail_outbox'));
    const body = { email: 'one.of.fifty@example.com', role: 'agent' };
    const same = async (path, json, key, status) => {
      const all = await Promise.all(Array.from({ length: 50 }, () => post(path, json, key)));
      const done = all.filter((r) => r.status === status);
      assert.ok(done.length >= 1, all[0].text);
      assert.equal(new Set(done.map(calm)).size, 1);
      for (const res of all.filter((r) => r.status !== status)) {
        assert.deepEqual([res.status, res.json().code], [409, 'idempotency_running']);
      }
      return done[0].json();
    };
    const { id } = await same('/users', body, 'one invitation', 201);
    assert.equal(rig.sql(`select count(*) from users where email = '${body.email}'`), '1');
    assert.equal(mails(), 1);
    await same(`/users/${id}/invitation`, undefined, 'another mail', 202);
    assert.equal(mails(), 2);
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'user.invite'"), '2', 'each once');
  });

  it('with another body, path or sender is 422', async () => {
    assert.equal((await post('/contacts', { name: 'a' }, 'other')).status, 201);
    for (const res of [
      await post('/contacts', { name: 'b' }, 'other'),
      await post('/clients', { name: 'a' }, 'other'),
      await post('/contacts', { name: 'a ' }, 'other'),
    ]) {
      assert.deepEqual([res.status, res.json().code], [422, 'idempotency_key_reused']);
    }
    assert.equal(rig.sql("select count(*) from contacts where name in ('a', 'b')"), '1');
  });

  it("is the tenant's own", async () => {
    const b = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    const mine = await post('/contacts', { name: 'shared' }, 'shared');
    const yours = await post('/contacts', { name: 'shared' }, 'shared', { key: b.key });
    assert.equal(yours.status, 201);
    assert.notEqual(yours.json().id, mine.json().id);
  });

  it('that is being worked on is 409; after a day it is forgotten', async () => {
    const { id } = rig.tenant;
    const first = await post('/contacts', { name: 'day' }, 'day');
    rig.sql(`update idempotency_keys set status = null, reply = null where tenant_id = '${id}' and key = 'day'`);
    assert.equal((await post('/contacts', { name: 'day' }, 'day')).json().code, 'idempotency_running');
    rig.sql(`update idempotency_keys set created_at = now() - interval '25 hours' where key in ('day', 'once')`);
    const next = await post('/contacts', { name: 'day' }, 'day');
    assert.equal(next.status, 201);
    assert.notEqual(next.json().id, first.json().id);
    assert.equal(rig.sql("select count(*) from idempotency_keys where key = 'once'"), '0', 'old ones are swept');
  });

  it('keeps refusals, and forgets what was never done', async () => {
    const taken = { external_id: 'kept' };
    await post('/contacts', taken, 'kept 1');
    const one = await post('/contacts', taken, 'kept 2');
    assert.equal(one.status, 409);
    rig.sql("update contacts set external_id = null where external_id = 'kept'");
    assert.equal(calm(await post('/contacts', taken, 'kept 2')), calm(one));
    assert.equal((await post('/contacts', { name: 5 }, 'unread')).status, 422);
    const read = await post('/contacts', { name: 'read' }, 'unread');
    assert.equal(read.status, 201, 'a body that was refused took no key');
  });

  it('of work that nobody knows the end of is not worked on again', async () => {
    const insert = `insert into contacts (tenant_id, external_id) values ('${rig.tenant.id}', 'cut off')`;
    rig.sql(`begin; ${insert}; prepare transaction 'held'`);
    const one = post('/contacts', { external_id: 'cut off' }, 'cut off');
    const waits = `from pg_stat_activity where usename = 'switchhook_app' and wait_event_type = 'Lock'`;
    await rig.until(() => rig.sql(`select count(*) ${waits}`) === '1');
    rig.sql(`select pg_terminate_backend(pid) ${waits}`);
    rig.sql("rollback prepared 'held'");
    const first = await one;
    assert.equal(first.status, 503, first.text);
    const second = await post('/contacts', { external_id: 'cut off' }, 'cut off');
    assert.deepEqual([second.status, second.headers['idempotency-replayed']], [503, 'true']);
    assert.equal(rig.sql("select count(*) from contacts where external_id = 'cut off'"), '0');
  });

  it('keeps its answers sealed', () => {
    assert.equal(rig.sql("select count(*) from idempotency_keys where reply not like 'enc1|%'"), '0');
    assert.equal(rig.sql("select count(*) from idempotency_keys where reply like '%once%'"), '0');
  });
});
