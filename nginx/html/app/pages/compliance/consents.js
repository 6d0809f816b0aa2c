// Who allowed or forbade what, when, how, and by which evidence.
import { get, post } from '../../api.js';
import { Badge, Button, Empty, Time } from '../../parts/basic.js';
import { phone } from '../../parts/number-text.js';
import { Dialog } from '../../parts/dialog.js';
import { Form, given, Input, Pick, useForm } from '../../parts/form.js';
import { List } from '../../parts/table.js';
import { Who } from '../../parts/who.js';
import { href, setQuery } from '../../router.js';
import { note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const purposes = () => [
  ['recording', t('Recording')],
  ['call', t('Calls')],
  ['sms', t('SMS')],
];
const decisions = () => [
  ['granted', t('granted')],
  ['refused', t('refused')],
  ['withdrawn', t('withdrawn')],
];
const methods = {
  announcement: () => t('heard the notice'),
  keypress: () => t('pressed a key'),
  agent: () => t('told an agent'),
  api: () => t('told the CRM'),
  import: () => t('imported'),
};
const word = (rows, k) => rows.find(([v]) => v === k)?.[1] ?? k;
const kinds = { granted: 'good', refused: 'bad', withdrawn: 'warn' };

const columns = () => [
  { name: 'who', title: t('Who'), show: (c) => (c.number ? phone(c.number) : t('somebody who was erased')) },
  { name: 'what', title: t('What'), show: (c) => word(purposes(), c.purpose) },
  {
    name: 'decision',
    title: t('Decision'),
    show: (c) => html`<${Badge} kind=${kinds[c.decision]}>
      ${word(decisions(), c.decision)}<//>`,
  },
  { name: 'how', title: t('How'), minor: true, show: (c) => methods[c.method]?.() ?? c.method },
  {
    name: 'evidence',
    title: t('Evidence'),
    minor: true,
    show: (c) =>
      c.call_id ? html`<a href=${href(`/calls/${c.call_id}`)}>${t('Call')}</a>` : (c.evidence?.text ?? c.created_by),
  },
  { name: 'when', title: t('When'), num: true, show: (c) => html`<${Time} at=${c.created_at} />` },
];

function Add({ close, done }) {
  const first = { number: '', purpose: 'recording', decision: 'withdrawn', method: 'agent', evidence: '' };
  const form = useForm(first, async (v, key) => {
    const r = await post('/consents', given(v), { key });
    note(r.recordings_stopped > 0 ? t('Noted; what was being recorded has stopped.') : t('Noted'));
    done();
  });
  return html`<${Dialog} title=${t('Note a decision')} close=${close}><${Form} of=${form} action=${t('Note it')}
    cancel=${close}>
    <${Input} of=${form} name="number" type="tel" label=${t('Number')} placeholder="+44…" required />
    <div class="pair"><${Pick} of=${form} name="purpose" label=${t('What')} rows=${purposes()} />
      <${Pick} of=${form} name="decision" label=${t('Decision')} rows=${decisions()} /></div>
    <${Pick} of=${form} name="method" label=${t('How')} rows=${Object.entries(methods).map(([k, w]) => [k, w()])} />
    <${Input} of=${form} name="evidence" as="textarea" rows="2" label=${t('Evidence')}
      hint=${t('What was said, or where it stands.')} /><//><//>`;
}

export function Consents({ query }) {
  const asked = { number: query.number, purpose: query.purpose, decision: query.decision, cursor: query.cursor };
  const all = useLoad((signal) => get('/consents', { limit: 50, ...asked }, { signal }), JSON.stringify(asked));
  const [open, setOpen] = useState(false);
  const filter = (name, label, rows) => html`<${Pick} label=${label} value=${query[name]} empty=${t('All')} rows=${rows}
    onChange=${(e) => setQuery({ [name]: e.target.value })} />`;
  return html`<div class="filters" role="search" aria-label=${t('Filters')}>
      <${Who} label=${t('Number')} value=${query.number} />
      ${filter('purpose', t('What'), purposes())}${filter('decision', t('Decision'), decisions())}
      <span class="space"></span><${Button} icon="plus" onClick=${() => setOpen(true)}>${t('Note a decision')}<//></div>
    <${List} of=${all} label=${t('Consents')} columns=${columns()}
      empty=${html`<${Empty} icon="shield-check" title=${t('No decision is noted')}>
        ${t('Those of callers who are asked to press a key appear here by themselves.')}<//>`} />
    ${open && html`<${Add} close=${() => setOpen(false)} done=${() => (setOpen(false), all.reload())} />`}`;
}
