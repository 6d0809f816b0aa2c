// How a call is told in lists: what happened, with whom, how long.
import { t } from '../text.js';
import { html } from '../ui.js';
import { Badge, Icon } from './basic.js';

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

export const party = (call) => (call.withheld ? t('Number withheld') : (call.customer_number ?? '–'));
export const ours = (call) => (call.direction === 'inbound' ? call.to_number : call.from_number);
