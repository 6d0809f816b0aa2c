// For whom it is otherwise: clients and numbers, which are rows of the settings, and people, who have it with them.
import { all } from '../../api.js';
import { Named } from '../../parts/admin.js';
import { Badge, Button, Card, Empty, Icon, Loaded } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import {
  Form,
  fromTernary,
  Input,
  loadTagged,
  Pick,
  sendChange,
  ternary,
  toTernary,
  useForm,
} from '../../parts/form.js';
import { asMember, holder, icon, seekMany } from '../../parts/many.js';
import { useNames } from '../../parts/names.js';
import { PickOne } from '../../parts/pick.js';
import { Table } from '../../parts/table.js';
import { href } from '../../router.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const id = (row) => `${holder(row).kind}:${holder(row).id}`;
const bare = ({ client_id = null, number_id = null, transcribe = null, language = null }) => ({
  client_id,
  number_id,
  transcribe,
  language,
});

const found = seekMany(['clients', 'numbers', 'users']);

// A person's word is a member of the person.
async function setPerson(user, on) {
  const of = await loadTagged(`/users/${user}`)();
  await sendChange(of, { auto_transcribe: on });
}

function Edit({ of, row, text, set, close, done }) {
  const first = {
    of: row ? id(row) : '',
    transcribe: row ? toTernary(row.transcribe) : 'no',
    language: row?.language ?? '',
  };
  const form = useForm(first, async (v) => {
    const member = asMember(v.of);
    if (member.user_id) await setPerson(member.user_id, v.transcribe !== 'no');
    else {
      const made = bare({ ...member, transcribe: fromTernary(v.transcribe), language: v.language.trim() || null });
      const rest = of.doc.exceptions.filter((e) => id(e) !== v.of);
      set(await sendChange(of, { exceptions: [...rest.map(bare), made] }));
    }
    note(t('Saved'));
    done();
  });
  const person = form.values.of.startsWith('users:');
  const usual = person ? [['yes', t('Yes')], ['no', t('No')]] : ternary(t('As it is otherwise')); // prettier-ignore
  return html`<${Dialog} title=${row ? t('Change the exception') : t('Add an exception')} close=${close}>
    <${Form} of=${form} action=${row ? t('Save') : t('Add')} cancel=${close} disabled=${!form.values.of}>
      <${PickOne} of=${form} name="of" label=${t('For')} text=${row ? text : undefined} disabled=${Boolean(row)}
        find=${found} placeholder=${t('A client, a number or a person')} autofocus />
      <div class="pair"><${Pick} of=${form} name="transcribe" label=${t('Written down')} rows=${usual} />
        ${
          !person &&
          html`<${Input} of=${form} name="language" label=${t('Language')} maxlength="4" placeholder="en"
            hint=${t('Two letters, or auto: the model finds out. Empty: as it is otherwise.')} />`
        }</div>
      <p class="soft">
        ${t('The narrowest word counts: the call’s, a person’s no, the number’s, the client’s.')}</p><//><//>`;
}

const columns = (name, edit, drop) => [
  {
    name: 'for',
    title: t('For'),
    show: (e) => {
      const who = holder(e);
      const to = { clients: `/clients/${who.id}`, numbers: `/numbers/${who.id}`, users: '/people' }[who.kind];
      return html`<span class="row nowrap"><${Icon} name=${icon(who.kind)} /><a href=${href(to)}>${name(e)}</a></span>`;
    },
  },
  {
    name: 'written',
    title: t('Written down'),
    show: (e) =>
      e.transcribe === null
        ? html`<span class="soft">${t('As it is otherwise')}</span>`
        : html`<${Badge} kind=${e.transcribe ? 'good' : 'warn'}>${e.transcribe ? t('Yes') : t('No')}<//>`,
  },
  {
    name: 'language',
    title: t('Language'),
    show: (e) =>
      html`<${Named} name=${t('Language')}>${e.language === 'auto' ? t('found out') : (e.language ?? '–')}<//>`,
  },
  {
    name: 'do',
    title: '',
    show: (e) =>
      may('admin') &&
      html`<div class="row ends">
        <${Button} kind="plain" icon="pen-line" label=${t('Change {what}', { what: name(e) })}
          onClick=${() => edit(e)} />
        <${Button} kind="plain" icon="trash-2" label=${t('Remove {what}', { what: name(e) })}
          onClick=${() => drop(e)} /></div>`,
  },
];

export function Exceptions({ of, set }) {
  const people = useLoad(
    (signal) => (may('admin') ? all('/users', {}, { signal }) : Promise.resolve({ data: [] })),
    '',
  );
  const [open, setOpen] = useState(null); // [what, row]
  const off = (people.data?.data ?? []).filter((u) => !u.auto_transcribe);
  const rows = [
    ...of.doc.exceptions,
    ...off.map((u) => ({ user_id: u.id, name: u.name || u.email, transcribe: false, language: null })),
  ];
  const names = useNames({
    clients: of.doc.exceptions.map((e) => e.client_id),
    numbers: of.doc.exceptions.map((e) => e.number_id),
  });
  const name = (e) => e.name ?? names(holder(e).id) ?? '…';
  const close = () => setOpen(null);
  const done = () => {
    close();
    people.reload();
  };
  const drop = async () => {
    const row = open[1];
    if (row.user_id) await setPerson(row.user_id, true);
    else set(await sendChange(of, { exceptions: of.doc.exceptions.filter((e) => id(e) !== id(row)).map(bare) }));
    done();
  };
  const add =
    may('admin') && html`<${Button} icon="plus" onClick=${() => setOpen(['edit'])}>${t('Add an exception')}<//>`;
  return html`<${Card} title=${t('Exceptions')} plain tools=${rows.length > 0 && add}>
      <${Loaded} of=${people} lines=${2}>${() =>
        rows.length === 0
          ? html`<${Empty} icon="file-text" title=${t('It is the same for everybody')} action=${add}>
              ${t('A client, a number or a person can be left out, or be written down in another language.')}<//>`
          : html`<${Table} label=${t('Exceptions')} rows=${rows.map((e) => ({ ...e, id: id(e) }))}
              columns=${columns(
                name,
                (e) => setOpen(['edit', e]),
                (e) => setOpen(['drop', e]),
              )} />`}<//><//>
    ${
      open?.[0] === 'edit' &&
      html`<${Edit} of=${of} row=${open[1]} text=${open[1] && name(open[1])} set=${set} close=${close} done=${done} />`
    }
    ${
      open?.[0] === 'drop' &&
      html`<${Confirm} title=${t('Remove the exception?')} action=${t('Remove')} danger close=${close} run=${drop}>
        <p>${t('{who} is treated like everybody then.', { who: name(open[1]) })}</p><//>`
    }`;
}
