// What brought a call: the models of attribution in words, and what each makes of one call.
import { get } from '../api.js';
import { href } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Loaded, Time } from './basic.js';

export const models = {
  last: {
    title: () => t('Last touch'),
    means: () => t('A call counts for the last number with a source that its caller rang within 90 days.'),
  },
  first: {
    title: () => t('First touch'),
    means: () => t('A call counts for the first number with a source that its caller rang within 90 days.'),
  },
  lead: {
    title: () => t('Lead'),
    means: () => t('A call counts for what brought the very first call of its caller.'),
  },
  split: {
    title: () => t('Half first, half lead'),
    means: () => t('Half a call counts for the first touch within 90 days, half for the very first call.'),
  },
};
export const sourceName = (word) => (word === 'direct' ? t('Direct') : (word ?? '–'));

const name = (x) => [x.source && sourceName(x.source), x.campaign_name].filter(Boolean).join(' · ') || t('none');

export function Brought({ call: c }) {
  const all = useLoad((signal) => get(`/calls/${c.id}/attribution`, {}, { signal }), c.id);
  return html`<section class="stack" aria-label=${t('What brought it')}><h3>${t('What brought it')}</h3>
    <${Loaded} of=${all} lines=${3}>${(doc) =>
      html`<dl class="facts">${doc.models
        .filter((m) => m.model !== 'split')
        .map(
          ({ model, credits: [x] }) => html`<dt>${models[model].title()}</dt><dd dir="auto">${name(x)}
          ${x.call_id !== c.id && html`<br /><a href=${href(`/calls/${x.call_id}`)}><${Time} at=${x.at} /></a>`}</dd>`,
        )}</dl>`}<//></section>`;
}
