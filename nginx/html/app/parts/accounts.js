// The accounts that this browser is logged in to beside the one in use: what may be changed to, and how.
import { get, post } from '../api.js';
import { keep } from '../keep.js';
import { href } from '../router.js';
import { enter, note } from '../store.js';
import { t } from '../text.js';

// Whoever changes begins with a fresh page, and a call would end with this one: in whichever tab it is, the phone's
// state is the same in all of them.
export async function free() {
  const { call } = await import('../phone/state.js');
  if (!call.value || call.value.stage === 'over') return true;
  note(t('You are in a call: end it before you change accounts.'), { kind: 'bad' });
  return false;
}

async function change(row) {
  if (!(await free())) return;
  const done = await post('/sessions/switch', { session_id: row.session_id }).catch((e) => {
    const gone = e.status === 404;
    note(gone ? t('That account is logged out by now: log in to it again.') : e.message, { kind: 'bad' });
  });
  if (done) enter(done.user);
}

const list = async () => {
  const { data } = await get('/sessions/beside');
  keep('beside', data.length > 0 ? '' : null);
  return data;
};

// As rows of a menu, or (said) of the palette.
export const rows = async (said) =>
  (await list()).map((row) => ({
    key: row.session_id,
    icon: 'building-2',
    label: said ? t('Switch to {tenant}', { tenant: row.tenant.name }) : row.tenant.name,
    hint: row.user.email,
    run: () => change(row),
  }));

// A session ends when nobody uses it for half an hour; those beside are in use while a page is open.
export function stay() {
  const ask = () => list().catch(() => {});
  const timer = setInterval(ask, 600000);
  ask();
  return () => clearInterval(timer);
}

// The door, in a page of its own.
export const further = async () => (await free()) && location.assign(href('/login', { beside: 1 }));
