// Which days and whose calls: a row of filters that stands in the address, and what it means as dates.
import { get } from '../api.js';
import { href, setQuery } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Button, Field } from './basic.js';
import { addDays, dayOf } from './days.js';

const ago = (n) => (d) => [addDays(d, 1 - n), addDays(d, 1)];
const monthOf = (d, back) => {
  const first = (n) => new Date(Date.UTC(Number(d.slice(0, 4)), Number(d.slice(5, 7)) - 1 - back + n)).toISOString();
  return [first(0).slice(0, 10), first(1).slice(0, 10)];
};

// from is the first day, to the day after the last: as the API has it.
export const presets = {
  today: { title: () => t('Today'), days: ago(1) },
  '7d': { title: () => t('Last 7 days'), days: ago(7) },
  '30d': { title: () => t('Last 30 days'), days: ago(30) },
  '90d': { title: () => t('Last 90 days'), days: ago(90) },
  month: { title: () => t('This month'), days: (d) => monthOf(d, 0) },
  'last-month': { title: () => t('Last month'), days: (d) => monthOf(d, 1) },
  '12m': { title: () => t('Last 12 months'), days: ago(365) },
};

// The parameters of every report for what the address says.
export function scope(query) {
  const preset = presets[query.period] ?? presets['30d'];
  const [from, to] = query.from && query.to ? [query.from, query.to] : preset.days(dayOf());
  const { client_id, number_id, user_id, campaign_id, source, direction } = query;
  return { from, to, client_id, number_id, user_id, campaign_id, source, direction };
}

const nouns = [
  { name: 'client_id', title: () => t('Client'), path: '/clients', word: (c) => c.name },
  { name: 'number_id', title: () => t('Number'), path: '/numbers', word: (n) => n.phone_number },
  { name: 'campaign_id', title: () => t('Campaign'), path: '/campaigns', word: (c) => c.name },
];

function Noun({ noun, value }) {
  const all = useLoad((signal) => get(noun.path, { limit: 100 }, { signal }), noun.path);
  return html`<${Field} as="select" label=${noun.title()} value=${value ?? ''}
    onChange=${(e) => setQuery({ [noun.name]: e.target.value })}>
    <option value="">${t('All')}</option>
    ${(all.data?.data ?? []).map(
      (x) => html`<option value=${x.id} selected=${x.id === value}>${noun.word(x)}
      </option>`,
    )}
  <//>`;
}

export function Period({ query, home }) {
  const custom = Boolean(query.from && query.to);
  const now = scope(query);
  const last = custom ? addDays(query.to, -1) : '';
  const choose = (e) =>
    e.target.value === 'custom'
      ? setQuery({ period: '', from: now.from, to: now.to })
      : setQuery({ period: e.target.value, from: '', to: '' });
  const filtered = nouns.some((n) => query[n.name]) || query.direction || query.period || custom;
  return html`<div class="filters" role="search" aria-label=${t('Filters')}>
    <${Field} as="select" label=${t('Period')} value=${custom ? 'custom' : (query.period ?? '30d')} onChange=${choose}>
      ${Object.entries(presets).map(
        ([k, p]) => html`<option value=${k} selected=${!custom && k === (query.period ?? '30d')}>${p.title()}</option>`,
      )}
      <option value="custom" selected=${custom}>${t('Days…')}</option><//>
    ${
      custom &&
      html`
      <${Field} type="date" label=${t('From')} value=${query.from} max=${last}
        onChange=${(e) => e.target.value && setQuery({ from: e.target.value })} />
      <${Field} type="date" label=${t('To')} value=${last} min=${query.from}
        onChange=${(e) => e.target.value && setQuery({ to: addDays(e.target.value, 1) })} />`
    }
    ${nouns.map((noun) => html`<${Noun} noun=${noun} value=${query[noun.name]} />`)}
    <${Field} as="select" label=${t('Direction')} value=${query.direction ?? ''}
      onChange=${(e) => setQuery({ direction: e.target.value })}>
      <option value="">${t('All')}</option>
      <option value="inbound">${t('Inbound')}</option><option value="outbound">${t('Outbound')}</option><//>
    ${filtered && html`<${Button} kind="plain" icon="x" href=${href(home)}>${t('Reset')}<//>`}
  </div>`;
}
