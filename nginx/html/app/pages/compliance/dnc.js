// Lists of numbers that nobody calls: made, filled from a CSV file, looked up.
import { all as every, ask, del, get, post } from '../../api.js';
import { Button, Card, Empty, Failure, Field, Loaded, Time } from '../../parts/basic.js';
import { phone } from '../../parts/number-text.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { Form, given, Input, Pick, useForm } from '../../parts/form.js';
import { List, Table } from '../../parts/table.js';
import { Who } from '../../parts/who.js';
import { count } from '../../fmt.js';
import { setQuery } from '../../router.js';
import { may, note, useLoad } from '../../store.js';
import { plural, t } from '../../text.js';
import { html, useState } from '../../ui.js';

function Add({ lists, close, done }) {
  const form = useForm({ list: lists[0]?.id ?? '', name: '', number: '', reason: '' }, async (v) => {
    const list = v.list || (await post('/dnc-lists', { name: v.name })).id;
    if (v.number) await post(`/dnc-lists/${list}/entries`, given({ number: v.number, reason: v.reason }));
    note(t('Nobody calls this number any more'));
    done();
  });
  return html`<${Dialog} title=${t('Do not call')} close=${close}><${Form} of=${form} action=${t('Add')}
    cancel=${close}>
    <${Pick} of=${form} name="list" label=${t('List')} empty=${t('A new list…')}
      rows=${lists.map((l) => [l.id, l.name])} />
    ${!form.values.list && html`<${Input} of=${form} name="name" label=${t('Name of the list')} required />`}
    <${Input} of=${form} name="number" type="tel" label=${t('Number')} placeholder="+44…" />
    <${Input} of=${form} name="reason" label=${t('Why')} /><//><//>`;
}

// A CSV file as it is: one column named number or phone, or the first one.
function Import({ list, close, done }) {
  const [state, setState] = useState({});
  const send = async (e) => {
    const [file] = e.target.files;
    if (!file) return;
    setState({ busy: true });
    const body = new Blob([file], { type: 'text/csv' });
    await ask('PUT', `/dnc-lists/${list.id}/import`, { body }).then(
      (r) => setState({ done: r.data }),
      (error) => setState({ error }),
    );
  };
  return html`<${Dialog} title=${t('Import into {list}', { list: list.name })} close=${state.done ? done : close}>
    <div class="form">${state.error && html`<${Failure} error=${state.error} />`}
      ${
        state.done
          ? html`<p role="status">${t('{added} added, {known} known, {bad} not understood.', {
              added: count(state.done.added),
              known: count(state.done.known),
              bad: count(state.done.bad),
            })}</p>
            <ul class="found">${state.done.errors.slice(0, 10).map(
              (x) => html`<li>
              ${t('Line {n}: {why}', { n: x.line, why: x.detail })}</li>`,
            )}</ul>
            <div class="ends"><${Button} kind="main" onClick=${done}>${t('Done')}<//></div>`
          : html`<${Field} type="file" label=${t('CSV file')} accept=".csv,text/csv,text/plain" disabled=${state.busy}
            hint=${t('A column named number or phone, or the first one.')} onChange=${send} />`
      }</div><//>`;
}

export function DoNotCall({ query }) {
  const lists = useLoad((signal) => every('/dnc-lists', {}, { signal }), '');
  const path = query.list ? `/dnc-lists/${encodeURIComponent(query.list)}/entries` : '/dnc-entries';
  const asked = { limit: 50, number: query.number, cursor: query.cursor };
  const entries = useLoad((signal) => get(path, asked, { signal }), `${path} ${JSON.stringify(asked)}`);
  const [open, setOpen] = useState(null);
  const done = () => (setOpen(null), lists.reload(), entries.reload());
  const drop = (path) => del(path).then(done);
  const all = lists.data?.data ?? [];
  const byList = [
    { name: 'name', title: t('List'), show: (l) => l.name },
    { name: 'entries', title: t('Numbers'), num: true, show: (l) => count(l.entries) },
    { name: 'at', title: t('Since'), num: true, minor: true, show: (l) => html`<${Time} at=${l.created_at} />` },
    {
      name: 'do',
      title: '',
      show: (l) => html`<div class="row ends">
      <${Button} icon="plus" onClick=${() => setOpen({ file: l })}>${t('Import')}<//>
      ${
        may('admin') &&
        html`<${Button} kind="plain" icon="trash-2" label=${t('Delete {list}', { list: l.name })}
        onClick=${() => setOpen({ list: l })} />`
      }</div>`,
    },
  ];
  const byNumber = [
    { name: 'number', title: t('Number'), show: (e) => (e.number ? phone(e.number) : t('somebody who was erased')) },
    { name: 'list', title: t('List'), show: (e) => e.list },
    { name: 'why', title: t('Why'), minor: true, show: (e) => e.reason ?? '–' },
    { name: 'when', title: t('Since'), num: true, minor: true, show: (e) => html`<${Time} at=${e.created_at} />` },
    {
      name: 'do',
      title: '',
      show: (e) =>
        e.number &&
        html`<div class="row ends"><${Button} kind="plain" icon="trash-2"
      label=${t('Take {number} off', { number: phone(e.number) })} onClick=${() => setOpen({ entry: e })} /></div>`,
    },
  ];
  return html`<${Card} title=${t('Lists')} plain tools=${html`<${Button} icon="plus"
      onClick=${() => setOpen({ add: true })}>
      ${t('Add a number')}<//>`}>
      <${Loaded} of=${lists} lines=${3}>${(page) =>
        page.data.length
          ? html`<${Table} label=${t('Lists')} columns=${byList} rows=${page.data} />`
          : html`<${Empty} icon="ban" title=${t('There is no list')}>
            ${t('Every call asks these lists first, and says which one refused it.')}<//>`}<//><//>
    <div class="filters" role="search" aria-label=${t('Filters')}>
      <${Who} label=${t('Look up a number')} value=${query.number} />
      ${
        all.length > 1 &&
        html`<${Pick} label=${t('List')} value=${query.list} empty=${t('All')} rows=${all.map((l) => [l.id, l.name])}
          onChange=${(e) => setQuery({ list: e.target.value })} />`
      }</div>
    <${List} of=${entries} label=${t('Numbers')} columns=${byNumber}
      empty=${html`<${Empty} icon="phone"
        title=${query.number ? t('This number may be called') : t('No number is listed')} />`} />
    ${open?.add && html`<${Add} lists=${all} close=${() => setOpen(null)} done=${done} />`}
    ${open?.file && html`<${Import} list=${open.file} close=${() => setOpen(null)} done=${done} />`}
    ${
      open?.list &&
      html`<${Confirm} title=${t('Delete {list}?', { list: open.list.name })} danger action=${t('Delete')}
      word=${open.list.name} close=${() => setOpen(null)} run=${() => drop(`/dnc-lists/${open.list.id}`)}>
      <p>${plural(open.list.entries, {
        one: '{n} number may then be called again.',
        other: '{n} numbers may then be called again.',
      })}</p><//>`
    }
    ${
      open?.entry &&
      html`<${Confirm} title=${t('Take {number} off the list?', { number: phone(open.entry.number) })}
      action=${t('Take it off')} danger close=${() => setOpen(null)}
      run=${() => drop(`/dnc-lists/${open.entry.list_id}/entries/${open.entry.number}`)}>
      <p>${t('It may then be called again.')}</p><//>`
    }`;
}
