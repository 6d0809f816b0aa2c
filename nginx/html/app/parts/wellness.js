// Is everything well? A line each for numbers, webhooks, the sweep and this page's connection; red ones say what to do.
import { all, get } from '../api.js';
import { live, may, online, useLoad } from '../store.js';
import { plural, t } from '../text.js';
import { html } from '../ui.js';
import { Bones, Card, Time } from './basic.js';
import { addDays, dayOf } from './days.js';

const LATE = 5 * 60e3; // the sweep comes every minute
const quiet = () => null;

async function load(signal) {
  const day = dayOf();
  const [numbers, hooks, sweep] = await Promise.all([
    all('/numbers', {}, { signal }).catch(quiet),
    get('/stats/webhooks', { from: addDays(day, -1), to: addDays(day, 1) }, { signal }).catch(quiet),
    may('admin') ? get('/sweep', {}, { signal }).catch(quiet) : null,
  ]);
  return { numbers: numbers?.data ?? null, hooks, sweep };
}

function lines({ numbers, hooks, sweep }) {
  const out = [];
  if (!online.value || !live.value.ok) out.push(['bad', t('This page is not live: the server does not answer.')]);
  if (numbers) {
    const sick = numbers.filter((n) => n.healthy === false && n.state !== 'released');
    const checked = numbers.filter((n) => n.healthy !== null).length;
    if (sick.length)
      out.push([
        'bad',
        plural(sick.length, { one: '{n} number does not call us', other: '{n} numbers do not call us' }),
      ]);
    else if (numbers.length === 0) out.push(['warn', t('There is no number yet')]);
    else
      out.push([
        checked ? 'good' : '',
        checked
          ? plural(numbers.length, { one: '{n} number, set up right', other: '{n} numbers, all set up right' })
          : plural(numbers.length, { one: '{n} number, not checked yet', other: '{n} numbers, not checked yet' }),
      ]);
  }
  if (hooks)
    out.push(
      hooks.deliveries === 0
        ? ['', t('No webhook from Twilio since yesterday')]
        : [
            hooks.lag_seconds_median > 5 ? 'warn' : 'good',
            t('Twilio’s webhooks arrive after {s} s', { s: hooks.lag_seconds_median?.toFixed(1) ?? '–' }),
          ],
    );
  if (sweep) {
    const last = sweep.hosts.map((h) => h.seen_at).sort().at(-1); // prettier-ignore
    if (!last) out.push(['warn', t('The sweep has never run: recordings and transcripts wait')]);
    else if (Date.now() - Date.parse(last) > LATE)
      out.push(['bad', html`${t('The sweep has not run since')} <${Time} at=${last} />`]);
    else out.push(['good', t('The sweep runs')]);
    for (const a of sweep.alarms.filter((x) => !x.cleared_at))
      out.push(['bad', t('{n} jobs wait: {reason}', { n: a.count, reason: a.reason ?? a.cause })]);
  }
  return out;
}

const said = { good: () => t('well'), bad: () => t('trouble'), warn: () => t('look here') };

export function Health() {
  const state = useLoad(load, '');
  const rows = state.data && lines(state.data);
  return html`<${Card} title=${t('System')} plain>${
    rows
      ? html`<ul class="lines">${rows.map(
          ([kind, text]) => html`<li><span class=${`dot ${kind}`}></span>
          <span class="grow">${said[kind] && html`<span class="unseen">${said[kind]()}: </span>`}${text}</span></li>`,
        )}</ul>`
      : html`<${Bones} lines=${3} />`
  }<//>`;
}
