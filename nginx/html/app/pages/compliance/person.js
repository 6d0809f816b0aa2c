// One person's rights: everything we have of a number, as a file; and its erasure, here and at Twilio, with proof.
import { get, post } from '../../api.js';
import { Badge, Button, Card, Empty, Failure, Field, Loaded, Time } from '../../parts/basic.js';
import { Confirm } from '../../parts/dialog.js';
import { Actor } from '../../parts/names.js';
import { Table } from '../../parts/table.js';
import { count } from '../../fmt.js';
import { note, useLoad } from '../../store.js';
import { plural, t } from '../../text.js';
import { html, useRef, useState } from '../../ui.js';

function save(doc) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(doc, null, 2)], { type: 'application/json' }));
  link.download = 'subject.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
const words = {
  calls: () => t('calls'),
  contacts: () => t('contacts'),
  conversations: () => t('conversations'),
  recordings: () => t('recordings'),
  transcripts: () => t('transcripts'),
  analyses: () => t('analyses'),
  call_legs: () => t('legs of calls'),
  webhook_events: () => t('requests of Twilio'),
  webhook_messages: () => t('messages to webhooks'),
  dnc_entries: () => t('entries of do-not-call lists'),
  consent_records: () => t('consents'),
};
const word = (table) => words[table]?.() ?? table.replaceAll('_', ' ');
const nonzero = (counts) => Object.entries(counts ?? {}).filter(([, n]) => n > 0);

const Counts = ({ counts }) =>
  html`<dl class="facts">${nonzero(counts).map(([what, n]) => html`<dt>${word(what)}</dt><dd>${count(n)}</dd>`)}</dl>`;

const Held = ({ held }) =>
  held.length > 0 &&
  html`<div class="alert warn" role="status"><div>
  <b>${t('A legal hold keeps a part')}</b>
  <ul class="found">${held.map(
    (h) => html`<li>${h.reason} – ${plural(h.calls, { one: '{n} call', other: '{n} calls' })},
    <${Time} at=${h.placed_at} /></li>`,
  )}</ul>
  <p>${t('It goes when the hold is lifted, by itself.')}</p></div></div>`;

const states = {
  done: ['good', () => t('done')],
  failed: ['bad', () => t('failed')],
  held: ['warn', () => t('held')],
  parked: ['warn', () => t('parked')],
  running: ['live', () => t('running')],
  waiting: ['live', () => t('waiting')],
};
const columns = () => [
  { name: 'at', title: t('Asked'), show: (e) => html`<${Time} at=${e.asked_at} />` },
  { name: 'by', title: t('By'), minor: true, show: (e) => html`<${Actor} actor=${e.asked_by} />` },
  {
    name: 'state',
    title: t('State'),
    show: (e) => html`<${Badge} kind=${states[e.state]?.[0]}>${states[e.state]?.[1]() ?? e.state}<//>
    ${e.reason && html` <span class="soft">${e.reason}</span>`}`,
  },
  {
    name: 'counts',
    title: t('What went'),
    show: (e) =>
      nonzero(e.counts)
        .map(([k, n]) => `${word(k)} ${count(n)}`)
        .join(' · ') || '–',
  },
  {
    name: 'digest',
    title: t('Proof'),
    minor: true,
    show: (e) =>
      e.digest
        ? html`<code title=${e.digest}>
    ${e.digest.slice(0, 12)}…</code>`
        : '–',
  },
  { name: 'done', title: t('Done'), num: true, show: (e) => html`<${Time} at=${e.done_at} />` },
];

export function Person() {
  const [number, setNumber] = useState('');
  const [state, setState] = useState({});
  const all = useLoad((signal) => get('/erasures', { limit: 25 }, { signal }), '');
  const who = { number: number.replace(/[^\d+]/g, '') };
  const typed = useRef(number); // answers about a number that does not stand there any more say nothing
  typed.current = number;
  const run = (what, then) => async (e) => {
    e?.preventDefault();
    setState({ busy: true });
    const still = (f) => (x) => typed.current === number && f(x);
    await what().then(
      still(then),
      still((error) => setState({ error })),
    );
  };
  const fetchAll = run(
    () => post('/exports/subject', who),
    (doc) => (save(doc), setState({ saved: doc })),
  );
  const look = run(
    () => post('/erasure-previews', who),
    (preview) => setState({ preview }),
  );
  const erase = async () => {
    await post('/erasures', who);
    setState({});
    setNumber('');
    note(t('The erasure has begun.'));
    all.reload();
  };
  return html`<${Card} title=${t('Of whom')}>
      <form class="form" onSubmit=${look}>
        ${state.error && html`<${Failure} error=${state.error} />`}
        <${Field} type="tel" label=${t('Number')} value=${number} placeholder="+44…" required autocomplete="off"
          hint=${t('As the person gives it; + and the country first.')}
          error=${state.error?.of?.('number')} onInput=${(e) => (setNumber(e.target.value), setState({}))} />
        <div class="ends"><${Button} icon="download" disabled=${state.busy || !who.number} onClick=${fetchAll}>
            ${t('Everything, as a file')}<//>
          <${Button} type="submit" kind="main" disabled=${state.busy || !who.number}>${t('What would be erased?')}<//>
            </div>
      </form>
      ${
        state.saved &&
        html`<div role="status" class="stack"><p>
          ${t('Saved as subject.json. Links to recordings in it work for a few minutes.')}</p>
        <${Counts} counts=${state.saved.found} /></div>`
      }
      ${
        state.preview &&
        html`<div class="stack" role="status"><h3>${t('This would be erased')}</h3>
        <${Counts} counts=${state.preview.counts} />
        <${Held} held=${state.preview.held} />
        ${state.preview.running_calls > 0 && html`<p class="warn">${t('A call is under way; its end is awaited.')}</p>`}
        <div class="ends"><${Button} kind="bad" icon="trash-2" onClick=${() => setState({ ...state, sure: true })}>
          ${t('Erase for good')}<//></div></div>`
      }
      ${
        state.sure &&
        html`<${Confirm} title=${t('Erase for good?')} danger action=${t('Erase')} word=${who.number}
        close=${() => setState({ preview: state.preview })} run=${erase}>
        <p>${t('Calls keep their place in the figures, without number, name, sound or words.')}</p>
        <p>${t('Recordings at Twilio go as well. Nothing brings it back, not even a backup.')}</p><//>`
      }
    <//>
    <${Card} title=${t('Erasures')} plain><${Loaded} of=${all} lines=${3}>${(page) =>
      page.data.length
        ? html`<${Table} label=${t('Erasures')} columns=${columns()} rows=${page.data} tight />`
        : html`<${Empty} icon="shield-check" title=${t('Nobody was erased')}>
          ${t('A proof stays of each erasure; it names nobody.')}<//>`}<//><//>`;
}
