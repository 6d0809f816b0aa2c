// Clients: for whom calls are taken, with their numbers and what came in.
import { all, get } from '../api.js';
import { count, percent } from '../fmt.js';
import { Named } from '../parts/admin.js';
import { Phone } from '../parts/number-text.js';
import { Button, Empty, Head } from '../parts/basic.js';
import { Find, found, NotFound } from '../parts/find.js';
import { Create } from '../parts/noun.js';
import { List } from '../parts/table.js';
import { here, Zones } from '../parts/zones.js';
import { go, href } from '../router.js';
import { may, note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

export const clientFields = (value = {}) => [
  { name: 'name', label: t('Name'), required: true, maxlength: 200, autofocus: true },
  {
    name: 'forward_to',
    label: t('Rings at'),
    type: 'tel',
    placeholder: '+44…',
    hint: t('Where calls for this client go, unless the number says otherwise.'),
  },
  {
    name: 'time_zone',
    label: t('Time zone'),
    list: 'zones',
    placeholder: here,
    value: value.time_zone,
    hint: t('Days and reports of the client follow it.'),
  },
  { name: 'external_id', label: t('Id in your CRM'), maxlength: 200 },
];

const columns = (figures, held) => [
  { name: 'name', title: t('Client'), show: (c) => html`<a href=${href(`/clients/${c.id}`)}>${c.name}</a>` },
  { name: 'forward', title: t('Rings at'), minor: true, show: (c) => html`<${Phone} number=${c.forward_to} />` },
  { name: 'numbers', title: t('Numbers'), num: true, minor: true, show: (c) => count(held[c.id] ?? 0) },
  {
    name: 'calls',
    title: t('Calls in 30 days'),
    num: true,
    show: (c) => html`<${Named} name=${t('Calls')}>${count(figures[c.id]?.total_calls ?? 0)}<//>`,
  },
  { name: 'rate', title: t('Answered'), num: true, minor: true, show: (c) => percent(figures[c.id]?.answer_rate) },
];

export default function Clients({ query }) {
  const key = JSON.stringify(query);
  const clients = useLoad((signal) => get('/clients', found(query), { signal }), key);
  const stats = useLoad((signal) => get('/stats/breakdown', { by: 'client' }, { signal }), '');
  const numbers = useLoad((signal) => all('/numbers', {}, { signal }), '');
  const [adding, setAdding] = useState(false);
  const figures = Object.fromEntries((stats.data?.data ?? []).map((r) => [r.key, r]));
  const held = {};
  for (const n of numbers.data?.data ?? []) if (n.client_id) held[n.client_id] = (held[n.client_id] ?? 0) + 1;
  const add = html`<${Button} kind="main" icon="plus" onClick=${() => setAdding(true)}>${t('Add a client')}<//>`;
  return html`<${Head} title=${t('Clients')}>${may('manager') && add}<//>
    <${Find} query=${query} label=${t('Clients')} what=${t('Name')} total=${clients.data?.total} />
    <${List} of=${clients} label=${t('Clients')} columns=${columns(figures, held)}
      link=${(c) => href(`/clients/${c.id}`)}
      empty=${
        query.find
          ? html`<${NotFound} />`
          : html`<${Empty} icon="building-2" title=${t('No clients yet')} action=${may('manager') && add}>
        ${t('Somebody for whom you take calls: numbers, forwarding and figures stand together.')}
      <//>`
      } />
    <${Zones} />
    ${
      adding &&
      html`<${Create} title=${t('Add a client')} path="/clients" fields=${clientFields()}
        close=${() => setAdding(false)}
        made=${(c) => {
          note(t('{name} is added', { name: c.name }));
          go(`/clients/${c.id}`);
        }} />`
    }`;
}
