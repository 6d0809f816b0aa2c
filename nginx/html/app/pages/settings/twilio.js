// The account at Twilio: what is set, whether it works at this moment, another one.
import { get, put } from '../../api.js';
import { money } from '../../fmt.js';
import { facts } from '../../parts/admin.js';
import { Badge, Button, Card, Failure, Icon, Loaded, Time } from '../../parts/basic.js';
import { Form, given, Input, Pick, useForm } from '../../parts/form.js';
import { note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const regions = [
  ['us1', t('United States (us1)')],
  ['ie1', t('Ireland (ie1)')],
  ['au1', t('Australia (au1)')],
];
const edges = ['ashburn', 'dublin', 'frankfurt', 'sao-paulo', 'singapore', 'sydney', 'tokyo', 'umatilla'];

const set = (yes) => (yes ? html`<${Badge} kind="good">${t('set')}<//>` : html`<${Badge}>${t('not set')}<//>`);

function Live({ account }) {
  const [state, setState] = useState({ busy: false, found: null, error: null });
  const run = async () => {
    setState({ ...state, busy: true, error: null });
    await get('/settings/twilio/check').then(
      (found) => setState({ busy: false, found, error: null }),
      (error) => setState({ busy: false, found: null, error }),
    );
  };
  const { found } = state;
  const good = found?.status === 'active';
  return html`<${Card} title=${t('At this moment')} tools=${html`<${Button} icon="refresh-cw" disabled=${state.busy}
    onClick=${run}>
      ${state.busy ? t('Asking Twilio…') : t('Check now')}<//>`}>
    <div class="stack" aria-live="polite">
      ${state.error && html`<${Failure} error=${state.error} retry=${run} />`}
      ${
        found &&
        html`<div class=${`alert ${good ? 'live' : 'warn'}`}><${Icon} name=${good ? 'circle-check' : 'triangle-alert'}
          />
          <b>${
            good
              ? t('Twilio accepts the account and its token')
              : t('The account is {status}', { status: found.status })
          }</b></div>
        ${facts([
          [t('Name at Twilio'), found.name],
          [t('Type'), found.type],
          [t('Balance'), found.balance && money(found.balance, found.currency)],
        ])}
        ${
          found.type === 'Trial' &&
          html`<p class="soft">${t(
            'A trial account calls verified numbers alone and says so in every call: upgrade it in Twilio’s console.',
          )}</p>`
        }`
      }
      ${facts([
        [t('Account'), html`<code>${account.account_sid}</code>`],
        [t('Auth token'), set(account.auth_token_set)],
        [t('Second token'), set(account.auth_token_secondary_set)],
        [t('API key'), account.api_key_sid ? html`<code>${account.api_key_sid}</code>` : set(false)],
        [t('TwiML app'), account.twiml_app_sid ? html`<code>${account.twiml_app_sid}</code>` : set(false)],
        [t('Region'), account.region ?? 'us1'],
        [t('Edge'), account.edge],
        [t('Since'), html`<${Time} at=${account.updated_at} />`],
      ])}</div><//>`;
}

function Account({ account, saved }) {
  const first = {
    account_sid: account?.account_sid ?? '',
    auth_token: '',
    auth_token_secondary: '',
    api_key_sid: account?.api_key_sid ?? '',
    api_key_secret: '',
    twiml_app_sid: account?.twiml_app_sid ?? '',
    region: account?.region ?? '',
    edge: account?.edge ?? '',
  };
  const form = useForm(first, async (v) => {
    saved(await put('/settings/twilio', given(v)));
    note(t('Twilio’s account is set'));
  });
  const secret = { type: 'password', autocomplete: 'off', spellcheck: false };
  return html`<${Card} title=${account ? t('Another account or token') : t('Your account at Twilio')}>
    <${Form} of=${form} action=${t('Set the account')} label=${t('Account')}>
    <p class="soft">
      ${t('It is set as a whole: secrets go in and never come out, so give those that shall stay once more.')}</p>
    <div class="pair"><${Input} of=${form} name="account_sid" label=${t('Account SID')} placeholder="AC…"
      spellcheck=${false}
        maxlength="34" autocomplete="off" hint=${t('On the first page of Twilio’s console.')} />
      <${Input} of=${form} name="auth_token" label=${t('Auth token')} ...${secret} /></div>
    <${Input} of=${form} name="auth_token_secondary" label=${t('Second auth token')} ...${secret}
      hint=${t('While a token is rotated, both are accepted.')} />
    <div class="pair"><${Input} of=${form} name="api_key_sid" label=${t('API key SID')} placeholder="SK…"
      spellcheck=${false}
        maxlength="34" autocomplete="off" hint=${t('For the phone in the browser.')} />
      <${Input} of=${form} name="api_key_secret" label=${t('API key secret')} ...${secret} /></div>
    <${Input} of=${form} name="twiml_app_sid" label=${t('TwiML app SID')} placeholder="AP…" spellcheck=${false}
      maxlength="34"
      autocomplete="off" hint=${t('Which application Twilio asks when a browser calls.')} />
    <div class="pair"><${Pick} of=${form} name="region" label=${t('Region')} empty=${t('As Twilio has it (us1)')}
      rows=${regions}
        hint=${t('Keys and numbers belong to one region.')} />
      <${Pick} of=${form} name="edge" label=${t('Edge')} empty=${t('Nearest')} rows=${edges.map((e) => [e, e])}
        hint=${t('Where the way into Twilio’s network begins.')} /></div><//><//>`;
}

export default function Twilio() {
  const account = useLoad(
    (signal) =>
      get('/settings/twilio', {}, { signal }).catch((e) => {
        if (e.status === 404 || e.code === 'not_configured') return { none: true };
        throw e;
      }),
    '',
  );
  return html`<${Loaded} of=${account}>${(a) => html`
    ${!a.none && html`<${Live} account=${a} />`}
    <${Account} key=${a.updated_at} account=${a.none ? null : a} saved=${account.set} />`}<//>`;
}
