// The price list: what nobody else tells of models and numbers, a row at a time; the list is kept as a whole.
import { ask } from '../../api.js';
import { money } from '../../fmt.js';
import { Button, Card, Empty, Loaded } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { Form, Input, loadTagged, Pick, useForm } from '../../parts/form.js';
import { differences, History } from '../../parts/history.js';
import { Table } from '../../parts/table.js';
import { href } from '../../router.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const kinds = {
  transcribe: () => t('Transcribing'),
  analyse: () => t('Analysing'),
  number: () => t('A number'),
};
const units = { minute: () => t('a minute'), request: () => t('a request'), month: () => t('a month') };
const everything = (kind) => (kind === 'number' ? t('every number') : t('every model'));
const what = (p) => [kinds[p.kind]?.() ?? p.kind, p.item === '*' ? everything(p.kind) : p.item];
const price = (p) => `${money(p.amount, p.currency)} ${units[p.unit]?.() ?? p.unit}`;
const same = (a, b) => a && b && a.kind === b.kind && a.item === b.item;
const key = (p) => what(p).join(': ');

// The list as it will be is sent with the tag of the one that was read.
const send = (of, prices) => ask('PUT', '/prices', { body: { prices }, etag: of.etag });

function Edit({ of, row, close, done }) {
  const first = {
    kind: row?.kind ?? 'transcribe',
    item: !row || row.item === '*' ? '' : row.item,
    unit: row?.unit ?? 'minute',
    amount: row ? String(Number(row.amount)) : '',
    currency: row?.currency ?? of.doc.prices[0]?.currency ?? 'USD',
  };
  const form = useForm(first, async (v) => {
    const made = {
      kind: v.kind,
      item: (v.kind !== 'number' && v.item.trim()) || '*',
      unit: v.kind === 'number' ? 'month' : v.unit === 'month' ? 'minute' : v.unit,
      amount: v.amount.trim().replace(',', '.'),
      currency: v.currency.trim().toUpperCase(),
    };
    const rest = of.doc.prices.filter((p) => !same(p, row) && !same(p, made));
    await send(of, [...rest, made]);
    note(t('Saved'));
    done();
  });
  const { kind } = form.values;
  const known = !row && of.doc.prices.some((p) => p.kind === kind && p.item === (form.values.item.trim() || '*'));
  return html`<${Dialog} title=${row ? t('Change the price') : t('Add a price')} close=${close}>
    <${Form} of=${form} action=${row ? t('Save') : t('Add')} cancel=${close} disabled=${form.values.amount === ''}>
      <${Pick} of=${form} name="kind" label=${t('Of')} disabled=${Boolean(row)}
        rows=${Object.entries(kinds).map(([k, label]) => [k, label()])}
        hint=${kind === 'number' ? t('Of numbers for which Twilio names no price.') : ''} />
      ${
        kind !== 'number' &&
        html`<div class="pair"><${Input} of=${form} name="item" label=${t('Model')} placeholder=${t('every model')}
          maxlength="100" spellcheck=${false} disabled=${Boolean(row)}
          hint=${t('Empty: those without a price of their own.')} />
          <${Pick} of=${form} name="unit" label=${t('For')}
            rows=${['minute', 'request'].map((u) => [u, units[u]()])} /></div>`
      }
      <div class="pair"><${Input} of=${form} name="amount" label=${t('Price')} inputmode="decimal"
          placeholder="0.006" required autofocus />
        <${Input} of=${form} name="currency" label=${t('Currency')} maxlength="3" class="upper" /></div>
      ${known && html`<p class="soft" role="status">${t('This replaces the price that is there.')}</p>`}<//><//>`;
}

const columns = (edit, drop) => [
  {
    name: 'of',
    title: t('Of'),
    show: (p) =>
      html`${what(p)[0]}<br />${
        p.item === '*' ? html`<small class="soft">${what(p)[1]}</small>` : html`<code class="soft">${p.item}</code>`
      }`,
  },
  { name: 'price', title: t('Price'), num: true, show: price },
  {
    name: 'do',
    title: '',
    show: (p) =>
      may('admin') &&
      html`<div class="row ends">
        <${Button} kind="plain" icon="pen-line" label=${t('Change {what}', { what: key(p) })}
          onClick=${() => edit(p)} />
        <${Button} kind="plain" icon="trash-2" label=${t('Remove {what}', { what: key(p) })}
          onClick=${() => drop(p)} />
      </div>`,
  },
];

export default function Prices() {
  const list = useLoad(loadTagged('/prices'), '');
  const [open, setOpen] = useState(null); // [what, row]
  const close = () => setOpen(null);
  const done = () => {
    close();
    list.reload();
  };
  const drop = () => {
    const rest = list.data.doc.prices.filter((p) => !same(p, open[1]));
    return send(list.data, rest).then(done);
  };
  const add =
    may('admin') && html`<${Button} kind="main" icon="plus" onClick=${() => setOpen(['edit'])}>${t('Add a price')}<//>`;
  return html`<p class="soft">${t(
    'Twilio says what calls and recordings cost. What models and other numbers cost stands here.',
  )} <a href=${href('/analytics', { tab: 'cost' })}>${t('What it came to')}</a></p>
    <${Card} title=${t('Price list')} plain tools=${list.data?.doc.prices.length > 0 && add}>
      <${Loaded} of=${list} lines=${3}>${(of) =>
        of.doc.prices.length === 0
          ? html`<${Empty} icon="tag" title=${t('No prices')} action=${add}>
              ${t('Without them transcripts and analyses count as free.')}<//>`
          : html`<${Table} label=${t('Price list')} rows=${of.doc.prices.map((p) => ({ ...p, id: key(p) }))}
              columns=${columns(
                (p) => setOpen(['edit', p]),
                (p) => setOpen(['drop', p]),
              )} />`}<//><//>
    <${History} action="prices.set" turn=${list.data?.etag} show=${(p) => (p ? price(p) : t('none'))}
      lines=${(e) => differences(e.old, e.new, key)} />
    ${open?.[0] === 'edit' && html`<${Edit} of=${list.data} row=${open[1]} close=${close} done=${done} />`}
    ${
      open?.[0] === 'drop' &&
      html`<${Confirm} title=${t('Remove the price?')} action=${t('Remove')} danger close=${close} run=${drop}>
        <p>${t('{what} counts as free then, unless a wider price is there.', {
          what: key(open[1]),
        })}</p><//>`
    }`;
}
