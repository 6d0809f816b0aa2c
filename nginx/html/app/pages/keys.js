// API keys: what machines log in with. A key is shown once, when it is made.
import { del, get, post } from '../api.js';
import { Once } from '../parts/admin.js';
import { Badge, Button, Check, Empty, Head, Time } from '../parts/basic.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { Form, Input, Pick, Tick, useForm } from '../parts/form.js';
import { List } from '../parts/table.js';
import { note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { roleName, roleRows } from './people.js';

const resources = () => [
  ['calls', t('Calls')],
  ['recordings', t('Recordings')],
  ['transcripts', t('Transcripts')],
  ['contacts', t('Contacts')],
  ['clients', t('Clients')],
  ['campaigns', t('Campaigns')],
  ['numbers', t('Numbers')],
  ['conversions', t('Conversions')],
  ['stats', t('Figures')],
  ['events', t('Events')],
  ['dnc_lists', t('Do-not-call lists')],
  ['consents', t('Consents')],
  ['tokens', t('Browser phone')],
];
const readOnly = ['stats', 'events', 'transcripts'];

function Scopes({ value, set }) {
  const has = (word) => value.includes(word);
  const flip = (word) => (e) => set(e.target.checked ? [...value, word] : value.filter((w) => w !== word));
  return html`<fieldset class="scopes"><legend>${t('What it may touch')}</legend>
    <ul>${resources().map(
      ([name, label]) => html`<li><span id=${`scope-${name}`}>${label}</span>
        <${Check} label=${t('reads')} aria-describedby=${`scope-${name}`} checked=${has(`${name}:read`)}
          onChange=${flip(`${name}:read`)} />
        ${
          readOnly.includes(name)
            ? html`<span></span>`
            : html`<${Check} label=${t('writes')} aria-describedby=${`scope-${name}`} checked=${has(`${name}:write`)}
              onChange=${flip(`${name}:write`)} />`
        }</li>`,
    )}</ul></fieldset>`;
}

function Make({ close, done }) {
  const [made, setMade] = useState(null);
  const [scopes, setScopes] = useState([]);
  const form = useForm({ name: '', role: 'agent', days: '', test: false, narrow: false }, async (v, key) => {
    const body = { name: v.name, role: v.role, test: v.test };
    if (v.days) body.expires_in_days = Number(v.days);
    if (v.narrow && scopes.length) body.scopes = scopes.join(' ');
    setMade(await post('/keys', body, { key }));
    done();
  });
  if (made)
    return html`<${Dialog} title=${t('The key is made')} close=${close}><div class="stack">
      <${Once} value=${made.key} label=${t('API key')}>
        <p>${t('Send it as: Authorization: Bearer …')}</p><//>
      <div class="row ends"><${Button} kind="main" onClick=${close}>${t('I have copied it')}<//></div></div><//>`;
  return html`<${Dialog} title=${t('Make a key')} close=${close}>
    <${Form} of=${form} action=${t('Make the key')} busyText=${t('Making…')} cancel=${close}
        disabled=${form.values.narrow && scopes.length === 0}>
      <${Input} of=${form} name="name" label=${t('Name')} maxlength="100" autofocus required
        hint=${t('Which machine holds it: “CRM, production”.')} />
      <div class="pair"><${Pick} of=${form} name="role" label=${t('Role')} rows=${roleRows()} />
        <${Pick} of=${form} name="days" label=${t('Ends')} empty=${t('Never by itself')} rows=${[
          ['7', t('in 7 days')],
          ['30', t('in 30 days')],
          ['90', t('in 90 days')],
          ['365', t('in a year')],
        ]} /></div>
      <${Tick} of=${form} name="test" label=${t('For tests')}
        hint=${t('Its calls go to the simulator and never to Twilio.')} />
      <${Tick} of=${form} name="narrow" label=${t('Only for some things')}
        hint=${t('Otherwise it may do all that its role may.')} />
      ${form.values.narrow && html`<${Scopes} value=${scopes} set=${setScopes} />`}<//><//>`;
}

const states = {
  active: ['good', () => t('Active')],
  expired: ['', () => t('Ended')],
  revoked: ['bad', () => t('Revoked')],
};

function End({ item, close, done }) {
  const run = async () => {
    await del(`/keys/${item.id}`);
    note(t('{name} is revoked', { name: item.name }));
    done();
  };
  return html`<${Confirm} title=${t('Revoke {name}?', { name: item.name })} action=${t('Revoke')} danger close=${close}
    run=${run}>
    <p>${t('Whatever uses the key is refused from this moment on. It stays in the list; it cannot be woken again.')}
      </p><//>`;
}

export default function Keys({ query }) {
  const keys = useLoad(
    (signal) => get('/keys', { limit: 50, count: true, ...query }, { signal }),
    JSON.stringify(query),
  );
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const add = html`<${Button} kind="main" icon="plus" onClick=${() => setOpen('make')}>${t('Make a key')}<//>`;
  const columns = [
    {
      name: 'name',
      title: t('Key'),
      show: (k) => html`<div><b>${k.name}</b>${k.test && html` <${Badge} kind="live">${t('test')}<//>`}
        <br /><code class="soft">${k.prefix}…</code></div>`,
    },
    {
      name: 'state',
      title: t('State'),
      show: (k) => html`<${Badge} kind=${states[k.state]?.[0]}>${states[k.state]?.[1]() ?? k.state}<//>`,
    },
    { name: 'role', title: t('Role'), show: (k) => roleName(k.role) },
    {
      name: 'scopes',
      title: t('May touch'),
      minor: true,
      show: (k) =>
        k.scopes ? html`<span class="soft">${k.scopes.split(' ').join(', ')}</span>` : t('All of its role'),
    },
    {
      name: 'used',
      title: t('Last used'),
      num: true,
      minor: true,
      show: (k) =>
        k.last_used_at ? html`<${Time} at=${k.last_used_at} />` : html`<span class="faint">${t('never')}</span>`,
    },
    {
      name: 'ends',
      title: t('Ends'),
      num: true,
      minor: true,
      show: (k) => (k.expires_at ? html`<${Time} at=${k.expires_at} />` : '–'),
    },
    {
      name: 'do',
      title: '',
      show: (k) =>
        k.state === 'active' &&
        html`<div class="row ends"><${Button} kind="plain" icon="ban"
        onClick=${() => setOpen(k)} aria-label=${t('Revoke {name}', { name: k.name })}>${t('Revoke')}<//></div>`,
    },
  ];
  return html`<${Head} title=${t('API keys')} about=${t('What machines log in with. People have passwords.')}>${add}<//>
    <${List} of=${keys} label=${t('API keys')} columns=${columns}
      empty=${html`<${Empty} icon="key-round" title=${t('No keys yet')} action=${add}>
        ${t('Your CRM needs one to read calls and to place them.')}<//>`} />
    ${open === 'make' && html`<${Make} close=${close} done=${keys.reload} />`}
    ${
      open?.id &&
      html`<${End} item=${open} close=${close} done=${() => {
        close();
        keys.reload();
      }} />`
    }`;
}
