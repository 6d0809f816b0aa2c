// Campaigns: what advertising cost and what it brought.
import { get, put } from '../api.js';
import { count, percent } from '../fmt.js';
import { Named } from '../parts/admin.js';
import { Button, Empty, Head, Icon } from '../parts/basic.js';
import { Dialog } from '../parts/dialog.js';
import { sums } from '../parts/figure.js';
import { Form, Input, useForm } from '../parts/form.js';
import { Find, found, NotFound } from '../parts/find.js';
import { Create } from '../parts/noun.js';
import { List } from '../parts/table.js';
import { go, href } from '../router.js';
import { may, note, useLoad } from '../store.js';
import { plural, t } from '../text.js';
import { html, useState } from '../ui.js';

export const campaignFields = () => [
  { name: 'name', label: t('Name'), required: true, maxlength: 200, autofocus: true },
  { name: 'source', label: t('Source'), maxlength: 100, placeholder: 'google', hint: t('As in utm_source.') },
  { name: 'medium', label: t('Medium'), maxlength: 100, placeholder: 'cpc', hint: t('As in utm_medium.') },
  { name: 'external_id', label: t('Id in your CRM'), maxlength: 200 },
];

const columns = (figures) => {
  const of = (show) => (c) => (figures[c.id] ? show(figures[c.id]) : '–');
  return [
    { name: 'name', title: t('Campaign'), show: (c) => html`<a href=${href(`/campaigns/${c.id}`)}>${c.name}</a>` },
    {
      name: 'source',
      title: t('Source'),
      minor: true,
      show: (c) => [c.source, c.medium].filter(Boolean).join(' / ') || '–',
    },
    {
      name: 'calls',
      title: t('Calls in'),
      num: true,
      show: of((f) => html`<${Named} name=${t('Calls in')}>${count(f.inbound)}<//>`),
    },
    { name: 'leads', title: t('Leads'), num: true, minor: true, show: of((f) => count(f.leads)) },
    {
      name: 'cost',
      title: t('Cost'),
      num: true,
      show: of((f) => html`<${Named} name=${t('Cost')}>${sums(f.cost)}<//>`),
    },
    { name: 'revenue', title: t('Revenue'), num: true, minor: true, show: of((f) => sums(f.revenue)) },
    { name: 'roi', title: t('Return'), num: true, minor: true, show: of((f) => percent(f.roi)) },
  ];
};

function Costs({ close, done }) {
  const [result, setResult] = useState(null);
  const form = useForm({ text: '', file: null }, async (v) => {
    const body = v.file ?? new Blob([v.text], { type: 'text/csv' });
    const sent = new Blob([await body.arrayBuffer()], { type: 'text/csv' });
    setResult(await put('/imports/costs', sent));
    done();
  });
  const columnsOf = html`<code>campaign, day, amount, currency</code>`;
  return html`<${Dialog} title=${t('Bring in what advertising cost')} close=${close}>${
    result
      ? html`<div class="stack"><div class=${`alert ${result.unknown_rows.length ? 'warn' : 'live'}`} role="status">
        <${Icon} name=${result.unknown_rows.length ? 'triangle-alert' : 'circle-check'} /><div class="stack">
        <b>${plural(result.imported, { one: '{n} day was taken', other: '{n} days were taken' })}</b>
        ${
          result.unknown_rows.length > 0 &&
          html`<p>${t(
            'These rows name no campaign that is here: {rows}. Add it, or correct its name, and send them again.',
            {
              rows: result.unknown_rows.join(', '),
            },
          )}</p>`
        }</div></div>
        <div class="row"><${Button} kind="main" onClick=${close}>${t('Done')}<//></div></div>`
      : html`<${Form} of=${form} action=${t('Bring in')} cancel=${close} busyText=${t('Reading…')}
          disabled=${!form.values.file && form.values.text.trim() === ''}>
        <p>${t('A table with one row a day or month; a day that comes again replaces what was there.')} ${columnsOf}</p>
        <div class="field"><label for="costs-file">${t('File')}</label>
          <input id="costs-file" class="input" type="file" accept=".csv,text/csv"
            onChange=${(e) => form.set('file', e.target.files[0] ?? null)} /></div>
        <${Input} of=${form} name="text" as="textarea" class="mono" label=${t('Or as text')} spellcheck=${false}
          placeholder=${'campaign,day,amount,currency\nSpring,2026-11-18,12.50,GBP'} /><//>`
  }<//>`;
}

export default function Campaigns({ query }) {
  const key = JSON.stringify(query);
  const campaigns = useLoad((signal) => get('/campaigns', found(query), { signal }), key);
  const stats = useLoad((signal) => get('/stats/tracking', { by: 'campaign' }, { signal }), '');
  const [open, setOpen] = useState(null);
  const figures = Object.fromEntries((stats.data?.data ?? []).map((r) => [r.key, r]));
  const add = html`<${Button} kind="main" icon="plus" onClick=${() => setOpen('add')}>${t('Add a campaign')}<//>`;
  const close = () => setOpen(null);
  return html`<${Head} title=${t('Campaigns')} about=${t('The figures are those of the last 30 days.')}>${
    may('manager') && html`<${Button} icon="upload" onClick=${() => setOpen('costs')}>${t('Bring in costs')}<//>${add}`
  }<//>
    <${Find} query=${query} label=${t('Campaigns')} what=${t('Name')} total=${campaigns.data?.total} />
    <${List} of=${campaigns} look="brief" label=${t('Campaigns')} columns=${columns(figures)}
      link=${(c) => href(`/campaigns/${c.id}`)}
      empty=${
        query.find
          ? html`<${NotFound} />`
          : html`<${Empty} icon="megaphone" title=${t('No campaigns yet')} action=${may('manager') && add}>
        ${t('Give a campaign a number of its own: every call to it counts for the campaign.')}
      <//>`
      } />
    ${
      open === 'add' &&
      html`<${Create} title=${t('Add a campaign')} path="/campaigns" fields=${campaignFields()} close=${close}
        made=${(c) => {
          note(t('{name} is added', { name: c.name }));
          go(`/campaigns/${c.id}`);
        }} />`
    }
    ${open === 'costs' && html`<${Costs} close=${close} done=${stats.reload} />`}`;
}
