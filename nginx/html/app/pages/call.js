// One call: what happened and when, what was said, what it was about.
import { get } from '../api.js';
import { Badge, Card, Head, Loaded, Time } from '../parts/basic.js';
import { Outcome, ours, party } from '../parts/call.js';
import { money, seconds } from '../fmt.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';

const fact = (name, value) => value !== null && value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>`;

export default function Call({ params }) {
  const call = useLoad((signal) => get(`/calls/${params.id}`, {}, { signal }), params.id);
  return html`<${Loaded} of=${call}>${(c) => html`
    <${Head} title=${party(c)}><${Outcome} call=${c} /><//>
    <div class="two">
      <${Card} title=${t('Conversation')}>${
        c.recordings.length === 0
          ? html`<p class="soft">${t('Nothing was recorded.')}</p>`
          : c.recordings.map(
              (r) => html`
        <p>${r.transcript?.text ?? html`<span class="soft">${r.transcription_status}</span>`}</p>`,
            )
      }<//>
      <${Card} title=${t('Details')}><dl class="facts">
        ${fact(t('Direction'), c.direction === 'inbound' ? t('Inbound') : t('Outbound'))}
        ${fact(t('Our number'), ours(c))}
        ${fact(t('Began'), html`<${Time} at=${c.created_at} />`)}
        ${fact(t('Talk'), seconds(c.talk_seconds))}
        ${fact(t('Price'), c.price && money(c.price, c.price_unit))}
        ${fact('Call SID', html`<code>${c.twilio_call_sid}</code>`)}
      </dl><//>
      <${Card} title=${t('Timeline')}><ol class="stack">${c.events.map((e) => html`
        <li class="row"><${Time} at=${e.received_at} /><${Badge}>${e.type}<//></li>`)}</ol><//>
    </div>`}<//>`;
}
