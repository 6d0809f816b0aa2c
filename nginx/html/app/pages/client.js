// One client: figures and calls, its telephone, its settings.
import { all, calls as pageOf, get } from '../api.js';
import { Parts, facts } from '../parts/admin.js';
import { Phone, phone } from '../parts/number-text.js';
import { Button, Card, Empty, Head, Loaded, Time } from '../parts/basic.js';
import { Outcome, party, Way } from '../parts/call.js';
import { Tile } from '../parts/figure.js';
import { loadTagged } from '../parts/form.js';
import { Change, Remove } from '../parts/noun.js';
import { Fix, Light, State } from '../parts/number.js';
import { Table } from '../parts/table.js';
import { Zones } from '../parts/zones.js';
import { href } from '../router.js';
import { may, useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { clientFields } from './clients.js';

const tiles = [
  { name: 'total_calls', label: () => t('Calls') },
  { name: 'answered', label: () => t('Answered'), better: 'more' },
  { name: 'missed', label: () => t('Missed'), better: 'less' },
  { name: 'answer_rate', label: () => t('Answer rate'), shape: 'percent', better: 'more' },
  { name: 'wait_seconds_median', label: () => t('Speed to answer'), shape: 'seconds', better: 'less' },
  { name: 'talk_seconds_mean', label: () => t('Talk, mean'), shape: 'seconds' },
];
const callColumns = [
  { name: 'way', title: '', show: (c) => html`<${Way} call=${c} />` },
  { name: 'party', title: t('With'), show: (c) => html`<a href=${href(`/calls/${c.id}`)}>${party(c)}</a>` },
  { name: 'outcome', title: t('Outcome'), show: (c) => html`<${Outcome} call=${c} />` },
  { name: 'when', title: t('When'), num: true, show: (c) => html`<${Time} at=${c.created_at} />` },
];

// The latest calls of whatever filter names: of a client, a campaign, a contact.
export function Calls({ filter, empty }) {
  const calls = useLoad((signal) => pageOf({ limit: 10, ...filter }, { signal }), JSON.stringify(filter));
  return html`<${Card} title=${t('Latest calls')} plain tools=${html`<${Button} kind="plain"
    href=${href('/calls', filter)}>
    ${t('All calls')}<//>`}><${Loaded} of=${calls}>${(page) =>
    page.data.length === 0
      ? html`<${Empty} icon="phone" title=${t('No calls yet')}>${empty}<//>`
      : html`<${Table} label=${t('Latest calls')} columns=${callColumns} rows=${page.data}
          link=${(c) => href(`/calls/${c.id}`)} look="latest" />`}<//><//>`;
}

function Overview({ client }) {
  const stats = useLoad(
    (signal) => get('/stats/summary', { client_id: client.id, compare: true }, { signal }),
    client.id,
  );
  return html`<section aria-label=${t('The last 30 days')} class="stack"><h2>${t('The last 30 days')}</h2>
      <${Loaded} of=${stats} lines=${3}>${(s) =>
        html`<div class="tiles">${tiles.map(
          (x) => html`<${Tile} ...${x} label=${x.label()} value=${s[x.name]} then=${s.comparison.figures[x.name]}
          about=${t('before that')} />`,
        )}</div>`}<//></section>
    <${Calls} filter=${{ client_id: client.id }}
      empty=${t('They appear here as soon as a number of the client is called.')} />`;
}

function Telephone({ of, saved }) {
  const numbers = useLoad((signal) => all('/numbers', {}, { signal }), of.doc.id);
  const columns = [
    {
      name: 'number',
      title: t('Number'),
      show: (n) => html`<a href=${href(`/numbers/${n.id}`)}><${Phone} number=${n.phone_number} /></a>`,
    },
    {
      name: 'health',
      title: t('Health'),
      show: (n) => html`<span class="row"><${Light} healthy=${n.healthy} />
      <${Fix} number=${n} done=${numbers.reload} /></span>`,
    },
    { name: 'forward', title: t('Rings at'), show: (n) => phone(n.forward_to ?? of.doc.forward_to) },
    { name: 'state', title: t('State'), minor: true, show: (n) => html`<${State} number=${n} />` },
  ];
  const forward = clientFields()
    .filter((f) => f.name === 'forward_to')
    .map(({ placeholder, ...f }) => ({ ...f, placeholder }));
  return html`<${Card} title=${t('Forwarding')}>${
    may('manager')
      ? html`<${Change} of=${of} fields=${forward} saved=${saved} label=${t('Forwarding')} />`
      : facts([[t('Rings at'), phone(of.doc.forward_to)]])
  }<//>
    <${Card} title=${t('Numbers')} plain tools=${
      may('admin') && html`<${Button} icon="plus" href=${href('/numbers/buy')}>${t('Buy a number')}<//>`
    }><${Loaded} of=${numbers} lines=${4}>${(page) => {
      const own = page.data.filter((n) => n.client_id === of.doc.id);
      return own.length === 0
        ? html`<${Empty} icon="hash" title=${t('No number serves this client')} action=${html`<${Button}
            href=${href('/numbers')}>${t('To the numbers')}<//>`}>${t('Open a number and give it to the client.')}<//>`
        : html`<${Table} label=${t('Numbers')} columns=${columns} rows=${own} link=${(n) => href(`/numbers/${n.id}`)}
          />`;
    }}<//><//>`;
}

const Settings = ({ of, saved }) => html`<${Card} title=${t('Settings')}>
    <${Change} of=${of} fields=${clientFields()} saved=${saved} label=${t('Settings')} /><//><${Zones} />
  <div class="row"><${Remove} of=${of} name=${of.doc.name} back="/clients" label=${t('Delete the client')}>
    ${t('Its calls stay and go on naming it. Numbers that serve it have to be given to somebody else first.')}<//>
      </div>`;

export default function Client({ params, query }) {
  const client = useLoad(loadTagged(`/clients/${params.id}`), params.id);
  const at = query.tab ?? 'overview';
  const row = (tab, label) => ({
    label,
    here: at === tab,
    href: href(`/clients/${params.id}`, tab === 'overview' ? {} : { tab }),
  });
  return html`<${Loaded} of=${client}>${(of) => html`
    <${Head} title=${of.doc.name}><//>
    <${Parts} label=${t('Parts of the client')} rows=${[
      row('overview', t('Overview')),
      row('phone', t('Telephone')),
      ...(may('manager') ? [row('settings', t('Settings'))] : []),
    ]} />
    ${at === 'overview' && html`<${Overview} client=${of.doc} />`}
    ${at === 'phone' && html`<${Telephone} of=${of} saved=${client.set} />`}
    ${at === 'settings' && may('manager') && html`<${Settings} of=${of} saved=${client.set} />`}`}<//>`;
}
