// Figures of calls by another hand: from rows as the database holds them to what the reports say, in JavaScript alone.
// Local time is Intl's, so that not even time zones come from the same place.
const formats = new Map();
const format = (zone) => {
  if (!formats.has(zone))
    formats.set(
      zone,
      new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
      }),
    );
  return formats.get(zone);
};

// { date: '2025-03-30', hour: 1, minute, weekday: 1..7 (Monday is 1) } of an instant (ms) in a zone.
export function local(ms, zone) {
  const p = Object.fromEntries(
    format(zone)
      .formatToParts(ms)
      .map((x) => [x.type, x.value]),
  );
  const date = `${p.year}-${p.month}-${p.day}`;
  return {
    date,
    hour: Number(p.hour),
    minute: Number(p.minute),
    weekday: ((new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7) + 1,
  };
}

// The same of a row, once: a million of them are asked for often.
export const when = (row, zone) => {
  row.local ??= {};
  return (row.local[zone] ??= local(row.at, zone));
};

export const addDays = (date, n) => new Date(Date.parse(`${date}T00:00Z`) + n * 864e5).toISOString().slice(0, 10);
export const days = (from, to) => {
  const out = [];
  for (let d = from; d < to; d = addDays(d, 1)) out.push(d);
  return out;
};

// To four places, halves away from zero: the ratio that is one is mostly less than one in binary.
export const round = (x) => (x === null || !Number.isFinite(x) ? null : Number((x * (1 + 1e-14)).toFixed(4)));
export const ratio = (a, b) => (b === 0 ? null : a / b);
const sum = (v) => v.reduce((a, b) => a + b, 0);
export function percentile(values, p) {
  if (values.length === 0) return null;
  const v = [...values].sort((a, b) => a - b);
  const at = (v.length - 1) * p;
  const lo = v[Math.floor(at)];
  return lo + (v[Math.ceil(at)] - lo) * (at - Math.floor(at));
}

// Adds to each row what depends on the others: prior, the earlier inbound calls of the number and client in 365 days.
export function prepare(rows) {
  const seen = new Map();
  const order = [...rows].sort((a, b) =>
    BigInt(a.us) < BigInt(b.us) ? -1 : BigInt(a.us) > BigInt(b.us) ? 1 : a.id < b.id ? -1 : 1,
  );
  for (const c of order) {
    c.at = Number(BigInt(c.us) / 1000n);
    c.inSet = !c.test && !['blocked', 'refused'].includes(c.outcome);
    if (c.direction !== 'inbound' || c.customer_number === null || c.test || c.outcome === 'blocked') continue;
    const key = `${c.customer_number} ${c.client_id}`;
    const before = seen.get(key) ?? [];
    c.prior = before.filter((us) => BigInt(c.us) - us <= 365n * 86400n * 1000000n).length;
    before.push(BigInt(c.us));
    seen.set(key, before);
  }
  return order;
}

const attempted = (c) =>
  c.direction === 'outbound' &&
  (['connected', 'busy', 'no-answer', 'canceled'].includes(c.outcome) ||
    (c.outcome === 'failed' && c.twilio_call_sid !== null));

// All figures of some prepared rows. clients: id -> row; within: seconds of the service level.
export function figures(rows, { clients = {}, within = 20 } = {}) {
  const set = rows.filter((c) => c.inSet);
  const inn = set.filter((c) => c.direction === 'inbound');
  const out = set.filter((c) => c.direction === 'outbound');
  const n = (v, f) => v.filter(f).length;
  const is = (word) => (c) => c.outcome === word;
  const answered = n(inn, is('answered'));
  const lost = inn.filter(is('missed'));
  const missed = lost.length;
  const why = (word) => n(lost, (c) => c.missed_reason === word);
  const connected = n(out, is('connected'));
  const attempts = n(out, attempted);
  const talk = set.filter((c) => c.answered_at && c.ended_at && c.kind === 'conversation').map((c) => c.talk_seconds);
  const wait = inn.filter(is('answered')).map((c) => c.wait_seconds);
  const ring = set.filter((c) => c.ring_seconds !== null).map((c) => c.ring_seconds);
  const long = set.map((c) => c.duration_seconds ?? 0).filter((s) => s > 0);
  const spoken = [...inn.filter(is('answered')), ...out.filter(is('connected'))];
  const by = (word) =>
    round(
      ratio(
        n(spoken, (c) => c.ended_by === word),
        answered + connected,
      ),
    );
  const first = inn.filter((c) => c.prior === 0);
  const lead = (word) => n(first, (c) => (c.lead_status ?? 'open') === word);
  const rated = inn.filter((c) => c.outcome === 'answered' && c.lead_status !== 'spam');
  const grade = (c) => {
    const k = clients[c.client_id] ?? { quality_low_seconds: 30, quality_high_seconds: 90 };
    return c.talk_seconds < k.quality_low_seconds ? 'low' : c.talk_seconds < k.quality_high_seconds ? 'medium' : 'high';
  };
  const known = n(inn, (c) => c.prior !== undefined);
  return {
    total_calls: set.length,
    inbound: inn.length,
    outbound: out.length,
    in_progress: n(set, (c) => !c.ended_at),
    answered,
    missed,
    handled: n(inn, is('handled')),
    abandoned: why('abandoned'),
    voicemails: n(lost, (c) => c.voicemail),
    missed_by_reason: Object.fromEntries(
      ['out_of_hours', 'abandoned', 'nobody_available', 'rejected', 'failed', 'no_answer'].map((w) => [w, why(w)]),
    ),
    answer_rate: round(ratio(answered, answered + missed)),
    answer_rate_excl_abandoned: round(ratio(answered, answered + missed - why('abandoned'))),
    attempts,
    connected,
    connect_rate: round(ratio(connected, attempts)),
    outbound_by_outcome: Object.fromEntries(
      ['connected', 'busy', 'no-answer', 'failed', 'canceled', 'agent_unreached'].map((w) => [w, n(out, is(w))]),
    ),
    success_rate: round(ratio(answered + connected, answered + missed + attempts)),
    unknown: n(set, is('unknown')),
    refused: n(rows, (c) => !c.test && c.outcome === 'refused'),
    blocked: n(rows, (c) => !c.test && c.outcome === 'blocked'),
    talk_seconds_total: sum(talk),
    talk_seconds_mean: round(ratio(sum(talk), talk.length)),
    talk_seconds_median: round(percentile(talk, 0.5)),
    talk_seconds_p90: round(percentile(talk, 0.9)),
    wait_seconds_mean: round(ratio(sum(wait), wait.length)),
    wait_seconds_median: round(percentile(wait, 0.5)),
    wait_seconds_p90: round(percentile(wait, 0.9)),
    abandon_wait_seconds_mean: round(
      ratio(sum(lost.filter((c) => c.missed_reason === 'abandoned').map((c) => c.wait_seconds ?? 0)), why('abandoned')),
    ),
    ring_seconds_mean: round(ratio(sum(ring), ring.length)),
    ring_seconds_median: round(percentile(ring, 0.5)),
    duration_seconds_total: sum(long),
    duration_seconds_mean: round(ratio(sum(long), long.length)),
    first_time: first.length,
    repeat: known - first.length,
    unknown_callers: inn.length - known,
    service_level: round(
      ratio(
        n(inn, (c) => c.outcome === 'answered' && c.wait_seconds <= within),
        answered + missed - why('abandoned'),
      ),
    ),
    hang_up_by: { customer: by('customer'), agent: by('agent'), system: by('system'), unknown: by(null) },
    leads: lead('open') + lead('qualified') + lead('unqualified'),
    leads_by_status: Object.fromEntries(
      ['open', 'qualified', 'unqualified', 'spam', 'duplicate'].map((w) => [w, lead(w)]),
    ),
    lead_quality: Object.fromEntries(['low', 'medium', 'high'].map((w) => [w, n(rated, (c) => grade(c) === w)])),
  };
}

// Whom each inbound call is credited to: call id -> [{ row, credit }] of a model, row: the call that was the touch.
// Rows are prepared; the caller's calls to one client are taken one after the other.
export function credits(rows, model) {
  const callers = new Map();
  const out = new Map();
  for (const c of rows.filter((x) => x.inSet && x.direction === 'inbound')) {
    const key = c.customer_number === null ? c.id : `${c.customer_number} ${c.client_id}`;
    if (!callers.has(key)) callers.set(key, []);
    const line = callers.get(key);
    line.push(c);
    const points = line.filter(
      (x) => (x.source !== null || x.campaign_id !== null) && BigInt(c.us) - BigInt(x.us) <= 90n * 86400n * 1000000n,
    );
    const first = points[0] ?? c;
    const touches = { first: [first], last: [points.at(-1) ?? c], lead: [line[0]], split: [first, line[0]] }[model];
    out.set(
      c.id,
      touches.map((row) => ({ row, credit: 1 / touches.length })),
    );
  }
  return out;
}

// How often each weekday and hour came between two local dates: instants in steps of half an hour.
export function slots(from, to, zone) {
  const seen = new Map();
  const lo = Date.parse(`${from}T00:00Z`) - 14 * 36e5;
  for (let t = lo; t < Date.parse(`${to}T00:00Z`) + 14 * 36e5; t += 30 * 6e4) {
    const l = local(t, zone);
    if (l.date < from || l.date >= to) continue;
    const key = `${l.weekday} ${l.hour}`;
    if (!seen.has(key)) seen.set(key, new Set());
    seen.get(key).add(l.date);
  }
  return seen;
}

export { attempted };
