// What the palette finds beyond pages and commands: a call by its id, calls of a number, contacts by name, and words
// that were said, with the places where they stand.
import { get } from '../api.js';
import { time } from '../fmt.js';
import { go, href } from '../router.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { party } from './call.js';
import { phone } from './number-text.js';

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
  const page = await get('/calls', { customer_number: number, limit: 3 }, { signal }).catch(() => ({ data: [] }));
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

let book = null; // contacts by name, asked for once while the palette is open
async function byName(text, signal) {
  book ??= get('/contacts', { limit: 100 }).then((p) => p.data, () => ((book = null), [])); // prettier-ignore
  setTimeout(() => (book = null), 30000);
  const all = await book;
  if (signal.aborted) return [];
  const low = text.toLowerCase();
  return all
    .filter((c) => c.name?.toLowerCase().includes(low))
    .slice(0, 4)
    .map((c) => ({
      icon: 'user',
      label: c.name,
      hint: c.phone_number ? phone(c.phone_number) : t('Contact'),
      run: () => go(href('/calls', { contact_id: c.id })),
    }));
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
  const page = await get('/transcripts', { q: text, limit: 5 }, { signal }).catch(() => ({ data: [] }));
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
  if (number) return byNumber(number, signal);
  if (text.length < 2) return [];
  return (await Promise.all([byName(text, signal), text.length > 2 ? byWords(text.slice(0, 100), signal) : []])).flat();
}
