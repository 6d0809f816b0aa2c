// Keyboard and focus: one table of keys, and where focus goes when a page comes.
import { kept } from './keep.js';
import { signal } from './ui.js';

export const keys = signal([]); // { keys: 'g c', what, run, first }; first: it wins over a page's

const singles = () => kept('single-keys') !== 'off'; // WCAG 2.1.4: may be switched off
let prefix = '';
let late = null; // ends the wait for the second key

const typing = (el) => el?.closest?.('input, textarea, select, [contenteditable="true"]');
// Enter on a button or a link is the button's, whatever a list on the page would do with it.
const acting = (e) => (e.key === 'Enter' || e.key === ' ') && e.target.closest?.('a, button, summary, [role="tab"]');

// Adds rows while a component lives: useEffect(() => bind([...]), []).
export function bind(rows) {
  keys.value = [...keys.value, ...rows];
  return () => (keys.value = keys.value.filter((k) => !rows.includes(k)));
}

export function startKeys() {
  addEventListener('keydown', (e) => {
    const mod = e.metaKey || e.ctrlKey;
    const name = `${mod ? 'mod+' : ''}${e.key === ' ' ? 'Space' : e.key.length === 1 ? e.key.toLowerCase() : e.key}`;
    const found = (wanted) => {
      const rows = keys.value.filter((k) => k.keys.split(', ').includes(wanted));
      return rows.findLast((k) => k.first) ?? rows.at(-1);
    };
    if (mod || e.key === 'Escape') {
      const row = found(name);
      if (row && row.run(e) !== false) e.preventDefault();
      return;
    }
    if (acting(e) || e.altKey || typing(e.target) || !singles()) return;
    if (document.querySelector('dialog[open]:not([data-keys])')) return;
    const wanted = prefix ? `${prefix} ${name}` : e.shiftKey && e.key.length === 1 ? e.key : name;
    const row = found(wanted) ?? found(name);
    if (row) {
      e.preventDefault();
      row.run(e);
      prefix = '';
    } else {
      prefix = keys.value.some((k) => k.keys.startsWith(`${name} `)) ? name : '';
      clearTimeout(late);
      late = setTimeout(() => (prefix = ''), 1200);
    }
  });
}

export const say = (text) => (document.getElementById('say').textContent = text);

// The heading of a page that has just come takes focus, so that a screen reader begins there; not from who types.
export function focusHeading() {
  const h1 = document.querySelector('main h1');
  const at = document.activeElement;
  if (h1 && !at?.closest('main') && !typing(at)) {
    h1.tabIndex = -1;
    h1.focus({ preventScroll: true });
  }
}
