// How a number is told: its light, its state, whose it is.
import { post } from '../api.js';
import { href } from '../router.js';
import { may } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Act } from './admin.js';
import { Badge } from './basic.js';

export const types = () => [
  ['local', t('Local')],
  ['mobile', t('Mobile')],
  ['toll-free', t('Toll-free')],
  ['national', t('National')],
];
export const ability = (word) => ({ voice: t('Voice'), sms: t('SMS'), mms: t('MMS'), fax: t('Fax') })[word] ?? word;
export const typeName = (type) => types().find(([v]) => v === type)?.[1] ?? '–';

// Green, red, or not looked at yet; never by colour alone.
export function Light({ healthy }) {
  const [kind, text] =
    healthy === true ? ['good', t('Healthy')] : healthy === false ? ['bad', t('Needs fixing')] : ['', t('Not checked')];
  return html`<span class="light"><span class=${`dot ${kind}`}></span>${text}</span>`;
}

export const fix = (n) => post(`/numbers/${n.id}/apply`);
export const Fix = ({ number, done, kind }) =>
  may('admin') && number.twilio_sid !== null && number.healthy === false
    ? html`<${Act} kind=${kind} icon="wrench" busyText=${t('Fixing…')}
        run=${async () => {
          const health = await fix(number);
          done(health);
          return health.status === 'ok' ? t('The number calls us again') : null;
        }}>${t('Fix')}<//>`
    : null;

const states = {
  available: ['', () => t('Free')],
  assigned: ['good', () => t('Assigned')],
  cooling: ['warn', () => t('Cooling down')],
  disabled: ['warn', () => t('Switched off')],
  released: ['', () => t('Given back')],
};
export const State = ({ number }) => {
  const [kind, label] = states[number.disabled ? 'disabled' : number.state] ?? ['', () => number.state];
  return html`<${Badge} kind=${kind}>${label()}<//>`;
};

// Whose it is: the client's, the agent's or the pool's, with its campaign.
export function Holder({ number, name }) {
  const who = number.client_id
    ? html`<a href=${href(`/clients/${number.client_id}`)}>${name(number.client_id) ?? t('A client')}</a>`
    : number.user_id
      ? html`${name(number.user_id) ?? t('An agent')}`
      : number.pool
        ? t('Pool {name}', { name: number.pool })
        : null;
  const campaign =
    number.campaign_id &&
    html`<a href=${href(`/campaigns/${number.campaign_id}`)}>${name(number.campaign_id) ?? t('A campaign')}</a>`;
  if (!who && !campaign) return html`<span class="faint">${t('Nobody')}</span>`;
  return html`${who}${who && campaign ? ' · ' : ''}${campaign}`;
}
// What names of numbers, or of those who had one, are asked for: useNames(holders(rows)).
export const holders = (rows) => ({
  clients: rows.map((n) => n.client_id),
  campaigns: rows.map((n) => n.campaign_id),
  users: rows.map((n) => n.user_id),
});
