// What home and the wall show: today's figures beside those of the same weekday last week, the calls that run, and the
// missed ones that wait. Loaded together, again when something happens, and at the latest every half minute.
import { calls, get } from '../api.js';
import { onEvent } from '../store.js';
import { useEffect, useState } from '../ui.js';
import { addDays, dayOf } from './days.js';

const LIVE = ['in-progress', 'ringing', 'queued', 'initiated'];
const sum = (rows, name) => rows.reduce((n, r) => n + r[name], 0);

// The figures of some hours of a day.
function figures(rows) {
  const out = {};
  for (const name of ['total_calls', 'inbound', 'outbound', 'answered', 'missed', 'abandoned', 'connected', 'attempts'])
    out[name] = sum(rows, name);
  out.talk = sum(rows, 'talk_seconds_total');
  out.rate = out.answered + out.missed ? out.answered / (out.answered + out.missed) : null;
  return out;
}

// { now, then, hours: [{ hour, now, then }], until }: then counts the hours that have begun today.
export function compare(today, before) {
  const at = Date.now();
  const begun = today.data.filter((h) => Date.parse(h.at) <= at);
  const hour = (label) => Number(label.slice(11, 13));
  const last = begun.length ? hour(begun.at(-1).label) : 0;
  const hours = Array.from({ length: 24 }, (_, h) => ({
    hour: h,
    now: sum(today.data.filter((r) => hour(r.label) === h), 'total_calls'), // prettier-ignore
    then: sum(before.data.filter((r) => hour(r.label) === h), 'total_calls'), // prettier-ignore
  }));
  return {
    now: figures(begun),
    then: figures(before.data.filter((r) => hour(r.label) <= last)),
    hours,
    until: last + 1,
  };
}

async function load(signal) {
  const day = dayOf();
  const hours = (d) => get('/stats/timeline', { by: 'hour', from: d, to: addDays(d, 1) }, { signal });
  const [today, before, waiting, ...live] = await Promise.all([
    hours(day),
    hours(addDays(day, -7)),
    calls({ unreturned: true, from: addDays(day, -6), limit: 50 }, { signal }),
    ...LIVE.map((status) => calls({ status, limit: 25, from: addDays(day, -1) }, { signal })),
  ]);
  const seen = new Map(); // one row a caller: the last call, and how often
  for (const c of waiting.data) {
    const row = seen.get(c.customer_number);
    if (row) row.times += 1;
    else seen.set(c.customer_number, { ...c, times: 1 });
  }
  return {
    ...compare(today, before),
    live: live.flatMap((page) => page.data).filter((c) => !c.ended_at),
    waiting: [...seen.values()],
    at: Date.now(),
  };
}

// { data, error, reload }: an error keeps what was there.
export function useToday() {
  const [state, setState] = useState({ data: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer = null;
    let busy = false;
    let more = false; // something has happened since this load began
    const run = async () => {
      clearTimeout(timer);
      more = busy;
      if (busy) return;
      busy = true;
      try {
        const data = await load(stop.signal);
        setState({ data, error: null });
      } catch (error) {
        if (!stop.signal.aborted) setState((s) => ({ ...s, error }));
      }
      busy = false;
      if (!stop.signal.aborted) timer = setTimeout(run, more ? 0 : 30000);
    };
    run();
    let soon = null;
    const off = onEvent(() => (soon ??= setTimeout(() => ((soon = null), run()), 400)));
    return () => (off(), stop.abort(), clearTimeout(timer), clearTimeout(soon));
  }, [turn]);
  return { ...state, reload: () => setTurn(turn + 1) };
}

// Now, every second, for those who count.
export function useClock() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
