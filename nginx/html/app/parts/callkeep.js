// What may become of a call's recordings: kept by a legal hold, or deleted. Managers and above.
import { del, get, put } from '../api.js';
import { note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { Icon, Time } from './basic.js';
import { Confirm, Dialog } from './dialog.js';
import { Form, Input, useForm } from './form.js';
import { Menu } from './menu.js';

function Place({ call, close, done }) {
  const form = useForm({ reason: '' }, async (v) => {
    await put(`/calls/${call.id}/hold`, { reason: v.reason.trim() });
    note(t('The legal hold stands.'));
    done();
  });
  return html`<${Dialog} title=${t('Place a legal hold')} close=${close}><${Form} of=${form}
    action=${t('Place the hold')} cancel=${close}>
    <p>${t('While it stands, neither people nor retention can delete this call’s recordings and transcripts.')}</p>
    <${Input} of=${form} name="reason" label=${t('Reason')} required maxlength="500" autofocus /><//><//>`;
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
      html`<${Confirm} title=${t('Lift the legal hold?')} action=${t('Lift it')} danger close=${close} run=${lift}>
      <p>${t('Placed for: {reason}', { reason: hold?.reason })}</p><p>
        ${t('Retention and people may delete the recordings again.')}</p><//>`
    }
    ${
      open === 'drop' &&
      html`<${Confirm} title=${t('Delete the recording?')} action=${t('Delete for good')} danger close=${close}
        run=${drop}>
      ${
        hold
          ? html`<p class="row"><${Icon} name="scale" /> ${t('A legal hold stands since')} <${Time}
            at=${hold.placed_at} />: ${hold.reason}</p>`
          : html`<p>
            ${t('Audio and transcripts are deleted here and at Twilio, for good. The call stays in the log.')}</p>`
      }<//>`
    }`;
}
