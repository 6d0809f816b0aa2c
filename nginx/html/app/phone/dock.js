// The phone in a corner of every page: a pill that says how it stands, and the panel above it.
import { Button, Icon } from '../parts/basic.js';
import { phone as spaced } from '../parts/number-text.js';
import { href, path } from '../router.js';
import { flag } from '../store.js';
import { t } from '../text.js';
import { cls, html, Later, useEffect, useState } from '../ui.js';
import { startActs } from './acts.js';
import { Since } from './clock.js';
import { Incoming } from './incoming.js';
import { useCallKeys } from './keys.js';
import { Presence, standing } from './presence.js';
import { call, phone, wish } from './state.js';

const Pill = ({ open, flip }) => {
  const c = call.value;
  const now = standing();
  return html`<button type="button" class=${cls('pill', c && c.stage !== 'over' && 'on')} aria-expanded=${String(open)}
    aria-controls="dock-panel" onClick=${flip}>
    <${Icon} name=${c ? 'phone-call' : 'phone'} /><span class="unseen">${t('Phone')}: </span>
    ${
      c && c.stage !== 'over'
        ? html`<span class="who" dir="auto">${c.name ?? spaced(c.number)}</span>
          <${Since} label="" at=${c.talk_at ?? c.at} />`
        : html`<span class=${`dot ${now.kind}`}></span><span>${now.text}</span>`
    }
    <${Icon} name="chevron-down" /></button>`;
};

export default function Dock() {
  const [open, setOpen] = useState(false);
  useEffect(() => startActs(), []);
  useCallKeys();
  // A number that was clicked on some page is dialled at once, if the phone is on.
  useEffect(() => {
    const take = (e) => {
      if (phone.value.stage !== 'ready' || call.value) return;
      e.preventDefault();
      const { number, contact } = e.detail;
      wish.value = { number, name: contact?.name, contact_id: contact?.id, now: true };
    };
    addEventListener('switchhook:dial', take);
    return () => removeEventListener('switchhook:dial', take);
  }, []);
  const c = call.value;
  useEffect(() => {
    if (c || phone.value.problem || wish.value) setOpen(true);
  }, [c?.at, phone.value.problem?.code, wish.value]);
  const now = standing();
  useEffect(() => {
    if (!phone.value.ringing) flag.value = phone.value.stage === 'off' ? '' : now.text;
  }, [now.text, phone.value.stage, phone.value.ringing]);
  const own = path.value === '/phone' || path.value === '/dial'; // a page of its own shows the panel
  return html`<${Incoming} />
    ${
      !own &&
      html`<section class=${cls('dock', open && 'open')} aria-label=${t('Phone')}>
      ${
        open &&
        html`<div class="board" id="dock-panel">
        <header><${Presence} /><span class="space"></span>
          <${Button} kind="plain" icon="external-link" label=${t('Open the phone’s page')} href=${href('/phone')} />
          <${Button} kind="plain" icon="chevron-down" label=${t('Fold the phone')}
            onClick=${() => setOpen(false)} /></header>
        <${Later} load=${() => import('./panel.js')} /></div>`
      }
      ${!open && html`<${Pill} open=${open} flip=${() => setOpen(true)} />`}
    </section>`
    }`;
}
