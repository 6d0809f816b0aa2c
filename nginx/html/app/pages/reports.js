// Reports: which figures are mailed to whom and when, and those that were.
import { all, del, get, post } from '../api.js';
import { Badge, Button, Card, Empty, Failure, Head, Loaded, Time } from '../parts/basic.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { Form, Input, loadTagged, Pick, sendChange, Tick, useForm } from '../parts/form.js';
import { useNames } from '../parts/names.js';
import { PickOne } from '../parts/pick.js';
import { Table } from '../parts/table.js';
import { href } from '../router.js';
import { note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

const every = { week: () => t('Every week'), month: () => t('Every month') };

const words = (text) => text.split(/[\s,;]+/).filter(Boolean);

// of: what loadTagged() gave, or nothing where one is made.
function Edit({ of, close, done }) {
  const was = of?.doc ?? { client_id: null, every: 'week', send_at: '08:00', recipients: [], enabled: true };
  const first = { ...was, client_id: was.client_id ?? '', recipients: was.recipients.join('\n') };
  const form = useForm(first, async (v, key) => {
    const { every: often, send_at, enabled } = v;
    const body = { every: often, send_at, enabled, client_id: v.client_id || null, recipients: words(v.recipients) };
    if (of) await sendChange(of, body);
    else await post('/report-schedules', body, { key });
    note(t('Saved.'));
    done();
  });
  return html`<${Dialog} title=${of ? t('Change the report') : t('A new report')} close=${close}>
    <${Form} of=${form} action=${t('Save')} cancel=${close}>
      <${PickOne} of=${form} name="client_id" kind="clients" label=${t('Of')} empty=${t('All calls')} />
      <div class="pair"><${Pick} of=${form} name="every" label=${t('When')}
          rows=${Object.entries(every).map(([k, w]) => [k, w()])} />
        <${Input} of=${form} name="send_at" type="time" label=${t('At')} required
          hint=${t('On Monday, or on the first of the month.')} /></div>
      <${Input} of=${form} name="recipients" as="textarea" label=${t('To')} rows="3" required
        hint=${t('E-mail addresses, one a line; at most 20.')} />
      <${Tick} of=${form} name="enabled" label=${t('Switched on')} /><//><//>`;
}

function Schedules({ of, reload }) {
  const [open, setOpen] = useState(null);
  const [error, setError] = useState(null);
  const act = (what, after) => async () => {
    setError(null);
    await what().then(after, setError);
  };
  const change = (s) => act(loadTagged(`/report-schedules/${s.id}`), (form) => setOpen({ form }))();
  const over = () => {
    setOpen(null);
    of.reload();
    reload();
  };
  const names = useNames({ clients: (of.data?.data ?? []).map((s) => s.client_id) });
  const name = (id) => (id ? (names(id) ?? t('a client')) : t('All calls'));
  const columns = [
    { name: 'of', title: t('Of'), show: (s) => name(s.client_id) },
    { name: 'every', title: t('When'), show: (s) => `${every[s.every]()}, ${s.send_at}` },
    { name: 'to', title: t('To'), show: (s) => s.recipients.join(', ') },
    {
      name: 'on',
      title: t('State'),
      show: (s) => (s.enabled ? html`<${Badge} kind="good">${t('On')}<//>` : html`<${Badge}>${t('Off')}<//>`),
    },
    {
      name: 'do',
      title: '',
      show: (s) => html`<div class="row ends">
        <${Button} icon="mail" onClick=${act(
          () => post(`/report-schedules/${s.id}/send`),
          () => {
            note(t('The last report is on its way.'));
            reload();
          },
        )}>${t('Send now')}<//>
        <${Button} kind="plain" icon="pen-line" label=${t('Change')} onClick=${() => change(s)} />
        <${Button} kind="plain" icon="trash-2" label=${t('Delete')} onClick=${() => setOpen({ gone: s })} /></div>`,
    },
  ];
  return html`<${Card} title=${t('Who gets what')} plain tools=${html`<${Button} icon="plus"
      onClick=${() => setOpen({ form: null })}>${t('New report')}<//>`}>
    ${error && html`<${Failure} error=${error} />`}
    <${Loaded} of=${of} lines=${3}>${(page) =>
      page.data.length
        ? html`<${Table} label=${t('Who gets what')} columns=${columns} rows=${page.data} />`
        : html`<${Empty} icon="mail" title=${t('Nobody gets a report yet')}
          action=${html`<${Button} kind="main" onClick=${() => setOpen({ form: null })}>${t('New report')}<//>`}>
          ${t('Weekly or monthly figures by mail, of all calls or of one client.')}<//>`}<//>
    ${open && 'form' in open && html`<${Edit} of=${open.form} close=${() => setOpen(null)} done=${over} />`}
    ${
      open?.gone &&
      html`<${Confirm} title=${t('Delete this report?')} danger action=${t('Delete')}
      close=${() => setOpen(null)} run=${() => del(`/report-schedules/${open.gone.id}`).then(over)}>
      <p>${t('The reports that it made go with it. Mails that were sent stay where they are.')}</p><//>`
    }
  <//>`;
}

const states = { sent: 'good', failed: 'bad', waiting: 'warn' };
const said = { sent: () => t('sent'), failed: () => t('failed'), waiting: () => t('waiting') };
const made = [
  { name: 'subject', title: t('Report'), show: (r) => html`<a href=${href(`/reports/${r.id}`)}>${r.subject}</a>` },
  { name: 'days', title: t('Days'), minor: true, show: (r) => `${r.from} – ${r.to}` },
  {
    name: 'mails',
    title: t('Mails'),
    show: (r) =>
      html`<span class="row">${r.mails.map(
        (m) => html`<${Badge} kind=${states[m.state]}>${m.recipient}: ${said[m.state]()}<//>`,
      )}</span>`,
  },
  { name: 'at', title: t('Made'), num: true, show: (r) => html`<${Time} at=${r.created_at} />` },
];

export default function Reports({ query }) {
  const schedules = useLoad((signal) => all('/report-schedules', {}, { signal }), '');
  const reports = useLoad((signal) => get('/reports', { limit: 25, cursor: query.cursor }, { signal }), query.cursor);
  return html`<${Head} title=${t('Reports')} />
    <div class="stack wide">
      <${Schedules} of=${schedules} reload=${reports.reload} />
      <${Card} title=${t('Made so far')} plain><${Loaded} of=${reports} lines=${4}>${(page) =>
        page.data.length
          ? html`<${Table} label=${t('Made so far')} columns=${made} rows=${page.data}
            link=${(r) => href(`/reports/${r.id}`)} />`
          : html`<${Empty} icon="file-text" title=${t('None yet')}>
            ${t('The first one comes when its day has come.')}<//>`}<//><//>
    </div>`;
}
