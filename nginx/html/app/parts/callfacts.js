// The tabs beside a conversation: what the call was, what happened when, what it cost.
import { fullTime, languageName, money, places, seconds } from '../fmt.js';
import { href } from '../router.js';
import { may } from '../store.js';
import { t } from '../text.js';
import { cls, html } from '../ui.js';
import { Badge, Icon, Time } from './basic.js';
import { Brought } from './brought.js';
import { leadWords, ours, reason } from './call.js';
import { Phone } from './number-text.js';
import { Table } from './table.js';

const fact = (name, value) =>
  value !== null && value !== undefined && value !== '' && html`<dt>${name}</dt><dd dir="auto">${value}</dd>`;
const enders = { customer: () => t('the customer'), agent: () => t('the agent'), system: () => t('the system') };

// What the customer heard of the recording, word by word; or whose decision it was.
function Told({ call: c }) {
  const { announced: a } = c;
  const decided = c.record_reason === 'consent';
  if (!a && !decided && c.recordings.length === 0) return null;
  const all = decided && may('manager') && c.customer_number;
  return html`<section class="stack" aria-label=${t('Recording and consent')}><h3>${t('Recording and consent')}</h3>
    ${
      a
        ? html`<figure class="told"><blockquote dir="auto" lang=${a.language}>${a.text}</blockquote>
            <figcaption>${t('The customer heard this before the recording, and was not asked.')}</figcaption></figure>
          <dl class="facts">${fact(t('Told'), html`<${Time} at=${a.at} />`)}
            ${fact(t('Language'), languageName(a.language))}
            ${fact(t('Wording since'), html`<${Time} at=${a.said_since} />`)}</dl>`
        : html`<p class="soft">${
            decided
              ? t('The customer’s own decision counted; no notice was read out.')
              : t('No notice was read out in this call.')
          }</p>`
    }
    ${
      all &&
      html`<p><a href=${href('/compliance/consents', { number: c.customer_number })}>${t('All decisions')}</a></p>`
    }
  </section>`;
}

export function Details({ call: c }) {
  return html`<div class="form"><dl class="facts">
    ${fact(
      t('Customer'),
      c.customer_number
        ? html`<a href=${href('/calls', { customer_number: c.customer_number })}>
      <${Phone} number=${c.customer_number} /></a>`
        : t('Number withheld'),
    )}
    ${fact(t('From'), [c.customer_place, c.customer_country].filter(Boolean).join(', '))}
    ${fact(t('Earlier calls'), c.prior_calls)}
    ${fact(t('Our number'), html`<${Phone} number=${ours(c)} />`)}
    ${fact(t('Client'), c.client_name)}
    ${fact(t('Campaign'), c.campaign_name)}
    ${fact(t('Source'), c.source)}
    ${fact(t('Agent'), c.user_name)}
    ${fact(t('Began'), html`<${Time} at=${c.created_at} />`)}
    ${fact(t('Waited'), c.wait_seconds !== null ? seconds(c.wait_seconds) : null)}
    ${fact(t('Rang'), c.ring_seconds !== null ? seconds(c.ring_seconds) : null)}
    ${fact(t('Talk'), c.talk_seconds ? seconds(c.talk_seconds) : null)}
    ${fact(t('Ended by'), enders[c.ended_by]?.())}
    ${fact(t('Missed because'), c.missed_reason && reason(c.missed_reason))}
    ${fact(t('Lead'), leadWords().find(([w]) => w === c.lead_status)?.[1])}
    ${fact('Call SID', c.twilio_call_sid && html`<code class="break">${c.twilio_call_sid}</code>`)}
  </dl>
  <section aria-label=${t('Why')}><h3>${t('Why it went so')}</h3><ul class="why">${c.why.map(
    (w) => html`<li
    dir="auto">${w}</li>`,
  )}</ul></section>
  <${Told} call=${c} />
  ${c.direction === 'inbound' && !c.test && html`<${Brought} call=${c} />`}</div>`;
}

const whats = {
  'leg.started': ['phone-outgoing', () => t('Leg begins')],
  'leg.rang': ['bell', () => t('Rings')],
  'leg.answered': ['phone-call', () => t('Answered')],
  'leg.ended': ['phone-off', () => t('Leg ends')],
  webhook: ['webhook', () => t('Webhook from Twilio')],
  twiml: ['file-text', () => t('Our TwiML')],
  recording: ['mic', () => t('Recording')],
  'recording.stored': ['archive', () => t('Recording stored')],
  transcript: ['message-square', () => t('Transcript')],
  analysis: ['sparkles', () => t('Analysis')],
  cost: ['credit-card', () => t('Cost noted')],
};
// +0.9 s, +1:04, after the call began.
const after = (at, from) => {
  const s = (Date.parse(at) - Date.parse(from)) / 1000;
  if (s >= 86400) return t('+{n} d', { n: Math.floor(s / 86400) });
  return s < 60 ? `+${Math.max(s, 0).toFixed(1)} s` : `+${seconds(s)}`;
};

export function Timeline({ call: c }) {
  const from = c.timeline[0]?.at ?? c.created_at;
  if (c.timeline.length === 0) return html`<p class="soft">${t('Nothing has happened yet.')}</p>`;
  return html`<ol class="timeline">${c.timeline.map((m) => {
    const [icon, label] = whats[m.what] ?? ['activity', () => m.what];
    return html`<li class=${cls('moment', m.what.split('.')[0])}><time datetime=${m.at} title=${fullTime(m.at)}>
      ${after(m.at, from)}</time>
      <span class="mark"><${Icon} name=${icon} /></span>
      <div><b>${label()}</b>${m.detail && html` <span class="soft" dir="auto">${m.detail}</span>`}
        ${
          m.took_ms !== undefined &&
          m.took_ms !== null &&
          html` <${Badge} kind=${m.took_ms > 1000 ? 'warn' : ''}>${Math.round(m.took_ms)} ms<//>`
        }
        ${
          m.twiml &&
          html`<details><summary>${t('Show it')}</summary><pre tabindex="0">
          ${m.twiml}</pre></details>`
        }
        ${m.sid && html`<small class="faint mono">…${m.sid.slice(-8)}</small>`}</div></li>`;
  })}</ol>`;
}

const kinds = {
  leg: () => t('Leg of the call'),
  recording: () => t('Recording'),
  transcribe: () => t('Transcript'),
  analyse: () => t('Analysis'),
  number: () => t('Number'),
};

export const costKind = (kind) => kinds[kind]?.() ?? kind;
const costColumns = (digits) => [
  {
    name: 'what',
    title: t('What'),
    show: (e) => html`${costKind(e.kind)} <small class="faint mono">…${e.ref.slice(-8)}</small>`,
  },
  { name: 'amount', title: t('Amount'), num: true, show: (e) => money(e.amount, e.currency, digits) },
];

export function Cost({ call: c }) {
  const totals = Object.entries(c.cost.total ?? {});
  const digits = Math.max(2, ...c.cost.entries.map((e) => places(e.amount)));
  return html`<div class="form">
    <p class="total">${
      totals.length ? totals.map(([currency, amount]) => html`<b>${money(amount, currency)}</b> `) : html`<b>–</b>`
    }
      ${!c.cost.complete && html`<${Badge} kind="warn">${t('Not all prices are known yet')}<//>`}</p>
    ${
      c.cost.entries.length === 0
        ? html`<p class="soft">${t('Twilio settles a call’s price some minutes after it has ended.')}</p>`
        : html`<${Table} label=${t('Cost')} columns=${costColumns(digits)} rows=${c.cost.entries} tight
            cards=${false} />`
    }
  </div>`;
}
