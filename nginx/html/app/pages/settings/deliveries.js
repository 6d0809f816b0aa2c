// What was delivered to endpoints and tried, an attempt at a time; and once more.
import { get, post } from '../../api.js';
import { Act, facts } from '../../parts/admin.js';
import { Badge, Button, Card, Empty, Field, Loaded, Time } from '../../parts/basic.js';
import { Dialog } from '../../parts/dialog.js';
import { Form, Input, useForm } from '../../parts/form.js';
import { Table } from '../../parts/table.js';
import { setQuery } from '../../router.js';
import { note, useLoad } from '../../store.js';
import { plural, t } from '../../text.js';
import { html, useEffect, useRef, useState } from '../../ui.js';

const states = {
  waiting: ['live', () => t('Waiting')],
  delivered: ['good', () => t('Delivered')],
  failed: ['bad', () => t('Failed')],
  dropped: ['', () => t('Dropped')],
};
const State = ({ of }) => html`<${Badge} kind=${states[of]?.[0]}>${states[of]?.[1]() ?? of}<//>`;
const answer = (a) => (a.status ? `${a.status}` : (a.error ?? t('no answer')));

function One({ id, close, done }) {
  const delivery = useLoad((signal) => get(`/webhook-deliveries/${id}`, {}, { signal }), id);
  return html`<${Dialog} title=${t('A delivery')} close=${close} class="dialog broad"><${Loaded} of=${delivery}>${(
    d,
  ) => html`
    <div class="stack">
      ${facts([
        [t('Event'), html`<code>${d.type}</code>`],
        [t('State'), html`<${State} of=${d.state} />`],
        [t('To'), html`<code>${d.url}</code>`],
        ['webhook-id', html`<code>${d.message_id}</code>`],
        [t('Made'), html`<${Time} at=${d.created_at} />`],
        [t('Next attempt'), d.next_at && html`<${Time} at=${d.next_at} />`],
      ])}
      <h3>${t('Attempts')}</h3>
      ${
        d.attempts.length === 0
          ? html`<p class="soft">${t('None yet: it goes out within a second.')}</p>`
          : html`<ol class="stack">${d.attempts.map(
              (a) => html`<li class="stack tightly"><div class="row"><b>${a.n}.</b> <${Time} at=${a.at} />
                <${Badge} kind=${a.status >= 200 && a.status < 300 ? 'good' : 'bad'}>${answer(a)}<//>
                <span class="faint">${t('{n} ms', { n: a.duration_ms })}</span></div>
                ${
                  a.response &&
                  html`<pre class="code" tabindex="0" aria-label=${t('What was answered')}>${a.response}
                  </pre>`
                }</li>`,
            )}</ol>`
      }
      <h3>${t('What was sent')}</h3>
      <pre class="code" tabindex="0" aria-label=${t('What was sent')}>${JSON.stringify(d.body, null, 2)}</pre>
      <div class="row ends"><${Act} icon="send" kind="main" busyText=${t('Sending…')} run=${async () => {
        await post(`/webhook-deliveries/${id}/resend`);
        done();
        return t('It goes out once more, with the same webhook-id');
      }}>${t('Send once more')}<//></div></div>`}<//><//>`;
}

function Replay({ endpoint, close, done }) {
  const hourAgo = new Date(Date.now() - 3600e3 - new Date().getTimezoneOffset() * 60e3).toISOString().slice(0, 16);
  const form = useForm({ from: hourAgo, to: '' }, async (v, key) => {
    const body = {};
    if (v.from) body.from = new Date(v.from).toISOString();
    if (v.to) body.to = new Date(v.to).toISOString();
    const r = await post(`/webhook-endpoints/${endpoint.id}/replay`, body, { key });
    note(plural(r.deliveries, { one: '{n} message goes out once more', other: '{n} messages go out once more' }));
    done();
  });
  return html`<${Dialog} title=${t('Tell a time once more')} close=${close}><${Form} of=${form}
    action=${t('Send once more')}
    cancel=${close}><p><code>${endpoint.url}</code></p>
    <div class="pair"><${Input} of=${form} name="from" type="datetime-local" label=${t('From')} />
      <${Input} of=${form} name="to" type="datetime-local" label=${t('Until')} hint=${t('Empty: now.')} /></div><//>
        <//>`;
}

export function Deliveries({ query, turn, endpoints }) {
  const { endpoint_id, state, cursor } = query;
  const log = useLoad(
    (signal) => get('/webhook-deliveries', { limit: 25, endpoint_id, state, cursor }, { signal }),
    JSON.stringify([endpoint_id, state, cursor]),
  );
  const [open, setOpen] = useState(null);
  const [replay, setReplay] = useState(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) log.reload();
    first.current = false;
  }, [turn]);
  // While something waits the log looks again by itself.
  const waiting = log.data?.data.some((d) => d.state === 'waiting' && d.attempts.length === 0);
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(log.reload, 1500);
    return () => clearTimeout(timer);
  }, [log.data]);
  const columns = [
    {
      name: 'type',
      title: t('Event'),
      show: (d) => html`<button type="button" class="linkish" onClick=${() => setOpen(d.id)}>
        <code>${d.type}</code></button>${d.resent && html` <${Badge}>${t('again')}<//>`}`,
    },
    { name: 'state', title: t('State'), show: (d) => html`<${State} of=${d.state} />` },
    {
      name: 'answer',
      title: t('Answer'),
      minor: true,
      show: (d) => (d.attempts.length ? answer(d.attempts.at(-1)) : '–'),
    },
    { name: 'tries', title: t('Attempts'), num: true, minor: true, show: (d) => d.attempts.length },
    { name: 'when', title: t('When'), num: true, show: (d) => html`<${Time} at=${d.created_at} />` },
  ];
  const one = endpoints.find((e) => e.id === endpoint_id) ?? (endpoints.length === 1 ? endpoints[0] : null);
  const filtered = endpoint_id || state;
  return html`<${Card} title=${t('Log')} plain tools=${html`
      ${one && html`<${Button} kind="plain" icon="history" onClick=${() => setReplay(one)}>${t('Replay')}<//>`}
      <${Button} kind="plain" icon="refresh-cw" label=${t('Look again')} onClick=${log.reload} />`}>
    <div class="filters in" role="search" aria-label=${t('Filters')}>
      <${Field} as="select" label=${t('Endpoint')} onChange=${(e) => setQuery({ endpoint_id: e.target.value })}>
        <option value="">${t('All')}</option>${endpoints.map(
          (e) => html`<option value=${e.id} selected=${e.id === endpoint_id}>${e.url}</option>`,
        )}<//>
      <${Field} as="select" label=${t('State')} onChange=${(e) => setQuery({ state: e.target.value })}>
        <option value="">${t('All')}</option>${Object.entries(states).map(
          ([v, [, label]]) => html`<option value=${v} selected=${v === state}>${label()}</option>`,
        )}<//></div>
    <${Loaded} of=${log} lines=${4}>${(page) =>
      page.data.length === 0
        ? html`<${Empty} icon="webhook" title=${
            filtered ? t('Nothing fits these filters') : t('Nothing was delivered yet')
          }>
            ${filtered ? '' : t('Press Test beside an endpoint: the message appears here.')}<//>`
        : html`<${Table} label=${t('Log')} columns=${columns} rows=${page.data} tight />
          <div class="pager"><span class="space"></span>
            ${cursor && html`<${Button} icon="chevron-left" onClick=${() => history.back()}>${t('Back')}<//>`}
            <${Button} disabled=${!page.next_cursor}
              onClick=${() => setQuery({ cursor: page.next_cursor }, {})}>${t('Older')}<//></div>`}<//>
    ${
      open &&
      html`<${One} id=${open} close=${() => setOpen(null)} done=${() => {
        setOpen(null);
        log.reload();
      }} />`
    }
    ${
      replay &&
      html`<${Replay} endpoint=${replay} close=${() => setReplay(null)} done=${() => {
        setReplay(null);
        log.reload();
      }} />`
    }<//>`;
}
