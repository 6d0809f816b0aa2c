// The phone as a panel: in the dock, on its own page, inside another site's page.
import { Button, Icon } from '../parts/basic.js';
import { phone as spaced } from '../parts/number-text.js';
import { href } from '../router.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { act } from './acts.js';
import { Dial } from './dial.js';
import { Notify } from './notify.js';
import { call, phone, where } from './state.js';
import { Talk } from './talk.js';
import { Trouble } from './trouble.js';
import { Wrapup } from './wrapup.js';

const Off = ({ framed }) => html`<div class="off stack">
  <${Button} kind="main tall" icon="phone" onClick=${() => act('on')}>${t('Go available')}<//>
  <p class="soft">${t('Calls ring here until you go offline.')}
    ${!framed && html` <a href=${href('/check')}>${t('Check my phone')}</a>`}</p></div>`;

const Missed = ({ missed }) => html`<div class="alert warn missed" role="status"><${Icon} name="phone-missed" />
  <div><b>${t('Missed call')}</b> <span class="num">${spaced(missed.number)}</span></div>
  <div class="row"><${Button} icon="phone"
      onClick=${() => (act('dismiss'), act('dial', { number: missed.number }))}>${t('Call back')}<//>
    <${Button} kind="plain" icon="x" label=${t('Dismiss')} onClick=${() => act('dismiss')} /></div></div>`;

export default function Panel({ focus, framed }) {
  const { stage, missed } = phone.value;
  const c = call.value;
  return html`<div class="panel stack">
    <${Trouble} />
    ${missed && !c && html`<${Missed} missed=${missed} />`}
    ${c && c.stage !== 'over' && html`<${Talk} />`}
    ${c?.stage === 'over' && html`<${Wrapup} />`}
    ${!c && stage === 'off' && where.value !== 'elsewhere' && html`<${Off} framed=${framed} />`}
    ${
      !c &&
      where.value === 'elsewhere' &&
      html`<p class="soft other"><${Icon} name="monitor" />${t('The phone is on in another tab.')}
      <${Button} onClick=${() => act('takeOver')}>${t('Use it here')}<//></p>`
    }
    ${!c && html`<${Dial} focus=${focus} />`}
    ${!c && stage === 'ready' && where.value === 'here' && !framed && html`<${Notify} />`}
  </div>`;
}
