// The filters of the call log, all of them in the address: a row for the usual ones, the others behind a button.
import { get } from '../api.js';
import { query, setQuery } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useId, useState } from '../ui.js';
import { Button, Field, Icon } from './basic.js';
import { leadWords, outcomeWords, reasonWords } from './call.js';
import { addDays, dayOf, Days, rangeLabel } from './days.js';
import { useNames } from './names.js';
import { directions } from './period.js';
import { PickOne } from './pick.js';

// Words of the selects that the server knows, asked for once a visit; who may not see them has no such select.
const loads = {
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
    words: directions(),
  },
  { name: 'outcome', label: t('Outcome'), first: true, words: outcomeWords() },
  { name: 'client_id', label: t('Client'), first: true, kind: 'clients' },
  { name: 'user_id', label: t('Agent'), load: true },
  { name: 'number_id', label: t('Our number'), kind: 'numbers' },
  { name: 'campaign_id', label: t('Campaign'), kind: 'campaigns' },
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
  if (f.kind)
    return html`<${PickOne} kind=${f.kind} label=${f.label} value=${value} empty=${t('All')}
      onPick=${(id) => setQuery({ [f.name]: id })} />`;
  const words = f.load ? (known?.[f.name] ?? []) : f.words;
  if (f.load && known && words.length === 0) return null;
  return html`<${Field} as="select" label=${f.label} value=${value} onChange=${set}>
    <option value="">${t('All')}</option>
    ${words.map(([v, text]) => html`<option value=${v} selected=${v === value}>${text}</option>`)}
    ${value && !words.some(([v]) => v === value) && html`<option value=${value} selected>${value}</option>`}<//>`;
}

function Words({ values }) {
  const id = useId();
  const send = (e) => {
    e.preventDefault();
    setQuery({ text: new FormData(e.target).get('text').trim() });
  };
  return html`<form class="field spoken" onSubmit=${send}><label for=${id}>${t('Said in the call')}</label>
    <span class="seek"><${Icon} name="search" /><input class="input" id=${id} name="text" type="search" maxlength="100"
      minlength="2" key=${values.text ?? ''} defaultValue=${values.text ?? ''}
        placeholder=${t('Words of the transcript')}
      onSearch=${(e) => e.target.value === '' && values.text && setQuery({ text: '' })} /></span></form>`;
}

// What is filtered by now, each to be taken away.
function Chips({ rows, known, values }) {
  const names = useNames(Object.fromEntries(rows.filter((f) => f.kind).map((f) => [f.kind, [values[f.name]]])));
  const listed = (f) => (f.load ? known?.[f.name] : f.words)?.find(([v]) => v === values[f.name])?.[1];
  const word = (f) => (f.kind ? (names(values[f.name]) ?? '…') : (listed(f) ?? values[f.name] ?? '…'));
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
      <${Days} query=${values} name="range" usual="7d" any=${t('Any time')} />
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
