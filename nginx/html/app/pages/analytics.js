// Analytics: what the calls of a period were, beside the period before; every figure as picture, table and CSV.
import { get } from '../api.js';
import { Parts } from '../parts/admin.js';
import { Button, Card, Empty, Head, Loaded } from '../parts/basic.js';
import { Sources } from './analytics/sources.js';
import { Breakdown, Callers, Costs, Places } from './analytics/tables.js';
import { Heatmap, Hours } from './analytics/times.js';
import { outcome, reason } from '../parts/call.js';
import { Bars, Chart, Figure } from '../parts/chart.js';
import { addDays } from '../parts/days.js';
import { Tile } from '../parts/figure.js';
import { Period, scope } from '../parts/period.js';
import { count, date, percent } from '../fmt.js';
import { href, setQuery } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useMemo } from '../ui.js';

const load = (name, args) => {
  const key = JSON.stringify([name, args]);
  const all = useLoad((signal) => get(`/stats/${name}`, args, { signal }), key);
  return all.old ? { ...all, data: null } : all; // figures do not stand under a name that is not theirs, nor in its CSV
};

const tiles = [
  { name: 'total_calls', label: () => t('Calls') },
  { name: 'answer_rate', label: () => t('Answer rate'), shape: 'percent', better: 'more' },
  { name: 'missed', label: () => t('Missed'), better: 'less' },
  { name: 'wait_seconds_median', label: () => t('Speed to answer'), shape: 'seconds', better: 'less' },
  { name: 'talk_seconds_mean', label: () => t('Talk, mean'), shape: 'seconds' },
  { name: 'first_time', label: () => t('First-time callers'), better: 'more' },
  { name: 'leads', label: () => t('Leads'), better: 'more' },
  { name: 'connect_rate', label: () => t('Connect rate'), shape: 'percent', better: 'more' },
];

function Tiles({ args }) {
  const all = load('summary', { ...args, compare: true });
  return html`<${Loaded} of=${all} lines=${2}>${(s) => html`<div class="tiles eight">${tiles.map(
    (x) => html`<${Tile} ...${x} label=${x.label()} value=${s[x.name]} then=${s.comparison.figures[x.name]} />`,
  )}</div>
    <p class="soft"><small>${t('Compared with {from} to {to}. Days of {zone}.', {
      from: date(s.comparison.from),
      to: date(addDays(s.comparison.to, -1)),
      zone: s.time_zone,
    })}</small></p>
    <${Missed} s=${s} />`}<//>`;
}

const reasons = ['out_of_hours', 'no_answer', 'nobody_available', 'abandoned', 'rejected', 'failed'];
const outcomes = ['connected', 'no-answer', 'busy', 'canceled', 'failed', 'agent_unreached'];
const parts = (words, label, of) => words.map((key) => ({ key, label: label(key), n: of?.[key] ?? 0 }));

function Missed({ s }) {
  const columns = [
    { name: 'reason', title: t('Reason'), show: (r) => r.label, value: (r) => r.key },
    { name: 'calls', title: t('Calls'), num: true, show: (r) => count(r.n), value: (r) => r.n },
  ];
  const missed = parts(reasons, reason, s.missed_by_reason);
  const out = parts(outcomes, outcome, s.outbound_by_outcome);
  return html`<div class="two even">
    <${Figure} title=${t('Why calls were missed')} name="missed-by-reason" columns=${columns} rows=${missed}>
      <div class="in"><${Bars} rows=${missed} format=${count} tone="bad" /></div><//>
    <${Figure} title=${t('What became of outbound calls')} name="outbound-by-outcome" columns=${columns} rows=${out}>
      <div class="in"><${Bars} rows=${out} format=${count} /></div><//>
  </div>`;
}

const steps = { hour: () => t('Hours'), day: () => t('Days'), week: () => t('Weeks'), month: () => t('Months') };
const fitting = ({ from, to }) => {
  const days = (Date.parse(to) - Date.parse(from)) / 864e5;
  return days <= 2 ? 'hour' : days <= 92 ? 'day' : days <= 400 ? 'week' : 'month';
};

const volume = [
  { name: 'answered', title: () => t('Answered'), tone: 'good' },
  { name: 'missed', title: () => t('Missed'), tone: 'bad' },
  { name: 'outbound', title: () => t('Outbound'), tone: 'live' },
];

function Volume({ args, query }) {
  const by = steps[query.by] ? query.by : fitting(args);
  const all = load('timeline', { ...args, by });
  const rows = all.data?.data;
  const shown = (r) => (by === 'day' ? date(r.label) : r.label);
  const labels = useMemo(() => rows?.map(shown), [rows]);
  const series = useMemo(
    () => volume.map((v) => ({ ...v, title: v.title(), values: rows?.map((r) => r[v.name]) })),
    [rows],
  );
  const columns = [
    { name: 'label', title: t('Time'), show: (r) => shown(r) },
    ...volume.map((v) => ({ name: v.name, title: v.title(), num: true, show: (r) => count(r[v.name]) })),
    { name: 'answer_rate', title: t('Answer rate'), num: true, show: (r) => percent(r.answer_rate) },
  ];
  const choice = html`<label class="soft">${t('By')} <select class="input small" value=${by}
    onChange=${(e) => setQuery({ by: e.target.value })}>${Object.entries(steps).map(
      ([k, title]) => html`<option value=${k} selected=${k === by}>${title()}</option>`,
    )}</select></label>`;
  return html`<${Figure} title=${t('Volume')} name="volume" columns=${columns} rows=${rows ?? []} tools=${choice}>
    <${Loaded} of=${all} lines=${5}>${() => html`<${Chart} labels=${labels} series=${series} stacked tall
      format=${count} text=${t('Calls over time: {n} columns; the table has the figures.', { n: rows.length })} />`}<//>
  <//>`;
}

const tabs = [
  {
    id: 'when',
    title: () => t('When'),
    View: ({ args }) => html`<${Heatmap} load=${load} args=${args} />
      <${Hours} load=${load} args=${args} />`,
  },
  {
    id: 'who',
    title: () => t('Who'),
    View: ({ args, query }) => html`<${Breakdown} load=${load} args=${args}
      query=${query} /><${Callers} load=${load} args=${args} />`,
  },
  { id: 'where', title: () => t('Where'), View: ({ args }) => html`<${Places} load=${load} args=${args} />` },
  {
    id: 'sources',
    title: () => t('Sources'),
    View: ({ args, query }) => html`<${Sources} load=${load} args=${args} query=${query} />`,
  },
  {
    id: 'cost',
    title: () => t('Cost'),
    View: ({ args, query }) => html`<${Costs} load=${load} args=${args}
      query=${query} />`,
  },
];

export default function Analytics({ query }) {
  const args = scope(query);
  const tab = tabs.find((x) => x.id === query.tab) ?? tabs[0];
  const usable = args.from < args.to;
  return html`<${Head} title=${t('Analytics')}><${Button} icon="mail" href=${href('/reports')}>${t('Reports')}<//><//>
    <${Period} query=${query} home="/analytics" />
    ${
      usable
        ? html`<div class="stack wide">
        <${Tiles} args=${args} />
        <${Volume} args=${args} query=${query} />
        <${Parts} label=${t('Figures')} rows=${tabs.map((x) => ({
          label: x.title(),
          here: x === tab,
          href: href('/analytics', { ...query, tab: x.id }),
        }))} />
        <${tab.View} key=${tab.id} args=${args} query=${query} />
      </div>`
        : html`<${Card} plain><${Empty} icon="calendar" title=${t('These days are in the wrong order')}>
          ${t('Choose a first day before the last.')}<//><//>`
    }`;
}
