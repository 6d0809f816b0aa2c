// Which microphone and which speaker, where calls ring, and whether a number elsewhere opens this phone.
import { patch } from '../api.js';
import { Button, Failure, Field } from '../parts/basic.js';
import { href } from '../router.js';
import { me, note } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { act } from './acts.js';
import { phone, setUser } from './state.js';

const register = () => {
  navigator.registerProtocolHandler('tel', `${location.origin}/app/dial?number=%s`);
  note(t('The browser asks whether telephone links shall open here.'));
};

export function Devices() {
  const [error, setError] = useState(null);
  const { mics, outs, stage } = phone.value;
  const { rings, work_hours } = me.value.user;
  const save = (body) => patch('/me', body).then((u) => (setError(null), setUser(u), note(t('Saved'))), setError);
  const pick = (label, rows, act_) => html`<${Field} as="select" label=${label} disabled=${rows.length === 0}
    hint=${stage === 'off' ? t('Go available to choose.') : undefined} onChange=${(e) => act(act_, e.target.value)}>
    ${rows.length === 0 && html`<option value="">${t('As the system')}</option>`}
    ${rows.map((d) => html`<option value=${d.id}>${d.name}</option>`)}<//>`;
  return html`<div class="form">
    ${pick(t('Microphone'), mics, 'mic')}${pick(t('Speaker and bell'), outs, 'out')}
    <${Field} as="select" label=${t('Calls to me ring')} value=${rings}
      onChange=${(e) => save({ rings: e.target.value })}>
      <option value="browser">${t('Here first, then my phone')}</option>
      <option value="both">${t('Here and on my phone at once')}</option>
      <option value="phone">${t('On my phone alone')}</option><//>
    <${Field} label=${t('My working hours')} value=${work_hours ?? ''} placeholder="mon-fri 09:00-17:00"
      hint=${t('For “Available in my hours”. Empty: at any time.')} error=${error?.of?.('work_hours')}
      onChange=${(e) => save({ work_hours: e.target.value.trim() || null })} />
    ${error && !error.of?.('work_hours') && html`<${Failure} error=${error} />`}
    <div class="row"><${Button} icon="headphones" href=${href('/check')}>${t('Check my phone')}<//>
      ${
        'registerProtocolHandler' in navigator &&
        html`<${Button} icon="link" onClick=${register}>${t('Open telephone links here')}<//>`
      }</div>
  </div>`;
}
