// What callers hear, and what is recorded.
import { ask, get } from '../../api.js';
import { Card, Loaded } from '../../parts/basic.js';
import { Form, fromTernary, Input, Pick, Tick, toTernary, useForm } from '../../parts/form.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html } from '../../ui.js';
import { asFlag, asNumber, Section } from './common.js';

function Kept({ doc, saved }) {
  const form = useForm(
    { storage: doc.storage ?? '', link_seconds: doc.link_seconds, encrypt: toTernary(doc.encrypt) },
    async (v) => {
      const body = { link_seconds: Number(v.link_seconds) };
      if (v.storage) body.storage = v.storage;
      if (v.encrypt) body.encrypt = fromTernary(v.encrypt);
      saved((await ask('PUT', '/settings/recordings', { body })).data);
      note(t('Saved: recordings to come are kept so'));
    },
  );
  return html`<${Form} of=${form} action=${t('Save')} label=${t('Where recordings are kept')} disabled=${!may('admin')}>
    <div class="pair"><${Pick} of=${form} name="storage" label=${t('Kept')} empty=${t('As the operator has set it')}
      rows=${[
        ['disk', t('On this machine')],
        ['s3', t('In S3 storage')],
        ['twilio', t('At Twilio')],
      ]} />
      <${Pick} of=${form} name="encrypt" label=${t('Encrypted')} rows=${[
        ['', t('As the operator has set it')],
        ['yes', t('Yes')],
        ['no', t('No')],
      ]} /></div>
    <${Input} of=${form} name="link_seconds" type="number" min="30" max="900"
      label=${t('A link to one works for seconds')} /><//>`;
}

export default function Voice() {
  const kept = useLoad((signal) => get('/settings/recordings', {}, { signal }), '');
  return html`<${Section} path="/settings" label=${t('Voice and recording')}
    turn=${{ record: asFlag, ring_timeout_seconds: asNumber }}
    names=${[
      'voice',
      'greeting',
      'connecting',
      'unanswered',
      'ring_timeout_seconds',
      'record',
      'disclosure_mode',
      'disclosure',
    ]}>
    ${(form) => html`
      <${Input} of=${form} name="greeting" as="textarea" label=${t('Greeting')} hint=${t('What callers hear first.')} />
      <${Input} of=${form} name="unanswered" as="textarea" label=${t('When nobody picks up')} />
      <div class="pair"><${Input} of=${form} name="connecting" label=${t('While a call out connects')} />
        <${Input} of=${form} name="voice" label=${t('Voice')} placeholder="Polly.Amy"
          hint=${t('A voice of Twilio; empty: its own for the language.')} /></div>
      <${Input} of=${form} name="ring_timeout_seconds" type="number" min="5" max="600"
        label=${t('A phone rings for seconds')} />
      <${Tick} of=${form} name="record" label=${t('Record calls')} hint=${t('Numbers may say otherwise.')} />
      <div class="pair"><${Pick} of=${form} name="disclosure_mode" label=${t('Recording is announced')} rows=${[
        ['announce', t('Yes, with a sentence')],
        ['off', t('No')],
      ]} hint=${t('Many countries ask for it by law.')} />
        <${Input} of=${form} name="disclosure" label=${t('The sentence')} /></div>`}<//>
    <${Card} title=${t('Where recordings are kept')}><${Loaded} of=${kept} lines=${3}>${(doc) =>
      html`<${Kept} key=${JSON.stringify(doc)} doc=${doc} saved=${kept.set} />`}<//><//>`;
}
