// Alerts: who is told of what, by which way, and when not.
import { all, ask, get, post } from '../../api.js';
import { phone } from '../../parts/number-text.js';
import { Badge, Button, Card, Check, Empty, Loaded, Time } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { changed, Form, given, Input, loadTagged, Pick, sendChange, Tick, useForm } from '../../parts/form.js';
import { useNames } from '../../parts/names.js';
import { PickOne } from '../../parts/pick.js';
import { Table } from '../../parts/table.js';
import { note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const kinds = () => [
  ['missed_call', t('A missed call')],
  ['webhook_failed', t('A webhook that does not arrive')],
  ['transcription_failed', t('A recording that cannot be written down')],
  ['number_drift', t('A number that does not call us any more')],
  ['spend', t('A budget that is used up')],
  ['provider_failed', t('Twilio or the model that refuses us')],
];
const kindName = (k) => kinds().find(([v]) => v === k)?.[1] ?? k;
const digests = () => [
  ['none', t('Each at once')],
  ['hourly', t('Together, every hour')],
  ['daily', t('Together, once a day')],
];
const fresh = {
  kinds: ['missed_call'],
  channel: 'mail',
  target: '',
  user_id: '',
  client_id: '',
  quiet_from: '',
  quiet_until: '',
  digest: 'none',
  digest_at: '08:00',
  enabled: true,
};

function Edit({ of, close, done }) {
  const was = of
    ? Object.fromEntries(Object.keys(fresh).map((k) => [k, of.doc[k] ?? (k === 'enabled' ? false : '')]))
    : fresh;
  const [told, setTold] = useState(was.kinds);
  const { kinds: _, ...first } = was;
  const form = useForm(first, async (v, key) => {
    if (of) {
      const body = changed(v, first);
      if (told.join() !== was.kinds.join()) body.kinds = told;
      if (Object.keys(body).length) await sendChange(of, body);
    } else await post('/alert-rules', { ...given(v), kinds: told }, { key });
    note(t('Saved'));
    done();
  });
  const flip = (k) => (e) => setTold(e.target.checked ? [...told, k] : told.filter((x) => x !== k));
  const v = form.values;
  return html`<${Dialog} title=${of ? t('Change the rule') : t('Add a rule')} close=${close}>
    <${Form} of=${form} action=${of ? t('Save') : t('Add')} cancel=${close} disabled=${told.length === 0}>
      <fieldset class="ticks one"><legend>${t('Tell of')}</legend><div>${kinds().map(
        ([k, label]) => html`<${Check} label=${label} checked=${told.includes(k)} onChange=${flip(k)} />`,
      )}</div></fieldset>
      <div class="pair"><${Pick} of=${form} name="channel" label=${t('By')} rows=${[
        ['mail', t('Mail')],
        ['sms', t('SMS')],
      ]} />
        <${Input} of=${form} name="target" label=${v.channel === 'sms' ? t('Number') : t('Address')}
          placeholder=${v.channel === 'sms' ? '+44…' : 'ops@example.com'}
          hint=${t('Empty: the person’s own.')} /></div>
      <div class="pair">
        <${PickOne} of=${form} name="user_id" kind="users" label=${t('Person')} empty=${t('None')} />
        <${PickOne} of=${form} name="client_id" kind="clients" label=${t('Only about')} empty=${t('Everything')} />
      </div>
      <div class="pair"><${Input} of=${form} name="quiet_from" type="time" label=${t('Quiet from')}
          hint=${t('What comes then is told when the quiet is over.')} />
        <${Input} of=${form} name="quiet_until" type="time" label=${t('Quiet until')} /></div>
      <div class="pair"><${Pick} of=${form} name="digest" label=${t('How often')} rows=${digests()} />
        ${v.digest === 'daily' && html`<${Input} of=${form} name="digest_at" type="time" label=${t('At')} />`}</div>
      ${of && html`<${Tick} of=${form} name="enabled" label=${t('On')} />`}<//><//>`;
}

function Change({ id, close, done }) {
  const of = useLoad(loadTagged(`/alert-rules/${id}`), id);
  return of.data
    ? html`<${Edit} of=${of.data} close=${close} done=${done} />`
    : html`<${Dialog} title=${t('Change the rule')} close=${close}><${Loaded} of=${of} lines=${4}>${() => null}<//>
      <//>`;
}

const sentStates = {
  sent: ['good', () => t('Sent')],
  waiting: ['live', () => t('Waiting')],
  sending: ['live', () => t('Going out')],
  failed: ['bad', () => t('Failed')],
  unknown: ['warn', () => t('Not known')],
};

function Told() {
  const alerts = useLoad((signal) => get('/alerts', { limit: 20 }, { signal }), '');
  const columns = [
    { name: 'what', title: t('What'), show: (a) => kindName(a.kind) },
    { name: 'to', title: t('To'), show: (a) => (a.channel === 'sms' ? phone(a.target) : a.target) },
    {
      name: 'state',
      title: t('State'),
      show: (a) => html`<${Badge} kind=${sentStates[a.state]?.[0]}>
        ${sentStates[a.state]?.[1]() ?? a.state}<//>${a.reason && html`<br /><span class="soft">${a.reason}</span>`}`,
    },
    { name: 'when', title: t('When'), num: true, show: (a) => html`<${Time} at=${a.created_at} />` },
  ];
  return html`<${Card} title=${t('What was told')} plain><${Loaded} of=${alerts} lines=${3}>${(page) =>
    page.data.length === 0
      ? html`<${Empty} icon="bell" title=${t('Nothing yet')}>
        ${t('What a rule tells appears here, with how it was sent.')}<//>`
      : html`<${Table} label=${t('What was told')} columns=${columns} rows=${page.data} tight />`}<//><//>`;
}

export default function Alerts() {
  const rules = useLoad((signal) => all('/alert-rules', {}, { signal }), '');
  const list = rules.data?.data ?? [];
  const name = useNames({ clients: list.map((r) => r.client_id), users: list.map((r) => r.user_id) });
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    rules.reload();
  };
  const drop = () => ask('DELETE', `/alert-rules/${open[1].id}`).then(done);
  const who = (r) =>
    r.target ? (r.channel === 'sms' ? phone(r.target) : r.target) : (name(r.user_id) ?? t('a person'));
  const add = html`<${Button} kind="main" icon="plus" onClick=${() => setOpen(['add'])}>${t('Add a rule')}<//>`;
  return html`<${Card} title=${t('Who is told')} plain tools=${rules.data?.data.length > 0 && add}><${Loaded}
    of=${rules} lines=${3}>
    ${(page) =>
      page.data.length === 0
        ? html`<${Empty} icon="bell" title=${t('Nobody is told of anything')} action=${add}>
            ${t('A rule mails or texts somebody when a call is missed or something stops working.')}<//>`
        : html`<ul class="lines tall">${page.data.map(
            (r) => html`<li class="endpoint"><div class="stack tightly">
            <div class="row"><b>${who(r)}</b><${Badge}>${r.channel === 'sms' ? t('SMS') : t('Mail')}<//>
              ${!r.enabled && html`<${Badge} kind="warn">${t('Off')}<//>`}
              ${r.digest !== 'none' && html`<${Badge}>${digests().find(([d]) => d === r.digest)[1]}<//>`}
              ${r.quiet_from && html`<${Badge} icon="moon">${r.quiet_from}–${r.quiet_until}<//>`}</div>
            <span class="soft">${r.kinds.map(kindName).join(' · ')}</span>
            ${
              r.client_id &&
              html`<small class="faint">
              ${t('Only about {name}', { name: name(r.client_id) ?? '…' })}</small>`
            }
          </div><div class="row">
            <${Button} kind="plain" icon="pen-line" label=${t('Change the rule for {who}', { who: who(r) })}
              onClick=${() => setOpen(['edit', r])} />
            <${Button} kind="plain" icon="trash-2" label=${t('Delete the rule for {who}', { who: who(r) })}
              onClick=${() => setOpen(['drop', r])} /></div></li>`,
          )}</ul>`}<//><//>
    <${Told} />
    ${open?.[0] === 'add' && html`<${Edit} close=${close} done=${done} />`}
    ${open?.[0] === 'edit' && html`<${Change} id=${open[1].id} close=${close} done=${done} />`}
    ${
      open?.[0] === 'drop' &&
      html`<${Confirm} title=${t('Delete the rule?')} action=${t('Delete')} danger close=${close} run=${drop}>
        <p>${t('{who} is told of this no more.', { who: who(open[1]) })}</p><//>`
    }`;
}
