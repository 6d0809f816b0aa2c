// Home: what is going on, and what waits for somebody.
import { get } from '../api.js';
import { Card, Empty, Head, Loaded, Time } from '../parts/basic.js';
import { Outcome, party, Way } from '../parts/call.js';
import { Table } from '../parts/table.js';
import { href } from '../router.js';
import { onEvent, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useEffect } from '../ui.js';

const columns = [
  { name: 'way', title: '', show: (c) => html`<${Way} call=${c} />` },
  { name: 'party', title: t('With'), show: (c) => html`<a href=${href(`/calls/${c.id}`)}>${party(c)}</a>` },
  { name: 'outcome', title: t('Outcome'), show: (c) => html`<${Outcome} call=${c} />` },
  { name: 'when', title: t('When'), num: true, show: (c) => html`<${Time} at=${c.created_at} />` },
];

export default function Home() {
  const calls = useLoad((signal) => get('/calls', { limit: 8 }, { signal }), '');
  useEffect(() => onEvent(() => calls.reload()), []);
  return html`<${Head} title=${t('Home')} />
    <${Card} title=${t('Latest calls')} plain><${Loaded} of=${calls}>${(page) =>
      page.data.length
        ? html`<${Table} label=${t('Latest calls')} columns=${columns} rows=${page.data}
            link=${(c) => href(`/calls/${c.id}`)} />`
        : html`<${Empty} icon="phone" title=${t('No calls yet')}>
            ${t('They appear here the moment somebody calls one of your numbers.')}<//>`}<//><//>`;
}
