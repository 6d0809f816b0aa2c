// What calls bring and cost: prices that come late from Twilio, our own price list, budgets, conversions and
// advertising as JSON and as tables.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

describe('the ledger', () => {
  let rig;
  let call;
  let campaign;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 200 } });
    campaign = rig.sql(`insert into campaigns (tenant_id, name, external_id, source)
      values ('${rig.tenant.id}', 'Spring', 'ads-1', 'google') returning id`);
  });
  after(() => rig.stop());
  const v1 = (method, path, body, headers) => rig.api(method, `/api/v1${path}`, body, { headers });
  const csv = (path, text) =>
    rig.api('PUT', `/api/v1/imports/${path}`, text, { headers: { 'content-type': 'text/csv' } });

  it("a number's and a campaign's source is on the calls that come from then on", async () => {
    const number = rig.sql('select id from numbers');
    const from = async (key) => {
      const c = inbound(key, { from: '+14155552671' });
      await rig.webhook('/api/twilio/voice/answer', { ...c.answer, FromCity: 'OAKLAND', FromState: 'CA' });
      return (await v1('GET', `/calls/${c.sid}`)).json();
    };
    const before = await from('before');
    assert.deepEqual(
      [before.source, before.customer_country, before.customer_place, before.prior_calls],
      [null, 'US', 'OAKLAND, CA', 0],
    );
    assert.equal((await v1('PATCH', `/numbers/${number}`, { campaign_id: campaign })).status, 200);
    const second = await from('by campaign');
    assert.deepEqual([second.source, second.campaign_id, second.prior_calls], ['google', campaign, 1]);
    assert.equal((await v1('PATCH', `/numbers/${number}`, { source: 'leaflet' })).json().source, 'leaflet');
    assert.equal((await from('by number')).source, 'leaflet');
    assert.equal((await v1('GET', `/calls/${before.id}`)).json().source, null, 'history stays');
    assert.equal((await v1('PATCH', `/campaigns/${campaign}`, { medium: 'cpc' })).json().medium, 'cpc');
  });

  it('knows who hung up, how long the caller waited, how long it rang; and tells it in order', async () => {
    call = inbound('whole', { from: '+442079460123' });
    await rig.webhook('/api/twilio/voice/answer', call.answer);
    for (const name of ['initiated', 'ringing', 'answered', 'childDone'])
      await rig.webhook('/api/twilio/voice/status', call[name]);
    await rig.webhook('/api/twilio/voice/dial', call.dial);
    await rig.webhook('/api/twilio/voice/status', call.completed);
    const doc = (await v1('GET', `/calls/${call.sid}`)).json();
    assert.deepEqual(
      [doc.outcome, doc.wait_seconds, doc.ring_seconds, doc.talk_seconds, doc.ended_by, doc.customer_country],
      ['answered', 4, 3, 41, null, 'GB'],
      'within a second of each other nobody hung up first',
    );
    const legs = doc.timeline.filter((m) => m.what.startsWith('leg.')).map((m) => `${m.what} ${m.detail}`);
    assert.deepEqual(legs, [
      'leg.started agent',
      'leg.rang agent',
      'leg.answered agent',
      'leg.ended agent completed',
      'leg.ended customer completed',
    ]);
    assert.equal(doc.timeline.filter((m) => m.what === 'webhook').length, 7);
    assert.match(doc.timeline.find((m) => m.detail?.startsWith('ringing')).detail, /s after Twilio's own time$/);
    assert.match(doc.why.join(' '), /Answered: a leg to an agent was answered/);
    assert.deepEqual(doc.cost, { total: {}, entries: [], complete: false });
  });

  it('says who hung up where the legs ended apart', async () => {
    for (const [key, parent, child, who] of [
      ['agent', 50, 40, 'agent'],
      ['customer', 40, 50, 'customer'],
    ]) {
      const c = inbound(`hung up by ${key}`);
      const at = (s) => new Date(Date.UTC(2026, 0, 5, 9, 30, s)).toUTCString().replace('GMT', '+0000');
      await rig.webhook('/api/twilio/voice/answer', c.answer);
      await rig.webhook('/api/twilio/voice/status', c.answered);
      await rig.webhook('/api/twilio/voice/status', { ...c.childDone, Timestamp: at(child), CallDuration: '30' });
      await rig.webhook('/api/twilio/voice/status', { ...c.completed, Timestamp: at(parent), CallDuration: '45' });
      const doc = (await v1('GET', `/calls/${c.sid}`)).json();
      assert.equal(doc.ended_by, who);
      assert.equal(doc.talk_seconds, Math.min(parent, child) - 6);
    }
  });

  it('takes prices when Twilio has settled them, once, and says when all are there', async () => {
    const sid = (n) => `CA${String(n).repeat(32)}`;
    const id = rig.sql(`insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, root_role,
        status, outcome, ended_at)
      values ('${rig.tenant.id}', '${sid(1)}', '+442079460123', '+442079460958', 'inbound', 'customer',
              'completed', 'answered', now()) returning id`);
    rig.sql(`insert into call_legs (tenant_id, sid, call_id, role, status)
      select '${rig.tenant.id}', s, '${id}', 'agent', 'completed'
      from unnest('{${sid(1)},${sid(2)}}'::text[]) s`);
    const settle = (told) => rig.sql(`select cost_settle('${id}', '${JSON.stringify(told)}')`);
    assert.equal(
      settle([
        { sid: sid(1), price: '-0.0085', unit: 'USD' },
        { sid: sid(2), price: null, unit: 'USD' },
      ]),
      'f',
    );
    assert.equal(rig.sql(`select price is null from calls where id = '${id}'`), 't', 'half a price is none');
    for (let i = 0; i < 2; i++)
      assert.equal(
        settle([
          { sid: sid(1), price: '-0.0085', unit: 'USD' },
          { sid: sid(2), price: '-0.014', unit: 'usd' },
        ]),
        't',
      );
    const doc = (await v1('GET', `/calls/${id}`)).json();
    assert.deepEqual(doc.cost.total, { USD: '0.0225' });
    assert.equal(doc.cost.complete, true);
    assert.equal(doc.cost.entries.length, 2);
    assert.equal(doc.price, '-0.02250');
    settle([{ sid: sid(2), price: '-0.020', unit: 'EUR' }]);
    assert.deepEqual(
      (await v1('GET', `/calls/${id}`)).json().cost.total,
      { EUR: '0.02', USD: '0.0085' },
      'never added',
    );
  });

  it('replaces a list only where it is the one that was read', async () => {
    for (const [path, member, one] of [
      ['/prices', 'prices', { kind: 'number', item: 'GB', unit: 'month', amount: '1.00', currency: 'GBP' }],
      ['/dispositions', 'dispositions', { word: 'sold' }],
      ['/lead-rules', 'rules', { status: 'open' }],
    ]) {
      const etag = (await v1('GET', path)).headers.etag;
      const first = await v1('PUT', path, { [member]: [one] }, { 'if-match': etag });
      assert.equal(first.status, 200, first.text);
      const late = await v1('PUT', path, { [member]: [] }, { 'if-match': etag });
      assert.deepEqual([late.status, late.json().code], [412, 'precondition_failed'], path);
      assert.equal((await v1('GET', path)).json()[member].length, 1, `${path}: nothing was done`);
      assert.equal((await v1('PUT', path, { [member]: [] }, { 'if-match': first.headers.etag })).status, 200, path);
      const did = rig.sql(`select count(*) from audit_entries where action = '${path.slice(1).replace('-', '')}.set'`);
      assert.equal(did, '2', `${path}: what was refused is not said to have been done`);
    }
  });

  it('prices models and numbers by its own list', async () => {
    const list = {
      prices: [
        { kind: 'transcribe', item: 'm', unit: 'minute', amount: '0.006', currency: 'USD' },
        { kind: 'analyse', item: '*', unit: 'request', amount: '0.001', currency: 'USD' },
        { kind: 'number', item: '*', unit: 'month', amount: '1.15', currency: 'GBP' },
      ],
    };
    assert.equal((await v1('PUT', '/prices', list)).status, 200);
    assert.equal((await v1('PUT', '/prices', { prices: [{ ...list.prices[0], unit: 'month' }] })).status, 422);
    rig.sql(`with r as (insert into recordings (tenant_id, sid, call_sid, call_id, status)
        select tenant_id, 'RE' || right(twilio_call_sid, 32), twilio_call_sid, id, 'completed'
          from calls where twilio_call_sid = '${call.sid}' returning *)
      insert into ai_requests (tenant_id, recording_id, purpose, model, seconds, outcome)
      select tenant_id, id, p, m, 90, o from r, (values
             ('transcribe', 'm', 'ok'), ('analyse', 'x', 'ok'), ('transcribe', 'm', 'HTTP 500'),
             ('transcribe', 'other', 'ok')) v(p, m, o)`);
    const accrue = () =>
      rig.sql(`begin; set local app.tenant = '${rig.tenant.id}'; select cost_accrue(); commit`, 'switchhook_sweep');
    assert.equal(accrue(), '3');
    assert.equal(accrue(), '0', 'nothing twice');
    assert.deepEqual((await v1('GET', `/calls/${call.sid}`)).json().cost.total, { USD: '0.01' });
    const usage = (await v1('GET', '/stats/usage')).json();
    assert.deepEqual(usage.by_kind.number, { GBP: '1.15' });
    assert.equal(usage.model_seconds, 360);
  });

  it('tells once when a budget is nearly and wholly spent', async () => {
    const made = await v1('POST', '/budgets', { amount: '1.30', currency: 'GBP' });
    assert.equal(made.status, 201, made.text);
    const accrue = () =>
      rig.sql(`begin; set local app.tenant = '${rig.tenant.id}'; select cost_accrue(); commit`, 'switchhook_sweep');
    accrue();
    accrue();
    const show = async () => (await v1('GET', '/budgets')).json().data[0];
    assert.deepEqual(
      (await show()).alerts.map((a) => a.level),
      [80],
    );
    rig.sql(
      `insert into cost_entries (tenant_id, kind, ref, amount, currency, at)
       values ('${rig.tenant.id}', 'number', 'more', 1, 'GBP', now())`,
    );
    accrue();
    assert.deepEqual(
      (await show()).alerts.map((a) => a.level),
      [80, 100],
    );
    assert.equal((await show()).spent, '2.15');
    assert.equal(
      (
        await v1('POST', '/budgets', {
          amount: '5',
          currency: 'GBP',
          client_id: '01890000-0000-7000-8000-0000000000ff',
        })
      ).json().errors[0].pointer,
      '/client_id',
    );
    assert.equal((await v1('DELETE', `/budgets/${made.json().id}`)).status, 204);
  });

  it('takes conversions one by one and as a table; the same id again replaces', async () => {
    const one = await v1('POST', '/conversions', {
      call_sid: call.sid,
      external_id: 'o-1',
      value: '100.50',
      currency: 'GBP',
    });
    assert.equal(one.status, 201, one.text);
    assert.equal(
      (await v1('POST', '/conversions', { call_sid: `CA${'9'.repeat(32)}`, value: '1', currency: 'GBP' })).status,
      422,
    );
    const table = await csv(
      'conversions',
      `\ufeffcall_sid;value;currency;external_id;name\r\n${call.sid};99;gbp;o-1;"sale; ""big"""\r\n` +
        `CA0;5;GBP;o-2;\r\n${call.sid};-20;GBP;o-3;refund\r\n`,
    );
    assert.equal(table.status, 200, table.text);
    assert.deepEqual(table.json(), { imported: 2, unknown_rows: [2] });
    const list = (await v1('GET', '/conversions')).json().data;
    assert.deepEqual(list.map((c) => [c.external_id, c.value, c.currency, c.name]).sort(), [
      ['o-1', '99.00', 'GBP', 'sale; "big"'],
      ['o-3', '-20.00', 'GBP', 'refund'],
    ]);
    for (const bad of ['call_sid,value\n"x', 'value,currency\nabc,GBP', 'call_sid,value,currency\n1,2,3,4'])
      assert.ok([400, 422].includes((await csv('conversions', bad.replace('abc', `${call.sid},abc`))).status), bad);
  });

  it('takes what advertising cost, a month spread over its days, a day once', async () => {
    assert.deepEqual(
      (await csv('costs', 'campaign,month,amount,currency\nads-1,2026-02,280,GBP\nnobody,2026-02,1,GBP\n')).json(),
      { imported: 28, unknown_rows: [2] },
    );
    assert.deepEqual(
      (
        await v1('POST', '/marketing-costs', {
          rows: [{ campaign: 'Spring', day: '2026-02-03', amount: '25', currency: 'GBP' }],
        })
      ).json(),
      { imported: 1, unknown_rows: [] },
    );
    assert.equal(rig.sql('select sum(amount) from marketing_costs'), '295.0000');
    assert.equal((await csv('costs', 'campaign,day,amount,currency\nads-1,2026-02-31,1,GBP\n')).status, 422);
    const answer = await v1('GET', '/stats/tracking?from=2026-02-01&to=2026-02-15');
    assert.equal(
      answer.status,
      200,
      answer.text +
        rig
          .logs()
          .find(([n]) => n.startsWith('api'))[1]
          .slice(-600),
    );
    const tracked = answer.json().data.find((r) => r.key === campaign);
    assert.deepEqual(tracked.marketing_cost, { GBP: '155' });
  });
});

describe('prices of calls that were made', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 400 } });
    await rig.sim.number(rig.tenant.number);
    rig.startSweep();
  });
  after(() => rig.stop());

  it('come from Twilio by the sweep, for both legs and the recording', async () => {
    const placed = await rig.api(
      'POST',
      '/api/v1/calls',
      { to: '+442079460123', record: true },
      { headers: { 'idempotency-key': 'priced' } },
    );
    assert.equal(placed.status, 201, placed.text);
    const { id } = placed.json();
    const show = async () => (await rig.api('GET', `/api/v1/calls/${id}`)).json();
    await rig.until(async () => (await show()).ended_at !== null);
    rig.sql(`insert into jobs (tenant_id, kind, ref) values ('${rig.tenant.id}', 'price', '${id}')`);
    await rig.until(async () => {
      rig.sql("update jobs set due_at = now() where kind = 'price' and state = 'waiting'");
      return (await show()).cost.complete;
    });
    const doc = await show();
    assert.deepEqual([doc.customer_country, doc.customer_place], ['GB', 'London'], 'whence, as of an inbound call');
    assert.ok(doc.cost.entries.length >= 2, JSON.stringify(doc.cost));
    const sum = doc.cost.entries.reduce((a, e) => a + Number(e.amount), 0);
    assert.ok(Math.abs(sum - Number(doc.cost.total.USD)) < 1e-9 && sum > 0);
    await rig.until(() => rig.sql("select state from jobs where kind = 'price'") === 'done');
  });
});
