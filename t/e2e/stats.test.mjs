// Every figure against the same figure made of raw rows in JavaScript: without kept cells, with them, after changes;
// over days of 23 and 25 hours in three zones; over nothing. SWITCHHOOK_CALLS=1000000 takes so many calls (with
// SWITCHHOOK_T_TIMEOUT=3600 and NODE_OPTIONS=--max-old-space-size=12000).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seed } from '../lib/calls.mjs';
import {
  addDays,
  attempted,
  days,
  figures,
  local,
  percentile,
  prepare,
  ratio,
  round,
  slots,
  when,
} from '../lib/figures.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe'];
// Spring and autumn: London 30 March and 26 October, New York 9 March and 2 November, Lord Howe 6 April and 5 October.
const ranges = [
  ['2025-03-05', '2025-04-10'],
  ['2025-09-30', '2025-11-06'],
  ['2025-06-01', '2025-07-01'],
];
const CALLS = Number(process.env.SWITCHHOOK_CALLS ?? 1500);
const CHUNK = 50000;
const id = (letter, n) => `0${letter}000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('figures', () => {
  let rig;
  let rows;
  let clients;
  let conversions;
  let costs;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0, hooks: 1 } });
    for (let ahead = 0; ahead < CALLS; ahead += CHUNK) {
      const n = Math.min(CHUNK, CALLS - ahead);
      const from = new Date(Date.parse('2025-02-20') + (ahead / CALLS) * 290 * 864e5).toISOString();
      const callers = Math.max(120, Math.floor(CALLS / 40));
      rig.sql(seed(rig.tenant.id, { n, from, days: (290 * n) / CALLS, ahead, callers }));
    }
    rig.sql('analyze calls');
    rig.sql(`update clients set quality_low_seconds = 50, quality_high_seconds = 120 where id = '${id('b', 3)}';
      insert into marketing_costs (tenant_id, campaign_id, day, amount, currency)
      select '${rig.tenant.id}', '${id('c', 1)}', d::date, 10, 'USD'
        from generate_series('2025-01-01'::timestamp, '2025-12-31', '1 day') d;
      insert into cost_entries (tenant_id, kind, ref, number_id, campaign_id, amount, currency, at)
      select '${rig.tenant.id}', 'number', 'rent ' || m, '${id('d', 1)}', '${id('c', 1)}', 3.1, 'USD',
             make_timestamptz(2025, m, 1, 0, 0, 0, 'Europe/London') from generate_series(1, 12) m;
      truncate stat_dirty`);
    load();
  });
  after(() => rig.stop());

  function all(columns, table, key) {
    const out = [];
    for (let last = ''; ; last = out.at(-1).id.replaceAll("'", "''")) {
      const more = rig.rows(`select ${columns} from ${table} where ${key} > '${last}' collate "C"
        order by ${key} collate "C" limit ${CHUNK}`);
      for (const row of more) out.push(row);
      if (more.length < CHUNK) return out;
    }
  }
  function load() {
    const us = '(extract(epoch from created_at) * 1000000)::bigint::text as us';
    const calls = `id, direction, outcome, missed_reason, kind, voicemail, test, customer_number, withheld, client_id,
      user_id, number_id, campaign_id, source, customer_country, customer_place, duration_seconds, talk_seconds,
      wait_seconds, ring_seconds, ended_by, lead_status, disposition, answered_at, ended_at, twilio_call_sid`;
    rows = prepare(all(`${calls}, ${us}`, 'calls', 'id::text'));
    clients = Object.fromEntries(rig.rows('select * from clients').map((c) => [c.id, c]));
    conversions = all('id, call_id, value, currency', 'conversions', 'id::text');
    costs = all('kind, ref as id, call_id, client_id, campaign_id, amount, currency, at', 'cost_entries', 'ref');
  }
  const zone = (name) => rig.sql(`update tenants set time_zone = '${name}'`);
  // As the sweep does it, until nothing is left to do.
  const roll = () => {
    const one = () =>
      Number(
        rig
          .sql(
            `begin; select set_config('app.tenant', '${rig.tenant.id}', true); select stat_refresh(120);
        commit`,
            'switchhook_sweep',
          )
          .split('\n')
          .at(-1),
      );
    while (one() > 0);
    assert.equal(rig.sql('select count(*) from stat_dirty'), '0');
    assert.equal(rig.sql("select rolled_from = '-infinity' from stat_marks"), 't');
  };
  const get = async (report, query = {}) => {
    const res = await rig.api('GET', `/api/v1/stats/${report}?${new URLSearchParams(query)}`);
    assert.equal(res.status, 200, res.text);
    return res.json();
  };
  const among = (from, to, z, f = () => true) =>
    rows.filter((c) => {
      const { date } = when(c, z);
      return date >= from && date < to && f(c);
    });
  const mine = (v) => figures(v, { clients });
  const picked = (doc, like) => Object.fromEntries(Object.keys(like).map((k) => [k, doc[k]]));
  const same = (doc, want, what) => assert.deepEqual(picked(doc, want), want, what);

  const scopes = [
    [{}, () => true],
    [{ client_id: id('b', 1) }, (c) => c.client_id === id('b', 1), 'America/New_York'],
    [{ client_id: id('b', 2) }, (c) => c.client_id === id('b', 2)],
    [
      { client_id: id('b', 3), direction: 'inbound' },
      (c) => c.client_id === id('b', 3) && c.direction === 'inbound',
      'Australia/Lord_Howe',
    ],
    [{ user_id: id('a', 2) }, (c) => c.user_id === id('a', 2)],
    [
      { number_id: id('d', 3), direction: 'outbound' },
      (c) => c.number_id === id('d', 3) && c.direction === 'outbound',
    ],
    [{ campaign_id: id('c', 1) }, (c) => c.campaign_id === id('c', 1)],
    [{ source: 'google' }, (c) => c.source === 'google'],
    [{ client_id: id('b', 2), user_id: id('a', 1) }, (c) => c.client_id === id('b', 2) && c.user_id === id('a', 1)],
    [
      { client_id: id('b', 1), source: 'radio' },
      (c) => c.client_id === id('b', 1) && c.source === 'radio',
      'America/New_York',
    ],
    [{ campaign_id: '00000000-0000-7000-8000-000000000000' }, () => false],
  ];

  async function everything(z) {
    for (const [from, to] of ranges) {
      for (const [query, f, own] of scopes) {
        const doc = await get('summary', { ...query, from, to });
        assert.equal(doc.time_zone, own ?? z);
        same(doc, mine(among(from, to, own ?? z, f)), `${z} ${from} ${JSON.stringify(query)}`);
      }
    }
  }
  async function buckets(z) {
    const [from, to] = ranges[z.startsWith('A') ? 1 : 0];
    for (const by of ['day', 'week', 'month', 'hour']) {
      const doc = await get('timeline', { from, to, by });
      const key = (c) => {
        const l = when(c, z);
        if (by === 'day') return l.date;
        if (by === 'month') return l.date.slice(0, 7);
        if (by === 'week') return addDays(l.date, 1 - l.weekday);
        return new Date(c.at - l.minute * 6e4 - (c.at % 6e4)).toISOString();
      };
      const want = new Map();
      if (by === 'hour') {
        for (
          let t = Date.parse(`${from}T00:00Z`) - 14 * 36e5;
          t < Date.parse(`${to}T00:00Z`) + 14 * 36e5;
          t += 18e5
        ) {
          const l = local(t, z);
          if (l.date >= from && l.date < to) want.set(new Date(t - l.minute * 6e4).toISOString(), []);
        }
      } else
        for (const d of days(from, to)) {
          const week = addDays(d, 1 - (((new Date(`${d}T00:00Z`).getUTCDay() + 6) % 7) + 1));
          want.set({ day: d, month: d.slice(0, 7), week }[by], []);
        }
      for (const c of among(from, to, z)) want.get(key(c)).push(c);
      assert.equal(doc.data.length, want.size, `${z} ${by}`);
      assert.equal(new Set(doc.data.map((b) => b.label)).size, want.size, 'no label twice');
      [...want.values()].forEach((v, i) => {
        const f = mine(v);
        if (by === 'hour') for (const k of Object.keys(f)) if (/median|p90/.test(k)) delete f[k];
        same(doc.data[i], f, `${z} ${doc.data[i].label}`);
        const first = [...want.keys()][i];
        const end = by === 'week' ? addDays(first, 7) : `${first}-32`;
        const cut =
          by === 'week'
            ? first < from || end > to
            : by === 'month' && [from, to].some((d) => d.startsWith(first) && !d.endsWith('01'));
        assert.equal(doc.data[i].partial, cut, `${by} ${first} is cut by the range`);
      });
    }
  }
  async function clock(z) {
    const [from, to] = ranges[0];
    const v = among(from, to, z).filter((c) => c.inSet);
    const times = slots(from, to, z);
    const of = (w, h) =>
      v.filter((c) => (w === null || when(c, z).weekday === w) && (h === null || when(c, z).hour === h));
    const hours = await get('hours', { from, to });
    hours.data.forEach((r, h) => {
      const n = [1, 2, 3, 4, 5, 6, 7].reduce((a, w) => a + (times.get(`${w} ${h}`)?.size ?? 0), 0);
      assert.deepEqual(
        [r.hour, r.calls, r.days, r.mean],
        [h, of(null, h).length, n, round(ratio(of(null, h).length, n))],
        `${z} hour ${h}`,
      );
    });
    const means = hours.data.map((r) => r.mean);
    assert.equal(hours.peak_hour, means.indexOf(Math.max(...means)));
    const week = await get('weekdays', { from, to });
    week.data.forEach((r, i) => {
      const n = days(from, to).filter((d) => (new Date(`${d}T00:00Z`).getUTCDay() + 6) % 7 === i).length;
      assert.deepEqual(
        [r.weekday, r.calls, r.days, r.mean],
        [i + 1, of(i + 1, null).length, n, round(ratio(of(i + 1, null).length, n))],
      );
    });
    const heat = await get('heatmap', { from, to });
    assert.equal(heat.data.length, 168);
    for (const r of heat.data) {
      const f = mine(of(r.weekday, r.hour));
      assert.deepEqual(
        [r.calls, r.days, r.answer_rate],
        [
          f.total_calls,
          times.get(`${r.weekday} ${r.hour}`)?.size ?? 0,
          f.answered + f.missed >= 5 ? f.answer_rate : null,
        ],
      );
    }
    const best = (await get('best-time', { from: '2025-02-20', to: '2025-12-01' })).data;
    const all = among('2025-02-20', '2025-12-01', z).filter((c) => c.inSet);
    for (const r of best) {
      const tried = all.filter(
        (c) => attempted(c) && when(c, z).weekday === r.weekday && when(c, z).hour === r.hour,
      );
      const k = tried.filter((c) => c.outcome === 'connected').length;
      const n = tried.length;
      assert.deepEqual([r.attempts, r.connected], [n, k]);
      const p = k / n;
      const t = 1.96;
      const low = (p + (t * t) / (2 * n) - t * Math.sqrt((p * (1 - p) + (t * t) / (4 * n)) / n)) / (1 + (t * t) / n);
      assert.equal(r.lower_bound, n < 20 ? null : round(low));
    }
    assert.equal(
      best.reduce((a, r) => a + r.attempts, 0),
      all.filter(attempted).length,
    );
  }
  const keys = {
    client: 'client_id',
    user: 'user_id',
    number: 'number_id',
    campaign: 'campaign_id',
    source: 'source',
  };
  async function parts(z) {
    const [from, to] = ranges[0];
    const v = among(from, to, z);
    for (const [by, column] of Object.entries(keys)) {
      const doc = await get('breakdown', { from, to, by });
      const groups = Map.groupBy
        ? Map.groupBy(v, (c) => c[column])
        : v.reduce((m, c) => (m.has(c[column]) ? m.get(c[column]).push(c) : m.set(c[column], [c]), m), new Map());
      assert.deepEqual(new Set(doc.data.map((r) => r.key)), new Set(groups.keys()), by);
      for (const r of doc.data) same(r, mine(groups.get(r.key)), `${z} ${by} ${r.name}`);
      assert.equal(
        doc.data.reduce((a, r) => a + r.total_calls, 0),
        mine(v).total_calls,
        'groups sum to the total',
      );
    }
    const nations = await get('breakdown', { from, to, by: 'country', direction: 'inbound' });
    const inn = v.filter((c) => c.direction === 'inbound');
    for (const r of nations.data)
      same(
        r,
        mine(inn.filter((c) => (c.withheld ? 'withheld' : (c.customer_country ?? 'unknown')) === r.key)),
        r.key,
      );
  }

  for (const z of zones)
    it(`are what raw rows say, in ${z}, from raw rows`, async () => {
      zone(z);
      rig.sql('delete from stat_marks; truncate stat_dirty');
      await everything(z);
      await buckets(z);
      await clock(z);
      await parts(z);
    });
  for (const z of zones)
    it(`are the same in ${z} from kept cells`, async () => {
      zone(z);
      roll();
      // What is not kept cannot be counted: with the calls hidden, the figures stand.
      assert.ok(Number(rig.sql('select count(*) from stat_cells')) > 1000);
      await everything(z);
      await buckets(z);
      await clock(z);
      await parts(z);
    });

  // few: how many inbound calls are counted one by one rather than from what is kept.
  async function frequent(z, few) {
    rig.sql(`create or replace function callers_few() returns integer language sql immutable parallel safe
      as 'select ${few}'`);
    const kept = `set app.tenant = '${rig.tenant.id}'; select callers_most(stat_scope('{"from": "2025-03-05",
      "to": "2025-04-10"}'), 5) is not null`;
    assert.equal(rig.sql(kept, 'switchhook_app'), 't', 'what is kept is enough to say');
    for (const [from, to] of [...ranges, ['2025-02-20', '2025-12-20'], ['2025-03-11', '2025-03-12']]) {
      const inn = among(from, to, z, (c) => c.inSet && c.direction === 'inbound');
      const by = new Map();
      for (const c of inn.filter((x) => x.customer_number))
        if (by.has(c.customer_number)) by.get(c.customer_number).push(c);
        else by.set(c.customer_number, [c]);
      const top = [...by]
        .map(([number, list]) => [number, list.length, list.reduce((last, c) => Math.max(last, Number(c.us)), 0)])
        .sort((a, b) => b[1] - a[1] || b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
      const callers = await get('callers', { from, to, limit: 25 });
      assert.deepEqual(
        callers.data.map((r) => [r.customer_number, r.calls]),
        top.slice(0, 25).map((t) => t.slice(0, 2)),
      );
      assert.equal(callers.withheld, inn.filter((c) => !c.customer_number).length);
      const many = (lo, hi) => top.filter((t) => t[1] >= lo && t[1] <= hi).length;
      assert.deepEqual(callers.frequency, { 1: many(1, 1), 2: many(2, 2), '3-5': many(3, 5), '6+': many(6, 1e9) });
      const gaps = [...by.values()].flatMap((l) => {
        const at = l.map((c) => Number(c.us)).sort((x, y) => x - y);
        return at.slice(1).map((t, i) => (t - at[i]) / 864e8);
      });
      const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
      assert.ok(gaps.length ? Math.abs(callers.mean_days_between - mean) < 1e-3 : callers.mean_days_between === null);

    }
  }
  for (const z of zones)
    it(`of callers are the same one by one and from what is kept, in ${z}`, async () => {
      zone(z);
      roll();
      await frequent(z, 1e9);
      await frequent(z, -1);
    });

  it('come from the cells alone once these are kept', async () => {
    const [from, to] = ranges[2];
    zone('UTC');
    roll();
    const was = await get('summary', { from, to });
    rig.sql(
      `update stat_cells set answered = answered + 1000
        where grain = 'day' and dim = 'total' and at >= '2025-06-10' and at < '2025-06-11'`,
    );
    const now = await get('summary', { from, to });
    assert.ok(now.answered > was.answered, 'the kept cell was read, not its calls');
    rig.sql("insert into stat_dirty values ((select id from tenants limit 1), '2025-06-10 12:00+00')");
    roll();
    assert.equal(
      (await get('summary', { from, to })).answered,
      was.answered,
      'and summed up anew where it was noted',
    );
  });

  it('stay true when calls change, come late, move or go', async () => {
    const z = zones[0];
    zone(z);
    roll();
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
      seed(rig.tenant.id, { n: 60, days: 20, from: '2025-03-10', ahead: 900000 }).replace('= replica', '= origin'),
    );
    load();
    roll();
    await everything(z);
    await parts(z);
    await frequent(z, -1);
  });

  it('learn of calls by webhooks without being told', async () => {
    zone('UTC');
    roll();
    const call = inbound('told by webhooks alone');
    await rig.webhook('/api/twilio/voice/answer', call.answer);
    rig.sql(`update calls set created_at = now() - interval '5 hours' where twilio_call_sid = '${call.sid}'`);
    roll();
    const day = new Date(Date.now() - 5 * 36e5).toISOString().slice(0, 10);
    const range = { from: day, to: addDays(day, 1) };
    assert.deepEqual([(await get('summary', range)).total_calls, (await get('summary', range)).answered], [1, 0]);
    await rig.webhook('/api/twilio/voice/status', call.answered);
    await rig.webhook('/api/twilio/voice/status', call.childDone);
    await rig.webhook('/api/twilio/voice/status', call.completed);
    assert.equal(rig.sql('select count(*) from stat_dirty'), '0', 'the hooks pool writes no note');
    roll();
    assert.equal((await get('summary', range)).answered, 1);
    const live = inbound('of this minute');
    await rig.webhook('/api/twilio/voice/answer', live.answer);
    assert.equal(
      (await get('summary', {})).in_progress >= 1,
      true,
      'and what is younger than the cells is counted at once',
    );
    const told = await get('webhooks');
    assert.deepEqual([told.deliveries, told.by_kind['voice.answer'], told.lag_of], [5, 2, 3]);
    const lags = [call.answered, call.childDone, call.completed]
      .map((f) => (Date.now() - Date.parse(f.Timestamp)) / 1000)
      .sort((a, b) => a - b);
    assert.ok(Math.abs(told.lag_seconds_median - lags[1]) < 60, `${told.lag_seconds_median} ${lags}`);
    rig.sql(`delete from calls where twilio_call_sid in ('${call.sid}', '${live.sid}')`);
    load();
  });

  it('of places, agents, call-backs and calls at once', async () => {
    const z = zones[0];
    zone(z);
    const [from, to] = ranges[0];
    const v = among(from, to, z, (c) => c.inSet);
    const inn = v.filter((c) => c.direction === 'inbound');
    const geo = await get('geography', { from, to });
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

    for (const r of (await get('agents', { from, to })).data) {
      const own = v.filter((c) => c.user_id === r.user_id);
      const f = mine(own);
      const noted = own.filter((c) => c.disposition).length;
      assert.deepEqual(
        [r.answered, r.attempts, r.connected, r.talk_seconds_total, r.connect_rate, r.dispositions.interested ?? 0],
        [f.answered, f.attempts, f.connected, f.talk_seconds_total, f.connect_rate, noted],
      );
    }

    const back = await get('callbacks', { from, to });
    const later = new Map();
    for (const c of rows.filter((x) => x.customer_number)) {
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

    const at = await get('concurrency', { from, to });
    const ends = v.flatMap((c) => [
      [BigInt(c.us), 1],
      ...(c.ended_at ? [[BigInt(Date.parse(c.ended_at)) * 1000n, -1]] : []),
    ]);
    ends.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
    let now = 0;
    assert.equal(at.concurrent_calls, ends.reduce((most, [, step]) => Math.max(most, (now += step)), 0));
  });

  it('of money: by campaign, source and client; currencies side by side, never added', async () => {
    const z = zones[0];
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
    const spent = costs.filter(
      (k) => k.kind !== 'number' && local(Date.parse(k.at), z).date >= from && local(Date.parse(k.at), z).date < to,
    );
    const source = new Map(rows.map((c) => [c.id, c.source]));
    for (const [by, column] of [
      ['campaign', 'campaign_id'],
      ['client', 'client_id'],
      ['source', 'source'],
    ]) {
      for (const r of (await get('tracking', { from, to, by })).data) {
        const own = v.filter((c) => c[column] === r.key);
        const ids = new Map(own.map((c) => [c.id, c]));
        const f = mine(own);
        const sold = conversions.filter((k) => ids.get(k.call_id)?.inSet);
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
    const one = (await get('tracking', { from, to })).data.find((r) => r.key === id('c', 1));
    assert.equal(one.roi, round((Number(one.revenue.USD) - Number(one.cost.USD)) / Number(one.cost.USD)));
    assert.deepEqual(one.number_rent, { USD: '3.1' }, 'a whole month of rent');
    const half = (await get('tracking', { from: '2025-03-01', to: '2025-03-16' })).data.find(
      (r) => r.key === id('c', 1),
    );
    assert.ok(Math.abs(Number(half.number_rent.USD) - (3.1 * 15) / 31) < 1e-4, 'and half of one');
    const kinds = (await get('costs', { from, to })).data;
    close(kinds.find((k) => k.key === 'leg').cost, money(spent.map((k) => [k.currency, Number(k.amount)])), 'legs');
  });

  it('are compared with the range before, a month with the month before', async () => {
    zone('Europe/London');
    const march = await get('summary', { from: '2025-03-01', to: '2025-04-01', compare: true });
    assert.deepEqual([march.comparison.from, march.comparison.to], ['2025-02-01', '2025-03-01']);
    const week = await get('summary', { from: '2025-06-08', to: '2025-06-15', compare: true });
    assert.deepEqual([week.comparison.from, week.comparison.to], ['2025-06-01', '2025-06-08']);
    const was = mine(among('2025-06-01', '2025-06-08', 'Europe/London'));
    same(week.comparison.figures, was);
    assert.equal(week.comparison.change.total_calls, round((week.total_calls - was.total_calls) / was.total_calls));
    const nothing = await get('summary', { from: '2019-01-08', to: '2019-01-15', compare: true });
    assert.equal(nothing.comparison.change.total_calls, null, 'nothing to compare with');
  });

  it('of nothing are nothing: counts 0, ratios and means null, buckets there', async () => {
    const range = { from: '2019-03-25', to: '2019-04-03' };
    same(await get('summary', range), mine([]));
    const line = await get('timeline', range);
    assert.equal(line.data.length, 9);
    for (const b of line.data) same(b, mine([]));
    assert.equal((await get('hours', range)).peak_hour, null);
    assert.equal((await get('heatmap', range)).peak_slot, null);
    for (const report of ['breakdown', 'callers', 'geography', 'agents', 'best-time', 'costs'])
      assert.deepEqual((await get(report, range)).data, [], report);
    assert.equal((await get('callbacks', range)).never, null);
    assert.equal((await get('concurrency', range)).concurrent_calls, 0);
    const rec = await get('recordings', range);
    assert.deepEqual(
      [rec.transcription_coverage, rec.recording_coverage, rec.sentiment.mean_score],
      [null, null, null],
    );
    for (const report of ['forecast', 'usage', 'webhooks', 'correlation', 'tracking']) await get(report, {});
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
    const { data } = await get('agents', { from: '2024-02-05', to: '2024-02-06' });
    const of = (u) => data.find((r) => r.user_id === u);
    const told = (r) => [r.offered, r.answered, r.lost_race, r.missed_offers, r.talk_seconds_total,
      r.talk_seconds_mean];
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
    const doc = await get('numbers', { from: '2024-03-04', to: '2024-03-05' });
    assert.equal(doc.data.length, 24);
    const at = (h) => doc.data.find((r) => r.at.includes(`T${h}:00`));
    assert.deepEqual([at('09').max, at('10').max, at('10').mean, at('10').numbers], [0, 1, 0.625, 2]);
    assert.deepEqual([doc.utilisation_max, doc.utilisation_mean], [1, round(0.625 / 24)]);
    const none = await get('numbers', { from: '2019-03-04', to: '2019-03-05' });
    assert.deepEqual([none.utilisation_max, none.utilisation_mean, none.data], [null, null, none.data]);
  });

  it('has 365 rows for a year, and refuses what is no range', async () => {
    assert.equal((await get('timeline', { from: '2025-01-01', to: '2026-01-01' })).data.length, 365);
    assert.equal((await get('timeline', { from: '2024-01-01', to: '2025-01-01' })).data.length, 366);
    for (const q of ['from=2025-01-02&to=2025-01-01', 'from=2000-01-01&to=2025-01-01'])
      assert.equal((await rig.api('GET', `/api/v1/stats/summary?${q}`)).status, 422);
    assert.equal((await rig.api('GET', '/api/v1/stats/timeline?by=hour&from=2024-01-01&to=2025-01-01')).status, 422);
  });
});
