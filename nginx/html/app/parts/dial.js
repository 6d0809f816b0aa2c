// Click to call: the softphone takes the wish if it is there; without it our own phone rings first.
import { post } from '../api.js';
import { note } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { phone } from './number-text.js';
import { Button, Failure } from './basic.js';
import { Dialog } from './dialog.js';

// A softphone that listens takes the wish with preventDefault().
export async function dial(number, contact) {
  const wish = new CustomEvent('switchhook:dial', { detail: { number, contact }, cancelable: true });
  if (!dispatchEvent(wish)) return;
  await post('/calls', { to: number, contact_id: contact?.id, mode: 'agent_first' });
  note(t('Your phone rings; then {number} is called.', { number: phone(number) }));
}

export function Call({ number, contact, kind, children }) {
  const [state, setState] = useState({ busy: false, error: null });
  const run = async () => {
    if (state.busy) return;
    setState({ busy: true, error: null });
    const error = await dial(number, contact).then(
      () => null,
      (e) => e,
    );
    setState({ busy: false, error });
  };
  const label = t('Call {who}', { who: contact?.name || phone(number) });
  return html`<${Button} kind=${kind} icon="phone" label=${children ? undefined : label} disabled=${state.busy}
      onClick=${run}>${children}<//>
    ${
      state.error &&
      html`<${Dialog} title=${t('The call was not placed')} close=${() => setState({ busy: false, error: null })}>
      <${Failure} error=${state.error} retry=${run} /><//>`
    }`;
}
