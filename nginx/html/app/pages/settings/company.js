// The company: its name, where it is, when it may call.
import { Input, Pick, Tick } from '../../parts/form.js';
import { here, Zones } from '../../parts/zones.js';
import { t } from '../../text.js';
import { phone } from '../../parts/number-text.js';
import { PickOne, seek } from '../../parts/pick.js';
import { html } from '../../ui.js';
import { asFlag, Section } from './common.js';

// At any hour, as the law of the place has it, or hours of one's own.
function Hours({ form }) {
  const value = form.values.calling_hours;
  const mode = value === '' ? '' : value === 'law' ? 'law' : 'own';
  return html`<div class="pair"><${Pick} label=${t('Calls out are placed')} value=${mode} empty=${t('at any hour')}
      onChange=${(e) => form.set('calling_hours', e.target.value === 'own' ? 'mon-fri 09:00-18:00' : e.target.value)}
      rows=${[
        ['law', t('when the law of the place allows')],
        ['own', t('in hours of our own')],
      ]} hint=${t('Hours are those of the place that is called.')} />
    ${
      mode === 'own' &&
      html`<${Input} of=${form} name="calling_hours" label=${t('The hours')} spellcheck=${false}
      hint=${t('As in: mon-fri 08:00-20:00, sat 09:00-14:00')} />`
    }
    ${
      mode !== '' &&
      html`<${Input} of=${form} name="holidays" label=${t('Days without calls')} placeholder="2026-12-25 2026-12-26"
      hint=${t('Dates with spaces between.')} />`
    }</div>`;
}

// What is kept is the number itself, not its id.
const ours = async (q, signal) => {
  const rows = await seek('numbers')(q, signal);
  return Object.assign(
    rows.map((row) => ({ ...row, value: row.number })),
    { more: rows.more },
  );
};

export default function Company() {
  return html`<${Section} path="/settings" label=${t('Company')} turn=${{ encrypt_metadata: asFlag }}
    names=${[
      'name',
      'country',
      'time_zone',
      'language',
      'default_number',
      'calling_hours',
      'holidays',
      'consent_mode',
      'encrypt_metadata',
    ]}>${(form, doc) => {
      return html`<${Input} of=${form} name="name" label=${t('Name')} maxlength="200" required />
      <div class="pair"><${Input} of=${form} name="time_zone" label=${t('Time zone')} list="zones" placeholder=${here}
          hint=${t('Days, hours and reports follow it.')} />
        <${Input} of=${form} name="country" label=${t('Country')} maxlength="2" placeholder="GB"
          hint=${t('Two letters; how numbers without a country are read.')} /></div><${Zones} />
      <div class="pair"><${Input} of=${form} name="language" label=${t('Language of announcements')}
        placeholder="en-GB" />
        <${PickOne} of=${form} name="default_number" label=${t('Number for calls out')} empty=${t('None')}
          find=${ours} text=${form.values.default_number && phone(form.values.default_number)}
          hint=${t('For people who have no number of their own.')} /></div>
      <${Hours} form=${form} />
      <${Pick} of=${form} name="consent_mode" label=${t('Consent before calls out')} rows=${[
        ['off', t('Not asked for')],
        ['required', t('Nobody is called without a recorded consent')],
      ]} />
      <${Tick} of=${form} name="encrypt_metadata" label=${t('Keep customers’ numbers, names and notes encrypted')}
        hint=${t('Sealed with a key of the company; finding somebody by a part of the name ends with it.')} />`;
    }}<//>`;
}
