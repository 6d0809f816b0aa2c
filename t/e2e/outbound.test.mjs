// Calls that the CRM places: the intent first, one dial at most, the guides' shapes.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Rig, until } from '../lib/rig.mjs';

const initiate = '/api/calls/initiate';
const customer = '+442079460123';

describe('an outbound call', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    rig.sql(`insert into clients (tenant_id, external_id, name) values ('${rig.tenant.id}', 'client-1', 'One');
      insert into contacts (tenant_id, external_id, name, phone_number)
        values ('${rig.tenant.id}', 'crm-7', 'Jo', '${customer}')`);
  });
  after(() => rig.stop());
  const place = (more = {}, headers = {}) => rig.api('POST', initiate, { to: customer, ...more }, { headers });
  const dials = async () => (await rig.sim.ledger()).dials.length;
  const intents = () => Number(rig.sql('select count(*) from call_intents'));
  const good = (res) => [200, 201].includes(res.status); // the guides print a reply, not its status
  let n = 0;
  const fresh = () => ({ 'idempotency-key': `key-${(n += 1)}` });

  it('without a key, or with a wrong one, is 401 and nothing happens', async () => {
    for (const key of [
      null,
      'shk_test_000000000000_0000000000000000000000000000000000000000000',
      'nonsense',
      rig.tenant.key.slice(0, -1),
    ]) {
      const res = await rig.api('POST', initiate, { to: customer }, { key });
      assert.equal(res.status, 401, `${key}`);
      assert.equal(res.json().code, 'unauthenticated');
    }
    assert.equal(intents(), 0);
    assert.equal(await dials(), 0);
  });

  it("answers in the guide's words and goes through", async () => {
    const res = await place({ record: true }, fresh());
    assert.ok(good(res), res.text);
    const reply = res.json();
    assert.equal(reply.success, true);
    assert.match(reply.callSid, /^CA[0-9a-f]{32}$/);
    assert.equal(reply.status, 'queued');
    assert.equal(
      rig.sql(
        `select direction, to_number from calls where twilio_call_sid = '${reply.callSid}' and id = '${reply.callId}'`,
      ),
      `outbound|${customer}`,
    );
    await rig.sim.idle();
    await until(() => rig.sql(`select status from calls where id = '${reply.callId}'`) === 'completed');
    const row = rig.rows(
      `select status, duration_seconds > 0 as lasted, answered_at is not null as answered,
        ended_at is not null as ended, outcome from calls where id = '${reply.callId}'`,
    )[0];
    assert.deepEqual(row, { status: 'completed', lasted: true, answered: true, ended: true, outcome: 'connected' });
    assert.equal(rig.sql(`select state from call_intents where call_id = '${reply.callId}'`), 'created');
    assert.equal(
      rig.sql(`select string_agg(distinct role, ',' order by role) from call_legs where call_id = '${reply.callId}'`),
      'agent,customer',
    );
  });

  it("from a number that is somebody's rings his phone, without anybody being named", async () => {
    const [user, client] = ['+442079460191', '+442079460192'];
    const agent = () => rig.sql('select agent_number from call_intents order by created_at desc limit 1');
    const own = `update numbers set forward_to = null, user_id = null, client_id = null
                  where e164 = '${rig.tenant.number}'`;
    rig.sql(`update users set forward_to = '${user}' where id = '${rig.tenant.user}';
      update clients set forward_to = '${client}' where external_id = 'client-1';
      ${own}; update numbers set user_id = '${rig.tenant.user}' where e164 = '${rig.tenant.number}'`);
    assert.ok(good(await place({}, fresh())));
    assert.equal(agent(), user);
    rig.sql(`${own}; update numbers set client_id = (select id from clients where external_id = 'client-1')
                      where e164 = '${rig.tenant.number}'`);
    assert.ok(good(await place({}, fresh())));
    assert.equal(agent(), client);
    rig.sql(`${own}; update users set forward_to = null;
      update clients set forward_to = null;
      update numbers set forward_to = '${rig.tenant.forward}' where e164 = '${rig.tenant.number}'`);
    await rig.sim.idle();
  });

  it('asks Twilio for each event by a field of its own, and carries its intent in its callbacks', async () => {
    const res = await place({}, fresh());
    const dial = (await rig.sim.ledger()).dials.at(-1);
    const text = JSON.stringify(dial);
    for (const word of ['initiated', 'ringing', 'answered', 'completed']) assert.ok(text.includes(word), text);
    assert.doesNotMatch(text, /initiated ringing/);
    assert.ok(text.includes(res.json().callId), 'the intent is in the callback URLs');
    await rig.sim.idle();
  });

  it('is placed once for one Idempotency-Key, and answered the same', async () => {
    const headers = fresh();
    const before = await dials();
    const one = await place({}, headers);
    const two = await place({}, headers);
    assert.equal(two.json().callSid, one.json().callSid);
    const other = await place({ to: '+442079460124' }, headers);
    assert.equal(other.status, 422);
    assert.equal(await dials(), before + 1);
    await rig.sim.idle();
  });

  it('is placed once by eight equal requests at the same moment', async () => {
    const headers = fresh();
    const before = await dials();
    const all = await Promise.all(Array.from({ length: 8 }, () => place({}, headers)));
    const done = all.filter(good);
    assert.ok(done.length >= 1 && all.every((r) => good(r) || r.status === 409), all.map((r) => r.status).join());
    assert.equal(new Set(done.map((r) => r.json().callSid)).size, 1);
    assert.equal(await dials(), before + 1);
    await rig.sim.idle();
  });

  it('clicked twice without a key within 10 s is one call', async () => {
    const before = await dials();
    const [one, two] = [await place({ to: '+442079460125' }), await place({ to: '+442079460125' })];
    assert.equal(two.json().callSid, one.json().callSid);
    assert.equal(await dials(), before + 1);
    await rig.sim.idle();
  });

  it('whose reply is lost is unknown, is never dialled again, and is found by its first webhook', async () => {
    const before = await dials();
    await rig.sim.fault({ fault: 'create_cut', at_byte: 10 });
    const headers = fresh();
    const res = await place({ to: '+442079460126' }, headers);
    assert.equal(res.status, 202, res.text);
    const reply = res.json();
    assert.equal(reply.callSid, null);
    assert.equal(reply.status, 'unknown');
    const again = await place({ to: '+442079460126' }, headers);
    assert.ok(again.status < 300 || again.status === 409, again.text);
    await until(() => rig.sql(`select state from call_intents where call_id = '${reply.callId}'`) === 'created');
    assert.match(rig.sql(`select twilio_call_sid from calls where id = '${reply.callId}'`), /^CA/);
    await rig.sim.idle();
    assert.equal(await dials(), before + 1, 'one dial');
    await until(() => rig.sql(`select status from calls where id = '${reply.callId}'`) === 'completed');
  });

  it("that Twilio's edge answers with 503 is unknown, and not dialled again", async () => {
    const before = await dials();
    await rig.sim.fault({ fault: 'create_status', status: 503 });
    const res = await place({ to: '+442079460127' }, fresh());
    assert.equal(res.status, 202);
    assert.equal(rig.sql(`select state from call_intents where call_id = '${res.json().callId}'`), 'unknown');
    assert.ok((await dials()) <= before + 1);
    await rig.sim.idle();
  });

  it('that Twilio refuses says so', async () => {
    await rig.sim.fault({ fault: 'create_status', status: 401 });
    const res = await place({ to: '+442079460128' }, fresh());
    assert.equal(res.status, 502);
    assert.equal(res.json().code, 'twilio_auth_failed');
    assert.equal(res.json().error, 'Failed to make call: authentication failed');
  });

  it('to what is no number is 400 before anybody is asked', async () => {
    const before = [intents(), await dials()];
    for (const to of ['', 'abc', '123', '+0987654321', null, 5]) {
      const res = await rig.api('POST', initiate, { to }, { headers: fresh() });
      assert.ok([400, 422].includes(res.status), `${to}: ${res.status}`);
    }
    assert.deepEqual([intents(), await dials()], before);
  });

  it('for a contact or client nobody knows is 404 before dialling', async () => {
    const before = await dials();
    assert.equal((await place({ contactId: 'no such contact' }, fresh())).status, 404);
    assert.equal((await place({ contactId: '01890000-0000-7000-8000-0000000000ee' }, fresh())).status, 404);
    assert.equal(await dials(), before);
    const ok = await place({ contactId: 'crm-7' }, fresh());
    assert.ok(good(ok), ok.text);
    assert.equal(
      rig.sql(
        `select k.external_id from calls c join contacts k on k.id = c.contact_id where c.id = '${ok.json().callId}'`,
      ),
      'crm-7',
    );
    await rig.sim.idle();
  });

  it('by make-call speaks its message to the callee', async () => {
    const res = await rig.api(
      'POST',
      '/api/twilio/make-call',
      { fromNumber: rig.tenant.number, toNumber: customer, clientId: 'client-1', message: 'This is a test call' },
      { headers: fresh() },
    );
    assert.ok(good(res), res.text);
    const reply = res.json();
    assert.equal(reply.success, true);
    assert.match(reply.callSid, /^CA[0-9a-f]{32}$/);
    await rig.sim.idle();
    await until(() => rig.sql(`select status from calls where id = '${reply.callId}'`) === 'completed');
    assert.equal(
      rig.sql(
        `select k.external_id from calls c join clients k on k.id = c.client_id where c.id = '${reply.callId}'`,
      ),
      'client-1',
    );
    const answer = {
      AccountSid: rig.tenant.account,
      CallSid: reply.callSid,
      From: rig.tenant.number,
      To: customer,
      CallStatus: 'in-progress',
      Direction: 'outbound-api',
    };
    const { text } = await rig.webhook(`/api/twilio/v/${reply.callId}/answer`, answer);
    assert.match(text, /<Response><Say[^>]*>This is a test call<\/Say><Hangup\/><\/Response>/);
  });

  it('from a number that is not ours is refused', async () => {
    const before = await dials();
    const res = await rig.api(
      'POST',
      '/api/twilio/make-call',
      { fromNumber: '+442079460777', toNumber: customer, message: 'x' },
      { headers: fresh() },
    );
    assert.ok([403, 409].includes(res.status), res.text);
    assert.equal(await dials(), before);
  });

  it('nobody picks up is no-answer', async () => {
    await rig.sim.phone('+442079460129', { answer: 'no' });
    const res = await place({ to: '+442079460129' }, fresh());
    await rig.sim.idle();
    await until(() => rig.sql(`select ended_at is not null from calls where id = '${res.json().callId}'`) === 't');
    assert.equal(rig.sql(`select status from calls where id = '${res.json().callId}'`), 'no-answer');
  });

  it('every intent led to one dial at most', async () => {
    const ledger = await rig.sim.idle();
    const wanted = rig.rows('select call_id as id from call_intents').map((r) => r.id);
    for (const id of wanted) assert.ok(ledger.dials.filter((d) => JSON.stringify(d).includes(id)).length <= 1, id);
  });
});
