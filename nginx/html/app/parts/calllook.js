// A look at the call log: which filters its address holds, which columns it shows, how dense it is.
import { count, money, seconds } from '../fmt.js';
import { href } from '../router.js';
import { signal } from '../ui.js';
import { t } from '../text.js';
import { cls, html } from '../ui.js';
import { Badge, Icon, Time } from './basic.js';
import { leadWords, Outcome, ours, party, reason, Sentiment, Way } from './call.js';
import { Phone } from './number-text.js';
import { rangeDays } from './days.js';

const understood = new Set(
  [
    'cursor sort client_id user_id number_id campaign_id contact_id direction status outcome missed_reason kind',
    'source country customer_number number tag disposition lead_status voicemail test min_talk max_talk from to',
    'has_recording unreturned text',
  ].flatMap((names) => names.split(' ')),
);

// Of the address: what the API understands goes to it, all else is nobody's; range becomes days.
export function asked({ range, limit = '50', ...rest }) {
  const known = Object.fromEntries(Object.entries(rest).filter(([name]) => understood.has(name)));
  return { limit, ...known, ...(range ? rangeDays(range) : {}) };
}
export const filtersOf = ({ cursor, limit, sort, ...rest }) => rest;

const lead = (word) => leadWords().find(([w]) => w === word)?.[1];
const dash = html`<span class="faint">–</span>`;

const Who = ({ call }) =>
  html`<a class=${call.contact_name ? '' : 'phone'} href=${href(`/calls/${call.id}`)}>${party(call)}</a>${
    call.contact_name && html`<small class="under"><${Phone} number=${call.customer_number} /></small>`
  }`;

// All that a call tells in a row. fixed: always there; off: not unless chosen.
export const columns = () => [
  { name: 'way', look: 'way', title: '', label: t('Direction'), fixed: true, show: (c) => html`<${Way} call=${c} />` },
  { name: 'party', look: 'name', title: t('With'), fixed: true, show: (c) => html`<${Who} call=${c} />` },
  {
    name: 'outcome',
    title: t('Outcome'),
    show: (c) =>
      html`<${Outcome} call=${c} />${c.missed_reason && html`<small class="under">${reason(c.missed_reason)}</small>`}`,
  },
  {
    name: 'when',
    look: 'when',
    title: t('When'),
    sort: ['newest', 'oldest'],
    show: (c) => html`<${Time}
    at=${c.created_at} />`,
  },
  { name: 'client', title: t('Client'), minor: true, show: (c) => c.client_name ?? dash },
  { name: 'campaign', title: t('Campaign'), minor: true, off: true, show: (c) => c.campaign_name ?? dash },
  { name: 'number', title: t('Our number'), minor: true, off: true, show: (c) => html`<${Phone} number=${ours(c)} />` },
  { name: 'agent', title: t('Agent'), minor: true, show: (c) => c.user_name ?? dash },
  {
    name: 'talk',
    title: t('Talk'),
    num: true,
    minor: true,
    sort: ['longest', 'shortest'],
    show: (c) => (c.talk_seconds ? seconds(c.talk_seconds) : dash),
  },
  { name: 'wait', title: t('Wait'), num: true, minor: true, off: true, show: (c) => seconds(c.wait_seconds) },
  {
    name: 'recording',
    title: '',
    label: t('Recording'),
    minor: true,
    show: (c) =>
      (c.recording_url || c.voicemail) &&
      html`<span class="soft"><${Icon}
      name=${c.voicemail ? 'voicemail' : 'headphones'} label=${c.voicemail ? t('Voicemail') : t('Recorded')} /></span>`,
  },
  {
    name: 'sentiment',
    title: '',
    label: t('Sentiment'),
    minor: true,
    show: (c) => c.sentiment && html`<${Sentiment} word=${c.sentiment} short />`,
  },
  { name: 'disposition', title: t('Disposition'), minor: true, show: (c) => c.disposition ?? dash },
  { name: 'lead', title: t('Lead'), minor: true, off: true, show: (c) => lead(c.lead_status) ?? dash },
  {
    name: 'tags',
    title: t('Tags'),
    minor: true,
    off: true,
    show: (c) => html`<span class="row">${c.tags.map((x) => html`<${Badge}>${x}<//>`)}</span>`,
  },
  {
    name: 'value',
    title: t('Value'),
    num: true,
    minor: true,
    show: (c) => (c.value ? money(c.value, c.value_currency) : dash),
  },
  { name: 'prior', title: t('Earlier calls'), num: true, minor: true, off: true, show: (c) => count(c.prior_calls) },
];

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem('calls-look')) ?? {};
  } catch {
    return {};
  }
};
// { columns: [names] or null: the usual ones, tight }
export const look = signal(kept());
export function setLook(changes) {
  look.value = { ...look.value, ...changes };
  localStorage.setItem('calls-look', JSON.stringify(look.value));
}
export const shown = () =>
  columns().filter((c) => c.fixed || (look.value.columns ? look.value.columns.includes(c.name) : !c.off));
