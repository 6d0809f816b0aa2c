// Reports: which figures are mailed to whom and when, and those that were.
import { ask, del, get, patch, post } from '../api.js';
import { Badge, Button, Card, Check, Empty, Failure, Field, Head, Loaded, Time } from '../parts/basic.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { Table } from '../parts/table.js';
import { href } from '../router.js';
import { note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

const every = { week: () => t('Every week'), month: () => t('Every month') };

function Form({ schedule, clients, close, done }) {
  const [state, setState] = useState({ busy: false, error: null });
  const send = async (e) => {
    e.preventDefault();
    const form = new FormData(e.target);
    const body = {
      every: form.get('every'),
      client_id: form.get('client_id') || null,
      recipients: form
        .get('recipients')
        .split(/[\s,;]+/)
        .filter(Boolean),
      send_at: form.get('send_at'),
      enabled: form.has('enabled'),
    };
    setState({ busy: true, error: null });
    try {
      if (schedule) await patch(`/report-schedules/${schedule.id}`, body, { etag: schedule.etag });
      else await post('/report-schedules', body);
      note(t('Saved.'));
      done();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  const wrong = (name) => state.error?.of?.(name);
  return html`<${Dialog} title=${schedule ? t('Change the report') : t('A new report')} close=${close}>
    <form class="form" onSubmit=${send}>
      ${state.error && html`<${Failure} error=${state.error} />`}
      <${Field} as="select" label=${t('Of')} name="client_id" error=${wrong('client_id')}>
        <option value="">${t('All calls')}</option>
        ${clients.map((c) => html`<option value=${c.id} selected=${c.id === schedule?.client_id}>${c.name}
          </option>`)}<//>
      <div class="pair"><${Field} as="select" label=${t('When')} name="every" error=${wrong('every')}>
        ${Object.entries(every).map(
          ([k, w]) => html`<option value=${k} selected=${k === schedule?.every}>${w()}</option>`,
        )}<//>
      <${Field} type="time" label=${t('At')} name="send_at" defaultValue=${schedule?.send_at ?? '08:00'} required
        hint=${t('On Monday, or on the first of the month.')} error=${wrong('send_at')} /></div>
      <${Field} as="textarea" label=${t('To')} name="recipients" rows="3" required
        defaultValue=${schedule?.recipients.join('\n')}
        hint=${t('E-mail addresses, one a line; at most 20.')} error=${wrong('recipients') ?? wrong('recipients/0')} />
      <${Check} label=${t('Switched on')} name="enabled" defaultChecked=${schedule?.enabled ?? true} />
      <div class="ends"><${Button} onClick=${close}>${t('Cancel')}<//>
        <${Button} type="submit" kind="main" disabled=${state.busy}>${t('Save')}<//></div>
    </form><//>`;
}

function Schedules({ of, clients, reload }) {
  const [open, setOpen] = useState(null);
  const [error, setError] = useState(null);
  const act = (what, after) => async () => {
    setError(null);
    await what().then(after, setError);
  };
  const change = (s) =>
    act(
      async () => {
        const { data, etag } = await ask('GET', `/report-schedules/${s.id}`);
        setOpen({ form: { ...data, etag } });
      },
      () => {},
    )();
  const over = () => {
    setOpen(null);
    of.reload();
    reload();
  };
  const name = (id) => (id ? (clients.find((c) => c.id === id)?.name ?? t('a client')) : t('All calls'));
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
      show: (s) => html`<div class="row end">
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
    ${
      open &&
      'form' in open &&
      html`<${Form} schedule=${open.form} clients=${clients} close=${() => setOpen(null)}
      done=${over} />`
    }
    ${
      open?.gone &&
      html`<${Confirm} title=${t('Delete this report?')} danger action=${t('Delete')}
      close=${() => setOpen(null)} run=${() => del(`/report-schedules/${open.gone.id}`).then(over)}>
      <p>${t('The reports that it made go with it. Mails that were sent stay where they are.')}</p><//>`
    }
  <//>`;
}

const states = { sent: 'good', failed: 'bad', waiting: 'warn' };
const words = { sent: () => t('sent'), failed: () => t('failed'), waiting: () => t('waiting') };
const made = [
  { name: 'subject', title: t('Report'), show: (r) => html`<a href=${href(`/reports/${r.id}`)}>${r.subject}</a>` },
  { name: 'days', title: t('Days'), minor: true, show: (r) => `${r.from} – ${r.to}` },
  {
    name: 'mails',
    title: t('Mails'),
    show: (r) =>
      html`<span class="row">${r.mails.map(
        (m) => html`<${Badge} kind=${states[m.state]}>${m.recipient}: ${words[m.state]()}<//>`,
      )}</span>`,
  },
  { name: 'at', title: t('Made'), num: true, show: (r) => html`<${Time} at=${r.created_at} />` },
];

export default function Reports({ query }) {
  const schedules = useLoad((signal) => get('/report-schedules', { limit: 100 }, { signal }), '');
  const clients = useLoad((signal) => get('/clients', { limit: 100 }, { signal }), '');
  const reports = useLoad((signal) => get('/reports', { limit: 25, cursor: query.cursor }, { signal }), query.cursor);
  return html`<${Head} title=${t('Reports')} />
    <div class="stack wide">
      <${Schedules} of=${schedules} clients=${clients.data?.data ?? []} reload=${reports.reload} />
      <${Card} title=${t('Made so far')} plain><${Loaded} of=${reports} lines=${4}>${(page) =>
        page.data.length
          ? html`<${Table} label=${t('Made so far')} columns=${made} rows=${page.data}
            link=${(r) => href(`/reports/${r.id}`)} />`
          : html`<${Empty} icon="file-text" title=${t('None yet')}>
            ${t('The first one comes when its day has come.')}<//>`}<//><//>
    </div>`;
}
