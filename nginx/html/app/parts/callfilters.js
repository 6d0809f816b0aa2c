// The filters of the call log, all of them in the address: a row for the usual ones, the others behind a button.
import { get } from '../api.js';
import { query, setQuery } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useId, useState } from '../ui.js';
import { Button, Field, Icon } from './basic.js';
import { leadWords, outcomeWords, reasonWords } from './call.js';
import { phone } from './number-text.js';
import { addDays, dayOf, rangeLabel, rangeWords } from './days.js';

// Lists of names for the selects, asked for once a visit; who may not see one has no such select.
const names = (path, text, more) => () =>
  get(path, { limit: 100, ...more }).then(
    (page) => page.data.map((row) => [row.id ?? row.user_id, text(row)]),
    () => [],
  );
const loads = {
  client_id: names('/clients', (c) => c.name),
  campaign_id: names('/campaigns', (c) => c.name),
  number_id: names('/numbers', (n) => phone(n.phone_number)),
  user_id: () =>
    get('/stats/agents', { from: addDays(dayOf(), -90) }).then(
      (page) => page.data.filter((u) => u.user_id).map((u) => [u.user_id, u.name]),
      () => [],
    ),
  disposition: () =>
    get('/dispositions').then(
      (d) => d.dispositions.map((x) => [x.word, x.word]),
      () => [],
    ),
};
const yes = () => [
  ['true', t('Yes')],
  ['false', t('No')],
];

// What may be filtered by: name in the address, words, whether it stands in the first row.
export const filters = () => [
  {
    name: 'direction',
    label: t('Direction'),
    first: true,
    words: [
      ['inbound', t('Inbound')],
      ['outbound', t('Outbound')],
    ],
  },
  { name: 'outcome', label: t('Outcome'), first: true, words: outcomeWords() },
  { name: 'client_id', label: t('Client'), first: true, load: true },
  { name: 'user_id', label: t('Agent'), load: true },
  { name: 'number_id', label: t('Our number'), load: true },
  { name: 'campaign_id', label: t('Campaign'), load: true },
  { name: 'missed_reason', label: t('Missed because'), words: reasonWords() },
  { name: 'unreturned', label: t('Waits for a call back'), words: yes() },
  { name: 'has_recording', label: t('Recorded'), words: yes() },
  { name: 'voicemail', label: t('Voicemail'), words: yes() },
  { name: 'disposition', label: t('Disposition'), load: true },
  { name: 'lead_status', label: t('Lead'), words: leadWords() },
  { name: 'tag', label: t('Tag'), type: 'text', maxlength: 100 },
  { name: 'customer_number', label: t('Number'), type: 'tel' },
  { name: 'source', label: t('Source'), type: 'text', maxlength: 100 },
  { name: 'min_talk', label: t('Talk at least (seconds)'), type: 'number', min: 0, max: 65535 },
];

const all = () =>
  Promise.all(Object.entries(loads).map(async ([name, load]) => [name, await load()])).then(Object.fromEntries);

function One({ filter: f, known, values }) {
  const value = values[f.name] ?? '';
  const set = (e) => setQuery({ [f.name]: e.target.value.trim() });
  if (f.type)
    return html`<${Field} label=${f.label} type=${f.type} key=${value} defaultValue=${value} onChange=${set}
      min=${f.min}
      max=${f.max} maxlength=${f.maxlength} />`;
  const words = f.load ? (known?.[f.name] ?? []) : f.words;
  if (f.load && known && words.length === 0) return null;
  return html`<${Field} as="select" label=${f.label} value=${value} onChange=${set}>
    <option value="">${t('All')}</option>
    ${words.map(([v, text]) => html`<option value=${v} selected=${v === value}>${text}</option>`)}
    ${value && !words.some(([v]) => v === value) && html`<option value=${value} selected>${value}</option>`}<//>`;
}

function Period({ values }) {
  const now = values.range ?? (values.from || values.to ? 'own' : '');
  const [own, setOwn] = useState(now === 'own');
  const pick = (e) => {
    const word = e.target.value;
    setOwn(word === 'own');
    if (word !== 'own') setQuery({ range: word, from: '', to: '' });
  };
  const last = values.to ? addDays(values.to, -1) : '';
  return html`<${Field} as="select" label=${t('Period')} value=${own ? 'own' : now} onChange=${pick}>
      <option value="">${t('Any time')}</option>
      ${rangeWords().map(([v, text]) => html`<option value=${v} selected=${!own && v === now}>${text}</option>`)}
      <option value="own" selected=${own}>${t('From – to')}</option><//>
    ${
      own &&
      html`<${Field} label=${t('From')} type="date" key=${`from ${values.from}`} defaultValue=${values.from ?? ''}
        max=${dayOf()}
        onChange=${(e) => setQuery({ range: '', from: e.target.value })} />
      <${Field} label=${t('To')} type="date" key=${`to ${last}`} defaultValue=${last} max=${dayOf()}
        onChange=${(e) => setQuery({ range: '', to: e.target.value && addDays(e.target.value, 1) })} />`
    }`;
}

function Words({ values }) {
  const id = useId();
  const send = (e) => {
    e.preventDefault();
    setQuery({ text: new FormData(e.target).get('text').trim() });
  };
  return html`<form class="field words" onSubmit=${send}><label for=${id}>${t('Said in the call')}</label>
    <span class="seek"><${Icon} name="search" /><input class="input" id=${id} name="text" type="search" maxlength="100"
      minlength="2" key=${values.text ?? ''} defaultValue=${values.text ?? ''}
        placeholder=${t('Words of the transcript')}
      onSearch=${(e) => e.target.value === '' && values.text && setQuery({ text: '' })} /></span></form>`;
}

// What is filtered by now, each to be taken away.
function Chips({ rows, known, values }) {
  const word = (f) => (f.load ? known?.[f.name] : f.words)?.find(([v]) => v === values[f.name])?.[1] ?? values[f.name];
  const chips = rows.filter((f) => values[f.name]).map((f) => [f.name, `${f.label}: ${word(f)}`]);
  if (values.range) chips.unshift(['range', rangeLabel(values.range)]);
  if (values.text) chips.push(['text', `“${values.text}”`]);
  if (values.contact_id) chips.push(['contact_id', t('One contact')]);
  if (values.from || values.to)
    chips.unshift(['from', `${values.from ?? '…'} – ${values.to ? addDays(values.to, -1) : '…'}`]);
  if (chips.length === 0) return null;
  return html`<ul class="chips" aria-label=${t('Filtered by')}>${chips.map(
    ([name, text]) => html`<li key=${name}><span>${text}</span><button type="button"
      aria-label=${t('Without {filter}', { filter: text })}
      onClick=${() => setQuery(name === 'from' ? { from: '', to: '' } : { [name]: '' })}><${Icon}
        name="x" /></button></li>`,
  )}</ul>`;
}

export function Filters({ children }) {
  const values = query.value;
  const known = useLoad(all, '').data;
  const rows = filters();
  const [open, setOpen] = useState(false);
  const hidden = rows.filter((f) => !f.first && values[f.name]).length;
  return html`<div class="filters" role="search" aria-label=${t('Filters')}>
      <${Period} values=${values} key=${values.range ?? (values.from || values.to ? 'own' : '')} />
      ${rows
        .filter((f) => f.first)
        .map(
          (f) => html`<${One} filter=${f} known=${known} values=${values}
        key=${f.name} />`,
        )}
      <${Words} values=${values} />
      <${Button} icon="sliders-horizontal" aria-expanded=${String(open)} aria-controls="more-filters"
        onClick=${() => setOpen(!open)}>${hidden ? t('More ({n})', { n: hidden }) : t('More')}<//>
      ${children}
      <div class="filters more" id="more-filters" hidden=${!open}>
        ${rows
          .filter((f) => !f.first)
          .map(
            (f) => html`<${One} filter=${f} known=${known} values=${values}
          key=${f.name} />`,
          )}
      </div>
    </div>
    <${Chips} rows=${rows} known=${known} values=${values} />`;
}
