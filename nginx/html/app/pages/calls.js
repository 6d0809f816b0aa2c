// Calls: the list, its filters in the address, and what is new at the top.
import { get } from '../api.js';
import { Empty, Head, Time, Field, Button } from '../parts/basic.js';
import { Outcome, ours, party, Way } from '../parts/call.js';
import { List } from '../parts/table.js';
import { seconds } from '../fmt.js';
import { href, setQuery } from '../router.js';
import { onEvent, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useEffect } from '../ui.js';

const columns = [
  { name: 'way', title: '', show: (c) => html`<${Way} call=${c} />` },
  { name: 'party', title: t('With'), show: (c) => html`<a href=${href(`/calls/${c.id}`)}>${party(c)}</a>` },
  { name: 'outcome', title: t('Outcome'), show: (c) => html`<${Outcome} call=${c} />` },
  { name: 'ours', title: t('Our number'), minor: true, show: (c) => html`<span class="soft">${ours(c) ?? '–'}</span>` },
  {
    name: 'talk',
    title: t('Talk'),
    num: true,
    minor: true,
    show: (c) => seconds(c.talk_seconds ?? c.duration_seconds),
  },
  { name: 'when', title: t('When'), num: true, show: (c) => html`<${Time} at=${c.created_at} />` },
];

export default function Calls({ query }) {
  const key = JSON.stringify(query);
  const calls = useLoad((signal) => get('/calls', { limit: 50, ...query }, { signal }), key);
  useEffect(() => (query.cursor ? undefined : onEvent(() => calls.reload())), [key]);
  const pick = (name, label, words) => html`<${Field} as="select" label=${label} value=${query[name] ?? ''}
    onChange=${(e) => setQuery({ [name]: e.target.value })}>
    <option value="">${t('All')}</option>${words.map(([v, text]) => html`<option value=${v}>${text}</option>`)}<//>`;
  const filtered = Object.keys(query).some((k) => k !== 'cursor');
  return html`<${Head} title=${t('Calls')} />
    <div class="filters" role="search" aria-label=${t('Filters')}>
      ${pick('direction', t('Direction'), [
        ['inbound', t('Inbound')],
        ['outbound', t('Outbound')],
      ])}
      ${pick('outcome', t('Outcome'), [
        ['answered', t('Answered')],
        ['missed', t('Missed')],
        ['connected', t('Connected')],
        ['busy', t('Busy')],
        ['no-answer', t('No answer')],
        ['failed', t('Failed')],
      ])}
      ${filtered && html`<${Button} kind="plain" icon="x" href=${href('/calls')}>${t('All calls')}<//>`}
    </div>
    <${List} of=${calls} label=${t('Calls')} columns=${columns} link=${(c) => href(`/calls/${c.id}`)}
      empty=${
        filtered
          ? html`<${Empty} icon="filter" title=${t('No call fits these filters')} />`
          : html`<${Empty} icon="phone" title=${t('No calls yet')}>
              ${t('They appear here the moment somebody calls one of your numbers.')}<//>`
      } />`;
}
