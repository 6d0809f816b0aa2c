// Clients, campaigns and contacts are made, renamed and deleted in one way.
import { ask, post } from '../api.js';
import { note } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { go } from '../router.js';
import { Button } from './basic.js';
import { Confirm, Dialog } from './dialog.js';
import { changed, Form, given, Input, sendChange, useFollowing, useForm } from './form.js';

// fields: [{ name, label, hint, type, … }] as Input takes them.
const Inputs = ({ form, fields }) => fields.map((f) => html`<${Input} of=${form} ...${f} />`);
const blank = (fields) => Object.fromEntries(fields.map((f) => [f.name, f.value ?? '']));

export function Create({ title, path, fields, close, made }) {
  const form = useForm(blank(fields), async (v, key) => made(await post(path, given(v), { key })));
  return html`<${Dialog} title=${title} close=${close}><${Form} of=${form} action=${t('Add')} cancel=${close}>
    <${Inputs} form=${form} fields=${fields.map(({ value, ...f }) => f)} /><//><//>`;
}

// of: what loadTagged() gave; saved(of) with what it is then.
export function Change({ of, fields, saved, label }) {
  const first = Object.fromEntries(fields.map((f) => [f.name, of.doc[f.name] ?? '']));
  const form = useFollowing(first, async (v) => {
    const body = changed(v, first);
    if (Object.keys(body).length === 0) return note(t('Nothing was changed'));
    saved(await sendChange(of, body));
    return note(t('Saved'));
  });
  return html`<${Form} of=${form} action=${t('Save')} label=${label}><${Inputs} form=${form} fields=${fields} /><//>`;
}

// What deleting does is said by the page: children.
export function Remove({ of, name, back, label, children }) {
  const [open, setOpen] = useState(false);
  const run = async () => {
    await ask('DELETE', of.path, { etag: of.etag });
    note(t('{name} is deleted', { name }));
    go(back);
  };
  return html`<${Button} kind="bad" icon="trash-2" onClick=${() => setOpen(true)}>${label}<//>
    ${
      open &&
      html`<${Confirm} title=${t('Delete {name}?', { name })} action=${t('Delete')} danger
        word=${name.length <= 40 ? name.trim() : t('delete')} close=${() => setOpen(false)} run=${run}>
        <p>${children}</p><//>`
    }`;
}
