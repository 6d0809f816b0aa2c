// Every figure against the same figure made of raw rows in JavaScript: without kept cells, with them, after changes;
// over days of 23 and 25 hours in three zones; over nothing. SWITCHHOOK_CALLS=1000000 takes so many calls (with
// SWITCHHOOK_T_TIMEOUT=3600 and NODE_OPTIONS=--max-old-space-size=12000).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seed } from '../lib/calls.mjs';
import { Counted, id, ranges } from '../lib/counted.mjs';
import { addDays, attempted, local, percentile, ratio, round } from '../lib/figures.mjs';
import { inbound } from '../lib/rig.mjs';

const zones = ['America/New_York', 'Australia/Lord_Howe', 'Europe/London'];
const LONDON = zones[2];
const CALLS = Number(process.env.SWITCHHOOK_CALLS ?? 1500);

describe('figures', () => {
  let figures;
  let rig;
  before(async () => {
    figures = await Counted.start(CALLS);
    rig = figures.rig;
    rig.sql(`update clients set quality_low_seconds = 50, quality_high_seconds = 120 where id = '${id('b', 3)}';
      insert into marketing_costs (tenant_id, campaign_id, day, amount, currency)
      select '${rig.tenant.id}', '${id('c', 1)}', d::date, 10, 'USD'
        from generate_series('2025-01-01'::timestamp, '2025-12-31', '1 day') d;
      insert into cost_entries (tenant_id, kind, ref, number_id, campaign_id, amount, currency, at)
      select '${rig.tenant.id}', 'number', 'rent ' || m, '${id('d', 1)}', '${id('c', 1)}', 3.1, 'USD',
             make_timestamptz(2025, m, 1, 0, 0, 0, 'Europe/London') from generate_series(1, 12) m;
      truncate stat_dirty`);
    figures.load();
  });
  after(() => rig?.stop());
  const zone = (name) => figures.zone(name);
  const roll = () => figures.roll();
  const ask = (...a) => figures.ask(...a);
  const among = (...a) => figures.among(...a);
  const mine = (v) => figures.mine(v);
  const same = (...a) => figures.same(...a);

  for (const z of zones) {
    it(`are what raw rows say, in ${z}, from raw rows`, async () => {
      zone(z);
      figures.forget();
      await figures.everything(z);
      await figures.buckets(z);
      await figures.clock(z);
      await figures.parts(z);
    });
    it(`are the same in ${z} from kept cells`, async () => {
      roll();
      assert.ok(Number(rig.sql('select count(*) from stat_cells')) > 1000);
      await figures.everything(z);
      await figures.buckets(z);
      await figures.clock(z);
      await figures.parts(z);
    });
    it(`of callers are the same one by one and from what is kept, in ${z}`, async () => {
      await figures.frequent(z, 1e9);
      await figures.frequent(z, -1);
    });
  }

  it('stay true when calls change, come late, move or go', async () => {
    const z = LONDON;
    const [from, to] = ranges[0];
    const some = among(from, to, z, (c) => c.inSet && c.direction === 'inbound')
      .slice(0, 40)
      .map((c) => `'${c.id}'`);
    rig.sql(`update calls set outcome = 'missed', missed_reason = 'no_answer', answered_at = null
        where id in (${some.slice(0, 10)});
      update calls set lead_status = 'spam' where id in (${some.slice(10, 20)});
      update calls set created_at = created_at - interval '9 days' where id in (${some.slice(20, 25)});
      delete from calls where id in (${some.slice(25, 30)})`);
    rig.sql(
      seed(rig.tenant.id, { n: 60, days: 20, from: '2025-03-10', ahead: CALLS + 900000 }).replace(
        '= replica',
        '= origin',
      ),
    );
    figures.load();
    roll();
    await figures.everything(z);
    await figures.parts(z);
    await figures.frequent(z, -1);
  });

  it('come from the cells alone once these are kept', async () => {
    const [from, to] = ranges[2];
    const was = await ask('summary', { from, to });
    rig.sql(
      `update stat_cells set answered = answered + 1000
        where grain = 'day' and dim = 'total' and at = '2025-06-10 00:00 Europe/London'`,
    );
    const now = await ask('summary', { from, to });
    assert.ok(now.answered > was.answered, 'the kept cell was read, not its calls');
    rig.sql("insert into stat_dirty values ((select id from tenants limit 1), '2025-06-10 12:00 Europe/London')");
    roll();
    assert.equal((await ask('summary', { from, to })).answered, was.answered, 'and summed up anew where it was noted');
  });

  it('learn of calls by webhooks without being told', async () => {
    const call = inbound('told by webhooks alone');
    await rig.webhook('/api/twilio/voice/answer', call.answer);
    rig.sql(`update calls set created_at = now() - interval '5 hours' where twilio_call_sid = '${call.sid}'`);
    roll();
    const day = local(Date.now() - 5 * 36e5, LONDON).date;
    const range = { from: day, to: addDays(day, 1) };
    assert.deepEqual([(await ask('summary', range)).total_calls, (await ask('summary', range)).answered], [1, 0]);
    await rig.webhook('/api/twilio/voice/status', call.answered);
    await rig.webhook('/api/twilio/voice/status', call.childDone);
    await rig.webhook('/api/twilio/voice/status', call.completed);
    assert.equal(rig.sql('select count(*) from stat_dirty'), '0', 'the hooks pool writes no note');
    roll();
    assert.equal((await ask('summary', range)).answered, 1);
    const live = inbound('of this minute');
    await rig.webhook('/api/twilio/voice/answer', live.answer);
    assert.equal(
      (await ask('summary', {})).in_progress >= 1,
      true,
      'and what is younger than the cells is counted at once',
    );
    const told = await ask('webhooks');
    assert.deepEqual([told.deliveries, told.by_kind['voice.answer'], told.lag_of], [5, 2, 3]);
    const lags = [call.answered, call.childDone, call.completed]
      .map((f) => (Date.now() - Date.parse(f.Timestamp)) / 1000)
      .sort((a, b) => a - b);
    assert.ok(Math.abs(told.lag_seconds_median - lags[1]) < 60, `${told.lag_seconds_median} ${lags}`);
    rig.sql(`delete from calls where twilio_call_sid in ('${call.sid}', '${live.sid}')`);
  });

  it('of places, agents, call-backs and calls at once', async () => {
    const z = LONDON;
    zone(z);
    const [from, to] = ranges[0];
    const v = among(from, to, z, (c) => c.inSet);
    const inn = v.filter((c) => c.direction === 'inbound');
    const geo = await ask('geography', { from, to });
    const place = (c) =>
      c.withheld
        ? 'withheld'
        : c.customer_country === null
          ? 'unknown'
          : c.customer_country === '001'
            ? 'non-geographic'
            : c.customer_country;
    for (const r of geo.data) {
      assert.equal(r.calls, inn.filter((c) => place(c) === r.country).length, r.country);
      for (const p of r.places)
        assert.equal(p.calls, inn.filter((c) => place(c) === r.country && c.customer_place === p.place).length);
    }
    assert.equal(
      geo.data.reduce((a, r) => a + r.calls, 0),
      inn.length,
    );

    for (const r of (await ask('agents', { from, to })).data) {
      const own = v.filter((c) => c.user_id === r.user_id);
      const f = mine(own);
      const noted = own.filter((c) => c.disposition).length;
      assert.deepEqual(
        [r.answered, r.attempts, r.connected, r.talk_seconds_total, r.connect_rate, r.dispositions.interested ?? 0],
        [f.answered, f.attempts, f.connected, f.talk_seconds_total, f.connect_rate, noted],
      );
    }

    const back = await ask('callbacks', { from, to });
    const later = new Map();
    for (const c of figures.rows.filter((x) => x.customer_number)) {
      if (!later.has(c.customer_number)) later.set(c.customer_number, []);
      later.get(c.customer_number).push(c);
    }
    const waits = inn
      .filter((c) => c.outcome === 'missed' && c.customer_number)
      .map((m) => {
        const next = (later.get(m.customer_number) ?? []).find(
          (c) =>
            !c.test &&
            c.customer_number === m.customer_number &&
            c.client_id === m.client_id &&
            BigInt(c.us) > BigInt(m.us) &&
            ((c.direction === 'inbound' && c.outcome === 'answered') || attempted(c)),
        );
        return next && Number(BigInt(next.us) - BigInt(m.us)) / 1e6 <= 7 * 86400
          ? Number(BigInt(next.us) - BigInt(m.us)) / 1e6
          : null;
      });
    const called = waits.filter((w) => w !== null);
    assert.deepEqual(
      [back.missed, back.called_back, back.never],
      [waits.length, called.length, round(ratio(waits.length - called.length, waits.length))],
    );
    assert.ok(Math.abs(back.seconds_median - percentile(called, 0.5)) < 0.001);

    const at = await ask('concurrency', { from, to });
    const ends = v.flatMap((c) => [
      [BigInt(c.us), 1],
      ...(c.ended_at ? [[BigInt(Date.parse(c.ended_at)) * 1000n, -1]] : []),
    ]);
    ends.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
    let now = 0;
    assert.equal(
      at.concurrent_calls,
      ends.reduce((most, [, step]) => Math.max(most, (now += step)), 0),
    );
  });

  it('of attribution: one credit a call, to the first, the last and the lead touch, or half and half', async () => {
    const z = LONDON;
    zone(z);
    const all = () => true;
    const some = [
      [{ compare: true }, all],
      [{ client_id: id('b', 2) }, (c) => c.client_id === id('b', 2)],
      [{ client_id: id('b', 3) }, (c) => c.client_id === id('b', 3), 'Australia/Lord_Howe'],
    ];
    for (const model of ['first', 'last', 'lead', 'split']) {
      const touched = await figures.attributed(z, model, some);
      const calls = [...touched].filter((_, i) => i % Math.ceil(touched.size / 40) === 0);
      for (const [call, touches] of calls) {
        const doc = (await figures.http(`/api/v1/calls/${call}/attribution`)).json();
        const told = doc.models.find((m) => m.model === model).credits;
        assert.deepEqual(
          told.map((t) => [t.call_id, t.credit]),
          touches.map((t) => [t.row.id, t.credit]),
          `${model} ${call}`,
        );
        assert.ok(doc.touchpoints.every((p, i) => i === 0 || p.at >= doc.touchpoints[i - 1].at));
      }
    }
    const out = figures.rows.find((c) => c.direction === 'outbound').id;
    const none = (await figures.http(`/api/v1/calls/${out}/attribution`)).json();
    assert.deepEqual([none.models, none.touchpoints], [[], []], 'what we called is credited to nobody');
  });

  it('explain credits: touchpoints of 90 days, a number without, a withheld caller, another client', async () => {
    zone('UTC');
    rig.sql(`insert into numbers (id, tenant_id, e164, source) values
        ('${id('d', 8)}', '${rig.tenant.id}', '+442079461008', 'van'),
        ('${id('d', 9)}', '${rig.tenant.id}', '+442079461009', null)`);
    const call = (
      n,
      day,
      { source = null, campaign = null, number = 9, client = null, caller = '+441632999001' } = {},
    ) => {
      const callId = `0f000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
      const text = (x) => (x === null ? 'null' : `'${x}'`);
      rig.sql(`insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
          customer_number, withheld, number_id, client_id, campaign_id, source, outcome, created_at, ended_at)
        values ('${callId}', '${rig.tenant.id}', 'CA${String(n).padStart(32, 'f')}', '+441632999001', '+442079461009',
          'inbound', 'customer', 'completed', ${text(caller)}, ${caller === null}, '${id('d', number)}',
          ${text(client)}, ${text(campaign)}, ${text(source)}, 'answered', '${day} 10:00+00', '${day} 10:01+00')`);
      return callId;
    };
    const a = call(1, '2023-01-01', { number: 8 });
    const b = call(2, '2023-03-01', { source: 'google' });
    const c = call(3, '2023-04-01', { campaign: id('c', 3) });
    const d = call(4, '2023-05-30');
    const e = call(5, '2023-12-01');
    const f = call(6, '2023-05-30', { client: id('b', 2) });
    const g = call(7, '2023-05-30', { caller: null, source: 'radio' });
    const h = call(8, '2023-05-30', { caller: null, number: 8 });
    const of = async (callId) => {
      const doc = (await figures.http(`/api/v1/calls/${callId}/attribution`)).json();
      const models = doc.models.map((m) => [m.model, m.credits.map((t) => [t.call_id, t.source, t.because, t.credit])]);
      return [doc.touchpoints.map((t) => t.call_id), Object.fromEntries(models)];
    };
    const own = (x, source, because) => {
      const whole = [[x, source, because, 1]];
      const half = [x, source, because, 0.5];
      return { first: whole, last: whole, lead: whole, split: [half, half] };
    };
    assert.deepEqual(await of(a), [[], own(a, 'van', 'number')], 'the number called has a source of its own');
    const lead = [a, 'van', 'number'];
    assert.deepEqual(await of(d), [
      [b, c],
      {
        first: [[b, 'google', 'touchpoint', 1]],
        last: [[c, null, 'touchpoint', 1]],
        lead: [[...lead, 1]],
        split: [
          [b, 'google', 'touchpoint', 0.5],
          [...lead, 0.5],
        ],
      },
    ]);
    const late = { ...own(e, 'direct', 'none'), lead: [[...lead, 1]] };
    late.split = [late.split[0], [...lead, 0.5]];
    assert.deepEqual(await of(e), [[], late], 'touchpoints of more than 90 days ago are none; the lead stays');
    assert.deepEqual(await of(f), [[], own(f, 'direct', 'none')], 'another client is another caller');
    assert.deepEqual(await of(g), [[g], own(g, 'radio', 'touchpoint')], 'a withheld caller has that call alone');
    assert.deepEqual(await of(h), [[], own(h, 'van', 'number')]);
    rig.sql(`insert into conversions (tenant_id, call_id, value, currency) values
      ('${rig.tenant.id}', '${d}', 100, 'EUR'), ('${rig.tenant.id}', '${d}', 7, 'USD')`);
    const split = await ask('attribution', { from: '2023-05-30', to: '2023-05-31', model: 'split' });
    assert.deepEqual(
      split.data.map((r) => [r.source, r.credits, r.conversions, r.revenue]),
      [
        ['van', 1.5, 1, { EUR: '50', USD: '3.5' }],
        ['direct', 1, 0, {}],
        ['radio', 1, 0, {}],
        ['google', 0.5, 1, { EUR: '50', USD: '3.5' }],
      ],
    );
    rig.sql(`create or replace function credits_most() returns integer language sql immutable as 'select 3'`);
    const refused = await figures.http('/api/v1/stats/attribution?from=2023-05-30&to=2023-05-31');
    assert.equal(refused.status, 422, 'more calls than can be looked up at once');
    assert.match(refused.text, /200000 calls/);
    rig.sql("delete from calls where id::text like '0f0%'");
  });

  it('of money: by campaign, source and client; currencies side by side, never added', async () => {
    const z = LONDON;
    zone(z);
    const [from, to] = ['2025-03-01', '2025-04-01'];
    const v = among(from, to, z);
    const money = (list) => {
      const out = {};
      for (const [currency, amount] of list) out[currency] = (out[currency] ?? 0) + amount;
      return out;
    };
    const close = (a, b, what) => {
      assert.deepEqual(Object.keys(a).sort(), Object.keys(b).sort(), what);
      for (const k of Object.keys(a)) assert.ok(Math.abs(Number(a[k]) - b[k]) < 1e-4, `${what}: ${a[k]} ${b[k]}`);
    };
    // What was charged stays charged, at its time, whatever became of the call.
    const spent = figures.costs.filter(
      (k) => k.kind !== 'number' && local(Date.parse(k.at), z).date >= from && local(Date.parse(k.at), z).date < to,
    );
    const source = new Map(figures.rows.map((c) => [c.id, c.source]));
    for (const [by, column] of [
      ['campaign', 'campaign_id'],
      ['client', 'client_id'],
      ['source', 'source'],
    ]) {
      for (const r of (await ask('tracking', { from, to, by })).data) {
        const own = v.filter((c) => c[column] === r.key);
        const ids = new Map(own.map((c) => [c.id, c]));
        const f = mine(own);
        const sold = figures.conversions.filter((k) => ids.get(k.call_id)?.inSet);
        const won = new Set(
          sold
            .filter((k) => ids.get(k.call_id).direction === 'inbound' && ids.get(k.call_id).outcome === 'answered')
            .map((k) => k.call_id),
        ).size;
        same(
          r,
          {
            inbound: f.inbound,
            answered: f.answered,
            leads: f.leads,
            conversions: sold.length,
            conversion_rate: round(ratio(won, f.answered)),
          },
          `${by} ${r.key}`,
        );
        close(r.revenue, money(sold.map((k) => [k.currency, Number(k.value)])), 'revenue');
        close(
          r.call_cost,
          money(
            spent
              .filter((k) => (by === 'source' ? (source.get(k.call_id) ?? null) : k[column]) === r.key)
              .map((k) => [k.currency, Number(k.amount)]),
          ),
          'call cost',
        );
        const ads =
          (by === 'campaign' && r.key === id('c', 1)) ||
          (by === 'source' && r.key === 'google') ||
          (by === 'client' && r.key === null)
            ? { USD: 310 }
            : {};
        close(r.marketing_cost, ads, 'marketing');
        const total = Number(r.cost.USD ?? 0);
        assert.ok(
          Math.abs(
            total - Number(r.call_cost.USD ?? 0) - Number(r.marketing_cost.USD ?? 0) - Number(r.number_rent.USD ?? 0),
          ) < 1e-4,
        );
        if (f.leads > 0 && r.cost.USD) assert.ok(Math.abs(Number(r.cost_per_lead.USD) - total / f.leads) < 1e-3);
        assert.equal(r.roi, Object.keys(r.revenue).length ? null : r.cost.USD ? -1 : null, 'pounds are not dollars');
      }
    }
    rig.sql("update conversions set currency = 'USD'");
    const one = (await ask('tracking', { from, to })).data.find((r) => r.key === id('c', 1));
    assert.equal(one.roi, round((Number(one.revenue.USD) - Number(one.cost.USD)) / Number(one.cost.USD)));
    assert.deepEqual(one.number_rent, { USD: '3.1' }, 'a whole month of rent');
    const half = (await ask('tracking', { from: '2025-03-01', to: '2025-03-16' })).data.find(
      (r) => r.key === id('c', 1),
    );
    assert.ok(Math.abs(Number(half.number_rent.USD) - (3.1 * 15) / 31) < 1e-4, 'and half of one');
    const kinds = (await ask('costs', { from, to })).data;
    close(kinds.find((k) => k.key === 'leg').cost, money(spent.map((k) => [k.currency, Number(k.amount)])), 'legs');
    for (const [by, name] of [
      ['client', 'Client 2'],
      ['campaign', 'Campaign 2'],
      ['number', '+442079461002'],
    ]) {
      const { data } = await ask('costs', { from, to, by });
      assert.equal(data.find((k) => /0002$/.test(k.key)).name, name, 'and whose they are');
    }
  });

  it('are compared with the range before, a month with the month before', async () => {
    zone('Europe/London');
    const march = await ask('summary', { from: '2025-03-01', to: '2025-04-01', compare: true });
    assert.deepEqual([march.comparison.from, march.comparison.to], ['2025-02-01', '2025-03-01']);
    const week = await ask('summary', { from: '2025-06-08', to: '2025-06-15', compare: true });
    assert.deepEqual([week.comparison.from, week.comparison.to], ['2025-06-01', '2025-06-08']);
    const was = mine(among('2025-06-01', '2025-06-08', 'Europe/London'));
    same(week.comparison.figures, was);
    assert.equal(week.comparison.change.total_calls, round((week.total_calls - was.total_calls) / was.total_calls));
    const nothing = await ask('summary', { from: '2019-01-08', to: '2019-01-15', compare: true });
    assert.equal(nothing.comparison.change.total_calls, null, 'nothing to compare with');
  });

  it('of nothing are nothing: counts 0, ratios and means null, buckets there', async () => {
    const range = { from: '2019-03-25', to: '2019-04-03' };
    same(await ask('summary', range), mine([]));
    const line = await ask('timeline', range);
    assert.equal(line.data.length, 9);
    for (const b of line.data) same(b, mine([]));
    assert.equal((await ask('hours', range)).peak_hour, null);
    assert.equal((await ask('heatmap', range)).peak_slot, null);
    for (const report of ['breakdown', 'callers', 'geography', 'agents', 'best-time', 'costs'])
      assert.deepEqual((await ask(report, range)).data, [], report);
    assert.equal((await ask('callbacks', range)).never, null);
    assert.equal((await ask('concurrency', range)).concurrent_calls, 0);
    const rec = await ask('recordings', range);
    assert.deepEqual(
      [rec.transcription_coverage, rec.recording_coverage, rec.sentiment.mean_score],
      [null, null, null],
    );
    for (const report of ['forecast', 'usage', 'webhooks', 'correlation', 'tracking']) await ask(report, {});
  });

  it('of agents leg by leg: offered, taken, lost to another, missed, talk before and after a transfer', async () => {
    zone('UTC');
    const hex = (u) => u.replaceAll('-', '');
    const leg = (u) => `client:user_${hex(u)}_${hex(rig.tenant.id)}`;
    const [one, two] = [id('a', 1), id('a', 2)];
    rig.sql(`update users set forward_to = '+442079460555' where id = '${two}'`);
    const call = (n, outcome, user, legs) => {
      const callId = `0f000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
      const sid = (k) => `CA${`${n}${k}`.padStart(32, 'f')}`;
      const at = (sec) => (sec === null ? 'null' : `'2024-02-05 10:00:00+00'::timestamptz + ${sec} * interval '1 s'`);
      const answered = legs.find((l) => l[1] !== null);
      rig.sql(`insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
          customer_number, user_id, outcome, missed_reason, talk_seconds, created_at, answered_at, ended_at)
        values ('${callId}', '${rig.tenant.id}', '${sid(0)}', '+441632000001', '+442079461001', 'inbound', 'customer',
          'completed', '+441632000001', '${user}', '${outcome}', ${answered ? 'null' : "'no_answer'"}, 60, ${at(0)},
          ${at(answered ? answered[1] : null)}, ${at(100)});
        insert into call_legs (tenant_id, sid, call_id, role, status, endpoint, answered_at, ended_at)
        values ('${rig.tenant.id}', '${sid(0)}', '${callId}', 'customer', 'completed', '+441632000001', ${at(0)},
          ${at(100)});`);
      legs.forEach(([endpoint, from, to, status], k) =>
        rig.sql(`insert into call_legs (tenant_id, sid, call_id, parent_sid, role, status, endpoint, answered_at,
          ended_at) values ('${rig.tenant.id}', '${sid(k + 1)}', '${callId}', '${sid(0)}', 'agent', '${status}',
          '${endpoint}', ${at(from)}, ${at(to)})`),
      );
    };
    call(1, 'answered', one, [
      [leg(one), 10, 40, 'completed'],
      ['+442079460555', 45, 120, 'completed'],
    ]);
    call(2, 'answered', one, [
      [leg(one), null, 20, 'no-answer'],
      [leg(two), 15, 75, 'completed'],
    ]);
    call(3, 'missed', one, [[leg(one), null, 20, 'no-answer']]);
    rig.sql(`update users set available = false where id = '${one}';
      delete from user_availability;
      update users set available = true where id = '${one}';
      update users set available = false where id = '${one}';
      update user_availability set from_at = '2024-02-05 12:00+00', to_at = '2024-02-05 13:30+00'
       where user_id = '${one}'`);
    const { data } = await ask('agents', { from: '2024-02-05', to: '2024-02-06' });
    const of = (u) => data.find((r) => r.user_id === u);
    const told = (r) => [
      r.offered,
      r.answered,
      r.lost_race,
      r.missed_offers,
      r.talk_seconds_total,
      r.talk_seconds_mean,
    ];
    assert.deepEqual(told(of(one)), [3, 1, 1, 1, 30, 30]);
    assert.deepEqual(told(of(two)), [2, 2, 0, 0, 115, 57.5], 'the talk ends with the customer');
    assert.equal(of(one).available_seconds, 5400);
    rig.sql("delete from calls where id::text like '0f0%'");
  });

  it('of numbers: how much of them was given to somebody, at most and over time', async () => {
    zone('UTC');
    rig.sql(`delete from number_assignments;
      update numbers set created_at = '2024-03-01', released_at = case when id in ('${id('d', 1)}', '${id('d', 2)}')
        then null else '2024-03-01 00:00+00'::timestamptz end;
      insert into number_assignments (tenant_id, number_id, user_id, from_at, to_at) values
        ('${rig.tenant.id}', '${id('d', 1)}', '${id('a', 1)}', '2024-03-04 10:00+00', '2024-03-04 11:00+00'),
        ('${rig.tenant.id}', '${id('d', 2)}', '${id('a', 1)}', '2024-03-04 10:30+00', '2024-03-04 10:45+00')`);
    const doc = await ask('numbers', { from: '2024-03-04', to: '2024-03-05' });
    assert.equal(doc.data.length, 24);
    const at = (h) => doc.data.find((r) => r.at.includes(`T${h}:00`));
    assert.deepEqual([at('09').max, at('10').max, at('10').mean, at('10').numbers], [0, 1, 0.625, 2]);
    assert.deepEqual([doc.utilisation_max, doc.utilisation_mean], [1, round(0.625 / 24)]);
    const none = await ask('numbers', { from: '2019-03-04', to: '2019-03-05' });
    assert.deepEqual([none.utilisation_max, none.utilisation_mean, none.data], [null, null, none.data]);
  });

  it('has 365 rows for a year, and refuses what is no range', async () => {
    assert.equal((await ask('timeline', { from: '2025-01-01', to: '2026-01-01' })).data.length, 365);
    assert.equal((await ask('timeline', { from: '2024-01-01', to: '2025-01-01' })).data.length, 366);
    for (const q of ['from=2025-01-02&to=2025-01-01', 'from=2000-01-01&to=2025-01-01'])
      assert.equal((await figures.http(`/api/v1/stats/summary?${q}`)).status, 422);
    assert.equal((await figures.http('/api/v1/stats/timeline?by=hour&from=2024-01-01&to=2025-01-01')).status, 422);
  });
});
