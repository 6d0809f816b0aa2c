// When calls come: hours of weekdays as a table with depth, hours of the day, and when customers are reached best.
import { Empty, Loaded } from '../../parts/basic.js';
import { Chart, Figure } from '../../parts/chart.js';
import { count, percent } from '../../fmt.js';
import { locale, t } from '../../text.js';
import { html, useMemo } from '../../ui.js';

const long = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
const short = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
// 1 is Monday: 5 January 1970 was one.
const weekday = (n, as = long) => as.format(new Date(Date.UTC(1970, 0, 4 + n)));
const two = (h) => String(h).padStart(2, '0');

const columns = () => [
  { name: 'weekday', title: t('Weekday'), show: (r) => weekday(r.weekday) },
  { name: 'hour', title: t('Hour'), num: true, show: (r) => `${two(r.hour)}:00` },
  { name: 'calls', title: t('Calls'), num: true, show: (r) => count(r.calls) },
  { name: 'answer_rate', title: t('Answer rate'), num: true, show: (r) => percent(r.answer_rate) },
];

function Grid({ rows }) {
  const most = Math.max(...rows.map((r) => r.calls), 1);
  const at = new Map(rows.map((r) => [`${r.weekday} ${r.hour}`, r]));
  const hours = Array.from({ length: 24 }, (_, h) => h);
  const Cell = ({ day, hour }) => {
    const r = at.get(`${day} ${hour}`);
    const depth = r?.calls ? Math.round(6 + (r.calls / most) * 40) : 0;
    const said = `${weekday(day)} ${two(hour)}:00 – ${t('{n} calls, {rate} answered', {
      n: count(r?.calls ?? 0),
      rate: percent(r?.answer_rate ?? null),
    })}`;
    return html`<td title=${said}
      style=${{ backgroundColor: `color-mix(in srgb, var(--accent) ${depth}%, var(--paper))` }}>
        ${r?.calls || html`<span class="unseen">0</span>`}</td>`;
  };
  return html`<div class="heat" tabindex="0" role="group" aria-label=${t('Hours of weekdays')}>
    <table><caption class="unseen">${t('Calls by weekday and hour')}</caption>
      <thead><tr><th scope="col"><span class="unseen">${t('Weekday')}</span></th>
        ${hours.map((h) => html`<th scope="col">${two(h)}</th>`)}</tr></thead>
      <tbody>${[1, 2, 3, 4, 5, 6, 7].map(
        (d) => html`<tr><th scope="row">${weekday(d, short)}</th>
        ${hours.map((h) => html`<${Cell} day=${d} hour=${h} />`)}</tr>`,
      )}</tbody></table></div>`;
}

export function Heatmap({ load, args }) {
  const all = load('heatmap', args);
  return html`<${Figure} title=${t('Calls by weekday and hour')} name="heatmap" columns=${columns()}
    rows=${all.data?.data ?? []}>
    <${Loaded} of=${all} lines=${7}>${(s) => html`<${Grid} rows=${s.data} />`}<//><//>`;
}

const best = () => [
  { name: 'weekday', title: t('Weekday'), show: (r) => weekday(r.weekday) },
  { name: 'hour', title: t('Hour'), num: true, show: (r) => `${two(r.hour)}:00` },
  { name: 'attempts', title: t('Attempts'), num: true, show: (r) => count(r.attempts) },
  { name: 'connect_rate', title: t('Connect rate'), num: true, show: (r) => percent(r.connect_rate) },
  { name: 'lower_bound', title: t('At least'), num: true, show: (r) => percent(r.lower_bound) },
];

export function Hours({ load, args }) {
  const all = load('hours', args);
  const times = load('best-time', args);
  const rows = all.data?.data;
  const labels = useMemo(() => rows?.map((r) => two(r.hour)), [rows]);
  const series = useMemo(() => [{ title: t('Calls a day'), tone: 'accent', values: rows?.map((r) => r.mean) }], [rows]);
  const mean = (n) => (Math.round(n * 10) / 10).toLocaleString(locale);
  const cells = [
    { name: 'hour', title: t('Hour'), show: (r) => `${two(r.hour)}:00` },
    { name: 'calls', title: t('Calls'), num: true, show: (r) => count(r.calls) },
    { name: 'mean', title: t('A day'), num: true, show: (r) => mean(r.mean) },
    { name: 'answer_rate', title: t('Answer rate'), num: true, show: (r) => percent(r.answer_rate) },
  ];
  const sure = (times.data?.data ?? []).filter((r) => r.lower_bound !== null).slice(0, 8);
  return html`<div class="two even">
    <${Figure} title=${t('Hours of the day')} name="hours" columns=${cells} rows=${rows ?? []}>
      <${Loaded} of=${all} lines=${5}>${() => html`<${Chart} labels=${labels} series=${series} format=${mean}
        text=${t('Calls a day by hour; the table has the figures.')} />`}<//><//>
    <${Figure} title=${t('Best time to call')} name="best-time" columns=${best()} rows=${times.data?.data ?? []}
      note=${t('Hours with enough attempts, by the rate that is certain (95 %).')}>
      <${Loaded} of=${times} lines=${5}>${() =>
        sure.length
          ? html`<ol class="ranks">${sure.map(
              (r) => html`<li><b>${weekday(r.weekday)} ${two(r.hour)}:00</b>
            <span>${t('{rate} of {n} connected', { rate: percent(r.connect_rate), n: count(r.attempts) })}</span></li>`,
            )}</ol>`
          : html`<${Empty} icon="clock" title=${t('Not enough attempts yet')}>
            ${t('An hour of the week counts from 20 outbound calls on.')}<//>`}<//><//>
  </div>`;
}
