// Webhooks out: where they go, what was delivered, and once more.
import { all, ask, post } from '../../api.js';
import { Act, Once } from '../../parts/admin.js';
import { Badge, Button, Card, Check, Empty, Loaded, Time } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { changed, Form, Input, loadTagged, sendChange, Tick, useForm } from '../../parts/form.js';
import { note, onEvent, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useEffect, useState } from '../../ui.js';
import { Deliveries } from './deliveries.js';

const kinds = [
  'call.created',
  'call.ringing',
  'call.answered',
  'call.completed',
  'call.updated',
  'call.missed',
  'voicemail.created',
  'recording.available',
  'recording.deleted',
  'transcription.completed',
  'transcription.failed',
  'analysis.completed',
  'disposition.set',
  'number.purchased',
  'number.released',
  'agent.status_changed',
  'test.ping',
];

function Events({ value, set }) {
  const flip = (kind) => (e) => set(e.target.checked ? [...value, kind] : value.filter((k) => k !== kind));
  return html`<fieldset class="ticks"><legend>${t('What is told')}</legend><div>${kinds.map(
    (k) => html`<${Check} label=${html`<code>${k}</code>`} checked=${value.includes(k)} onChange=${flip(k)} />`,
  )}</div></fieldset>`;
}

function Secret({ value, close }) {
  return html`<${Dialog} title=${t('The secret of the endpoint')} close=${close}><div class="stack">
    <${Once} value=${value} label=${t('Secret')}><p>${t(
      'Messages are signed with it by Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature.',
    )}</p><//>
    <div class="row ends"><${Button} kind="main" onClick=${close}>${t('I have copied it')}<//></div></div><//>`;
}

function Edit({ of, close, done }) {
  const was = of?.doc ?? { url: '', description: '', events: kinds.filter((k) => k !== 'call.ringing'), enabled: true };
  const first = { url: was.url, description: was.description ?? '', enabled: was.enabled };
  const [events, setEvents] = useState(was.events);
  const [secret, setSecret] = useState(null);
  const form = useForm(first, async (v, key) => {
    if (!of) {
      const body = { url: v.url, events };
      if (v.description) body.description = v.description;
      setSecret((await post('/webhook-endpoints', body, { key })).secret);
      return done();
    }
    const body = changed(v, first);
    if (JSON.stringify(events) !== JSON.stringify(was.events)) body.events = events;
    if (Object.keys(body).length) await sendChange(of, body);
    note(t('Saved'));
    done();
    return close();
  });
  if (secret) return html`<${Secret} value=${secret} close=${close} />`;
  return html`<${Dialog} title=${of ? t('Change the endpoint') : t('Add an endpoint')} close=${close}>
    <${Form} of=${form} action=${of ? t('Save') : t('Add')} cancel=${close} disabled=${events.length === 0}>
      <${Input} of=${form} name="url" type="url" label=${t('Address')}
        placeholder="https://crm.example.com/hook" autofocus
        spellcheck=${false} hint=${t('https, on the open internet.')} />
      <${Input} of=${form} name="description" label=${t('What it is for')} maxlength="200" />
      ${of && html`<${Tick} of=${form} name="enabled" label=${t('On')} />`}
      <${Events} value=${events} set=${setEvents} /><//><//>`;
}

// Loads an endpoint with its tag, then lets it be changed.
function Change({ id, close, done }) {
  const of = useLoad(loadTagged(`/webhook-endpoints/${id}`), id);
  return of.data
    ? html`<${Edit} of=${of.data} close=${close} done=${done} />`
    : html`<${Dialog} title=${t('Change the endpoint')} close=${close}><${Loaded} of=${of} lines=${4}>${() => null}
      <//><//>`;
}

function Asked({ what, item, close, done }) {
  const [secret, setSecret] = useState(null);
  const drop = async () => {
    await ask('DELETE', `/webhook-endpoints/${item.id}`);
    note(t('The endpoint is deleted'));
    done();
  };
  const rotate = async () => setSecret((await post(`/webhook-endpoints/${item.id}/secret`)).secret);
  if (secret) return html`<${Secret} value=${secret} close=${done} />`;
  return what === 'drop'
    ? html`<${Confirm} title=${t('Delete the endpoint?')} action=${t('Delete')} danger close=${close} run=${drop}>
        <p><code>${item.url}</code></p>
        <p>${t('Nothing is told there any more, and its log goes with it.')}</p><//>`
    : html`<${Confirm} title=${t('Give it another secret?')} action=${t('Another secret')} close=${close}
        run=${rotate}>
        <p>${t('For a day both sign every message, so that the receiver may change over when it likes.')}</p><//>`;
}

function Endpoint({ item, open, log }) {
  const test = async () => {
    await post(`/webhook-endpoints/${item.id}/test`);
    log();
    return t('test.ping is on its way: look at the log below');
  };
  return html`<li class="endpoint"><div class="stack tightly">
      <div class="row"><code class="url">${item.url}</code>
        ${item.enabled ? html`<${Badge} kind="good">${t('On')}<//>` : html`<${Badge} kind="warn">${t('Off')}<//>`}
        ${item.old_secret_until && html`<${Badge} kind="live">${t('two secrets')}<//>`}</div>
      ${item.description && html`<span class="soft">${item.description}</span>`}
      ${
        !item.enabled &&
        item.disabled_reason &&
        html`<span class="warn"><span>${item.disabled_reason}</span> <${Time} at=${item.disabled_at} /></span>`
      }
      <small class="faint">${item.events.length === kinds.length ? t('Everything') : item.events.join(', ')}</small>
        </div>
    <div class="row">
      <${Act} icon="send" busyText=${t('Sending…')} run=${test}>${t('Test')}<//>
      <${Button} kind="plain" icon="pen-line" label=${t('Change {what}', { what: item.url })}
        onClick=${() => open('edit', item)} />
      <${Button} kind="plain" icon="key-round" label=${t('Another secret for {what}', { what: item.url })}
        onClick=${() => open('rotate', item)} />
      <${Button} kind="plain" icon="trash-2" label=${t('Delete {what}', { what: item.url })}
        onClick=${() => open('drop', item)} />
    </div></li>`;
}

export default function Webhooks({ query }) {
  const endpoints = useLoad((signal) => all('/webhook-endpoints', {}, { signal }), '');
  const [open, setOpen] = useState(null);
  const [turn, setTurn] = useState(0);
  const again = () => setTurn((n) => n + 1);
  useEffect(() => onEvent(again), []);
  const close = () => setOpen(null);
  const done = () => {
    endpoints.reload();
    again();
  };
  const add = html`<${Button} kind="main" icon="plus" onClick=${() => setOpen(['add'])}>${t('Add an endpoint')}<//>`;
  return html`<${Card} title=${t('Where they go')} plain tools=${endpoints.data?.data.length > 0 && add}>
      <${Loaded} of=${endpoints} lines=${3}>${(page) =>
        page.data.length === 0
          ? html`<${Empty} icon="webhook" title=${t('Nobody is told yet')} action=${add}>${t(
              'An endpoint of yours hears of every call the moment it happens, signed by Standard Webhooks.',
            )}<//>`
          : html`<ul class="lines tall">${page.data.map(
              (e) => html`<${Endpoint} key=${e.id} item=${e} open=${(...o) => setOpen(o)} log=${again} />`,
            )}</ul>`}<//><//>
    <${Deliveries} query=${query} turn=${turn} endpoints=${endpoints.data?.data ?? []} />
    ${open?.[0] === 'add' && html`<${Edit} close=${close} done=${done} />`}
    ${open?.[0] === 'edit' && html`<${Change} id=${open[1].id} close=${close} done=${done} />`}
    ${
      ['drop', 'rotate'].includes(open?.[0]) &&
      html`<${Asked} what=${open[0]} item=${open[1]} close=${close} done=${() => {
        close();
        done();
      }} />`
    }`;
}
