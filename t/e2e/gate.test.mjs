// The verdict before each call: lists, consent, hours; kept with the call, told in words. Twilio's refusals, each with
// a cure. What is cut of Twilio's replies, byte by byte.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Rig, until } from '../lib/rig.mjs';

const initiate = '/api/calls/initiate';
const customer = (n) => `+4420794601${String(n).padStart(2, '0')}`;

describe('the verdict', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const v1 = (method, path, json, headers = {}) => rig.api(method, `/api/v1${path}`, json, { headers });
  const place = (more = {}) => rig.api('POST', initiate, { to: customer(1), message: 'Hello.', ...more });
  const dials = async () => (await rig.sim.ledger()).dials.length;
  const settings = async (patch) => assert.equal((await v1('PATCH', '/settings', patch)).status, 200);
  const last = () =>
    rig.rows(`select id, gate_refused, outcome, status::text, verdict, contact_id, record, record_reason
      from calls order by created_at desc, id desc limit 1`)[0];
  const refused = async (res, code, why) => {
    assert.deepEqual([res.status, res.json().code], [403, code], res.text);
    const row = last();
    assert.deepEqual([row.gate_refused, row.verdict.refused, row.outcome, row.status], [why, why, 'refused', 'failed']);
    assert.equal(
      rig.sql(`select detail ->> 'gate' from audit_entries where action = 'call.refuse' and object = '${row.id}'`),
      why,
    );
    return row.verdict;
  };
  let list;

  it('is no to a number on one of several lists, which is named', async () => {
    for (const name of ['Everybody', 'Spring']) list = (await v1('POST', '/dnc-lists', { name })).json();
    const entry = await v1('POST', `/dnc-lists/${list.id}/entries`, { number: '+44 20 7946 0110', reason: 'asked' });
    assert.equal(entry.status, 201, entry.text);
    assert.deepEqual([entry.json().number, entry.json().list], [customer(10), 'Spring']);
    const before = await dials();
    const res = await place({ to: customer(10) });
    const verdict = await refused(res, 'do_not_call', 'do_not_call');
    assert.equal(verdict.list.name, 'Spring');
    assert.match(res.json().error, /Spring/);
    const shown = (await v1('GET', `/calls/${last().id}`)).json();
    assert.equal(shown.verdict.about, 'Spring');
    assert.doesNotMatch(JSON.stringify(shown.verdict), /7946/, 'the verdict holds no number');
    assert.equal(await dials(), before);
    assert.equal((await place({ to: customer(11) })).status, 200);
  });

  it('is yes again when the number is taken off', async () => {
    const found = (await v1('GET', `/dnc-entries?number=${encodeURIComponent(customer(10))}`)).json();
    assert.deepEqual(found.data.map((e) => [e.list, e.reason]), [['Spring', 'asked']]);
    assert.equal((await v1('DELETE', `/dnc-lists/${list.id}/entries/${customer(10)}`)).status, 204);
    assert.equal((await v1('DELETE', `/dnc-lists/${list.id}/entries/${customer(10)}`)).status, 404);
    assert.equal((await place({ to: customer(10) })).status, 200);
    assert.equal(last().verdict.refused, null, 'kept with calls that are placed, too');
    assert.ok(last().verdict.used.running >= 0);
  });

  it('lists are filled from CSV, and bad rows are named', async () => {
    const csv = 'number,name\n+442079460120,A\n020 7946 0121,B\nnobody\n+442079460120,again\n';
    const put = (text, type = 'text/csv; charset=utf-8') =>
      v1('PUT', `/dnc-lists/${list.id}/import`, text, { 'content-type': type });
    const res = await put(csv);
    assert.equal(res.status, 200, res.text);
    assert.deepEqual(res.json(), {
      rows: 4,
      added: 2,
      known: 1,
      bad: 1,
      errors: [{ line: 4, detail: 'no phone number: nobody' }],
    });
    assert.equal((await put(csv)).json().added, 0, 'twice is once');
    assert.equal((await put('{}', 'application/json')).status, 400);
    assert.equal((await v1('PUT', '/dnc-lists/x/import', csv, { 'content-type': 'text/csv' })).status, 404);
    await refused(await place({ to: customer(21) }), 'do_not_call', 'do_not_call');
    const page = (await v1('GET', `/dnc-lists/${list.id}/entries?limit=1`)).json();
    assert.equal(page.data.length, 1);
    const rest = (await v1('GET', `/dnc-lists/${list.id}/entries?limit=1&cursor=${page.next_cursor}`)).json();
    assert.notEqual(rest.data[0].number, page.data[0].number);
    assert.equal((await v1('GET', `/dnc-lists/${list.id}`)).json().entries, 2);
  });

  it('lists are filled and asked by the command as well', async () => {
    const file = join(rig.dir, 'tmp', 'tps.csv');
    writeFileSync(file, `${Array.from({ length: 5000 }, (_, n) => `+4420794${60000 + (n % 1000)},x`).join('\n')}\n`);
    rig.own(file);
    const dnc = (...args) => rig.switchhook('dnc', ...args, '--tenant', rig.tenant.id, '-o', 'json');
    assert.deepEqual(JSON.parse(dnc('import', '--list', 'TPS', '--file', file)), {
      rows: '5000',
      added: '1000',
      known: '4000',
      bad: '0',
    });
    assert.deepEqual(JSON.parse(dnc('check', '--number', customer(30))).map((r) => r.list), ['TPS']);
    await refused(await place({ to: customer(30) }), 'do_not_call', 'do_not_call');
    dnc('remove', '--list', 'TPS', '--number', customer(30));
    dnc('add', '--list', 'Own', '--number', customer(30));
    assert.equal(JSON.parse(dnc('lists')).find((l) => l.name === 'TPS').numbers, '999');
    const tps = (await v1('GET', '/dnc-lists')).json().data.find((l) => l.name === 'TPS');
    assert.equal((await v1('DELETE', `/dnc-lists/${tps.id}`)).status, 204);
    await refused(await place({ to: customer(30) }), 'do_not_call', 'do_not_call');
    assert.equal((await place({ to: customer(31) })).status, 200);
    assert.equal(rig.sql("select count(*) from audit_entries where detail::text ~ '7946'"), '0');
  });

  it('is no outside the hours of where the callee is', async () => {
    const bad = await v1('PATCH', '/settings', { calling_hours: 'by day' });
    assert.deepEqual([bad.status, bad.json().errors[0].pointer], [422, '/calling_hours']);
    assert.equal((await v1('PATCH', '/settings', { holidays: 'christmas' })).status, 422);
    // A quarter of an hour that is not now, in London.
    const hour = (Number(rig.sql(`select extract(hour from now() at time zone 'Europe/London')::int`)) + 12) % 23;
    const then = String(hour).padStart(2, '0');
    await settings({ calling_hours: `${then}:00-${then}:15` });
    const verdict = await refused(await place({ to: customer(32) }), 'outside_hours', 'hours');
    assert.match(verdict.about, /in Europe\/London$/);
    assert.deepEqual(Object.keys(verdict.zones), ['Europe/London']);
    await settings({ calling_hours: '00:00-24:00' });
    assert.equal((await place({ to: customer(33) })).status, 200);
    const today = rig.sql(`select (now() at time zone 'Europe/London')::date`);
    await settings({ holidays: today });
    await refused(await place({ to: customer(34) }), 'outside_hours', 'hours');
    const contact = { phone_number: customer(35), time_zone: 'Pacific/Kiritimati', name: 'Far' };
    assert.equal((await v1('POST', '/contacts', { ...contact, time_zone: 'Mars/Olympus' })).status, 422);
    await v1('POST', '/contacts', contact);
    await place({ to: customer(35) });
    assert.deepEqual(Object.keys(last().verdict.zones), ['Pacific/Kiritimati'], 'a contact has a zone of its own');
    await settings({ calling_hours: null, holidays: null });
  });

  it('is no without consent where that is asked for, and after it was withdrawn', async () => {
    const consent = (decision, purpose = 'call', number = customer(40)) =>
      v1('POST', '/consents', { number, purpose, decision, evidence: 'said so' });
    await settings({ consent_mode: 'required' });
    await refused(await place({ to: customer(40) }), 'consent_missing', 'consent');
    assert.equal((await consent('granted')).status, 201);
    assert.equal((await place({ to: customer(40) })).status, 200);
    await settings({ consent_mode: 'off' });
    assert.equal((await place({ to: customer(41) })).status, 200);
    await consent('withdrawn');
    await refused(await place({ to: customer(40), message: 'Again.' }), 'consent_missing', 'consent');
    const all = (await v1('GET', '/consents')).json().data;
    assert.deepEqual(all.map((c) => [c.decision, c.evidence.text]), [
      ['withdrawn', 'said so'],
      ['granted', 'said so'],
    ]);
  });

  it('a call is not recorded for whom that was refused, whatever the request says', async () => {
    await v1('POST', '/consents', { number: customer(42), purpose: 'recording', decision: 'refused' });
    assert.equal((await place({ to: customer(42), record: true })).status, 200);
    assert.deepEqual([last().record, last().record_reason], [false, 'consent']);
    for (const [record, reason] of [
      [true, 'call'],
      [false, 'call'],
      [undefined, 'tenant'],
    ]) {
      await place({ to: customer(43), record, message: `as ${record}` });
      assert.deepEqual([last().record, last().record_reason], [record ?? true, reason]);
    }
  });

  it('a call is linked to whom and what it is about', async () => {
    const made = {};
    for (const [kind, path] of Object.entries({ contact: 'contacts', client: 'clients', campaign: 'campaigns' }))
      made[kind] = (await v1('POST', `/${path}`, { name: kind, external_id: `x-${kind}` })).json();
    const links = [
      { kind: 'contact', id: 'x-contact' },
      { kind: 'client', id: made.client.id },
      { kind: 'campaign', id: 'x-campaign' },
      { kind: 'deal', id: 'D-7' },
      { kind: 'job', id: '9' },
      { kind: 'lead', id: 'L' },
      { kind: 'user', id: rig.tenant.user },
    ];
    const res = await place({ to: customer(50), links });
    assert.equal(res.status, 200, res.text);
    const call = (await v1('GET', `/calls/${res.json().callId}`)).json();
    assert.deepEqual(call.links, links);
    assert.deepEqual(
      [call.contact_id, call.client_id, call.campaign_id, call.user_id],
      [made.contact.id, made.client.id, made.campaign.id, rig.tenant.user],
    );
    const before = await dials();
    assert.equal((await place({ to: customer(51), links: [{ kind: 'client', id: 'nobody' }] })).status, 404);
    for (const bad of [[{ kind: 'pet', id: '1' }], [{ kind: 'deal' }], ['deal'], [{ kind: 'user', id: 'x' }]]) {
      const headers = { 'idempotency-key': JSON.stringify(bad) };
      const no = await v1('POST', '/calls', { to: customer(51), links: bad }, headers);
      assert.deepEqual([no.status, no.json().errors[0].pointer], [422, '/links/0'], no.text);
    }
    assert.equal(await dials(), before);
  });

  it('a call is of the contact whose number it is, when nobody says whose', async () => {
    const { id } = (await v1('POST', '/contacts', { name: 'Jo', phone_number: customer(52) })).json();
    await place({ to: customer(52) });
    assert.equal(last().contact_id, id);
    await place({ to: customer(53) });
    assert.equal(last().contact_id, null);
  });

  // https://www.twilio.com/docs/api/errors; what it answers with, our answer, words of the cure.
  const refusals = [
    [400, 13227, 502, 'twilio_rejected', /Geo permissions/],
    [401, 20003, 502, 'twilio_auth_failed', /account SID/],
    [400, 20001, 502, 'twilio_rejected', /parameter/],
    [401, 20005, 502, 'twilio_auth_failed', /not active/],
    [401, 20101, 502, 'twilio_auth_failed', /access token/],
    [404, 20404, 404, 'not_found', /SID/],
    [429, 20429, 429, 'rate_limited', /few seconds/],
    [400, 21201, 400, 'invalid_number', /who is to be called/],
    [400, 21205, 502, 'twilio_rejected', /PUBLIC_URL/],
    [400, 21210, 502, 'twilio_rejected', /caller ID that the account owns/],
    [400, 21211, 400, 'invalid_number', /country code/],
    [400, 21212, 502, 'twilio_rejected', /caller ID/],
    [400, 21213, 502, 'twilio_rejected', /caller ID is needed/],
    [400, 21214, 502, 'twilio_rejected', /cannot reach/],
    [403, 21215, 502, 'twilio_rejected', /Geo permissions/],
    [400, 21216, 502, 'twilio_rejected', /support/],
    [400, 21217, 400, 'invalid_number', /digits/],
    [400, 21218, 502, 'twilio_rejected', /TWILIO_TWIML_APP_SID/],
    [400, 21219, 502, 'twilio_rejected', /trial account/],
    [400, 21220, 409, 'conflict', /not in a state/],
    [400, 10001, 502, 'twilio_auth_failed', /suspended/],
    [400, 21999, 502, 'twilio_rejected', /www.twilio.com/],
  ];
  for (const [status, code, answer, word, cure] of refusals) {
    it(`Twilio's ${code} is said with what cures it`, async () => {
      await rig.sim.fault({ fault: 'create_status', status, code: `${code}`, number: customer(60) });
      const headers = { 'idempotency-key': `refusal ${code}` };
      for (const again of [false, true]) {
        const res = await rig.api('POST', initiate, { to: customer(60), message: `${code}` }, { headers });
        if (again && code === 20429) continue; // nothing was placed: the same key may try again
        assert.deepEqual([res.status, res.json().code], [answer, word], res.text);
        assert.match(res.json().cure, cure);
        if (word !== 'twilio_auth_failed') assert.match(res.json().error, new RegExp(`${code}`));
      }
      if (code !== 20429)
        assert.equal(rig.sql(`select twilio_code from call_intents where message = '${code}'`), `${code}`);
    });
  }
});

describe('a reply of Twilio that is cut', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 300 } });
    await rig.sim.number(rig.tenant.number);
    rig.startSweep(); // which tells of numbers that Twilio does not have
  });
  after(() => rig.stop());

  // SWITCHHOOK_T_CUTS=all cuts at every byte.
  it('anywhere leads to one dial and one end of its intent', async () => {
    const place = (n) =>
      rig.api(
        'POST',
        initiate,
        { to: `+4420794${60000 + n}`, message: 'Hello.' },
        { headers: { 'idempotency-key': `cut ${n}` } },
      );
    const none = ['--concurrent', 'none', '--minutes-per-day', 'none'];
    rig.switchhook('tenant', 'limits', '--tenant', rig.tenant.id, ...none);
    const whole = 2400; // head and body of a created call
    const all = process.env.SWITCHHOOK_T_CUTS === 'all';
    const cuts = Array.from({ length: all ? whole : 64 }, (_, n) => (all ? n : Math.floor((n * whole) / 64)));
    const bodies = [];
    for (let at = 0; at < cuts.length; at += 8) {
      const some = cuts.slice(at, at + 8);
      await rig.sim.fault(
        ...some.map((at_byte, k) => ({ fault: 'create_cut', at_byte, number: `+4420794${60000 + ((at + k) % 1000)}` })),
      );
      const sent = await Promise.all(some.map((_, k) => place((at + k) % 1000)));
      assert.ok(sent.every((res) => [200, 202].includes(res.status)), sent.map((r) => r.text).join());
      bodies.push(...sent.map((res) => res.json()));
      const again = await Promise.all(some.map((_, k) => place((at + k) % 1000)));
      assert.deepEqual(
        again.map((res) => res.json().callId),
        sent.map((res) => res.json().callId),
        'asked again it is the same call',
      );
      if (all && (at + 8) % 1000 === 0) rig.sql("update call_intents set idem_key = null, request_hash = sha256('x')");
    }
    assert.ok(bodies.some((b) => b.status === 'unknown') && bodies.every((b) => b.callId));
    const ledger = await rig.sim.idle(120000);
    await until(
      () => rig.sql("select count(*) from call_intents where state in ('sending', 'unknown')") === '0',
      60000,
    );
    assert.equal(rig.sql(`select count(*) from call_intents where state = 'created'`), `${cuts.length}`);
    for (const { callId } of bodies)
      assert.equal(ledger.dials.filter((d) => d.params.includes(callId)).length, 1, `${callId} was dialled once`);
    assert.equal(rig.sql('select count(*) = count(distinct twilio_call_sid) from calls'), 't');
  });
});

describe('a stolen key', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 4, auth: 0 }, sim: { speed: 1 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());

  it('that asks for a thousand calls gets as many as the cap', async () => {
    const cap = 25;
    const how = ['--tenant', rig.tenant.id, '--concurrent', `${cap}`, '--per-second', 'none'];
    rig.switchhook('tenant', 'limits', ...how);
    const ask = { mode: 'agent_first', userId: rig.tenant.user };
    const answers = [];
    await rig.sim.phone(rig.tenant.forward, { answer: 'no' }); // rings for a minute: no call makes room for another
    for (let at = 0; at < 1000; at += 100)
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 100 }, (_, k) =>
            rig.api('POST', initiate, { ...ask, to: `+4420794${60000 + at + k}` }),
          ),
        )),
      );
    const placed = answers.filter((res) => res.status === 200).length;
    assert.ok(placed >= 1 && placed <= cap, `${placed} were placed`);
    assert.equal((await rig.sim.ledger()).dials.length, placed, 'no more reached Twilio');
    assert.ok(answers.every((res) => [200, 429].includes(res.status)));
    assert.equal(rig.sql("select count(*) from calls where gate_refused = 'concurrent'"), `${1000 - placed}`);
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'call.refuse'"), `${1000 - placed}`);
  });
});
