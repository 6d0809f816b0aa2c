// First paint and interaction latency of the call list. See t/bench/ui.
import { seed } from '../lib/calls.mjs';
import { Pages } from '../lib/pages.mjs';
import { Rig } from '../lib/rig.mjs';

const option = (name, fallback) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? fallback : Number(process.argv[i + 1]);
};
const calls = option('calls', 1_000_000);
const runs = option('runs', 5);
const CHUNK = 100_000;
const median = (v) => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];
const high = (v) => [...v].sort((a, b) => a - b)[Math.ceil(v.length * 0.98) - 1];
const say = (text) => process.stdout.write(`${text}\n`);

const rig = await Rig.start({
  pages: true,
  nginx: { limits: false },
  workers: { hooks: 0 },
  database: { shared_buffers: '512MB', maintenance_work_mem: '256MB', max_wal_size: '8GB' },
});
const pages = await Pages.start(rig);

function fill(size) {
  rig.sql('truncate calls, conversions, cost_entries cascade');
  for (let have = 0; have < size; have += CHUNK) {
    const n = Math.min(CHUNK, size - have);
    const from = new Date(Date.now() - 400 * 864e5 * (1 - have / size)).toISOString();
    rig.sql(seed(rig.tenant.id, { n, from, days: (400 * n) / size, callers: size / 20, clients: 20, ahead: have }));
  }
  rig.sql('vacuum (analyze) calls');
}

// In the page, before anything of it: when the first row of a list stands in a frame, and every event that was slow.
function watch() {
  globalThis.slow = [];
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.interactionId) globalThis.slow.push(e.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  new MutationObserver((_, self) => {
    if (!document.querySelector('main tbody tr')) return;
    self.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.painted = performance.now())));
  }).observe(document, { childList: true, subtree: true });
}

// Milliseconds of the browser's main thread, by what it did.
function work(trace) {
  const events = JSON.parse(trace).traceEvents;
  const main = events.find((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain');
  const of = (names) =>
    events
      .filter((e) => e.ph === 'X' && e.pid === main?.pid && e.tid === main.tid && names.includes(e.name))
      .reduce((sum, e) => sum + e.dur / 1000, 0);
  return {
    script: of(['EvaluateScript', 'v8.evaluateModule', 'FunctionCall', 'v8.compileModule']),
    layout: of(['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint']),
    paint: events.find((e) => e.name === 'firstContentfulPaint')?.ts,
  };
}

async function list(page) {
  await pages.browser.startTracing(page, { categories: ['devtools.timeline', 'loading', 'v8'] });
  await page.goto('/app/calls');
  await page.waitForFunction(() => globalThis.painted);
  const trace = await pages.browser.stopTracing();
  const at = await page.evaluate(() => ({
    row: globalThis.painted,
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    bytes: performance.getEntriesByType('resource').reduce((sum, r) => sum + r.transferSize, 0),
  }));
  return { ...at, ...work(trace.toString()) };
}

// A key that moves, a filter that is chosen and another page: until the next frame, and until the rows are there.
async function use(page) {
  const rows = () => page.evaluate(() => document.querySelector('main tbody')?.textContent);
  const waits = [];
  const change = async (act) => {
    const was = await rows();
    const began = performance.now();
    await act();
    await page.waitForFunction((t) => {
      const body = document.querySelector('main tbody');
      return body && body.textContent !== t;
    }, was);
    waits.push(performance.now() - began);
  };
  for (let i = 0; i < 20; i++) await page.keyboard.press('j');
  await change(() => page.getByRole('button', { name: 'Older' }).click());
  await change(() => page.goBack());
  const slow = await page.evaluate(() => globalThis.slow);
  return { frame: slow.length ? high(slow) : 16, rows: median(waits) };
}

const shown = [
  ['first paint, ms', 'first'],
  ['first row painted, ms', 'row'],
  ['script, ms', 'script'],
  ['style, layout and paint, ms', 'layout'],
  ['key or click to next frame, 98th, ms', 'frame'],
  ['another page of rows, ms', 'rows'],
];
try {
  const found = {};
  for (const size of [1000, calls]) {
    say(`# ${size} calls: seeding`);
    fill(size);
    const { page, context } = await pages.login('manager');
    await page.addInitScript(watch);
    await list(page); // files into the cache
    const got = [];
    for (let i = 0; i < runs; i++) got.push({ ...(await list(page)), ...(await use(page)) });
    found[size] = Object.fromEntries(shown.map(([, k]) => [k, median(got.map((g) => g[k]))]));
    await context.close();
  }
  const [small, large] = [found[1000], found[calls]];
  say(
    `\n${'the call list'.padEnd(38)}${'1000 calls'.padStart(12)}${`${calls} calls`.padStart(16)}${'ratio'.padStart(9)}`,
  );
  for (const [name, k] of shown)
    say(
      name.padEnd(38) +
        small[k].toFixed(1).padStart(12) +
        large[k].toFixed(1).padStart(16) +
        (large[k] / small[k]).toFixed(2).padStart(9),
    );
} finally {
  await pages.stop().catch((e) => say(`# ${e.message}`));
  await rig.stop({ clean: false });
}
