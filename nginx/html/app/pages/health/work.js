// The sweep's work: what waits, what was given up and why, which call it is about; and another chance for it.
import { get, post } from '../../api.js';
import { Act } from '../../parts/admin.js';
import { Badge, Card, Empty, Failure, Time } from '../../parts/basic.js';
import { Pick } from '../../parts/form.js';
import { List } from '../../parts/table.js';
import { count } from '../../fmt.js';
import { href, setQuery } from '../../router.js';
import { useLoad } from '../../store.js';
import { plural, t } from '../../text.js';
import { html, useEffect, useRef } from '../../ui.js';

const kinds = {
  fetch: () => t('Fetching a recording'),
  transcribe: () => t('Writing a recording down'),
  retranscribe: () => t('Writing it down once more'),
  analyse: () => t('Analysing a transcript'),
  seek: () => t('Asking what became of a call'),
  price: () => t('Asking what a call cost'),
  control: () => t('A command to a live call'),
  unpause: () => t('Resuming a recording'),
  erase: () => t('Deleting a recording at Twilio'),
  forget: () => t('Erasing a person'),
  retain: () => t('What its days are over for'),
  mail: () => t('A mail'),
  notify: () => t('Deciding whom to tell'),
  alert: () => t('Telling somebody'),
  report: () => t('A report'),
  webhook: () => t('A webhook out'),
};
const kindName = (kind) => kinds[kind]?.() ?? kind;
const states = {
  waiting: ['live', () => t('Waiting')],
  running: ['live', () => t('Running')],
  parked: ['warn', () => t('Parked')],
  dead: ['bad', () => t('Given up')],
};
const State = ({ of }) => html`<${Badge} kind=${states[of]?.[0]}>${states[of]?.[1]() ?? of}<//>`;
const stuck = (j) => ['dead', 'parked'].includes(j.state);

const requeue = (what, done) => async () => {
  const { requeued } = await post('/sweep/requeue', what);
  done();
  return plural(requeued, { one: '{n} gets another chance', other: '{n} get another chance' });
};

// Rows of one kind, state and cause, however many they are.
function Stuck({ groups, done }) {
  const all = groups.reduce((n, g) => n + g.jobs, 0);
  return html`<${Card} title=${t('Given up, or parked until something is cured')} plain tools=${
    groups.length > 1 &&
    html`<${Act} icon="rotate-cw" run=${requeue({}, done)}>${t('Try all {n} again', { n: count(all) })}<//>`
  }><ul class="lines">${groups.map(
    (g) => html`<li class="stuck"><${State} of=${g.state} />
      <div class="grow"><b>${count(g.jobs)} × ${kindName(g.kind)}</b>
        <p class="soft">${g.reason ?? t('no reason is known')} ${
          g.next_attempt_at && html`<small>${t('Next attempt')} <${Time} at=${g.next_attempt_at} /></small>`
        }</p></div>
      <${Act} icon="rotate-cw" run=${requeue({ kind: g.kind, ...(g.cause && { reason: g.cause }) }, done)}
        aria-label=${t('Try again: {what}', { what: kindName(g.kind) })}>${t('Try again')}<//></li>`,
  )}</ul><//>`;
}

const columns = (done) => [
  { name: 'kind', title: t('Work'), show: (j) => kindName(j.kind) },
  {
    name: 'call',
    title: t('About'),
    show: (j) => (j.call_id ? html`<a href=${href(`/calls/${j.call_id}`)}>${t('Call')}</a>` : '–'),
  },
  { name: 'state', title: t('State'), show: (j) => html`<${State} of=${j.state} />` },
  { name: 'reason', title: t('Why'), look: 'why', show: (j) => j.reason ?? '–' },
  { name: 'attempts', title: t('Attempts'), num: true, minor: true, show: (j) => count(j.attempts) },
  {
    name: 'next',
    title: t('Next attempt'),
    num: true,
    minor: true,
    show: (j) => html`<${Time} at=${j.next_attempt_at} />`,
  },
  { name: 'since', title: t('Since'), num: true, minor: true, show: (j) => html`<${Time} at=${j.created_at} />` },
  {
    name: 'do',
    title: '',
    show: (j) =>
      stuck(j) &&
      html`<div class="row ends"><${Act} kind="plain" icon="rotate-cw" run=${requeue({ id: j.id }, done)}
        aria-label=${t('Try again: {what}', { what: kindName(j.kind) })}>${t('Try again')}<//></div>`,
  },
];

export function Work({ query, turn, again }) {
  const { kind, state, cursor } = query;
  const asked = { limit: 25, count: true, kind, state, cursor };
  const jobs = useLoad((signal) => get('/jobs', asked, { signal }), JSON.stringify(asked));
  const sweep = useLoad((signal) => get('/sweep', {}, { signal }), '');
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current !== turn) (jobs.reload(), sweep.reload());
    seen.current = turn;
  }, [turn]);
  const groups = (sweep.data?.jobs ?? []).filter(stuck);
  const pick = (name, label, rows) => html`<${Pick} label=${label} value=${query[name]} empty=${t('All')} rows=${rows}
    onChange=${(e) => setQuery({ [name]: e.target.value })} />`;
  return html`${sweep.error && html`<${Failure} error=${sweep.error} retry=${sweep.reload} />`}
    ${groups.length > 0 && html`<${Stuck} groups=${groups} done=${again} />`}
    <div class="stack"><h2>${t('Work that waits')}</h2>
      <div class="filters" role="search" aria-label=${t('Filters')}>
        ${pick(
          'kind',
          t('Work'),
          Object.keys(kinds).map((k) => [k, kindName(k)]),
        )}
        ${pick(
          'state',
          t('State'),
          Object.entries(states).map(([k, [, label]]) => [k, label()]),
        )}</div>
      <${List} of=${jobs} label=${t('Work that waits')} columns=${columns(again)} tight empty=${html`<${Empty}
        icon="check" title=${kind || state ? t('Nothing fits these filters') : t('Nothing waits')} />`} /></div>`;
}
