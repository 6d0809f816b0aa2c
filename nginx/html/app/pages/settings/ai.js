// What is written down of calls, by which server, for how many minutes a month.
import { get } from '../../api.js';
import { facts } from '../../parts/admin.js';
import { Button, Card, Failure, Icon, Loaded } from '../../parts/basic.js';
import { Input, loadTagged, Tick } from '../../parts/form.js';
import { differences, History } from '../../parts/history.js';
import { may, useLoad } from '../../store.js';
import { plural, t } from '../../text.js';
import { html, useState } from '../../ui.js';
import { asFlag, asNumber, Section, SectionOf } from './common.js';
import { Exceptions } from './exceptions.js';

function Live() {
  const [state, setState] = useState({ busy: false, found: null, error: null });
  const run = async () => {
    setState({ ...state, busy: true, error: null });
    await get('/settings/transcription/check').then(
      (found) => setState({ busy: false, found, error: null }),
      (error) => setState({ busy: false, found: null, error }),
    );
  };
  const { found } = state;
  const good = found?.transcribe_known !== false && found?.analyse_known !== false;
  const model = (name, known) =>
    html`<code>${name}</code> ${known === false && html`<span class="bad">${t('is not offered there')}</span>`}`;
  return html`<${Card} title=${t('The server that does it')} tools=${html`<${Button} icon="refresh-cw"
    disabled=${state.busy}
      onClick=${run}>${state.busy ? t('Asking…') : t('Check now')}<//>`}>
    <div class="stack" aria-live="polite">
      ${
        !found &&
        !state.error &&
        html`<p class="soft">
          ${t('The operator sets its address and key. A check asks it which models it has; it costs nothing.')}</p>`
      }
      ${state.error && html`<${Failure} error=${state.error} retry=${run} />`}
      ${
        found &&
        html`<div class=${`alert ${good ? 'live' : 'warn'}`}><${Icon} name=${good ? 'circle-check' : 'triangle-alert'}
          />
          <b>${good ? t('The server answers and accepts us') : t('The server answers, but a model is missing there')}
            </b></div>
        ${facts([
          [t('Address'), html`<code>${found.endpoint}</code>`],
          [t('Transcribes with'), model(found.transcribe_model, found.transcribe_known)],
          [t('Analyses with'), model(found.analyse_model, found.analyse_known)],
        ])}`
      }</div><//>`;
}

const members = {
  language: () => t('Language'),
  minutes_per_month: () => t('Minutes a month at most'),
  analysis: () => t('Also summary, sentiment and action items'),
  exceptions: () => t('Exceptions'),
};
const tell = (v) =>
  Array.isArray(v)
    ? plural(v.length, { one: '{n} row', other: '{n} rows' })
    : v === true
      ? t('Yes')
      : v === false
        ? t('No')
        : (v ?? t('none'));

export default function Ai() {
  const how = useLoad(loadTagged('/settings/transcription'), '');
  const usage = useLoad((signal) => get('/stats/usage', {}, { signal }), '');
  const minutes = usage.data ? Math.round((usage.data.model_seconds ?? 0) / 60) : null;
  return html`${may('admin') && html`<${Live} />`}
    <${Section} path="/settings" label=${t('What is transcribed')} names=${['transcribe', 'transcribe_over_seconds']}
      turn=${{ transcribe: asFlag, transcribe_over_seconds: asNumber }}>${(form) => html`
      <h2>${t('What is transcribed')}</h2>
      <${Tick} of=${form} name="transcribe" label=${t('Write recordings down')} />
      <${Input} of=${form} name="transcribe_over_seconds" type="number" min="0" max="3600"
        label=${t('Only those longer than, in seconds')} hint=${t('Short ones hold no talk worth its price.')} />`}<//>
    <${SectionOf} load=${how} label=${t('How')} names=${['language', 'minutes_per_month', 'analysis']}
      turn=${{ minutes_per_month: asNumber, analysis: asFlag }}>${(form) => html`
      <h2>${t('How, and for how much')}</h2>
      <div class="pair"><${Input} of=${form} name="language" label=${t('Language')} maxlength="3" placeholder="en"
          hint=${t('Two letters; empty: the model finds out.')} />
        <${Input} of=${form} name="minutes_per_month" type="number" min="0" max="65535"
          label=${t('Minutes a month at most')}
          hint=${
            minutes === null ? t('Empty: no limit.') : t('Empty: no limit. This month so far: {n}.', { n: minutes })
          } /></div>
      <${Tick} of=${form} name="analysis" label=${t('Also summary, sentiment and action items')} />`}<//>
    <${Loaded} of=${how} lines=${2}>${(of) => html`<${Exceptions} of=${of} set=${how.set} />`}<//>
    <${History} action="transcription.change" turn=${how.data?.etag} name=${(n) => members[n]?.() ?? n}
      show=${tell} lines=${(e) => differences(e.old, e.new)} />`;
}
