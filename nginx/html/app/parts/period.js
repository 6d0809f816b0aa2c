// Which days and whose calls: a row of filters that stands in the address, and what it means as parameters.
import { href, setQuery } from '../router.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Button } from './basic.js';
import { Days, rangeDays } from './days.js';
import { Pick } from './form.js';
import { PickOne } from './pick.js';

const USUAL = '30d';

// The parameters of every report for what the address says.
export function scope(query) {
  const days = query.from && query.to ? { from: query.from, to: query.to } : rangeDays(query.period, USUAL);
  const { client_id, number_id, user_id, campaign_id, source, direction } = query;
  return { ...days, client_id, number_id, user_id, campaign_id, source, direction };
}

const nouns = [
  { kind: 'clients', name: 'client_id', title: () => t('Client') },
  { kind: 'numbers', name: 'number_id', title: () => t('Number') },
  { kind: 'campaigns', name: 'campaign_id', title: () => t('Campaign') },
];
export const directions = () => [
  ['inbound', t('Inbound')],
  ['outbound', t('Outbound')],
];

export function Period({ query, home }) {
  const filtered = [...nouns.map((n) => n.name), 'direction', 'period', 'from'].some((name) => query[name]);
  return html`<div class="filters" role="search" aria-label=${t('Filters')}>
    <${Days} query=${query} name="period" usual=${USUAL} />
    ${nouns.map(
      ({ kind, name, title }) => html`<${PickOne} kind=${kind} label=${title()} value=${query[name]} empty=${t('All')}
        onPick=${(id) => setQuery({ [name]: id })} />`,
    )}
    <${Pick} label=${t('Direction')} value=${query.direction} empty=${t('All')} rows=${directions()}
      onChange=${(e) => setQuery({ direction: e.target.value })} />
    ${filtered && html`<${Button} kind="plain" icon="x" href=${href(home)}>${t('Reset')}<//>`}
  </div>`;
}
