// Clients whose things stay longer or shorter than everybody else's: rows of the retention settings.
import { Button, Card, Empty } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { Form, Input, Pick, sendChange, useForm } from '../../parts/form.js';
import { PickOne } from '../../parts/pick.js';
import { Table } from '../../parts/table.js';
import { href } from '../../router.js';
import { may, note } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';
import { daysText, inRange, parts, usualDays } from './terms.js';

const modes = () => [
  ['', t('As it is otherwise')],
  ['ever', t('For ever')],
  ['days', t('A number of days')],
];
const modeOf = (row, k) => (row && k in row ? (row[k] === null ? 'ever' : 'days') : '');
const mode = (k) => `${k}_mode`;

function Edit({ of, row, name, set, close, done }) {
  const first = { client_id: row?.client_id ?? '' };
  for (const [k] of parts) Object.assign(first, { [k]: row?.[k] ?? '', [mode(k)]: modeOf(row, k) });
  const form = useForm(first, async (v) => {
    const said = parts.filter(([k]) => v[mode(k)]);
    const made = Object.fromEntries(said.map(([k]) => [k, v[mode(k)] === 'ever' ? null : Number(v[k])]));
    const rest = of.doc.clients.filter((c) => c.client_id !== v.client_id);
    set(await sendChange(of, { clients: [...rest, { client_id: v.client_id, ...made }] }));
    note(t('Saved: it counts from the next night on.'));
    done();
  });
  const { values } = form;
  const said = parts.filter(([k]) => values[mode(k)]);
  const ready =
    values.client_id && said.length > 0 && said.every(([k]) => values[mode(k)] === 'ever' || inRange(values[k]));
  return html`<${Dialog} title=${row ? t('Change the exception') : t('Add an exception')} close=${close}>
    <${Form} of=${form} action=${row ? t('Save') : t('Add')} cancel=${close} disabled=${!ready}>
      <${PickOne} of=${form} name="client_id" kind="clients" label=${t('Client')} disabled=${Boolean(row)}
        text=${row ? name(row.client_id) : undefined} placeholder=${t('Which one?')} autofocus=${!row} />
      ${parts.map(
        ([k, title]) => html`<div class="pair"><${Pick} of=${form} name=${mode(k)} label=${title()} rows=${modes()} />
          ${
            values[mode(k)] === 'days' &&
            html`<${Input} of=${form} name=${k} type="number" min="1" max="36500" required
              label=${t('{what}, days', { what: title() })} />`
          }</div>`,
      )}<//><//>`;
}

const columns = (of, name, edit, drop) => [
  {
    name: 'client',
    title: t('Client'),
    show: (c) => html`<a href=${href(`/clients/${c.client_id}`)}>${name(c.client_id)}</a>`,
  },
  ...parts.map(([k, title]) => ({
    name: k,
    title: title(),
    num: true,
    show: (c) =>
      k in c
        ? daysText(c[k])
        : html`<span class="soft" title=${t('As it is otherwise')}>${daysText(usualDays(of.doc, k))}</span>`,
  })),
  {
    name: 'do',
    title: '',
    show: (c) =>
      may('admin') &&
      html`<div class="row ends">
        <${Button} kind="plain" icon="pen-line" label=${t('Change {what}', { what: name(c.client_id) })}
          onClick=${() => edit(c)} />
        <${Button} kind="plain" icon="trash-2" label=${t('Remove {what}', { what: name(c.client_id) })}
          onClick=${() => drop(c)} /></div>`,
  },
];

export function Apart({ of, set, name }) {
  const [open, setOpen] = useState(null); // [what, row]
  const close = () => setOpen(null);
  const rows = of.doc.clients;
  const add =
    may('admin') && html`<${Button} icon="plus" onClick=${() => setOpen(['edit'])}>${t('Add an exception')}<//>`;
  const drop = async () => {
    const clients = rows.filter((c) => c.client_id !== open[1].client_id);
    set(await sendChange(of, { clients }));
    close();
  };
  return html`<${Card} title=${t('Exceptions')} plain tools=${rows.length > 0 && add}>${
    rows.length === 0
      ? html`<${Empty} icon="building-2" title=${t('It is the same for every client')} action=${add}>
          ${t('What one client’s calls leave behind can stay longer or shorter than the rest.')}<//>`
      : html`<${Table} label=${t('Exceptions')} rows=${rows.map((c) => ({ ...c, id: c.client_id }))}
          columns=${columns(
            of,
            name,
            (c) => setOpen(['edit', c]),
            (c) => setOpen(['drop', c]),
          )} />`
  }<//>
    ${
      open?.[0] === 'edit' &&
      html`<${Edit} of=${of} row=${open[1]} name=${name} set=${set} close=${close} done=${close} />`
    }
    ${
      open?.[0] === 'drop' &&
      html`<${Confirm} title=${t('Remove the exception?')} action=${t('Remove')} danger close=${close} run=${drop}>
        <p>${t('{who} is treated like everybody then.', { who: name(open[1].client_id) })}</p><//>`
    }`;
}
