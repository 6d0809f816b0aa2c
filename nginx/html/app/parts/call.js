// How a call is told in lists: what happened, with whom, how long.
import { t } from '../text.js';
import { html } from '../ui.js';
import { Badge, Icon } from './basic.js';
import { phone } from './number-text.js';

const outcomes = {
  answered: ['good', () => t('Answered')],
  connected: ['good', () => t('Connected')],
  missed: ['bad', () => t('Missed')],
  handled: ['', () => t('Handled')],
  blocked: ['', () => t('Blocked')],
  busy: ['warn', () => t('Busy')],
  'no-answer': ['warn', () => t('No answer')],
  failed: ['bad', () => t('Failed')],
  canceled: ['', () => t('Canceled')],
  agent_unreached: ['warn', () => t('Agent not reached')],
  refused: ['bad', () => t('Refused')],
  unknown: ['warn', () => t('Not known yet')],
};
const moving = {
  queued: () => t('Queued'),
  initiated: () => t('Dialling'),
  ringing: () => t('Ringing'),
  'in-progress': () => t('In progress'),
};

export function Outcome({ call }) {
  if (!call.ended_at && moving[call.status])
    return html`<${Badge} kind="live"><span class="dot live"></span>${moving[call.status]()}<//>`;
  const [kind, label] = outcomes[call.outcome] ?? ['', () => call.status];
  return html`<${Badge} kind=${kind}>${label()}<//>`;
}

export const Way = ({ call }) =>
  call.outcome === 'missed'
    ? html`<span class="bad"><${Icon} name="phone-missed" label=${t('Missed, inbound')} /></span>`
    : html`<span class="soft"><${Icon} name=${call.direction === 'inbound' ? 'arrow-down-left' : 'arrow-up-right'}
      label=${call.direction === 'inbound' ? t('Inbound') : t('Outbound')} /></span>`;

const sentiments = {
  positive: ['good', 'smile', () => t('Positive')],
  neutral: ['', 'meh', () => t('Neutral')],
  negative: ['bad', 'frown', () => t('Negative')],
};
export function Sentiment({ word, short }) {
  const [kind, icon, label] = sentiments[word] ?? [];
  if (!label) return html`<span class="faint">–</span>`;
  return short
    ? html`<span class=${kind || 'soft'}><${Icon} name=${icon} label=${label()} /></span>`
    : html`<${Badge} kind=${kind} icon=${icon}>${label()}<//>`;
}

// What outcomes, reasons and lead statuses there are, as filters and forms offer them.
export const outcomeWords = () => Object.entries(outcomes).map(([word, [, label]]) => [word, label()]);
const reasons = {
  out_of_hours: () => t('Out of hours'),
  no_answer: () => t('Nobody picked up'),
  nobody_available: () => t('Nobody available'),
  abandoned: () => t('Caller hung up early'),
  rejected: () => t('Rejected'),
  failed: () => t('Every phone failed'),
};
export const outcome = (word) => outcomes[word]?.[1]() ?? word;
export const reason = (word) => reasons[word]?.() ?? word;
export const reasonWords = () => Object.entries(reasons).map(([word, label]) => [word, label()]);
export const leadWords = () => [
  ['open', t('Open')],
  ['qualified', t('Qualified')],
  ['unqualified', t('Unqualified')],
  ['spam', t('Spam')],
  ['duplicate', t('Duplicate')],
];

// Whom it was with: the name where there is one, else the number.
export const party = (call) =>
  call.contact_name || (call.withheld ? t('Number withheld') : phone(call.customer_number));
export const ours = (call) => (call.direction === 'inbound' ? call.to_number : call.from_number);
