// Days as the tenant counts them: presets of a range, and what the API is asked for.
import { setQuery } from '../router.js';
import { me } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Field } from './basic.js';

const zone = () => me.value?.tenant?.time_zone ?? 'UTC';

// '2026-03-30' of an instant where the tenant is. Of its parts: which order a language writes them in has changed.
export function dayOf(at = new Date()) {
  try {
    const as = { timeZone: zone(), year: 'numeric', month: '2-digit', day: '2-digit' };
    const all = new Intl.DateTimeFormat('en-GB', as).formatToParts(at);
    return ['year', 'month', 'day'].map((type) => all.find((p) => p.type === type).value).join('-');
  } catch {
    return at.toISOString().slice(0, 10);
  }
}
export const addDays = (day, n) => new Date(Date.parse(`${day}T00:00Z`) + n * 864e5).toISOString().slice(0, 10);

const ago = (n) => (d) => [addDays(d, 1 - n), addDays(d, 1)];
const monthOf = (d, back) => {
  const first = (n) => new Date(Date.UTC(Number(d.slice(0, 4)), Number(d.slice(5, 7)) - 1 - back + n)).toISOString();
  return [first(0).slice(0, 10), first(1).slice(0, 10)];
};

// from is the first day, to the day after the last: as the API has it.
const presets = {
  today: [() => t('Today'), ago(1)],
  yesterday: [() => t('Yesterday'), (d) => [addDays(d, -1), d]],
  '7d': [() => t('Last 7 days'), ago(7)],
  '30d': [() => t('Last 30 days'), ago(30)],
  '90d': [() => t('Last 90 days'), ago(90)],
  month: [() => t('This month'), (d) => monthOf(d, 0)],
  'last-month': [() => t('Last month'), (d) => monthOf(d, 1)],
  '12m': [() => t('Last 12 months'), ago(365)],
};
export const rangeLabel = (word) => presets[word]?.[0]();

// { from, to } of a preset; of a word that is none: of `usual`.
export function rangeDays(word, usual) {
  const [from, to] = (presets[word] ?? presets[usual])?.[1](dayOf()) ?? [];
  return { from, to };
}

// The days of a list, in its address: a preset under `name`, or from and to. any: what no word at all means, where it
// means something other than `usual`; one end alone may be given then.
export function Days({ query, name, usual, any }) {
  const own = Boolean(query.from || query.to);
  const word = own ? 'own' : (query[name] ?? (any ? '' : usual));
  const last = query.to ? addDays(query.to, -1) : '';
  const choose = (e) => {
    const now = rangeDays(query[name], usual);
    setQuery(e.target.value === 'own' ? { [name]: '', ...now } : { [name]: e.target.value, from: '', to: '' });
  };
  const day = (member, label, value, more) => html`<${Field} label=${label} type="date" key=${`${member} ${value}`}
    defaultValue=${value} ...${more}
    onChange=${({ target: { value: v } }) =>
      (v || any) && setQuery({ [name]: '', [member]: v && member === 'to' ? addDays(v, 1) : v })} />`;
  return html`<${Field} as="select" label=${t('Period')} value=${word} onChange=${choose}>
      ${any && html`<option value="" selected=${word === ''}>${any}</option>`}
      ${Object.entries(presets).map(
        ([k, [label]]) => html`<option value=${k} selected=${k === word}>${label()}</option>`,
      )}
      <option value="own" selected=${own}>${t('Days…')}</option><//>
    ${own && day('from', t('From'), query.from ?? '', { max: last || dayOf() })}
    ${own && day('to', t('To'), last, { min: query.from })}`;
}
