// What stands inside the frame: availability, the alert of a call, the panel.
import { t } from '../text.js';
import { html, useEffect } from '../ui.js';
import { startActs } from './acts.js';
import { Incoming } from './incoming.js';
import { useCallKeys } from './keys.js';
import Panel from './panel.js';
import { Presence } from './presence.js';

export function Framed() {
  useEffect(() => startActs(), []);
  useCallKeys();
  return html`<main class="framed board"><h1 class="unseen">${t('Phone')}</h1>
    <header><${Presence} /></header><${Incoming} /><${Panel} framed=${true} /></main>`;
}
