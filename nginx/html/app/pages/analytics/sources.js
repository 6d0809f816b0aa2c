// What brought the calls: credits by source and campaign, by the model that is chosen.
import { Empty, Loaded } from '../../parts/basic.js';
import { models, sourceName } from '../../parts/brought.js';
import { Figure } from '../../parts/chart.js';
import { sums } from '../../parts/figure.js';
import { Table } from '../../parts/table.js';
import { count, percent } from '../../fmt.js';
import { t } from '../../text.js';
import { html } from '../../ui.js';
import { choice, plain } from './tables.js';

export function Sources({ load, args: { from, to, client_id }, query }) {
  const model = models[query.model] ? query.model : 'last';
  const all = load('attribution', { from, to, client_id, model, compare: true });
  const key = (r) => `${r.source} ${r.campaign_id}`;
  const before = new Map((all.data?.comparison.data ?? []).map((r) => [key(r), r.credits]));
  const was = (r) => before.get(key(r)) ?? 0;
  const columns = [
    { name: 'source', title: t('Source'), show: (r) => sourceName(r.source) },
    { name: 'campaign', title: t('Campaign'), show: (r) => r.name ?? '–', value: (r) => r.name },
    { name: 'credits', title: t('Calls'), num: true, show: (r) => count(r.credits) },
    { name: 'share', title: t('Share'), num: true, show: (r) => percent(r.share) },
    { name: 'before', title: t('Period before'), num: true, minor: true, show: (r) => count(was(r)), value: was },
    { name: 'conversions', title: t('Conversions'), num: true, minor: true, show: (r) => count(r.conversions) },
    {
      name: 'revenue',
      title: t('Revenue'),
      num: true,
      show: (r) => sums(r.revenue),
      value: (r) => plain(r.revenue),
    },
  ];
  const rows = all.data?.data ?? [];
  return html`<${Figure} title=${t('What brought calls')} name=${`attribution-${model}`} columns=${columns} rows=${rows}
    tools=${choice('model', models, model)}
    note=${`${models[model].means()} ${t('Calls that came in, of the days and the client chosen above.')}`}>
    <${Loaded} of=${all} lines=${5}>${() =>
      rows.length
        ? html`<${Table} label=${t('What brought calls')} columns=${columns} rows=${rows} tight cards=${false} />`
        : html`<${Empty} icon="chart-column" title=${t('No calls came in in these days')}>
          ${t('Choose a longer period, or another client.')}<//>`}<//><//>`;
}
