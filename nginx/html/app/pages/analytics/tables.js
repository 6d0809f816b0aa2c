// Whose calls, whence, and what they cost: figures side by side.
import { Empty, Loaded } from '../../parts/basic.js';
import { costKind } from '../../parts/callfacts.js';
import { Bars, Figure } from '../../parts/chart.js';
import { sums } from '../../parts/figure.js';
import { phone } from '../../parts/number-text.js';
import { Table } from '../../parts/table.js';
import { count, percent, saidSeconds, seconds, time } from '../../fmt.js';
import { href, setQuery } from '../../router.js';
import { may } from '../../store.js';
import { t } from '../../text.js';
import { html } from '../../ui.js';

const nouns = {
  client: { title: () => t('Client'), filter: 'client_id' },
  number: { title: () => t('Number'), filter: 'number_id' },
  user: { title: () => t('Agent'), filter: 'user_id' },
  campaign: { title: () => t('Campaign'), filter: 'campaign_id' },
  source: { title: () => t('Source'), filter: 'source' },
  country: { title: () => t('Country') },
};

// The member of the address that says by what; a select beside the title.
export const choice = (name, words, now) => html`<label class="soft">${t('By')} <select class="input small" value=${now}
  onChange=${(e) => setQuery({ [name]: e.target.value })}>${Object.entries(words).map(
    ([k, w]) => html`<option value=${k} selected=${k === now}>${w.title()}</option>`,
  )}</select></label>`;

export const nobody = () => html`<${Empty} icon="chart-column" title=${t('No calls in these days')}>
  ${t('Choose a longer period, or fewer filters.')}<//>`;

export function Breakdown({ load, args, query }) {
  const by = nouns[query.who] ? query.who : 'client';
  const all = load('breakdown', { ...args, by });
  const { filter, title } = nouns[by];
  const name = (r) => r.name ?? r.key ?? t('none');
  const columns = [
    {
      name: by,
      title: title(),
      show: (r) =>
        filter && r.key ? html`<a href=${href('/analytics', { ...query, [filter]: r.key })}>${name(r)}</a>` : name(r),
      value: name,
    },
    { name: 'total_calls', title: t('Calls'), num: true, show: (r) => count(r.total_calls) },
    { name: 'answered', title: t('Answered'), num: true, show: (r) => count(r.answered) },
    { name: 'answer_rate', title: t('Answer rate'), num: true, show: (r) => percent(r.answer_rate) },
    { name: 'missed', title: t('Missed'), num: true, minor: true, show: (r) => count(r.missed) },
    { name: 'first_time', title: t('First-time'), num: true, minor: true, show: (r) => count(r.first_time) },
    {
      name: 'talk_seconds_mean',
      title: t('Talk, mean'),
      num: true,
      minor: true,
      show: (r) => html`<span aria-label=${saidSeconds(r.talk_seconds_mean)}>${seconds(r.talk_seconds_mean)}</span>`,
    },
  ];
  const rows = all.data?.data ?? [];
  return html`<${Figure} title=${t('Side by side')} name=${`calls-by-${by}`} columns=${columns} rows=${rows}
    tools=${choice('who', nouns, by)}>
    <${Loaded} of=${all} lines=${5}>${() =>
      rows.length
        ? html`<${Table} label=${t('Side by side')} columns=${columns} rows=${rows} tight cards=${false} />`
        : nobody()}<//><//>`;
}

export function Callers({ load, args }) {
  const all = load('callers', { ...args, limit: 20 });
  const rows = all.data?.data ?? [];
  const columns = [
    {
      name: 'customer_number',
      title: t('Caller'),
      show: (r) =>
        html`<a href=${href('/calls', { customer_number: r.customer_number })}>${phone(r.customer_number)}</a>`,
    },
    { name: 'calls', title: t('Calls'), num: true, show: (r) => count(r.calls) },
    {
      name: 'place',
      title: t('Place'),
      minor: true,
      show: (r) => [r.place, r.country].filter(Boolean).join(', ') || '–',
      value: (r) => r.place,
    },
    { name: 'last_at', title: t('Last call'), num: true, show: (r) => time(r.last_at) },
  ];
  return html`<${Figure} title=${t('Top callers')} name="top-callers" columns=${columns} rows=${rows}>
    <${Loaded} of=${all} lines=${5}>${() =>
      rows.length
        ? html`<${Table} label=${t('Top callers')} columns=${columns} rows=${rows} tight cards=${false} />`
        : nobody()}<//><//>`;
}

export function Places({ load, args }) {
  const all = load('geography', args);
  const flat = (all.data?.data ?? []).flatMap((c) =>
    c.places.map((p) => ({ country: c.country, place: p.place, calls: p.calls })),
  );
  const columns = [
    { name: 'country', title: t('Country'), show: (r) => r.country ?? t('Unknown') },
    { name: 'place', title: t('Place'), show: (r) => r.place ?? t('Unknown') },
    { name: 'calls', title: t('Calls'), num: true, show: (r) => count(r.calls) },
  ];
  const bars = flat.slice(0, 20).map((r) => ({ label: [r.place ?? t('Unknown'), r.country].join(', '), n: r.calls }));
  return html`<${Figure} title=${t('Where customers are')} name="places" columns=${columns} rows=${flat}
    note=${t('By what Twilio says of a number, else by its digits.')}>
    <${Loaded} of=${all} lines=${5}>${() =>
      bars.length ? html`<div class="in"><${Bars} rows=${bars} format=${count} /></div>` : nobody()}<//><//>`;
}

const costs = {
  kind: { title: () => t('Kind') },
  client: { title: () => t('Client') },
  campaign: { title: () => t('Campaign') },
  number: { title: () => t('Number') },
  month: { title: () => t('Month') },
};
export const plain = (of) =>
  Object.entries(of ?? {})
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(' ');

export function Costs({ load, args, query }) {
  const by = costs[query.cost] ? query.cost : 'kind';
  const all = load('costs', { ...args, direction: undefined, by });
  const tracked = load('tracking', { ...args, by: 'campaign' });
  const rows = all.data?.data ?? [];
  const columns = [
    {
      name: by,
      title: costs[by].title(),
      show: (r) => (by === 'kind' ? costKind(r.key) : (r.name ?? r.key ?? t('none'))),
      value: (r) => r.name ?? r.key,
    },
    { name: 'entries', title: t('Entries'), num: true, minor: true, show: (r) => count(r.entries) },
    { name: 'cost', title: t('Cost'), num: true, show: (r) => sums(r.cost), value: (r) => plain(r.cost) },
  ];
  const campaigns = [
    { name: 'campaign', title: t('Campaign'), show: (r) => r.name ?? t('none'), value: (r) => r.name },
    { name: 'inbound', title: t('Calls'), num: true, show: (r) => count(r.inbound) },
    { name: 'leads', title: t('Leads'), num: true, show: (r) => count(r.leads) },
    { name: 'cost', title: t('Cost'), num: true, show: (r) => sums(r.cost), value: (r) => plain(r.cost) },
    {
      name: 'cost_per_lead',
      title: t('Per lead'),
      num: true,
      minor: true,
      show: (r) => sums(r.cost_per_lead),
      value: (r) => plain(r.cost_per_lead),
    },
    {
      name: 'revenue',
      title: t('Revenue'),
      num: true,
      minor: true,
      show: (r) => sums(r.revenue),
      value: (r) => plain(r.revenue),
    },
    { name: 'roi', title: t('ROI'), num: true, show: (r) => percent(r.roi) },
  ];
  return html`<${Figure} title=${t('What it cost')} name=${`cost-by-${by}`} columns=${columns} rows=${rows}
      tools=${choice('cost', costs, by)}
      note=${html`${all.data && !all.data.cost_complete && t('Some prices have not come from Twilio yet.')}
        ${may('manager') && html` <a href=${href('/settings/prices')}>${t('Prices of models and numbers')}</a>`}`}>
      <${Loaded} of=${all} lines=${4}>${() =>
        rows.length
          ? html`<${Table} label=${t('What it cost')} columns=${columns} rows=${rows} tight cards=${false} />`
          : nobody()}<//><//>
    <${Figure} title=${t('What campaigns brought')} name="campaigns" columns=${campaigns}
      rows=${tracked.data?.data ?? []}>
      <${Loaded} of=${tracked} lines=${4}>${(s) =>
        s.data.length
          ? html`<${Table} label=${t('What campaigns brought')} columns=${campaigns} rows=${s.data} tight
            cards=${false} />`
          : nobody()}<//><//>`;
}
