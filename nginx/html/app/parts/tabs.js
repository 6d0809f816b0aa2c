// Tabs: arrows, Home and End move, the panel of the chosen one is shown.
import { html, useId, useRef } from '../ui.js';

// tabs: [{ id, label, show: () => content }]
export function Tabs({ label, tabs, at, pick }) {
  const id = useId();
  const list = useRef(null);
  const chosen = Math.max(
    tabs.findIndex((x) => x.id === at),
    0,
  );
  const key = (e) => {
    const to = { ArrowRight: chosen + 1, ArrowLeft: chosen - 1, Home: 0, End: tabs.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    const next = (to + tabs.length) % tabs.length;
    pick(tabs[next].id);
    list.current.children[next].focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${key}>${tabs.map(
    (x, i) => html`<button type="button" role="tab" id=${`${id}-${x.id}`} aria-selected=${String(i === chosen)}
      aria-controls=${`${id}-panel`} tabindex=${i === chosen ? 0 : -1} onClick=${() => pick(x.id)}>${x.label}</button>`,
  )}</div>
  <div class="in" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${tabs[chosen].id}`}
    tabindex="0">${tabs[chosen].show()}</div>`;
}
