// Addresses of the pages: /app/<path>?<filters>. Links are plain <a href>; this catches their clicks.
import { batch, computed, signal } from './ui.js';

const base = '/app';
const here = () => ({ path: location.pathname.slice(base.length) || '/', search: location.search });
const at = signal(here());
export const path = computed(() => at.value.path);
export const query = computed(() => Object.fromEntries(new URLSearchParams(at.value.search)));

// href('/calls', { direction: 'inbound' }) -> /app/calls?direction=inbound. Empty values are left out.
export function href(to, values) {
  const search = new URLSearchParams(
    Object.entries(values ?? {}).filter(([, v]) => v !== undefined && v !== null && v !== ''),
  ).toString();
  return `${base}${to}${search && `?${search}`}`;
}

export function go(url, { replace = false } = {}) {
  if (url.startsWith('/') && !url.startsWith(base)) url = base + url;
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  batch(() => (at.value = here()));
}

// Changes some of the filters of this address, and forgets the cursor unless it is what changes.
export const setQuery = (changes, options = { replace: true }) =>
  go(href(path.value, { ...query.value, cursor: '', ...changes }), options);

export function startRouter() {
  addEventListener('popstate', () => (at.value = here()));
  addEventListener('click', (e) => {
    const a = e.target.closest?.('a[href]');
    if (!a || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    if (a.target || a.hasAttribute('download') || a.origin !== location.origin) return;
    if (!a.pathname.startsWith(`${base}/`)) return;
    e.preventDefault();
    go(a.pathname + a.search);
  });
}

// The row of a table of pages that fits a path, and the names in it: match(pages, '/calls/1') -> { page, params }.
export function match(pages, wanted) {
  for (const page of pages) {
    const want = page.path.split('/');
    const have = wanted.split('/');
    if (want.length !== have.length) continue;
    const params = {};
    if (
      want.every((w, i) =>
        w[0] === ':' ? have[i] && (params[w.slice(1)] = decodeURIComponent(have[i])) : w === have[i],
      )
    )
      return { page, params };
  }
  return null;
}
