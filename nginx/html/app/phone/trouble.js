// What is wrong with the phone, in a sentence, with what to do and the code for who looks after it.
import { Button, Field, Icon } from '../parts/basic.js';
import { t } from '../text.js';
import { cls, html } from '../ui.js';
import { act } from './acts.js';
import { phone } from './state.js';

export const Details = ({ problem }) =>
  problem.code &&
  html`<details><summary>${t('Details')}</summary><code>${problem.code}</code>
    ${problem.request && html` <code>${problem.request}</code>`}</details>`;

export function Trouble() {
  const { problem, mics, stage } = phone.value;
  if (!problem) return null;
  const choose = problem.kind === 'mic' && mics.length > 0 && stage !== 'off';
  const passes = ['network', 'token'].includes(problem.kind);
  return html`<div class=${cls('alert', passes && 'warn')} role="alert">
    <${Icon} name=${problem.kind === 'network' ? 'wifi-off' : problem.kind === 'mic' ? 'mic-off' : 'triangle-alert'} />
    <div class="stack"><div><b>${problem.title}</b><p>${problem.hint}</p></div>
      ${
        choose &&
        html`<${Field} as="select" label=${t('Microphone')}
        onChange=${(e) => e.target.value && act('mic', e.target.value)}>
        <option value="">${t('Choose')}</option>${mics.map((m) => html`<option value=${m.id}>${m.name}</option>`)}<//>`
      }
      <div class="row">${
        problem.kind === 'held'
          ? html`<${Button} icon="monitor" onClick=${() => act('takeOver')}>${t('Use it here')}<//>`
          : html`<${Button} icon="refresh-cw" onClick=${() => act('retry')}>${t('Retry')}<//>`
      }<${Button} kind="plain" onClick=${() => act('dismiss')}>${t('Dismiss')}<//></div>
      <${Details} problem=${problem} />
    </div></div>`;
}
