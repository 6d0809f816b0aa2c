// Live calls under control: ended, transferred, held, sent tones, their recordings paused. Two legs of a Dial become a
// conference and none of them is dropped; what nobody answered is looked up and not done again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { addKey, addSession } from '../lib/credentials.mjs';
import { holdLock } from '../lib/lock.mjs';
import { PUBLIC_URL, Rig, until } from '../lib/rig.mjs';

const persistent = '#rc=5&rp=all&ct=2000&rt=5000&tt=15000';
const expert = '+442079460180';
const lines = Array.from({ length: 120 }, (_, n) =>
  n % 2
    ? { who: 'customer', text: 'Is that so? Tell me more about it.' }
    : { who: 'agent', text: 'There is much to be told.' },
);

describe('a live call', () => {
  let rig;
  let n = 0;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 3, auth: 0 }, sim: { speed: 4 } });
    await rig.sim.number(rig.tenant.number);
    rig.startSweep(); // which tells of numbers that Twilio does not have
    rig.sql("update tenants set disclosure_mode = 'off'");
    for (const phone of [rig.tenant.forward, expert]) await rig.sim.phone(phone, { answer: 'yes', after_s: 1, lines });
  });
  after(() => rig.stop());

  const v1 = (method, path, json, options) => rig.api(method, `/api/v1${path}`, json, options);
  const tell = (call, word, json, options) => v1('POST', `/calls/${call.id}/${word}`, json, options);
  const show = async (call) => (await v1('GET', `/calls/${call.id}`)).json();
  // Of an inbound call's own leg Twilio reports nothing between its first request and its end.
  const leg = (call, role) =>
    rig.sql(`select l.sid from call_legs l join calls c on c.id = l.call_id
      where c.id = '${call.id}' and l.role = '${role}'
        and (l.status = 'in-progress' or c.direction = 'inbound' and l.sid = c.twilio_call_sid and l.ended_at is null)
      limit 1`);
  const talking = async (id) => {
    const call = { id };
    await until(() => leg(call, 'customer') && leg(call, 'agent'));
    return { id, customer: leg(call, 'customer'), agent: leg(call, 'agent') };
  };
  const open = [];
  const keep = async (call) => open.push(await call) && open.at(-1);

  // Somebody calls and talks with the agent.
  const inbound = () =>
    keep(
      (async () => {
        const from = `+447700901${String((n += 1)).padStart(3, '0')}`;
        const { sid } = await rig.sim.call({ from, to: rig.tenant.number, lines });
        return talking(await until(() => rig.sql(`select id from calls where twilio_call_sid = '${sid}'`)));
      })(),
    );
  // We call somebody; the agent is rung first or second.
  const outbound = (mode) =>
    keep(
      (async () => {
        const to = `+4420794${61000 + (n += 1)}`;
        await rig.sim.phone(to, { answer: 'yes', after_s: 1, lines });
        const headers = { 'idempotency-key': randomUUID() };
        const res = await v1('POST', '/calls', { to, mode, user_id: rig.tenant.user }, { headers });
        assert.equal(res.status, 201, res.text);
        return talking(res.json().id);
      })(),
    );
  const ledger = () => rig.sim.ledger();
  const status = async (sid) => (await ledger()).calls.find((c) => c.sid === sid).status;
  // What we have posted about a call, as it stood on the wire.
  const posts = async (call) => {
    const { posts: all, calls } = await ledger();
    const known = rig.rows(`select sid from call_legs where call_id = '${call.id}'
      union all select conference_sid from call_controls where call_id = '${call.id}'`);
    const mine = [call.customer, call.agent, ...known.map((l) => l.sid)];
    assert.ok(calls.length > 0);
    return all
      .filter((p) => mine.some((sid) => sid && p.path.includes(sid)))
      .map((p) => [p.path, Object.fromEntries(new URLSearchParams(p.params)), p.status]);
  };
  const room = (call) =>
    `<Dial><Conference beep="false" endConferenceOnExit="true">call-${call.id}</Conference></Dial><Hangup/>`;
  const asked = (call, column) =>
    rig.sql(`select ${column} from call_legs where call_id = '${call.id}' and endpoint = '${expert}'`);
  const xml = (text) => text.replace(/^<\?xml[^>]*\?>\s*/, '').trim();
  const hook = (call, what) => `${PUBLIC_URL}/api/twilio/v/${call.id}/${what}${persistent}`.replaceAll('&', '&amp;');
  const fine = (res, code = 200) => {
    assert.equal(res.status, code, res.text);
    return res.json();
  };
  const over = async (call) => {
    await until(async () => (await show(call)).ended_at);
    return show(call);
  };
  afterEach(async () => {
    for (const call of open.splice(0)) await tell(call, 'end');
  });

  it('is ended, and both sides hear it', async () => {
    const call = await inbound();
    const doc = fine(await tell(call, 'end'));
    assert.deepEqual([doc.call_id, doc.command, doc.state], [call.id, 'end', 'done']);
    assert.deepEqual(await posts(call), [[`/Calls/${call.customer}.json`, { Status: 'completed' }, 200]]);
    const row = await over(call);
    assert.deepEqual([row.status, row.outcome], ['completed', 'answered']);
    assert.ok(row.events.some((e) => e.type === 'control.end' && e.kind === 'control'));
    assert.equal((await tell(call, 'end')).status, 409, 'once');
    assert.equal(
      rig.sql(`select actor ~ '^key:' from audit_entries where action = 'call.end' and object = '${call.id}'`),
      't',
    );
  });

  it('is held and resumed in a conference that both legs have come to, none dropped', async () => {
    const call = await inbound();
    const doc = fine(await tell(call, 'hold'));
    assert.deepEqual([doc.held, doc.conference], [true, true]);
    const room_sid = rig.sql(`select conference_sid from call_controls where call_id = '${call.id}'`);
    assert.match(room_sid, /^CF/);
    const [[path, { Twiml }, code], held] = await posts(call);
    assert.deepEqual([path, code], [`/Calls/${call.agent}.json`, 200]);
    assert.equal(xml(Twiml), `<Response>${room(call)}</Response>`);
    assert.deepEqual(held, [`/Conferences/${room_sid}/Participants/${call.customer}.json`, { Hold: 'true' }, 200]);
    const action = (await ledger()).webhooks.find((w) => w.kind === 'dial_status' && w.call_sid === call.customer);
    assert.ok(action, 'the Dial asked for its action');
    for (const sid of [call.customer, call.agent]) assert.equal(await status(sid), 'in-progress');
    assert.deepEqual((await show(call)).held, true);
    fine(await tell(call, 'hold'));
    assert.equal(fine(await tell(call, 'resume')).held, false);
    assert.deepEqual((await posts(call)).at(-1)[1], { Hold: 'false' });
    const shown = await show(call);
    assert.deepEqual([shown.status, shown.held, shown.ended_at], ['in-progress', false, null]);
    assert.deepEqual(
      shown.events.filter((e) => e.kind === 'control').map((e) => e.type),
      ['control.hold', 'control.hold', 'control.resume'],
    );
    await until(() => rig.sql(`select count(*) from recordings where call_id = '${call.id}'`) === '2');
    await until(
      () =>
        rig.sql(`select source || ' ' || call_sid from recordings
          where call_id = '${call.id}' and status = 'in-progress'`) === `StartCallRecordingTwiML ${call.customer}`,
    );
    fine(await tell(call, 'end'));
    const row = await over(call);
    assert.deepEqual([row.status, row.outcome], ['completed', 'answered']);
    await until(async () => (await status(call.agent)) === 'completed');
  });

  for (const mode of ['agent_first', 'customer_first'])
    it(`placed by us, ${mode}, is held as well`, async () => {
      const call = await outbound(mode);
      fine(await tell(call, 'hold'));
      const [[path, { Twiml }]] = await posts(call);
      const child = mode === 'agent_first' ? call.customer : call.agent;
      assert.equal(path, `/Calls/${child}.json`);
      const start =
        `<Start><Recording channels="dual" recordingStatusCallback="${hook(call, 'recording')}" ` +
        'recordingStatusCallbackEvent="in-progress completed absent"/></Start>';
      const recorded = mode === 'agent_first' ? start : '';
      assert.deepEqual(
        [...xml(Twiml).matchAll(/<(\/?\w+)/g)].map((m) => m[1]),
        [...`<Response>${recorded}${room(call)}</Response>`.matchAll(/<(\/?\w+)/g)].map((m) => m[1]),
      );
      for (const sid of [call.customer, call.agent]) assert.equal(await status(sid), 'in-progress');
      assert.equal((await show(call)).status, 'in-progress');
      fine(await tell(call, 'resume'));
      fine(await tell(call, 'end'));
      assert.equal((await over(call)).outcome, 'connected');
    });

  it('gets tones to the customer’s side', async () => {
    const call = await inbound();
    assert.equal((await tell(call, 'dtmf', { digits: '1;2' })).status, 422);
    assert.equal((await tell(call, 'dtmf', {})).status, 422);
    fine(await tell(call, 'dtmf', { digits: '1w2#' }));
    const [, stay, [path, { Twiml }]] = await posts(call);
    assert.deepEqual(stay[1], { EndConferenceOnExit: 'false' });
    assert.equal(path, `/Calls/${call.customer}.json`);
    assert.equal(xml(Twiml), `<Response><Play digits="1w2#"/>${room(call)}</Response>`);
    assert.equal(await status(call.customer), 'in-progress');
    assert.equal(await status(call.agent), 'in-progress');
  });

  it('is transferred blindly: the customer stays, the agent leaves, somebody else is rung', async () => {
    const call = await inbound();
    const doc = fine(await tell(call, 'transfer', { to: expert }));
    assert.deepEqual(doc.transfer, { to: expert, mode: 'blind', state: 'sent' });
    const [[path, { Twiml }]] = await posts(call);
    assert.equal(path, `/Calls/${call.customer}.json`);
    const text = xml(Twiml);
    assert.match(text, new RegExp(`^<Response><Dial [^>]*>.*>\\${expert}</Number></Dial></Response>$`));
    for (const part of [
      `action="${hook(call, 'dial')}"`,
      `callerId="${rig.tenant.number}"`,
      'record="record-from-answer-dual"',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
    await until(async () => (await status(call.agent)) === 'completed');
    await until(() => asked(call, 'role || status') === 'agentin-progress');
    assert.equal((await show(call)).status, 'in-progress');
    fine(await tell(call, 'end'));
    assert.equal((await over(call)).outcome, 'answered');
  });

  it('is transferred blindly when the customer was rung second', async () => {
    const call = await outbound('agent_first');
    fine(await tell(call, 'transfer', { to: expert }));
    assert.equal((await posts(call))[0][0], `/Calls/${call.customer}.json`);
    await until(async () => (await status(call.agent)) === 'completed');
    await until(() => asked(call, 'role || status') === 'agentin-progress');
    const shown = await show(call);
    assert.deepEqual([shown.status, shown.ended_at], ['in-progress', null], 'the customer is still there');
    fine(await tell(call, 'end'));
    assert.equal((await over(call)).outcome, 'connected');
  });

  it('is transferred out of a conference, to a user, to a client', async () => {
    rig.sql(`insert into clients (tenant_id, external_id, name, forward_to)
      values ('${rig.tenant.id}', 'x-1', 'X', '${expert}'), ('${rig.tenant.id}', 'x-2', 'No phone', null),
             ('${rig.tenant.id}', 'x-3', 'Far', '+33612345678')`);
    const call = await inbound();
    assert.equal((await tell(call, 'transfer', { client_id: 'nobody' })).status, 404);
    assert.equal((await tell(call, 'transfer', { user_id: randomUUID() })).status, 404);
    assert.equal((await tell(call, 'transfer', { client_id: 'x-2' })).status, 422);
    assert.equal((await tell(call, 'transfer', {})).status, 422);
    assert.equal((await tell(call, 'transfer', { to: expert, client_id: 'x-1' })).status, 422);
    for (const far of [{ client_id: 'x-3' }, { to: '+33612345678' }, { to: '+449098790000' }]) {
      const res = await tell(call, 'transfer', far);
      assert.deepEqual([res.status, res.json().code], [403, 'destination_not_allowed'], res.text);
    }
    assert.deepEqual(await posts(call), [], 'nothing of it reached Twilio');
    fine(await tell(call, 'hold'));
    fine(await tell(call, 'transfer', { client_id: 'x-1' }));
    await until(async () => (await status(call.agent)) === 'completed');
    await until(() => asked(call, 'status') === 'in-progress');
    const shown = await show(call);
    assert.deepEqual([shown.status, shown.held, shown.conference], ['in-progress', false, false]);
  });

  it('is transferred warmly: asked, then left together', async () => {
    const call = await inbound();
    assert.equal((await tell(call, 'transfer/complete')).status, 409);
    const doc = fine(await tell(call, 'transfer', { to: expert, mode: 'warm' }));
    assert.deepEqual([doc.held, doc.transfer], [true, { to: expert, mode: 'warm', state: 'consulting' }]);
    const { room_sid, consult } = rig.rows(`select conference_sid as room_sid, consult_sid as consult
      from call_controls where call_id = '${call.id}'`)[0];
    const made = (await posts(call)).find(([path]) => path === `/Conferences/${room_sid}/Participants.json`);
    const command = rig.sql(`select id from call_commands where call_id = '${call.id}' and kind = 'consult'`);
    assert.deepEqual(made[1], {
      From: rig.tenant.number,
      To: expert,
      Label: `consult-${command}`,
      StatusCallback: `${PUBLIC_URL}/api/twilio/v/${call.id}/status${persistent}`,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: 'completed',
      Timeout: '25',
      Beep: 'false',
      EndConferenceOnExit: 'false',
    });
    const raw = (await ledger()).posts.find((p) => p.path.endsWith('/Participants.json')).params;
    const events = new URLSearchParams(raw).getAll('StatusCallbackEvent');
    assert.deepEqual(events, ['initiated', 'ringing', 'answered', 'completed']);
    await until(() => rig.sql(`select status from call_legs where sid = '${consult}'`) === 'in-progress');
    assert.equal(asked(call, `role || (sid = '${consult}')`), 'agenttrue');
    assert.equal((await tell(call, 'transfer', { to: expert })).status, 409, 'one at a time');
    const after_ = (await posts(call)).length;
    const done = fine(await tell(call, 'transfer/complete'));
    assert.deepEqual([done.held, done.transfer.state], [false, 'completed']);
    const who = (sid) => `/Conferences/${room_sid}/Participants/${sid}.json`;
    assert.deepEqual((await posts(call)).slice(after_), [
      [who(consult), { EndConferenceOnExit: 'true' }, 200],
      [who(call.agent), { EndConferenceOnExit: 'false' }, 200],
      [`/Calls/${call.agent}.json`, { Status: 'completed' }, 200],
      [who(call.customer), { Hold: 'false' }, 200],
    ]);
    assert.deepEqual(
      [await status(call.customer), await status(call.agent), await status(consult)],
      ['in-progress', 'completed', 'in-progress'],
    );
    assert.equal((await show(call)).status, 'in-progress');
    fine(await tell(call, 'end'));
    assert.equal((await over(call)).outcome, 'answered');
  });

  it('comes back to the agent when the one who is asked does not want it', async () => {
    const call = await outbound('customer_first');
    fine(await tell(call, 'transfer', { to: expert, mode: 'warm' }));
    const consult = rig.sql(`select consult_sid from call_controls where call_id = '${call.id}'`);
    const done = fine(await tell(call, 'transfer/cancel'));
    assert.deepEqual([done.held, done.transfer.state], [false, 'cancelled']);
    await until(async () => ['completed', 'canceled'].includes(await status(consult)));
    assert.equal(await status(call.agent), 'in-progress');
    fine(await tell(call, 'transfer', { to: expert, mode: 'warm' }), 200);
    fine(await tell(call, 'transfer/cancel'));
  });

  it('is held while its notes are written, though both wait for the audit', async () => {
    const call = await inbound();
    const waiters = () => Number(rig.sql("select count(*) from pg_locks where not granted and locktype = 'advisory'"));
    const lock = holdLock(rig, `select pg_advisory_xact_lock(hashtextextended('audit' || '${rig.tenant.id}', 0))`);
    await lock.locked;
    const held = tell(call, 'hold');
    await until(() => waiters() === 1);
    const noted = v1('PATCH', `/calls/${call.id}`, { notes: 'meanwhile' });
    await until(() => waiters() === 2);
    await lock.release();
    assert.deepEqual([(await noted).status, fine(await held).held], [200, true]);
    fine(await tell(call, 'resume'));
  });

  it('has its recording paused, and resumed by itself', async () => {
    const call = await inbound();
    const rec = await until(() => rig.sql(`select sid from recordings where call_id = '${call.id}'`));
    const doc = fine(await tell(call, 'recording/pause', { seconds: 1 }));
    assert.equal(doc.recording_paused, true);
    assert.ok(doc.recording_paused_until);
    const [paused] = await posts(call); // a second later the next one follows
    assert.deepEqual(paused, [
      `/Calls/${call.customer}/Recordings/${rec}.json`,
      { Status: 'paused', PauseBehavior: 'silence' },
      200,
    ]);
    await until(async () => !(await show(call)).recording_paused);
    assert.deepEqual((await posts(call)).at(-1), [
      `/Calls/${call.customer}/Recordings/${rec}.json`,
      { Status: 'in-progress' },
      200,
    ]);
    assert.equal((await show(call)).recording_paused_until, null);
    const asked_ = Date.now();
    const long = fine(await tell(call, 'recording/pause', {}));
    const from = Date.parse(long.recording_paused_until) - 60000; // a minute unless told
    assert.ok(from >= asked_ - 1 && from <= Date.now(), long.recording_paused_until);
    assert.equal(fine(await tell(call, 'recording/resume')).recording_paused, false);
    assert.equal(rig.sql(`select state from jobs where kind = 'unpause' and ref = '${call.id}'`), 'done');
    const types = (await show(call)).events.filter((e) => e.kind === 'control').map((e) => e.type);
    assert.deepEqual(
      types,
      ['pause', 'resume', 'pause', 'resume'].map((w) => `control.recording_${w}`),
    );
  });

  it('whose recording Twilio does not pause is shown as not paused', async () => {
    const call = await inbound();
    await until(() => rig.sql(`select sid from recordings where call_id = '${call.id}'`));
    await rig.sim.fault({ fault: 'pause_ignored', call: call.customer });
    const res = await tell(call, 'recording/pause', {});
    assert.deepEqual([res.status, res.json().code], [502, 'twilio_rejected'], res.text);
    assert.match(res.json().detail, /in-progress, not paused/);
    assert.equal((await show(call)).recording_paused, false);
    await rig.sim.fault({ fault: 'rest_cut', call: call.customer, at_byte: 5 });
    const lost = fine(await tell(call, 'recording/pause', {}), 202);
    assert.deepEqual([lost.state, lost.recording_paused], ['unknown', false], 'who does not know says no');
    rig.sql(`update jobs set due_at = now() where kind = 'control'`);
    await until(
      () =>
        rig.sql(`select state from call_commands where call_id = '${call.id}' and kind = 'recording_pause'
      order by created_at desc limit 1`) === 'failed',
    );
    const rec = (await ledger()).recordings.find((r) => r.call_sid === call.customer);
    assert.equal(rec.status, 'in-progress', 'and sees to it that it is so');
  });

  it('that is not recorded has nothing to pause; what is not talking cannot be held', async () => {
    const to = `+4420794${61000 + (n += 1)}`;
    await rig.sim.phone(to, { answer: 'no' });
    rig.sql('update tenants set ring_timeout_seconds = 600'); // it rings until the test ends it
    const headers = { 'idempotency-key': randomUUID() };
    const call = fine(await v1('POST', '/calls', { to, user_id: rig.tenant.user }, { headers }), 201);
    open.push(call);
    for (const [word, json] of [
      ['hold'],
      ['dtmf', { digits: '1' }],
      ['transfer', { to: expert }],
      ['recording/pause', {}],
      ['transfer/cancel'],
    ])
      assert.equal((await tell(call, word, json)).status, 409, word);
    fine(await tell(call, 'end'));
    await over(call);
    rig.sql('update tenants set ring_timeout_seconds = default');
  });

  it('is an agent’s own, and anybody’s for a manager', async () => {
    const call = await inbound();
    const user = (role) => {
      const id = rig.sql(`insert into users (tenant_id, email, name, role)
        values ('${rig.tenant.id}', '${role}-${randomUUID()}@example.com', '${role}', '${role}') returning id`);
      return { ...addSession(rig, rig.tenant, id), id };
    };
    const as = (who) =>
      rig.http('POST', `/api/v1/calls/${call.id}/hold`, {
        headers: { ...who.headers, 'content-type': 'application/json' },
        body: '{}',
      });
    const [agent, other, viewer, manager] = ['agent', 'agent', 'viewer', 'manager'].map(user);
    rig.sql(`update calls set user_id = '${agent.id}' where id = '${call.id}'`);
    assert.equal((await as(viewer)).status, 403);
    assert.equal((await as(other)).status, 403);
    const key = addKey(rig, rig.tenant, { role: 'agent' });
    assert.equal((await tell(call, 'hold', {}, { key })).status, 403, 'an agent’s key is no agent');
    assert.deepEqual(await posts(call), []);
    fine(await as(agent));
    fine(await as(manager));
  });

  it('is given to a colleague: his browser rings while he is there, else his phone, and then it is his', async () => {
    const user = (columns, values) =>
      rig.sql(`insert into users (tenant_id, email, name, role, ${columns}) values ('${rig.tenant.id}',
        'u-${randomUUID()}@example.com', 'Bea', 'agent', ${values}) returning id`);
    const desk = user('rings, forward_to', `'browser', '+442079460111'`);
    const away = user('rings, available, presence, forward_to', `'browser', false, 'away', '${expert}'`);
    const gone = user('rings, presence, work_hours', `'both', 'auto', '${'mon-sun 00:00-00:00'}'`);
    const browser = (id) => `client:user_${id.replaceAll('-', '')}_${rig.tenant.id.replaceAll('-', '')}`;
    await rig.sim.phone(browser(desk), { answer: 'yes', after_s: 1, lines });
    const busy = async (id) => fine(await v1('GET', `/colleagues?q=${id}`)).data[0].in_call;
    const call = await inbound();
    rig.sql(`update calls set user_id = '${rig.tenant.user}' where id = '${call.id}'`);
    assert.deepEqual([await busy(rig.tenant.user), await busy(desk)], [true, false]);
    assert.equal((await tell(call, 'transfer', { user_id: gone })).status, 422, 'nothing of hers rings');
    const asked_ = fine(await tell(call, 'transfer', { user_id: away, mode: 'warm' }));
    assert.equal(asked_.transfer.to, expert);
    fine(await tell(call, 'transfer/cancel'));
    fine(await tell(call, 'transfer', { user_id: desk, mode: 'warm' }));
    const consult = rig.sql(`select consult_sid from call_controls where call_id = '${call.id}'`);
    await until(() => rig.sql(`select status from call_legs where sid = '${consult}'`) === 'in-progress');
    assert.equal(rig.sql(`select endpoint from call_legs where sid = '${consult}'`), browser(desk));
    assert.deepEqual([await busy(rig.tenant.user), await busy(desk)], [true, true], 'both talk');
    const hers = addSession(rig, rig.tenant, desk);
    const as = (word, body = {}) =>
      rig.http('POST', `/api/v1/calls/${consult}/${word}`, {
        headers: { ...hers.headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    assert.equal((await as('transfer/complete')).status, 403, 'while she is asked it is not hers');
    fine(await tell(call, 'transfer/complete'));
    await until(async () => !(await busy(rig.tenant.user)));
    assert.equal(await busy(desk), true, 'whose call it was is free, and she is not');
    fine(await as('hold'));
    fine(await as('resume'));
    fine(await tell(call, 'transfer', { user_id: desk }));
    const [, { Twiml }] = (await posts(call)).findLast(([path]) => path === `/Calls/${call.customer}.json`);
    assert.match(xml(Twiml), /<Client [^>]*>.*<Identity>user_\w+<\/Identity><Parameter name="callId" value="[^"]+"\/>/);
    await until(
      () =>
        rig.sql(`select count(*) from call_legs where call_id = '${call.id}'
      and endpoint = '${browser(desk)}' and status = 'in-progress'`) === '1',
    );
    fine(await as('end'));
    await over(call);
    assert.equal(await busy(desk), false);
  });

  it('takes one command at a time, and one answer for one Idempotency-Key', async () => {
    const call = await inbound();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await tell(call, 'hold', {}, { headers });
    const again = await tell(call, 'hold', {}, { headers });
    assert.equal(again.text, first.text);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal((await posts(call)).length, 2);
    const both = await Promise.all([tell(call, 'resume'), tell(call, 'resume'), tell(call, 'resume')]);
    assert.ok(both.some((r) => r.status === 200) && both.every((r) => [200, 409].includes(r.status)));
  });

  it('obeys the command as well', async () => {
    const call = await inbound();
    const said = (...args) => JSON.parse(rig.switchhook('call', ...args));
    assert.equal(said('hold', call.customer).held, true);
    assert.equal(said('resume', call.id).held, false);
    assert.throws(() => said('dtmf', call.id, '--digits', 'x'), /expected keys/);
    said('dtmf', call.id, '--digits', '1#');
    assert.equal(said('transfer', call.id, '--to', expert).transfer.mode, 'blind');
    said('end', call.id);
    await over(call);
    assert.throws(() => said('end', call.id), /the call is over/);
  });

  it('that nobody settled is looked up by the sweep: nothing is dialled twice', async () => {
    const call = await inbound();
    fine(await tell(call, 'hold'));
    const guests = async () =>
      (await ledger()).posts.filter((p) => p.path.endsWith('/Participants.json') && p.params.includes(call.id)).length;
    const at_once = () => rig.sql(`update jobs set due_at = now() where kind = 'control' and state = 'waiting'`);
    const settled = (kind, state) =>
      until(() => {
        at_once();
        return (
          rig.sql(`select state from call_commands where call_id = '${call.id}' and kind = '${kind}'
          order by created_at desc limit 1`) === state
        );
      });
    await rig.sim.fault({ fault: 'rest_cut', number: expert, at_byte: 3 });
    assert.equal(fine(await tell(call, 'transfer', { to: expert, mode: 'warm' }), 202).state, 'unknown');
    await settled('consult', 'done');
    assert.equal(await guests(), 1);
    assert.equal((await show(call)).transfer.state, 'consulting');
    fine(await tell(call, 'transfer/cancel'));

    const rung = async () =>
      (await ledger()).calls.filter((c) => c.to === expert && c.parent_call_sid === call.customer).length;
    await rig.sim.fault({ fault: 'rest_cut', call: call.customer, at_byte: 3 });
    assert.equal(fine(await tell(call, 'transfer', { to: expert }), 202).state, 'unknown');
    await settled('transfer', 'done');
    assert.equal(await rung(), 1);
    assert.equal((await show(call)).transfer.state, 'sent');
  });

  it('whose worker died in the middle is left as Twilio has it', async () => {
    const call = await inbound();
    const left = (kind, more = {}) => {
      const id = randomUUID();
      rig.sql(`insert into call_commands (id, tenant_id, call_id, kind, actor, target)
          values ('${id}', '${rig.tenant.id}', '${call.id}', '${kind}', 'test',
                  ${more.target ? `'${more.target}'` : 'null'});
        insert into call_controls (call_id, tenant_id, room)
          values ('${call.id}', '${rig.tenant.id}', 'call-${call.id}') on conflict do nothing;
        insert into jobs (tenant_id, kind, ref) values ('${rig.tenant.id}', 'control', '${id}')`);
      return until(() => {
        const state = rig.sql(`select state from call_commands where id = '${id}'`);
        return state !== 'sending' && state;
      });
    };
    assert.equal(await left('transfer', { target: '+442079460181' }), 'failed', 'never dialled');
    assert.equal(await left('consult', { target: '+442079460181' }), 'failed');
    assert.equal(await left('hold'), 'failed', 'they had not met');
    assert.equal((await ledger()).calls.filter((c) => c.to === '+442079460181').length, 0);
    assert.equal(await status(call.agent), 'in-progress');
    assert.equal(await left('end'), 'done');
    assert.equal((await over(call)).status, 'completed');
  });
});
