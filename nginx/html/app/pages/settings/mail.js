// Whether mail goes out: invitations, passwords, alerts, reports.
import { post } from '../../api.js';
import { Button, Card, Failure, Icon } from '../../parts/basic.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

export default function Mail() {
  const [state, setState] = useState({ busy: false, sent: null, error: null });
  const run = async () => {
    if (state.busy) return;
    setState({ busy: true, sent: null, error: null });
    await post('/settings/mail/check', {}).then(
      (sent) => setState({ busy: false, sent, error: null }),
      (error) => setState({ busy: false, sent: null, error }),
    );
  };
  return html`<${Card} title=${t('Does mail go out?')}><div class="stack">
    <p class="soft">${t(
      'Invitations, passwords, alerts and reports go by mail. A test shows whether the mail server takes ours.',
    )}</p>
    <div class="row"><${Button} kind="main" icon="send" disabled=${state.busy} onClick=${run}>
      ${state.busy ? t('Sending…') : t('Send a test mail to me')}<//></div>
    <div aria-live="polite">
      ${state.error && html`<${Failure} error=${state.error} />`}
      ${
        state.sent &&
        html`<div class="alert live"><${Icon} name="circle-check" /><div class="stack">
        <b>${t('The mail server took it')}</b><p>${t(
          'Look into the mailbox of {to}; if it is not there, look among the spam.',
          {
            to: state.sent.to,
          },
        )}</p></div></div>`
      }</div></div><//>`;
}
