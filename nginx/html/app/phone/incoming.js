// Somebody calls: said at once to eyes and screen readers; focus goes to Answer unless somebody is typing.
import { Button, Icon } from '../parts/basic.js';
import { phone as spaced } from '../parts/number-text.js';
import { flag } from '../store.js';
import { t } from '../text.js';
import { html, useEffect, useRef } from '../ui.js';
import { act } from './acts.js';
import { Since } from './clock.js';
import { phone, where } from './state.js';

function tellSystem(title, body) {
  if ((!document.hidden && document.hasFocus()) || globalThis.Notification?.permission !== 'granted') return () => {};
  const n = new Notification(title, { body, tag: 'switchhook-call', requireInteraction: true });
  n.onclick = () => (focus(), n.close());
  return () => n.close();
}

export function Incoming() {
  const r = phone.value.ringing;
  const at = useRef(null);
  const was = useRef(null);
  useEffect(() => {
    if (!r) return undefined;
    const typing = document.activeElement?.closest?.('input, textarea, select, [contenteditable="true"]');
    was.current = document.activeElement;
    if (!typing) at.current?.querySelector('button')?.focus();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    flag.value = t('Incoming call');
    const timer = still ? 0 : setInterval(() => (flag.value = flag.value ? '' : t('Incoming call')), 1000);
    return () => {
      clearInterval(timer);
      flag.value = '';
      const now = document.activeElement; // who went on elsewhere stays there
      if (was.current?.isConnected && (now === document.body || at.current?.contains(now))) was.current.focus();
    };
  }, [r?.at]);
  const who = r && (r.name ?? r.number);
  useEffect(() => (r && where.value === 'here' ? tellSystem(t('Incoming call'), who) : undefined), [r?.at, who]);
  if (!r) return html`<div class="unseen" role="status" aria-live="assertive"></div>`;
  return html`<div class="ringing" role="alertdialog" ref=${at}
    aria-labelledby="ringing-title" aria-describedby="ringing-who">
    <span class="face live" aria-hidden="true"><${Icon} name="phone-incoming" /></span>
    <div class="of"><h2 id="ringing-title" aria-live="assertive">${t('Incoming call')}</h2>
      <p id="ringing-who"><b dir="auto">${r.name ?? spaced(r.number)}</b>
        ${r.name && html` <span class="num">${spaced(r.number)}</span>`}</p>
      ${
        r.by &&
        html`<p class="by" dir="auto">${
          r.asks ? t('{who} asks you about this call', { who: r.by }) : t('{who} gives you this call', { who: r.by })
        }</p>`
      }
      <${Since} label=${t('Ring')} at=${r.at} /></div>
    <div class="row"><${Button} kind="main tall answer" icon="phone" aria-keyshortcuts="a"
        onClick=${() => act('answer')}>${t('Answer')}<//>
      <${Button} kind="bad tall" icon="phone-off" aria-keyshortcuts="x"
        onClick=${() => act('decline')}>${t('Decline')}<//></div>
  </div>`;
}
