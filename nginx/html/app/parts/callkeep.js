// What may become of a call's recordings: kept by a legal hold, or deleted. Managers and above.
import { del, get, put } from '../api.js';
import { note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { Button, Failure, Field, Icon, Time } from './basic.js';
import { Confirm, Dialog } from './dialog.js';
import { Menu } from './menu.js';

function Place({ call, close, done }) {
  const [state, setState] = useState({ busy: false, error: null });
  const send = async (e) => {
    e.preventDefault();
    setState({ busy: true, error: null });
    try {
      await put(`/calls/${call.id}/hold`, { reason: new FormData(e.target).get('reason').trim() });
      note(t('The legal hold stands.'));
      done();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return html`<${Dialog} title=${t('Place a legal hold')} close=${close}><form class="form" onSubmit=${send}>
    ${state.error && html`<${Failure} error=${state.error} />`}
    <p>${t('While it stands, neither people nor retention can delete this call’s recordings and transcripts.')}</p>
    <${Field} label=${t('Reason')} name="reason" required maxlength="500" autofocus
      error=${state.error?.of?.('reason')} />
    <div class="ends"><${Button} onClick=${close}>${t('Cancel')}<//>
      <${Button} type="submit" kind="main" disabled=${state.busy}>${t('Place the hold')}<//></div></form><//>`;
}

function Sure({ title, action, run, close, children }) {
  const [state, setState] = useState({ busy: false, error: null });
  const go = async () => {
    setState({ busy: true, error: null });
    await run().catch((error) => setState({ busy: false, error }));
  };
  return html`<${Confirm} title=${title} action=${action} danger busy=${state.busy} close=${close} run=${go}>
    ${state.error && html`<${Failure} error=${state.error} />`}${children}<//>`;
}

export function Keep({ call, changed }) {
  const list = useLoad((signal) => get(`/calls/${call.id}/recordings`, {}, { signal }), call.id);
  const [open, setOpen] = useState(null);
  const all = list.data?.data ?? [];
  const hold = all.find((r) => r.hold)?.hold;
  const stored = all.filter((r) => r.status === 'stored' || r.status === 'completed');
  const close = () => setOpen(null);
  const done = () => (close(), list.reload(), changed());
  const lift = async () => {
    await del(`/calls/${call.id}/hold`);
    note(t('The legal hold is lifted.'));
    done();
  };
  const drop = async () => {
    for (const r of stored) await del(`/recordings/${r.id}`);
    note(t('The recording is deleted.'));
    done();
  };
  const rows = [
    hold?.kind === 'call' && { label: t('Lift the legal hold…'), icon: 'scale', run: () => setOpen('lift') },
    !hold && { label: t('Place a legal hold…'), icon: 'scale', run: () => setOpen('place') },
    stored.length > 0 && { label: t('Delete the recording…'), icon: 'trash-2', run: () => setOpen('drop') },
  ].filter(Boolean);
  return html`<${Menu} label=${t('More')} icon="ellipsis" kind="" rows=${rows} />
    ${open === 'place' && html`<${Place} call=${call} close=${close} done=${done} />`}
    ${
      open === 'lift' &&
      html`<${Sure} title=${t('Lift the legal hold?')} action=${t('Lift it')} close=${close} run=${lift}>
      <p>${t('Placed for: {reason}', { reason: hold?.reason })}</p><p>
        ${t('Retention and people may delete the recordings again.')}</p><//>`
    }
    ${
      open === 'drop' &&
      html`<${Sure} title=${t('Delete the recording?')} action=${t('Delete for good')} close=${close} run=${drop}>
      ${
        hold
          ? html`<p class="row"><${Icon} name="scale" /> ${t('A legal hold stands since')} <${Time}
            at=${hold.placed_at} />: ${hold.reason}</p>`
          : html`<p>
            ${t('Audio and transcripts are deleted here and at Twilio, for good. The call stays in the log.')}</p>`
      }<//>`
    }`;
}
