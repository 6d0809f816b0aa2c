// What the palette finds beyond pages and commands: a call by its id, calls of a number; contacts, clients, campaigns,
// numbers and people by name or digits; and words that were said, with the places where they stand.
import { get } from '../api.js';
import { time } from '../fmt.js';
import { go, href } from '../router.js';
import { may } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { party } from './call.js';
import { phone } from './number-text.js';
import { seek } from './pick.js';

const EACH = 3; // rows of a kind
const SID = /^(CA[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const digits = (text) => /^\+?[\d\s()-]{5,}$/.test(text) && text.replace(/[^\d+]/g, '');

async function byId(text, signal) {
  const c = await get(`/calls/${text}`, {}, { signal }).catch(() => null);
  if (!c) return [{ icon: 'circle-help', label: t('No call has this id'), run: () => {}, dead: true }];
  return [
    {
      icon: 'phone',
      label: t('Call with {who}', { who: party(c) }),
      hint: time(c.created_at),
      run: () => go(`/calls/${c.id}`),
    },
  ];
}

async function byNumber(number, signal) {
  const page = await get('/calls', { customer_number: number, limit: 3 }, { signal });
  return [
    {
      icon: 'list',
      label: t('All calls with {number}', { number: phone(number) }),
      run: () => go(href('/calls', { customer_number: number })),
    },
    ...page.data.map((c) => ({
      icon: 'phone',
      label: party(c),
      hint: time(c.created_at),
      run: () => go(`/calls/${c.id}`),
    })),
  ];
}

// Rows of the lists, by name or digits: where each leads, and what it is.
const nouns = [
  { kind: 'contacts', what: () => t('Contact') },
  { kind: 'clients', what: () => t('Client') },
  { kind: 'campaigns', what: () => t('Campaign') },
  { kind: 'numbers', what: () => t('Our number') },
  { kind: 'users', what: () => t('Person'), to: () => '/people', role: 'admin' },
];
async function byName(text, signal) {
  const found = await Promise.all(
    nouns
      .filter((n) => may(n.role ?? 'viewer'))
      .map(async ({ kind, what, to = (row) => `/${kind}/${row.value}` }) =>
        (await seek(kind, { limit: EACH })(text, signal)).slice(0, EACH).map((row) => ({
          icon: row.icon,
          label: row.label,
          hint: row.note ? phone(row.note) : what(),
          run: () => go(to(row)),
        })),
      ),
  );
  return found.flat();
}

// One place where it was said, from a few words before the first hit on.
function excerpt(hits) {
  const first = hits.findIndex((h) => h.hit);
  if (first < 0) return '';
  const before = (hits[first - 1]?.text ?? '').split(' … ').at(-1);
  const cut = before.length > 32 ? `…${before.slice(-32).replace(/^\S*\s/, '')}` : before;
  const rest = [];
  for (const h of hits.slice(first)) {
    const [here, next] = h.text.split(' … ');
    rest.push(h.hit ? html`<mark>${here}</mark>` : here);
    if (next !== undefined) break;
  }
  return html`<span class="said-hit" dir="auto">${cut}${rest}</span>`;
}

async function byWords(text, signal) {
  const page = await get('/transcripts', { q: text, limit: 5 }, { signal });
  const rows = page.data
    .filter((x) => x.call_id)
    .map((x) => ({
      icon: 'message-square',
      label: excerpt(x.hits),
      hint: time(x.created_at),
      run: () => go(href(`/calls/${x.call_id}`, { q: x.hits.find((h) => h.hit)?.text ?? text })),
    }));
  if (rows.length)
    rows.push({
      icon: 'list',
      label: t('All calls in which “{words}” was said', { words: text }),
      run: () => go(href('/calls', { text })),
    });
  return rows;
}

export async function search(text, signal) {
  if (SID.test(text)) return byId(text, signal);
  const number = digits(text);
  const short = text.slice(0, 100);
  if (number) return (await Promise.all([byName(short, signal), byNumber(number, signal)])).flat();
  if (text.length < 2) return [];
  return (await Promise.all([byName(short, signal), text.length > 2 ? byWords(short, signal) : []])).flat();
}
