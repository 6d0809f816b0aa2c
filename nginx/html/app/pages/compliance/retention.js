// How long audio, text and metadata stay; what would go with other days, before they are saved; and what went.
import { get, post } from '../../api.js';
import { Named } from '../../parts/admin.js';
import { Badge, Button, Card, Empty, Failure, Icon, Loaded, Time } from '../../parts/basic.js';
import { Figure } from '../../parts/chart.js';
import { Form, Input, loadTagged, sendChange, Tick, useForm } from '../../parts/form.js';
import { useNames } from '../../parts/names.js';
import { Table } from '../../parts/table.js';
import { bytes, count, date } from '../../fmt.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';
import { Apart } from './apart.js';
import { daysText, inRange, parts } from './terms.js';

const kinds = {
  audio: () => t('Recordings'),
  text: () => t('Transcripts'),
  metadata: () => t('Metadata'),
  stray: () => t('Without a call'),
};
const days = (v) => (v === '' || v === null ? null : Number(v));
const ever = (k) => `${k}_ever`;

const lines = (name) => [
  { name: 'kind', title: t('What'), show: (l) => kinds[l.kind]?.() ?? l.kind },
  { name: 'client', title: t('Client'), show: (l) => name(l.client_id), value: (l) => name(l.client_id) },
  { name: 'items', title: t('Goes'), num: true, show: (l) => count(l.items) },
  { name: 'bytes', title: t('Size'), num: true, show: (l) => bytes(l.bytes) },
  {
    name: 'held',
    title: t('Held'),
    num: true,
    show: (l) => (l.held ? html`<b class="warn">${count(l.held)}</b>` : '0'),
  },
  { name: 'oldest_at', title: t('Oldest'), num: true, minor: true, show: (l) => html`<${Time} at=${l.oldest_at} />` },
];

const clientName = (names) => (id) => (id ? (names(id) ?? t('a client')) : '–');

function Preview({ wanted }) {
  const query = { days: 30, ...Object.fromEntries(Object.entries(wanted).map(([k, v]) => [k, v ?? 0])) };
  const all = useLoad((signal) => get('/retention-preview', query, { signal }), JSON.stringify(query));
  const rows = all.data?.within.lines ?? [];
  const name = clientName(useNames({ clients: rows.map((l) => l.client_id) }));
  return html`<${Figure} title=${t('What would go within 30 days')} name="retention" columns=${lines(name)} rows=${rows}
    note=${t('Held: kept by a legal hold, which is stronger than these days.')}>
    <${Loaded} of=${all} lines=${3}>${() =>
      rows.length
        ? html`<${Table} label=${t('What would go')} columns=${lines(name)}
          rows=${rows.map((l, i) => ({ ...l, id: i }))}
          tight cards=${false} />`
        : html`<${Empty} icon="check" title=${t('Nothing goes')}>
          ${t('Nothing is so old, or everything is kept for ever.')}<//>`}<//><//>`;
}

// The installation's word counts where the company has said nothing; once something is said, that stands.
function Days({ of, saved, name }) {
  const { doc } = of;
  const unsaid = (k) => doc.by_default.includes(k.replace('_days', ''));
  const usual = (k) => unsaid(k) && doc.default_days !== null;
  const first = Object.fromEntries(parts.flatMap(([k]) => [[k, doc[k] ?? ''], [ever(k), false]])); // prettier-ignore
  const said = (v) =>
    parts
      .map(([k]) => [k, v[ever(k)] ? null : days(v[k]), v[ever(k)]])
      .filter(([k, n, clear]) => n !== null || clear || !unsaid(k));
  const form = useForm(first, async (v) => {
    const changes = said(v).filter(([k, n, clear]) => n !== doc[k] || clear);
    if (changes.length > 0) saved(await sendChange(of, Object.fromEntries(changes)));
    note(t('Saved: it counts from the next night on.'));
  });
  const wanted = Object.fromEntries(said(form.values));
  const sound = Object.values(wanted).every((v) => v === null || inRange(v));
  const left = parts.filter(([k]) => usual(k)).map(([, title]) => title());
  const one = ([k, title, about]) => html`<div class="stack">
    <${Input} of=${form} name=${k} type="number" min="1" max="36500" label=${t('{what}, days', { what: title() })}
      placeholder=${usual(k) && !form.values[ever(k)] ? t('{n}, by default', { n: doc.default_days }) : t('for ever')}
      disabled=${form.values[ever(k)]} hint=${about()} />
    ${usual(k) && html`<${Tick} of=${form} name=${ever(k)} label=${t('Keep for ever')} />`}</div>`;
  return html`<${Card} title=${t('How long things stay')}>
      <${Form} of=${form} action=${t('Save')} disabled=${!may('admin')} label=${t('How long things stay')}>
        ${
          left.length > 0 &&
          html`<div class="alert live"><${Icon} name="clock" /><p>
            ${t('Nothing is said here of: {names}. The default of this installation counts for them: {days}.', {
              names: left.join(', '),
              days: daysText(doc.default_days),
            })}</p></div>`
        }
        <div class="three">${parts.map(one)}</div><//><//>
    ${sound && html`<${Preview} wanted=${wanted} />`}
    <${Apart} of=${of} set=${saved} name=${name} />`;
}

const named = (name, value) => html`<${Named} name=${name}>${value}<//>`;
const states = {
  done: ['good', () => t('done')],
  failed: ['bad', () => t('failed')],
  running: ['live', () => t('running')],
};
const sum = (run, member) => run.lines.reduce((n, l) => n + l[member], 0);
// Of how many recordings webhooks heard one by one, of those that went.
function told({ recordings_told: n, lines: all }) {
  const of = all.find((l) => l.kind === 'audio')?.items ?? 0;
  if (n === 0) return '–';
  return n < of ? t('{n} of {total}', { n: count(n), total: count(of) }) : count(n);
}

function Runs() {
  const runs = useLoad((signal) => get('/retention-runs', { limit: 25 }, { signal }), '');
  const [error, setError] = useState(null);
  const columns = [
    { name: 'date', title: t('Night'), show: (r) => date(r.date) },
    {
      name: 'state',
      title: t('State'),
      show: (r) => html`<${Badge} kind=${states[r.state]?.[0]}>${states[r.state]?.[1]() ?? r.state}<//>
      ${r.reason && html` <span class="soft">${r.reason}</span>`}`,
    },
    { name: 'items', title: t('Went'), num: true, show: (r) => named(t('Went'), count(sum(r, 'items'))) },
    { name: 'bytes', title: t('Size'), num: true, minor: true, show: (r) => bytes(sum(r, 'bytes')) },
    { name: 'held', title: t('Held'), num: true, show: (r) => named(t('Held'), count(sum(r, 'held'))) },
    { name: 'told', title: t('Told to webhooks'), num: true, minor: true, show: told },
    { name: 'by', title: t('Asked by'), minor: true, show: (r) => r.asked_by_name ?? r.asked_by ?? t('the night') },
    { name: 'at', title: t('Began'), num: true, minor: true, show: (r) => html`<${Time} at=${r.started_at} />` },
  ];
  const run = () =>
    post('/retention-runs').then(() => (note(t('The sweep takes what is due.')), runs.reload()), setError);
  return html`<${Card} title=${t('What went')} plain tools=${
    may('admin') &&
    html`<${Button} icon="play" onClick=${run}>
      ${t('Run now')}<//>`
  }>
    ${error && html`<${Failure} error=${error} />`}
    <${Loaded} of=${runs} lines=${3}>${(page) =>
      page.data.length
        ? html`<${Table} label=${t('What went')} columns=${columns} rows=${page.data} tight />
            ${
              page.data.some((r) => told(r).includes(' ')) &&
              html`<p class="in soft">
                ${t('Webhooks hear of the first thousand recordings of a night one by one, of the rest in a sum.')}</p>`
            }`
        : html`<${Empty} icon="moon" title=${t('No night has passed yet')} />`}<//><//>`;
}

export function Retention() {
  const settings = useLoad(loadTagged('/settings/retention'), '');
  const name = clientName(useNames({ clients: (settings.data?.doc.clients ?? []).map((c) => c.client_id) }));
  return html`<${Loaded} of=${settings} lines=${4}>${(of) => html`<${Days} key=${of.etag} of=${of}
      saved=${settings.set} name=${name} />`}<//>
    <${Runs} />`;
}
