// The phone as a panel: in the dock, on its own page, inside another site's page.
import { bind } from '../a11y.js';
import { Button, Icon } from '../parts/basic.js';
import { phone as spaced } from '../parts/number-text.js';
import { href } from '../router.js';
import { t } from '../text.js';
import { html, Later, useEffect } from '../ui.js';
import { act } from './acts.js';
import { call, phone, where } from './state.js';
import { open, Talk } from './talk.js';
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

export function Panel({ focus, framed }) {
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
    ${!c && html`<${Later} load=${() => import('./dial.js')} focus=${focus} />`}
    ${
      !c &&
      stage === 'ready' &&
      where.value === 'here' &&
      !framed &&
      html`<${Later} load=${() => import('./notify.js')} />`
    }
  </div>`;
}

const bindFirst = (rows) => bind(rows.map((r) => ({ ...r, first: true })));

// Keys of a call, for as long as it is there.
export function useCallKeys() {
  const talking = call.value && call.value.stage !== 'over';
  const ringing = Boolean(phone.value.ringing);
  useEffect(
    () =>
      talking
        ? bindFirst([
            { keys: 'm', what: t('Mute'), run: () => act('mute') },
            { keys: 'h', what: t('Hold'), run: () => act('hold') },
            { keys: 't', what: t('Transfer'), run: () => open.transfer() },
            { keys: 'k', what: t('Keypad'), run: () => open.keypad() },
            { keys: 'n', what: t('Note'), run: () => open.note() },
            { keys: 'E', what: t('End call'), run: () => act('hangUp') },
          ])
        : undefined,
    [talking],
  );
  useEffect(
    () =>
      ringing
        ? bindFirst([
            { keys: 'a', what: t('Answer'), run: () => act('answer') },
            { keys: 'x', what: t('Decline'), run: () => act('decline') },
          ])
        : undefined,
    [ringing],
  );
}
