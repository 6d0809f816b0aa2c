// What every part is written with: components of preact, templates of htm, signals for state.
import { h } from '../vendor/preact.js';
import { useEffect, useState } from '../vendor/hooks.js';
import htm from '../vendor/htm.js';

export { Fragment, render } from '../vendor/preact.js';
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from '../vendor/hooks.js';
export { batch, computed, effect, signal, useComputed, useSignal, useSignalEffect } from '../vendor/signals.js';
export const html = htm.bind(h);

// The sheet of a group of pages, <name>.css, asked for once.
const sheets = {};
export const sheet = (name) =>
  (sheets[name] ??= new Promise((done) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(`../${name}.css`, import.meta.url).pathname;
    link.dataset.group = name;
    link.onload = link.onerror = () => done();
    document.head.append(link);
  }));

// Sheets of other groups rest, so that a page looks the same whatever was seen before; the phone stands on every page.
export function only(name) {
  for (const link of document.querySelectorAll('link[data-group]'))
    if (link.sheet) link.sheet.disabled = ![name, 'phone'].includes(link.dataset.group);
}

// A component of a module that is loaded when it is first shown: <${Later} load=${() => import('./x.js')} />
export function Later({ load, ...props }) {
  const [View, setView] = useState(null);
  useEffect(() => {
    let here = true;
    load().then((module) => here && setView(() => module.default));
    return () => (here = false);
  }, []);
  return View && h(View, props);
}

// Class names from words and conditions: cls('row', open && 'open').
export const cls = (...names) => names.filter(Boolean).join(' ');
