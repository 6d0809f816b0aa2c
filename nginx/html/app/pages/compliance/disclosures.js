// What callers hear of the recording: the tenant's own words, and those of clients and languages.
import { all, del, post, put } from '../../api.js';
import { Badge, Button, Card, Empty, Loaded } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { changed, Form, given, Input, loadTagged, Pick, sendChange, Tick, useForm } from '../../parts/form.js';
import { useNames } from '../../parts/names.js';
import { PickOne } from '../../parts/pick.js';
import { Table } from '../../parts/table.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const modes = () => [
  ['announce', t('Say it, and record')],
  ['keypress', t('Ask, and record who presses 1')],
  ['off', t('Say nothing')],
];
const refused = () => [
  ['continue', t('The call goes on, unrecorded')],
  ['end', t('A polite word, and the call ends')],
];
const own = [
  'disclosure_mode',
  'disclosure',
  'disclosure_question',
  'disclosure_goodbye',
  'disclosure_refused',
  'disclosure_agents',
];

function Words({ of, saved }) {
  const first = Object.fromEntries(own.map((k) => [k, of.doc[k] ?? '']));
  const form = useForm(first, async (v) => {
    saved(await sendChange(of, changed(v, first)));
    note(t('Saved'));
  });
  const asks = form.values.disclosure_mode === 'keypress';
  return html`<${Form} of=${form} action=${t('Save')} disabled=${!may('admin')} label=${t('What everybody hears')}>
    <${Pick} of=${form} name="disclosure_mode" label=${t('Before a recorded call')} rows=${modes()} />
    ${
      form.values.disclosure_mode === 'off' &&
      html`<p class="warn">
      ${t('In many countries recording without notice is against the law.')}</p>`
    }
    <${Input} of=${form} name="disclosure" as="textarea" rows="2" label=${t('What is said')} />
    ${
      asks &&
      html`<${Input} of=${form} name="disclosure_question" as="textarea" rows="2" label=${t('What is asked')} />
      <div class="pair"><${Pick} of=${form} name="disclosure_refused" label=${t('Who refuses, or says nothing')}
          rows=${refused()} />
        <${Input} of=${form} name="disclosure_goodbye" label=${t('Last words')} /></div>`
    }
    <${Tick} of=${form} name="disclosure_agents" label=${t('Agents hear it as well')} />
  <//>`;
}

function Edit({ row, close, done }) {
  const first = { client_id: '', language: '', disclosure: '', question: '', goodbye: '', voice: '', ...row };
  const form = useForm(first, async ({ client_id, language, disclosure, question, goodbye, voice }, key) => {
    const body = given({ client_id, language, disclosure, question, goodbye, voice });
    if (row) await put(`/disclosures/${row.id}`, body);
    else await post('/disclosures', body, { key });
    note(t('Saved'));
    done();
  });
  return html`<${Dialog} title=${row ? t('Change the words') : t('Other words')} close=${close}>
    <${Form} of=${form} action=${t('Save')} cancel=${close}>
      <div class="pair"><${PickOne} of=${form} name="client_id" kind="clients" label=${t('Client')} empty=${t('All')} />
        <${Input} of=${form} name="language" label=${t('Language')} placeholder="cy-GB" /></div>
      <${Input} of=${form} name="disclosure" as="textarea" rows="3" label=${t('What is said')} required />
      <${Input} of=${form} name="question" as="textarea" rows="2" label=${t('What is asked')} />
      <div class="pair"><${Input} of=${form} name="goodbye" label=${t('Last words')} />
        <${Input} of=${form} name="voice" label=${t('Voice')} placeholder="Polly.Amy-Neural" /></div>
    <//><//>`;
}

export function Disclosures() {
  const settings = useLoad(loadTagged('/settings'), '');
  const rows = useLoad((signal) => all('/disclosures', {}, { signal }), '');
  const names = useNames({ clients: (rows.data?.data ?? []).map((r) => r.client_id) });
  const [open, setOpen] = useState(null);
  const done = () => (setOpen(null), rows.reload());
  const name = (id) => (id ? (names(id) ?? t('a client')) : t('All'));
  const columns = [
    { name: 'client', title: t('Client'), show: (r) => name(r.client_id) },
    { name: 'language', title: t('Language'), show: (r) => (r.language ? html`<${Badge}>${r.language}<//>` : '–') },
    { name: 'words', title: t('What is said'), show: (r) => r.disclosure },
    {
      name: 'do',
      title: '',
      show: (r) =>
        may('admin') &&
        html`<div class="row ends">
      <${Button} kind="plain" icon="pen-line" label=${t('Change')} onClick=${() => setOpen({ edit: r })} />
      <${Button} kind="plain" icon="trash-2" label=${t('Delete')} onClick=${() => setOpen({ gone: r })} /></div>`,
    },
  ];
  const add = html`<${Button} icon="plus" onClick=${() => setOpen({ edit: null })}>${t('Other words')}<//>`;
  return html`<${Card} title=${t('What everybody hears')}><${Loaded} of=${settings}>${(of) => html`<${Words}
      key=${of.etag} of=${of} saved=${settings.set} />`}<//><//>
    <${Card} title=${t('Other words, by client and language')} plain tools=${may('admin') && add}>
      <${Loaded} of=${rows} lines=${3}>${(page) =>
        page.data.length
          ? html`<${Table} label=${t('Other words, by client and language')} columns=${columns} rows=${page.data} />`
          : html`<${Empty} icon="megaphone" title=${t('Everybody hears the same')}>
            ${t('Give a client its own words, or say them in another language.')}<//>`}<//>
      ${
        open &&
        'edit' in open &&
        html`<${Edit} row=${open.edit} close=${() => setOpen(null)}
        done=${done} />`
      }
      ${
        open?.gone &&
        html`<${Confirm} title=${t('Delete these words?')} danger action=${t('Delete')}
        close=${() => setOpen(null)} run=${() => del(`/disclosures/${open.gone.id}`).then(done)}>
        <p>${t('The next wider words are said instead.')}</p><//>`
      }
    <//>`;
}
