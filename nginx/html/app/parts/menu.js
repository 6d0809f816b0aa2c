// A button with a menu: arrows move, Escape closes, a click elsewhere closes.
import { cls, html, useEffect, useRef, useState } from '../ui.js';
import { Button } from './basic.js';

// What has focus stays the same element while the page around the menu is drawn anew.
function Row({ row, close }) {
  const props = {
    role: row.checked === undefined ? 'menuitem' : 'menuitemradio',
    tabIndex: -1,
    'aria-checked': row.checked === undefined ? undefined : String(row.checked),
    onClick: () => {
      close();
      row.run?.();
    },
  };
  const icon = row.icon && html`<svg class="icon" aria-hidden="true"><use href=${iconHref(row.icon)} /></svg>`;
  const inside = html`${icon}${row.hint ? html`<span>${row.label}<small>${row.hint}</small></span>` : row.label}`;
  return row.href
    ? html`<a href=${row.href} ...${props}>${inside}</a>`
    : html`<button type="button" ...${props}>${inside}</button>`;
}

// rows: { label, icon, href | run, checked?, hint?, key? } or null for a line. opened(): somebody looks at it.
export function Menu({ label, icon, children, rows, opened, kind = 'plain' }) {
  const [open, setOpen] = useState(false);
  const at = useRef(null);
  useEffect(() => {
    if (!open) return undefined;
    opened?.();
    const away = (e) => at.current?.contains(e.target) || setOpen(false);
    addEventListener('pointerdown', away);
    at.current.querySelector('[role^="menuitem"]')?.focus();
    return () => removeEventListener('pointerdown', away);
  }, [open]);
  const move = (e) => {
    const rowsNow = [...at.current.querySelectorAll('[role^="menuitem"]')];
    const i = rowsNow.indexOf(document.activeElement);
    const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: rowsNow.length - 1 }[e.key];
    if (e.key === 'Escape' || e.key === 'Tab') {
      setOpen(false);
      if (e.key === 'Escape') at.current.querySelector('button').focus();
    } else if (to !== undefined) rowsNow.at(to % rowsNow.length).focus();
    else return;
    if (e.key !== 'Tab') e.preventDefault();
    e.stopPropagation();
  };
  return html`<div class=${cls('menu', open && 'open')} ref=${at} onKeyDown=${open ? move : undefined}>
    <${Button} kind=${kind} icon=${icon} label=${label} aria-haspopup="menu" aria-expanded=${open}
      onClick=${() => setOpen(!open)}>${children}<//>
    ${
      open &&
      html`<div role="menu" aria-label=${label}>
      ${rows.map((row, i) =>
        row ? html`<${Row} key=${row.key ?? i} row=${row} close=${() => setOpen(false)} />` : html`<hr key=${i} />`,
      )}</div>`
    }
  </div>`;
}
const iconHref = (name) => `${new URL('../../icons.svg', import.meta.url).pathname}#${name}`;
