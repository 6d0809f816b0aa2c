// Names of what ids stand for, asked for by id: a page of rows names few of all that there are.
import { get } from '../api.js';
import { may, useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { phone } from './number-text.js';

const FEW = 3; // so many are asked for one by one; more are looked for in the newest hundred first
const word = (row) => row.name || row.email || phone(row.phone_number);
// Admins know everybody, others those who are here to be called.
const rowOf = (kind, id, options) =>
  kind === 'users' && !may('admin')
    ? get('/colleagues', { q: id }, options).then((page) => page.data[0])
    : get(`/${kind}/${id}`, {}, options);
const listOf = (kind) => (kind === 'users' && !may('admin') ? '/colleagues' : `/${kind}`);

async function resolve(wanted, signal) {
  const names = new Map();
  const learn = (row) => row && names.set(row.id, word(row));
  const one = (kind) => (id) => rowOf(kind, id, { signal }).then(learn, () => null);
  const of = async ([kind, ids]) => {
    if (ids.length > FEW) for (const row of (await get(listOf(kind), { limit: 100 }, { signal })).data) learn(row);
    await Promise.all(ids.filter((id) => !names.has(id)).map(one(kind)));
  };
  await Promise.all(wanted.map(of));
  return names;
}

// useNames({ clients: [id, null, …], users: […] }) -> (id) => the name, or undefined while it is not known.
export function useNames(wanted) {
  const kinds = Object.entries(wanted)
    .map(([kind, ids]) => [kind, [...new Set(ids.filter(Boolean))].sort()])
    .filter(([, ids]) => ids.length > 0);
  const found = useLoad((signal) => resolve(kinds, signal), JSON.stringify(kinds));
  return (id) => found.data?.get(id);
}

// Who "user:<id>" is; a key's prefix says itself.
export function Actor({ actor }) {
  const [kind, id] = actor.split(':');
  const name = useNames({ users: [kind === 'user' && id] });
  return kind === 'user' ? (name(id) ?? t('A person')) : html`<code>${id}</code>`;
}
