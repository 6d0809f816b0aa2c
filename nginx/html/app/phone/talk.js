// A call that goes on: who it is, how long, and what can be done with it.
import { Badge, Button, Field, Icon } from '../parts/basic.js';
import { phone as spaced } from '../parts/number-text.js';
import { t } from '../text.js';
import { html, useEffect, useRef, useState } from '../ui.js';
import { act } from './acts.js';
import { Since } from './clock.js';
import { open } from './keys.js';
import { Pad } from './pad.js';
import { weakness } from './sentences.js';
import { call, where } from './state.js';
import { Transfer } from './transfer.js';
import { Details } from './trouble.js';

export const Who = ({ c }) => html`<div class="party">
  <span class="face" aria-hidden="true"><${Icon} name="user" /></span>
  <div><b dir="auto">${c.name ?? spaced(c.number)}</b>
    ${c.name && html`<span class="num">${spaced(c.number)}</span>`}</div></div>`;

function Keys() {
  const [pressed, setPressed] = useState('');
  const press = (k) => (setPressed((p) => (p + k).slice(-16)), act('digits', k));
  return html`<div class="stack" onKeyDown=${(e) => /^[0-9*#]$/.test(e.key) && press(e.key)}>
    <output class="pressed num" aria-label=${t('Keys pressed')}>${pressed || '\u00a0'}</output>
    <${Pad} press=${press} /></div>`;
}

const Consult = ({ c }) => {
  const who = c.asked ?? spaced(c.transfer.to);
  const gone = ['completed', 'busy', 'failed', 'no-answer', 'canceled'].includes(c.consult);
  const line = gone
    ? t('{who} is not on the line; the caller is still on hold.', { who })
    : c.consult === 'in-progress'
      ? t('You are asking {who}; the caller is on hold.', { who })
      : t('{who} is being rung; the caller is on hold.', { who });
  return html`<div class="alert live"><${Icon} name="phone-forwarded" /><div class="stack">
    <p role="status" dir="auto">${line}</p>
    <div class="row"><${Button} kind="main" disabled=${c.busy || gone} onClick=${() => act('complete')}>
      ${t('Connect them')}<//>
      <${Button} kind=${gone && 'main'} disabled=${c.busy}
        onClick=${() => act('cancel')}>${t('Take the caller back')}<//></div></div></div>`;
};

const savedWord = (c) => {
  if (c.saved === null) return t('Saving…');
  if (!c.saved) return t('Saved when you leave the field');
  return c.notes ? t('Saved') : undefined;
};
export function Notes({ c, focus }) {
  const at = useRef(null);
  open.note = () => at.current?.querySelector('textarea')?.focus();
  return html`<div ref=${at} class="notes-of"><${Field} as="textarea" label=${t('Notes')} rows="3"
    dir="auto" value=${c.notes} hint=${savedWord(c)}
    autofocus=${focus} onInput=${(e) => act('note', e.target.value)} onBlur=${() => act('save')} /></div>`;
}

const stages = { dialing: () => t('Dialling'), ringing: () => t('Ringing'), talking: () => t('Talking') };

const Tool = ({ icon, label, hint, on, busy, disabled, run }) => html`<button type="button" class="tool"
  aria-pressed=${on === undefined ? undefined : String(Boolean(on))} disabled=${disabled} aria-keyshortcuts=${hint}
  aria-busy=${busy ? 'true' : undefined} onClick=${run}><${Icon} name=${icon} /><span>${label}</span></button>`;

const Failed = ({ c }) =>
  c.error &&
  html`<div class="alert" role="alert"><${Icon} name="triangle-alert" /><div><b>${c.error.title}</b>
    <p>${c.error.hint}</p><${Details} problem=${c.error} /></div></div>`;

const Times = ({ c }) => html`<div class="row times">
  <${Badge} kind="live">${c.held_at ? t('On hold') : stages[c.stage]()}<//>
  <${Since} label=${t('Ring')} at=${c.at} to=${c.talk_at} />
  ${c.talk_at && html`<${Since} label=${t('Talk')} at=${c.talk_at} />`}
  ${c.held_at && html`<${Since} label=${t('Hold')} at=${c.held_at} kind="warn" />`}
  ${c.paused && html`<${Badge} kind="warn" icon="pause">${t('Recording paused')}<//>`}
  ${c.recorded && !c.paused && html`<${Badge} kind="bad"><span class="dot bad"></span>${t('Recording')}<//>`}
  ${c.reconnecting && html`<${Badge} kind="warn" icon="wifi-off">${t('Reconnecting…')}<//>`}
</div>`;

// What the line or the microphone lacks, and what helps: { title, hint }.
const Weak = ({ c }) => {
  const lacks = weakness(c.weak, c.muted);
  return html`<div role="status">${
    lacks &&
    html`<div class="alert warn"><${Icon} name="activity" /><div><b>${lacks.title}</b><p>${lacks.hint}</p></div></div>`
  }</div>`;
};

export function Talk() {
  const [sub, setSub] = useState(null);
  const c = call.value;
  const flip = (name) => setSub((s) => (s === name ? null : name));
  open.keypad = () => flip('keypad');
  open.transfer = () => flip('transfer');
  useEffect(() => setSub(null), [c?.at]);
  const on = c.stage === 'talking';
  const live = on && c.id && !c.busy; // what goes through the server
  return html`<div class="talk stack">
    ${
      where.value === 'elsewhere' &&
      html`<p class="soft">${t('The call is in another tab; you steer it from here.')}</p>`
    }
    <${Who} c=${c} /><${Times} c=${c} /><${Weak} c=${c} /><${Failed} c=${c} />
    ${c.transfer?.state === 'consulting' && html`<${Consult} c=${c} />`}
    <div class="tools">
      <${Tool} icon=${c.muted ? 'mic-off' : 'mic'} label=${c.muted ? t('Unmute') : t('Mute')} hint="m" on=${c.muted}
        disabled=${!on} run=${() => act('mute')} />
      <${Tool} icon=${c.held_at ? 'play' : 'pause'} label=${c.held_at ? t('Resume') : t('Hold')} hint="h"
        on=${c.held_at} busy=${c.busy === 'hold'} disabled=${!live || c.transfer?.state === 'consulting'}
        run=${() => act('hold')} />
      <${Tool} icon="hash" label=${t('Keypad')} hint="k" on=${sub === 'keypad'} disabled=${!on}
        run=${() => flip('keypad')} />
      <${Tool} icon="phone-forwarded" label=${t('Transfer')} hint="t" on=${sub === 'transfer'}
        disabled=${!live || c.transfer?.state === 'consulting'} run=${() => flip('transfer')} />
      <${Tool} icon=${c.paused ? 'play' : 'lock'} label=${c.paused ? t('Record on') : t('Pause record')}
        on=${c.paused} busy=${c.busy === 'record'} disabled=${!live || !(c.recorded || c.paused)}
        run=${() => act('record')} />
    </div>
    ${sub === 'keypad' && html`<${Keys} />`}
    ${sub === 'transfer' && html`<${Transfer} done=${() => setSub(null)} />`}
    <${Notes} c=${c} />
    <${Button} kind="main bad tall" icon="phone-off" aria-keyshortcuts="Shift+E"
      onClick=${() => act('hangUp')}>${t('End call')}<//>
  </div>`;
}
