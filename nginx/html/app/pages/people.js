// People: who works here, with which role, and who is invited.
import { ask, get, post } from '../api.js';
import { Act } from '../parts/admin.js';
import { phone } from '../parts/number-text.js';
import { Badge, Button, Empty, Head, Time } from '../parts/basic.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { changed, Form, given, Input, loadTagged, Pick, sendChange, Tick, useForm } from '../parts/form.js';
import { Loaded } from '../parts/basic.js';
import { List } from '../parts/table.js';
import { me, note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

export const roleRows = () => [
  ['viewer', t('Viewer')],
  ['agent', t('Agent')],
  ['manager', t('Manager')],
  ['admin', t('Admin')],
];
export const roleName = (role) => roleRows().find(([r]) => r === role)?.[1] ?? role;
const abouts = {
  viewer: () => t('Sees calls and figures, changes nothing.'),
  agent: () => t('Takes and makes calls, notes what came of them.'),
  manager: () => t('Also clients, campaigns, lists, reports and deletions.'),
  admin: () => t('Also numbers, people, keys and all settings.'),
};
const states = {
  active: ['good', () => t('Active')],
  invited: ['warn', () => t('Invited')],
  disabled: ['', () => t('Locked out')],
};
const State = ({ user }) =>
  html`<${Badge} kind=${states[user.status]?.[0]}>${states[user.status]?.[1]() ?? user.status}<//>`;

function Invite({ close, done }) {
  const form = useForm({ email: '', name: '', role: 'agent', forward_to: '' }, async (v, key) => {
    await post('/users', given(v), { key });
    note(t('An invitation is on its way to {email}', { email: v.email }));
    done();
  });
  return html`<${Dialog} title=${t('Invite somebody')} close=${close}>
    <${Form} of=${form} action=${t('Send the invitation')} busyText=${t('Sending…')} cancel=${close}>
      <${Input} of=${form} name="email" type="email" label=${t('E-mail')} autocomplete="off" autofocus required
        hint=${t('The mail holds a link that sets a password; it works for seven days.')} />
      <${Input} of=${form} name="name" label=${t('Name')} autocomplete="off" maxlength="200" />
      <${Pick} of=${form} name="role" label=${t('Role')} rows=${roleRows()} hint=${abouts[form.values.role]()} />
      <${Input} of=${form} name="forward_to" type="tel" label=${t('Own phone')} placeholder="+44…" autocomplete="off"
        hint=${t('Where calls for this person ring.')} /><//><//>`;
}

function Edit({ id, close, done }) {
  const user = useLoad(loadTagged(`/users/${id}`), id);
  return html`<${Dialog} title=${t('Change')} close=${close}><${Loaded} of=${user}>${(of) =>
    html`<${EditForm} of=${of} close=${close} done=${done} />`}<//><//>`;
}
function EditForm({ of, close, done }) {
  const { name, role, forward_to, auto_record, auto_transcribe } = of.doc;
  const first = { name: name ?? '', role, forward_to: forward_to ?? '', auto_record, auto_transcribe };
  const form = useForm(first, async (v) => {
    const body = changed(v, first);
    if ('name' in body) body.name = v.name;
    if (Object.keys(body).length) await sendChange(of, body);
    note(t('Saved'));
    done();
  });
  return html`<${Form} of=${form} action=${t('Save')} cancel=${close}>
    <p class="soft">${of.doc.email}</p>
    <${Input} of=${form} name="name" label=${t('Name')} maxlength="200" />
    <${Pick} of=${form} name="role" label=${t('Role')} rows=${roleRows()}
      hint=${`${abouts[form.values.role]?.() ?? ''} ${t('Another role ends the sessions of the person.')}`} />
    <${Input} of=${form} name="forward_to" type="tel" label=${t('Own phone')} placeholder="+44…" />
    <${Tick} of=${form} name="auto_record" label=${t('Calls are recorded')}
      hint=${t('Unless the number says otherwise. Once set it no longer follows the company.')} />
    <${Tick} of=${form} name="auto_transcribe" label=${t('Recordings are written down')} /><//>`;
}

function LockOut({ user, close, done }) {
  const who = user.name || user.email;
  const run = async () => {
    await ask('PATCH', `/users/${user.id}`, { body: { disabled: true } });
    note(t('{who} is locked out', { who }));
    done();
  };
  return html`<${Confirm} title=${t('Lock {who} out?', { who })} action=${t('Lock out')} danger close=${close}
    run=${run}>
    <p>${t('Every session ends at once, and nobody logs in with this address. It can be undone.')}</p><//>`;
}

export default function People({ query }) {
  const users = useLoad(
    (signal) => get('/users', { limit: 50, count: true, ...query }, { signal }),
    JSON.stringify(query),
  );
  const [open, setOpen] = useState(null); // [what, user]
  const close = () => setOpen(null);
  const done = () => {
    close();
    users.reload();
  };
  const own = (u) => u.id === me.value.user?.id;
  const again = (u) =>
    post(`/users/${u.id}/invitation`).then(() => t('The mail is on its way to {email}', { email: u.email }));
  const letIn = async (u) => {
    await ask('PATCH', `/users/${u.id}`, { body: { disabled: false } });
    users.reload();
    return t('{who} may log in again', { who: u.name || u.email });
  };
  const columns = [
    {
      name: 'who',
      title: t('Person'),
      show: (u) => html`<div><b>${u.name || u.email}</b>
        ${own(u) && html` <span class="faint">${t('(you)')}</span>`}<br /><span class="soft">${u.email}</span></div>`,
    },
    { name: 'role', title: t('Role'), show: (u) => roleName(u.role) },
    { name: 'state', title: t('State'), show: (u) => html`<${State} user=${u} />` },
    { name: 'phone', title: t('Own phone'), minor: true, show: (u) => phone(u.forward_to) },
    {
      name: 'last',
      title: t('Last seen'),
      num: true,
      minor: true,
      show: (u) =>
        u.last_login_at ? html`<${Time} at=${u.last_login_at} />` : html`<span class="faint">${t('never')}</span>`,
    },
    {
      name: 'do',
      title: '',
      show: (u) => html`<div class="row ends">
        ${
          u.status !== 'disabled' &&
          html`<${Act} kind="plain" icon="mail" busyText=${t('Sending…')} run=${() => again(u)}>
          ${u.status === 'invited' ? t('Invite again') : t('Reset password')}<//>`
        }
        <${Button} kind="plain" icon="pen-line" label=${t('Change {who}', { who: u.name || u.email })}
          onClick=${() => setOpen(['edit', u])} />
        ${
          own(u)
            ? html`<span class="gap"></span>`
            : u.status === 'disabled'
              ? html`<${Act} kind="plain" icon="lock-open" run=${() => letIn(u)}>${t('Let in')}<//>`
              : html`<${Button} kind="plain" icon="lock" label=${t('Lock {who} out', { who: u.name || u.email })}
                onClick=${() => setOpen(['lock', u])} />`
        }</div>`,
    },
  ];
  return html`<${Head} title=${t('People')}>
      <${Button} kind="main" icon="user-plus" onClick=${() => setOpen(['invite'])}>${t('Invite somebody')}<//><//>
    <${List} of=${users} label=${t('People')} columns=${columns} empty=${html`<${Empty} icon="users"
      title=${t('Nobody here')} />`} />
    ${open?.[0] === 'invite' && html`<${Invite} close=${close} done=${done} />`}
    ${open?.[0] === 'edit' && html`<${Edit} id=${open[1].id} close=${close} done=${done} />`}
    ${open?.[0] === 'lock' && html`<${LockOut} user=${open[1]} close=${close} done=${done} />`}`;
}
