// Calls by the thousand in a rig's database, and what reports say of them against what their rows say by figures.mjs.
// With many calls, what is counted from rows takes longer than nginx waits: it is then asked by the report's statement
// itself, as the workers' role. What is kept must answer a request at any size.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { seed } from './calls.mjs';
import { addDays, attempted, credits, days, figures, local, prepare, ratio, round, slots, when } from './figures.mjs';
import { source } from './process.mjs';
import { Rig } from './rig.mjs';

const CHUNK = 50000;
const LARGE = 20000;
const FIRST = '2025-02-20';
const DAYS = 290;
export const id = (letter, n) => `0${letter}000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
// Reports that read calls whatever is kept.
const reads = new Set([
  'attribution',
  'geography',
  'agents',
  'callbacks',
  'concurrency',
  'tracking',
  'recordings',
  'correlation',
]);
// Spring and autumn: London 30 March and 26 October, New York 9 March and 2 November, Lord Howe 6 April and 5 October.
export const ranges = [
  ['2025-03-05', '2025-04-10'],
  ['2025-09-30', '2025-11-06'],
  ['2025-06-01', '2025-07-01'],
];
const shifts = {
  'Europe/London': ['2025-03-30', '2025-10-26'],
  'America/New_York': ['2025-03-09', '2025-11-02'],
  'Australia/Lord_Howe': ['2025-04-06', '2025-10-05'],
};

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
  [{ number_id: id('d', 3), direction: 'outbound' }, (c) => c.number_id === id('d', 3) && c.direction === 'outbound'],
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
const keys = {
  client: 'client_id',
  user: 'user_id',
  number: 'number_id',
  campaign: 'campaign_id',
  source: 'source',
};

const groups = (rows, key) =>
  rows.reduce((m, r) => (m.has(key(r)) ? m.get(key(r)).push(r) : m.set(key(r), [r]), m), new Map());

export class Counted {
  // calls: how many. load() reads them.
  static async start(calls) {
    const c = new Counted();
    c.calls = calls;
    const room = { shared_buffers: '1GB', work_mem: '64MB', max_wal_size: '8GB', maintenance_work_mem: '256MB' };
    c.rig = await Rig.start({ workers: { auth: 0, hooks: 1 }, database: calls > LARGE ? room : {} });
    for (let ahead = 0; ahead < calls; ahead += CHUNK) {
      const n = Math.min(CHUNK, calls - ahead);
      const from = new Date(Date.parse(FIRST) + (ahead / calls) * DAYS * 864e5).toISOString();
      const callers = Math.max(120, Math.floor(calls / 40));
      c.rig.sql(seed(c.rig.tenant.id, { n, from, days: (DAYS * n) / calls, ahead, callers }));
    }
    c.rig.sql('analyze');
    return c;
  }

  #all(columns, table, key) {
    const out = [];
    for (let last = ''; ; last = out.at(-1).id.replaceAll("'", "''")) {
      const more = this.rig.rows(`select ${columns} from ${table} where ${key} > '${last}' collate "C"
        order by ${key} collate "C" limit ${CHUNK}`);
      for (const row of more) out.push(row);
      if (more.length < CHUNK) return out;
    }
  }

  // The rows as they are.
  load() {
    const us = '(extract(epoch from created_at) * 1000000)::bigint::text as us';
    const calls = `id, direction, outcome, missed_reason, kind, voicemail, test, customer_number, withheld, client_id,
      user_id, number_id, campaign_id, source, customer_country, customer_place, duration_seconds, talk_seconds,
      wait_seconds, ring_seconds, ended_by, lead_status, disposition, answered_at, ended_at, twilio_call_sid`;
    this.rows = prepare(this.#all(`${calls}, ${us}`, 'calls', 'id::text'));
    this.clients = Object.fromEntries(this.rig.rows('select * from clients').map((c) => [c.id, c]));
    this.conversions = this.#all('id, call_id, value, currency', 'conversions', 'id::text');
    this.costs = this.#all(
      'kind, ref as id, call_id, client_id, campaign_id, amount, currency, at',
      'cost_entries',
      'ref',
    );
  }

  zone(name) {
    this.rig.sql(`update tenants set time_zone = '${name}'`);
    this.kept = false;
  }

  // Nothing is kept any more.
  forget() {
    this.rig.sql('delete from stat_marks; truncate stat_dirty');
    this.kept = false;
  }

  // Keeps cells as the sweep does it, until nothing is left to do.
  roll() {
    const one = () =>
      Number(
        this.rig
          .sql(
            `begin; select set_config('app.tenant', '${this.rig.tenant.id}', true); select stat_refresh(120);
             commit`,
            'switchhook_sweep',
          )
          .split('\n')
          .at(-1),
      );
    while (one() > 0);
    assert.equal(this.rig.sql('select count(*) from stat_dirty'), '0');
    assert.equal(this.rig.sql("select rolled_from = '-infinity' from stat_marks"), 't');
    this.kept = true;
  }

  // The days to ask about: where many calls are read one by one, those around the zone's two shifts.
  ranges(z, kept = this.kept) {
    if (kept || this.calls <= LARGE) return ranges;
    return shifts[z].map((d) => [addDays(d, -1), addDays(d, 2)]);
  }

  // What a report says. Of two conditions at once no cells are kept.
  ask(report, query = {}) {
    const few = Object.keys(query).filter((k) => /_id$|^source$/.test(k)).length < 2;
    return this.kept && few && !reads.has(report) ? this.get(report, query) : this.read(report, query);
  }

  // Over minutes of counting nginx closes what is kept open: nothing is, and two turns let earlier ends be heard of.
  async http(path) {
    await setImmediate();
    await setImmediate();
    return this.rig.api('GET', path, undefined, { headers: { connection: 'close' } });
  }

  async get(report, query = {}) {
    const res = await this.http(`/api/v1/stats/${report}?${new URLSearchParams(query)}`);
    assert.equal(res.status, 200, res.text);
    return res.json();
  }

  read(report, query = {}) {
    if (this.calls <= LARGE) return this.get(report, query);
    const text = readFileSync(join(source, 'lib', 'sql', `stats_${report.replace('-', '_')}.sql`), 'utf8');
    return JSON.parse(
      this.rig
        .sql(
          `set statement_timeout = 0; select set_config('app.tenant', '${this.rig.tenant.id}', false);
           ${text.replace(':args', `'${JSON.stringify(query)}'`)}`,
          'switchhook_app',
        )
        .split('\n')
        .at(-1),
    );
  }

  among(from, to, z, f = () => true) {
    return this.rows.filter((c) => {
      const { date } = when(c, z);
      return date >= from && date < to && f(c);
    });
  }

  mine(v) {
    return figures(v, { clients: this.clients });
  }

  same(doc, want, what) {
    assert.deepEqual(Object.fromEntries(Object.keys(want).map((k) => [k, doc[k]])), want, what);
  }

  async everything(z) {
    for (const [from, to] of this.ranges(z)) {
      for (const [query, f, own] of scopes) {
        const doc = await this.ask('summary', { ...query, from, to });
        assert.equal(doc.time_zone, own ?? z);
        this.same(doc, this.mine(this.among(from, to, own ?? z, f)), `${z} ${from} ${JSON.stringify(query)}`);
      }
    }
  }

  async buckets(z) {
    const [from, to] = this.ranges(z)[z.startsWith('A') ? 1 : 0];
    for (const by of ['day', 'week', 'month', 'hour']) {
      const doc = await this.ask('timeline', { from, to, by });
      const key = (c) => {
        const l = when(c, z);
        if (by === 'day') return l.date;
        if (by === 'month') return l.date.slice(0, 7);
        if (by === 'week') return addDays(l.date, 1 - l.weekday);
        return new Date(c.at - l.minute * 6e4 - (c.at % 6e4)).toISOString();
      };
      const want = new Map();
      if (by === 'hour') {
        for (let t = Date.parse(`${from}T00:00Z`) - 14 * 36e5; t < Date.parse(`${to}T00:00Z`) + 14 * 36e5; t += 18e5) {
          const l = local(t, z);
          if (l.date >= from && l.date < to) want.set(new Date(t - l.minute * 6e4).toISOString(), []);
        }
      } else
        for (const d of days(from, to)) {
          const week = addDays(d, 1 - (((new Date(`${d}T00:00Z`).getUTCDay() + 6) % 7) + 1));
          want.set({ day: d, month: d.slice(0, 7), week }[by], []);
        }
      for (const c of this.among(from, to, z)) want.get(key(c)).push(c);
      assert.equal(doc.data.length, want.size, `${z} ${by}`);
      assert.equal(new Set(doc.data.map((b) => b.label)).size, want.size, 'no label twice');
      [...want.values()].forEach((v, i) => {
        const f = this.mine(v);
        if (by === 'hour') for (const k of Object.keys(f)) if (/median|p90/.test(k)) delete f[k];
        this.same(doc.data[i], f, `${z} ${doc.data[i].label}`);
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

  async clock(z) {
    const [from, to] = this.ranges(z)[0];
    const v = this.among(from, to, z).filter((c) => c.inSet);
    const times = slots(from, to, z);
    const of = (w, h) =>
      v.filter((c) => (w === null || when(c, z).weekday === w) && (h === null || when(c, z).hour === h));
    const hours = await this.ask('hours', { from, to });
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
    const week = await this.ask('weekdays', { from, to });
    week.data.forEach((r, i) => {
      const n = days(from, to).filter((d) => (new Date(`${d}T00:00Z`).getUTCDay() + 6) % 7 === i).length;
      assert.deepEqual(
        [r.weekday, r.calls, r.days, r.mean],
        [i + 1, of(i + 1, null).length, n, round(ratio(of(i + 1, null).length, n))],
      );
    });
    const heat = await this.ask('heatmap', { from, to });
    assert.equal(heat.data.length, 168);
    for (const r of heat.data) {
      const f = this.mine(of(r.weekday, r.hour));
      assert.deepEqual(
        [r.calls, r.days, r.answer_rate],
        [
          f.total_calls,
          times.get(`${r.weekday} ${r.hour}`)?.size ?? 0,
          f.answered + f.missed >= 5 ? f.answer_rate : null,
        ],
      );
    }
    const year = this.ranges(z) === ranges ? [FIRST, '2025-12-01'] : [from, to];
    const best = (await this.ask('best-time', { from: year[0], to: year[1] })).data;
    const all = this.among(...year, z).filter((c) => c.inSet);
    for (const r of best) {
      const tried = all.filter((c) => attempted(c) && when(c, z).weekday === r.weekday && when(c, z).hour === r.hour);
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

  async parts(z) {
    const [from, to] = this.ranges(z)[0];
    const v = this.among(from, to, z);
    for (const [by, column] of Object.entries(keys)) {
      const doc = await this.ask('breakdown', { from, to, by });
      const parts = groups(v, (c) => c[column]);
      assert.deepEqual(new Set(doc.data.map((r) => r.key)), new Set(parts.keys()), by);
      for (const r of doc.data) this.same(r, this.mine(parts.get(r.key)), `${z} ${by} ${r.name}`);
      assert.equal(
        doc.data.reduce((a, r) => a + r.total_calls, 0),
        this.mine(v).total_calls,
        'groups sum to the total',
      );
    }
    const nations = await this.ask('breakdown', { from, to, by: 'country', direction: 'inbound' });
    const inn = v.filter((c) => c.direction === 'inbound');
    for (const r of nations.data)
      this.same(
        r,
        this.mine(inn.filter((c) => (c.withheld ? 'withheld' : (c.customer_country ?? 'unknown')) === r.key)),
        r.key,
      );
  }

  // Credits by source and campaign, and what conversions are worth in the same parts. some: [query, filter, own zone].
  async attributed(z, model, some) {
    const touched = credits(this.rows, model);
    const sources = new Map(this.rig.rows('select id, source from numbers').map((n) => [n.id, n.source]));
    const sold = groups(this.conversions, (v) => v.call_id);
    const mine = (from, to, zone, f) => {
      const want = new Map();
      for (const c of this.among(from, to, zone, (x) => touched.has(x.id) && f(x)))
        for (const { row, credit } of touched.get(c.id)) {
          const own = row.source ?? (row.campaign_id ? null : (sources.get(row.number_id) ?? 'direct'));
          const key = JSON.stringify([own, row.campaign_id]);
          if (!want.has(key)) want.set(key, { credits: 0, conversions: 0, revenue: {} });
          const sum = want.get(key);
          sum.credits += credit;
          for (const v of sold.get(c.id) ?? []) {
            sum.conversions += credit;
            sum.revenue[v.currency] = (sum.revenue[v.currency] ?? 0) + credit * Number(v.value);
          }
        }
      return want;
    };
    const check = (doc, want, what) => {
      assert.deepEqual(
        new Map(
          doc.data.map((r) => [
            JSON.stringify([r.source, r.campaign_id]),
            {
              credits: r.credits,
              conversions: r.conversions,
              revenue: Object.fromEntries(Object.entries(r.revenue).map(([k, v]) => [k, Number(v)])),
            },
          ]),
        ),
        want,
        what,
      );
      assert.equal(
        doc.data.reduce((a, r) => a + r.credits, 0),
        doc.calls,
        'one credit a call',
      );
      for (const r of doc.data) assert.equal(r.share, round(r.credits / doc.calls));
    };
    for (const [from, to] of ranges)
      for (const [query, f, own] of some) {
        const doc = await this.ask('attribution', { from, to, model, ...query });
        check(doc, mine(from, to, own ?? z, f), `${model} ${from} ${JSON.stringify(query)}`);
        if (!query.compare) continue;
        check(doc.comparison, mine(doc.comparison.from, doc.comparison.to, own ?? z, f), `${model} before ${from}`);
      }
    return touched;
  }

  // few: how many inbound calls are counted one by one rather than from what is kept.
  async frequent(z, few) {
    this.rig.sql(`create or replace function callers_few() returns integer language sql immutable parallel safe
      as 'select ${few}'`);
    const kept = `set app.tenant = '${this.rig.tenant.id}'; select callers_most(stat_scope('{"from": "2025-03-05",
      "to": "2025-04-10"}'), 5) is not null`;
    assert.equal(this.rig.sql(kept, 'switchhook_app'), 't', 'what is kept is enough to say');
    const more =
      this.ranges(z, few < 0) === ranges
        ? [
            [FIRST, '2025-12-20'],
            ['2025-03-11', '2025-03-12'],
          ]
        : [];
    for (const [from, to] of [...this.ranges(z, few < 0), ...more]) {
      const inn = this.among(from, to, z, (c) => c.inSet && c.direction === 'inbound');
      const by = new Map();
      for (const c of inn.filter((x) => x.customer_number))
        if (by.has(c.customer_number)) by.get(c.customer_number).push(c);
        else by.set(c.customer_number, [c]);
      const top = [...by]
        .map(([number, list]) => [number, list.length, list.reduce((last, c) => Math.max(last, Number(c.us)), 0)])
        .sort((a, b) => b[1] - a[1] || b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
      const callers = await (few > 0
        ? this.read('callers', { from, to, limit: 25 })
        : this.ask('callers', { from, to, limit: 25 }));
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
}
