// What an agent is doing, as a word, a colour and a menu.
import { Menu } from '../parts/menu.js';
import { Dialog } from '../parts/dialog.js';
import { Button, Field } from '../parts/basic.js';
import { me } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { act } from './acts.js';
import { call, phone, presence } from './state.js';

const words = {
  available: ['good', 'circle-check', () => t('Available')],
  auto: ['good', 'clock', () => t('Available in my hours')],
  busy: ['warn', 'circle-alert', () => t('Busy')],
  away: ['warn', 'pause', () => t('Away')],
  offline: ['', 'phone-off', () => t('Offline')],
};
const reasons = () => [t('Lunch'), t('Break'), t('Meeting'), t('Training')];

// What colleagues and callers meet now: the word, seen together with what the phone is doing.
export function standing() {
  const { stage } = phone.value;
  if (call.value?.stage === 'over') return { kind: 'warn', text: t('Wrapping up') };
  if (call.value) return { kind: 'live', text: t('In a call') };
  if (stage === 'lost') return { kind: 'bad', text: t('No connection') };
  if (stage === 'starting') return { kind: '', text: t('Starting…') };
  if (stage === 'off') return { kind: '', text: t('Phone off') };
  const [kind, , text] = words[presence.value] ?? words.offline;
  const why = presence.value === 'away' ? me.value?.user?.away_reason : null;
  return { kind, text: why ? t('Away: {why}', { why }) : text() };
}

function Away({ close }) {
  const [why, setWhy] = useState('');
  const go = (text) => {
    act('presence', 'away', text || undefined);
    close();
  };
  return html`<${Dialog} title=${t('Away')} close=${close}>
    <form class="form" onSubmit=${(e) => (e.preventDefault(), go(why.trim()))}>
      <div class="row">${reasons().map((r) => html`<${Button} onClick=${() => go(r)}>${r}<//>`)}</div>
      <${Field} label=${t('Another reason')} hint=${t('Colleagues see it.')} maxlength="60" value=${why}
        onInput=${(e) => setWhy(e.target.value)} />
      <div class="ends"><${Button} type="submit" kind="main">${t('Go away')}<//></div>
    </form><//>`;
}

export function Presence() {
  const [away, setAway] = useState(false);
  const now = standing();
  const row = (word) => ({
    label: words[word][2](),
    icon: words[word][1],
    checked: presence.value === word && phone.value.stage !== 'off',
    run: () => (word === 'away' ? setAway(true) : act('presence', word)),
  });
  return html`<${Menu} label=${t('Availability: {what}', { what: now.text })}
    rows=${['available', 'auto', 'busy', 'away', null, 'offline'].map((w) => w && row(w))}>
      <span class=${`dot ${now.kind}`}></span><span class="what">${now.text}</span><//>
    ${away && html`<${Away} close=${() => setAway(false)} />`}`;
}
