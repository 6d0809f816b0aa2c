// What more than one page knows: who is here, how it shall look, what is live, and what was loaded.
import { forgetTab, keep, kept } from './keep.js';
import { ApiError, get, setCsrf, whenAsked, whenEnded, whenRefused } from './api.js';
import { t } from './text.js';
import { computed, effect, signal, useEffect, useRef, useSignal } from './ui.js';

export const roles = ['viewer', 'agent', 'manager', 'admin'];
export const me = signal(null); // as GET /api/v1/me; null: nobody
export const role = computed(() => me.value?.role ?? null);
export const may = (least) => roles.indexOf(role.value) >= roles.indexOf(least);
export const palette = signal(null); // what is open over the page: null or { what: 'find' or 'keys' }
// A dialog tells that it was closed a moment later, when the next may be wanted already: each is one of its own.
export const openPalette = (what) => {
  if (what !== 'find' || !document.querySelector('.palette[open]')) palette.value = { what };
};
export const online = signal(navigator.onLine);

// Who is here, for all tabs. A browser that has never logged in need not be told that it has no session.
let mine = null; // the id of this page's user; null: nobody, or a frame's, who is not the browser's
export const wasHere = () => kept('here') !== null;
export async function loadMe({ remember = true } = {}) {
  me.value = await get('/me');
  setCsrf(me.value.csrf_token);
  if (remember) keep('here', (mine = me.value.user?.id ?? ''));
}
export function leave() {
  me.value = mine = null;
  for (const name of ['here', 'beside']) keep(name, null);
  forgetTab();
}
whenEnded(leave);

// The browser is somebody else's now: each of its tabs begins again, and keeps nothing of the account before.
let begun = false; // twice in one moment has crashed tabs of Chromium 156
function begin() {
  if (begun) return;
  begun = true;
  forgetTab();
  location.replace('/app/');
}
export function enter(user) {
  keep('here', user.id);
  keep('beside', ''); // there may be accounts beside
  begin();
}
const other = () => mine && kept('here') && kept('here') !== mine;
const look = () => other() && begin();
addEventListener('storage', look);
addEventListener('pageshow', look);
whenAsked(() => {
  if (!other()) return;
  begin();
  throw new ApiError(0, { title: t('Another account is in use now'), hint: t('Reload the page.'), code: 'other' });
});
// It may be that nobody has told this page who is here, or that its user has logged in again in another tab.
whenRefused(async () => {
  const now = mine && (await get('/me').catch(() => null));
  if (now?.user && now.user.id !== mine) enter(now.user);
  else if (now) setCsrf(now.csrf_token);
});
addEventListener('online', () => (online.value = true));
addEventListener('offline', () => (online.value = false));

// What a browser's tab says: the page, and before it a word that matters more.
export const title = signal('');
export const flag = signal('');
effect(() => {
  if (title.value) document.title = `${flag.value ? `${flag.value} · ` : ''}${title.value} – Switchhook`;
});

// light, dark, or as the system says.
export const theme = signal(kept('theme') ?? 'auto');
export function setTheme(name) {
  theme.value = name;
  keep('theme', name);
  if (name === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}
setTheme(theme.value);

// Loads when `key` changes and gives up when the page is left: { data, error, busy, old, reload, set }. Signals. What
// was loaded for another key stays until the new answer comes: then it is old.
export function useLoad(fetcher, key) {
  const state = useSignal({ data: null, error: null, busy: true, of: key });
  const turn = useSignal(0);
  const under = useRef(null); // the load that is under way
  const again = turn.value;
  useEffect(() => {
    const stop = new AbortController();
    under.current = stop;
    state.value = { ...state.peek(), busy: true, error: null };
    fetcher(stop.signal).then(
      (data) => stop.signal.aborted || (state.value = { data, error: null, busy: false, of: key }),
      (error) => stop.signal.aborted || (state.value = { data: null, error, busy: false, of: key }),
    );
    return () => stop.abort();
  }, [key, again]);
  const set = (data) => {
    under.current?.abort(); // what is asked for now may be older
    state.value = { data, error: null, busy: false, of: key };
  };
  return { ...state.value, old: state.value.of !== key, reload: () => (turn.value += 1), set };
}

// Events since a cursor, every 2 s while the page is seen, every 15 s while it is not; listeners hear each once. Those
// that listen before there is a cursor may have loaded what is older than it: they hear { any: true }.
const listeners = new Set();
export const live = signal({ ok: true, at: null });
export function onEvent(f) {
  listeners.add(f);
  return () => listeners.delete(f);
}
let cursor = null;
let timer = null;
export function startFeed() {
  if (timer) return;
  const tick = async () => {
    timer = null;
    try {
      if (me.value && listeners.size + 1) {
        const first = cursor === null;
        const page = await get('/events', cursor === null ? {} : { after: cursor });
        for (const e of page?.data ?? []) for (const f of listeners) f(e);
        cursor = page?.next_cursor ?? cursor;
        if (first) for (const f of listeners) f({ any: true });
        live.value = { ok: true, at: Date.now() };
      }
    } catch (e) {
      live.value = { ok: false, at: live.value.at, error: e };
    }
    timer = setTimeout(tick, document.hidden ? 15000 : 2000);
  };
  tick();
  const now = () => {
    if (!timer) return;
    clearTimeout(timer);
    tick();
  };
  document.addEventListener('visibilitychange', () => document.hidden || now());
  effect(() => {
    if (me.value && cursor === null) now(); // somebody has just logged in
  });
}

// One line that says what has happened, for eyes and for screen readers. Never the only copy of an error.
export const notes = signal([]);
let noteId = 0;
export function note(text, { kind = 'good', undo } = {}) {
  const id = ++noteId;
  notes.value = [...notes.value.slice(-2), { id, text, kind, undo }];
  document.getElementById('say').textContent = text;
  setTimeout(() => (notes.value = notes.value.filter((n) => n.id !== id)), 6000);
}
