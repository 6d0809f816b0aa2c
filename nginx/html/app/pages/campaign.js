// One campaign: what it brought, which numbers stand for it, its calls.
import { all, get } from '../api.js';
import { count } from '../fmt.js';
import { Phone } from '../parts/number-text.js';
import { Badge, Card, Empty, Head, Loaded, Button } from '../parts/basic.js';
import { Tile } from '../parts/figure.js';
import { loadTagged } from '../parts/form.js';
import { Change, Remove } from '../parts/noun.js';
import { Light, State } from '../parts/number.js';
import { Table } from '../parts/table.js';
import { href } from '../router.js';
import { may, useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { campaignFields } from './campaigns.js';
import { Calls } from './client.js';

const leads = () => ({
  qualified: t('Qualified'),
  open: t('Open'),
  unqualified: t('Unqualified'),
  duplicate: t('Duplicate'),
  spam: t('Spam'),
});

const tiles = [
  { name: 'inbound', label: () => t('Calls in') },
  { name: 'answer_rate', label: () => t('Answer rate'), shape: 'percent' },
  { name: 'first_time', label: () => t('First-time callers') },
  { name: 'talk_seconds_mean', label: () => t('Talk, mean'), shape: 'seconds' },
  { name: 'conversions', label: () => t('Conversions') },
  { name: 'revenue', label: () => t('Revenue'), shape: 'money' },
  { name: 'cost', label: () => t('Cost'), shape: 'money' },
  { name: 'roi', label: () => t('Return'), shape: 'percent' },
];

function Figures({ id }) {
  const stats = useLoad((signal) => get('/stats/tracking', { by: 'campaign', campaign_id: id }, { signal }), id);
  return html`<section aria-label=${t('The last 30 days')} class="stack"><h2>${t('The last 30 days')}</h2>
    <${Loaded} of=${stats} lines=${3}>${(page) => {
      const f = page.data.find((r) => r.key === id);
      if (!f)
        return html`<${Card}><${Empty} icon="chart-column" title=${t('No figures yet')}>
          ${t('They come with the first call to a number of the campaign, or with its cost.')}<//><//>`;
      return html`<div class="tiles four">${tiles.map(
        (x) => html`<${Tile} ...${x} label=${x.label()} value=${f[x.name]} />`,
      )}</div>
        <p class="row"><span class="soft">${t('Leads')}</span>${Object.entries(leads()).map(
          ([k, label]) => html`<${Badge}>${label} ${count(f.leads_by_status?.[k] ?? 0)}<//>`,
        )}</p>`;
    }}<//></section>`;
}

function Numbers({ id }) {
  const numbers = useLoad((signal) => all('/numbers', {}, { signal }), id);
  const columns = [
    {
      name: 'number',
      title: t('Number'),
      show: (n) => html`<a href=${href(`/numbers/${n.id}`)}><${Phone} number=${n.phone_number} /></a>`,
    },
    { name: 'health', title: t('Health'), show: (n) => html`<${Light} healthy=${n.healthy} />` },
    { name: 'state', title: t('State'), minor: true, show: (n) => html`<${State} number=${n} />` },
  ];
  return html`<${Card} title=${t('Numbers')} plain><${Loaded} of=${numbers} lines=${3}>${(page) => {
    const own = page.data.filter((n) => n.campaign_id === id);
    return own.length === 0
      ? html`<${Empty} icon="hash" title=${t('No number stands for this campaign')} action=${html`<${Button}
          href=${href('/numbers')}>${t('To the numbers')}<//>`}>${t('Open a number and give it this campaign.')}<//>`
      : html`<${Table} label=${t('Numbers')} columns=${columns} rows=${own} />`;
  }}<//><//>`;
}

export default function Campaign({ params }) {
  const campaign = useLoad(loadTagged(`/campaigns/${params.id}`), params.id);
  return html`<${Loaded} of=${campaign}>${(of) => html`
    <${Head} title=${of.doc.name} />
    <${Figures} id=${of.doc.id} />
    <div class="two"><div class="stack"><${Calls} filter=${{ campaign_id: of.doc.id }}
        empty=${t('They appear here as soon as a number of the campaign is called.')} /></div>
      <div class="stack"><${Numbers} id=${of.doc.id} />
      ${
        may('manager') &&
        html`<${Card} title=${t('Settings')}><${Change} of=${of} saved=${campaign.set}
            fields=${campaignFields().map(({ autofocus, ...f }) => f)} label=${t('Settings')} /><//>
          <div class="row"><${Remove} of=${of} name=${of.doc.name} back="/campaigns" label=${t('Delete the campaign')}>
            ${t('Its calls stay and go on naming it. Numbers that stand for it have to get another one first.')}<//>
              </div>`
      }</div></div>`}<//>`;
}
