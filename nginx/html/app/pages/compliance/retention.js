// How long audio, text and metadata stay; what would go with other days, before they are saved; and what went.
import { get, post } from '../../api.js';
import { Named } from '../../parts/admin.js';
import { Badge, Button, Card, Empty, Failure, Loaded, Time } from '../../parts/basic.js';
import { Figure } from '../../parts/chart.js';
import { Form, Input, loadTagged, sendChange, useForm } from '../../parts/form.js';
import { useNames } from '../../parts/names.js';
import { Table } from '../../parts/table.js';
import { bytes, count } from '../../fmt.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const parts = [
  ['audio_days', () => t('Recordings'), () => t('the sound, here and at Twilio')],
  ['text_days', () => t('Transcripts'), () => t('texts, summaries, action items')],
  ['metadata_days', () => t('Metadata'), () => t('numbers, names, notes; the figures stay')],
];
const kinds = {
  audio: () => t('Recordings'),
  text: () => t('Transcripts'),
  metadata: () => t('Metadata'),
  stray: () => t('Without a call'),
};
const days = (v) => (v === '' || v === null ? null : Number(v));

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
  const query = { days: 30, ...Object.fromEntries(parts.map(([k]) => [k, wanted[k] === null ? 0 : wanted[k]])) };
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

function Days({ of, saved }) {
  const name = clientName(useNames({ clients: of.doc.clients.map((c) => c.client_id) }));
  const first = Object.fromEntries(parts.map(([k]) => [k, of.doc[k] ?? '']));
  const form = useForm(first, async (v) => {
    saved(await sendChange(of, Object.fromEntries(parts.map(([k]) => [k, days(v[k])]))));
    note(t('Saved: it counts from the next night on.'));
  });
  const wanted = Object.fromEntries(parts.map(([k]) => [k, days(form.values[k])]));
  const sound = Object.values(wanted).every((v) => v === null || (Number.isInteger(v) && v >= 1 && v <= 36500));
  return html`<${Card} title=${t('How long things stay')}>
      <${Form} of=${form} action=${t('Save')} disabled=${!may('admin')} label=${t('How long things stay')}>
        <div class="three">${parts.map(
          ([k, title, about]) => html`<${Input} of=${form} name=${k} type="number" min="1"
          max="36500" label=${t('{what}, days', { what: title() })} placeholder=${t('for ever')} hint=${about()} />`,
        )}</div>
        ${
          of.doc.clients.length > 0 &&
          html`<p class="soft">${t('Clients with days of their own: {names}.', {
            names: of.doc.clients.map((c) => name(c.client_id)).join(', '),
          })}</p>`
        }<//><//>
    ${sound && html`<${Preview} wanted=${wanted} />`}`;
}

const named = (name, value) => html`<${Named} name=${name}>${value}<//>`;
const states = { done: 'good', failed: 'bad', running: 'live' };
const sum = (run, member) => run.lines.reduce((n, l) => n + l[member], 0);

function Runs() {
  const runs = useLoad((signal) => get('/retention-runs', { limit: 25 }, { signal }), '');
  const [error, setError] = useState(null);
  const columns = [
    { name: 'date', title: t('Night'), show: (r) => r.date },
    {
      name: 'state',
      title: t('State'),
      show: (r) => html`<${Badge} kind=${states[r.state]}>${r.state}<//>
      ${r.reason && html` <span class="soft">${r.reason}</span>`}`,
    },
    { name: 'items', title: t('Went'), num: true, show: (r) => named(t('Went'), count(sum(r, 'items'))) },
    { name: 'bytes', title: t('Size'), num: true, minor: true, show: (r) => bytes(sum(r, 'bytes')) },
    { name: 'held', title: t('Held'), num: true, show: (r) => named(t('Held'), count(sum(r, 'held'))) },
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
        ? html`<${Table} label=${t('What went')} columns=${columns} rows=${page.data} tight />`
        : html`<${Empty} icon="moon" title=${t('No night has passed yet')} />`}<//><//>`;
}

export function Retention() {
  const settings = useLoad(loadTagged('/settings/retention'), '');
  return html`<${Loaded} of=${settings} lines=${4}>${(of) => html`<${Days} key=${of.etag} of=${of}
      saved=${settings.set} />`}<//>
    <${Runs} />`;
}
