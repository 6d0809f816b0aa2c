// One of many rows: a box that asks the server as one types, and the list of what it has found.
//
//   <${PickOne} kind="clients" label=${t('Client')} value=${id} onPick=${(id, row) => …} empty=${t('All')} />
//   <${PickOne} kind="users" label=… of=${form} name="user_id" />            in a form of form.js
//   <${PickOne} label=… find=${async (text, signal) => rows} text=… onText=${(text) => …} onPick=… />
//
// kind: a row of `kinds`. value: the id that is chosen, '' or null: none; its name is asked for, or is `text`.
// onPick(id, row): somebody chose; ('', null): nothing any more. empty: what stands in an empty box; with it the choice
// can be taken back. find: in the place of a kind, gives rows { value, label, note, icon, dot, off }; dot: a colour of
// .dot in the place of an icon; off: shown, and not to be chosen. onText(text): what is typed counts by itself and
// stays when the box is left; `text` is what stands in it. least: so many letters open the list (0). hint, error,
// required, disabled and what else an input takes are as in Field. A test finds the box by
// getByRole('combobox', { name: label }), and what it has found by getByRole('option', { name }).
//
// WAI-ARIA: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/examples/combobox-autocomplete-list/
import { get } from '../api.js';
import { t } from '../text.js';
import { cls, html, useEffect, useId, useLayoutEffect, useRef, useState } from '../ui.js';
import { Button, Icon } from './basic.js';
import { phone } from './number-text.js';

const PATIENCE = 150; // ms of no typing before the server is asked
const ROWS = 20;

const named = (icon) => (x) => ({ value: x.id, label: x.name, icon });
export const kinds = {
  clients: { path: '/clients', row: named('building-2') },
  campaigns: { path: '/campaigns', row: named('megaphone') },
  contacts: {
    path: '/contacts',
    row: (c) => ({ value: c.id, label: c.name || c.phone_number, note: c.phone_number, icon: 'user' }),
  },
  users: { path: '/colleagues', row: named('user') },
  numbers: {
    path: '/numbers',
    row: (n) => ({ value: n.id, label: phone(n.phone_number), icon: 'hash', number: n.phone_number }),
  },
};
// Rows of a kind for what is typed; more: parameters of the list.
export const seek = (kind, more) => async (q, signal) => {
  const page = await get(kinds[kind].path, { ...more, q, limit: ROWS }, { signal });
  return Object.assign(page.data.map(kinds[kind].row), { more: page.next_cursor !== null });
};

// The name of what is chosen, where the page does not know it.
function useName(kind, value, text) {
  const [known, setKnown] = useState(null);
  const learn = (row) => setKnown(row && { value: row.value, label: row.label });
  useEffect(() => {
    if (!value || text || !kind || known?.value === value) return undefined;
    const stop = new AbortController();
    const one = kind === 'users' ? get('/colleagues', { q: value }) : get(`${kinds[kind].path}/${value}`);
    one.then(
      (x) => stop.signal.aborted || learn(kinds[kind].row(x.data?.[0] ?? x)),
      () => stop.signal.aborted || setKnown({ value, label: value }), // it is gone: what calls say of it stays
    );
    return () => stop.abort();
  }, [kind, value, text]);
  const label = text ?? (value && known?.value === value ? known.label : '');
  return [label, learn];
}

// What the server finds for a text, while the list is open.
function useFound(find, wanted, open) {
  const [state, setState] = useState({ rows: [], busy: false, error: null });
  useEffect(() => {
    if (!open) return undefined;
    const stop = new AbortController();
    const ask = () =>
      find(wanted, stop.signal).then(
        (rows) => stop.signal.aborted || setState({ rows, busy: false, error: null }),
        (error) => stop.signal.aborted || setState({ rows: [], busy: false, error }),
      );
    setState((s) => ({ ...s, busy: true }));
    const timer = setTimeout(ask, wanted ? PATIENCE : 0);
    return () => (clearTimeout(timer), stop.abort());
  }, [wanted, open]);
  return state;
}

function said({ rows, busy, error }) {
  if (error) return error.message;
  if (busy && rows.length === 0) return t('Searching…');
  if (rows.length === 0) return t('Nothing found');
  return rows.more ? t('The first {n}: type to find others', { n: rows.length }) : '';
}

// The list lies over everything, below its box or, where there is more room, above it; it goes where the box goes.
function usePlace(box, list, shown, n) {
  useLayoutEffect(() => {
    const el = list.current;
    if (!shown) return undefined;
    const place = () => {
      const r = box.current.getBoundingClientRect();
      const top = box.current.labels[0].getBoundingClientRect().top;
      const [above, below] = [top - 8, innerHeight - r.bottom - 8];
      const up = el.offsetHeight > below && above > below;
      const width = Math.min(Math.max(r.width, 256), innerWidth - 16);
      Object.assign(el.style, {
        width: `${width}px`,
        left: `${Math.max(8, Math.min(r.left, innerWidth - width - 8))}px`,
        top: up ? 'auto' : `${r.bottom + 4}px`,
        bottom: up ? `${innerHeight - top + 4}px` : 'auto',
        maxHeight: `${Math.max(96, Math.min(256, up ? above : below))}px`,
      });
    };
    if (!el.matches(':popover-open')) el.showPopover();
    place();
    addEventListener('scroll', place, true);
    addEventListener('resize', place);
    return () => {
      removeEventListener('scroll', place, true);
      removeEventListener('resize', place);
    };
  }, [shown, n]);
  useEffect(() => {
    if (!shown && list.current?.matches(':popover-open')) list.current.hidePopover();
  }, [shown]);
}

function Found({ id, found, at, aim, take, open }) {
  const list = useRef(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at, found.rows]);
  const sign = (row) =>
    row.dot !== undefined
      ? html`<span class=${`dot ${row.dot}`}></span>`
      : row.icon && html`<${Icon} name=${row.icon} />`;
  return html`<ul id=${id} role="listbox" aria-label=${t('Found')} ref=${list}
    hidden=${!open || found.rows.length === 0}>${found.rows.map(
      (row, i) => html`<li role="option" id=${`${id}-${i}`} key=${row.value} aria-selected=${String(i === at)}
        aria-disabled=${row.off ? 'true' : undefined} onPointerMove=${() => aim(row.value)}
        onPointerDown=${(e) => e.preventDefault()} onClick=${() => take(row)}>
        ${sign(row)}<span dir="auto">${row.label}</span>
        ${row.note && html`<small>${/^\+\d/.test(row.note) ? phone(row.note) : row.note}</small>`}</li>`,
    )}</ul>`;
}

export function PickOne({ of, name, kind, find, label, hint, empty, error, text, onText, onPick, least = 0, ...rest }) {
  const value = of ? of.values[name] : rest.value;
  const wrong = of && name ? of.field(name).error : error;
  const id = useId();
  const box = useRef(null);
  const root = useRef(null);
  const list = useRef(null);
  const [chosen, learn] = useName(kind, value, text);
  const [typed, setTyped] = useState(null); // null: what is chosen stands in the box
  const [open, setOpen] = useState(false);
  const [aimed, aim] = useState(null); // a row's value: rows that come later do not put another one under it
  const now = onText ? (text ?? '') : (typed ?? '');
  const shown = open && now.trim().length >= least;
  const found = useFound(find ?? seek(kind), now.trim(), shown);
  const at = found.rows.findIndex((row) => row.value === aimed);
  const words = shown ? said(found) : '';
  usePlace(box, list, shown, `${found.rows.length} ${words}`);
  const shut = () => (setOpen(false), setTyped(null), aim(null));
  const take = (row) => {
    if (row?.off) return;
    learn(row);
    shut();
    of?.set(name, row ? row.value : '');
    onPick?.(row ? row.value : '', row);
  };
  const write = (e) => {
    setOpen(true);
    aim(null);
    if (onText) onText(e.target.value);
    else setTyped(e.target.value);
  };
  const leave = (e) => {
    if (root.current.contains(e.relatedTarget)) return;
    if (typed === '' && empty !== undefined && value) take(null);
    else shut();
  };
  const key = (e) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const n = found.rows.length;
    if (by && !open) setOpen(true);
    else if (by && n > 0) aim(found.rows[at < 0 && by < 0 ? n - 1 : (at + by + n) % n].value);
    else if (e.key === 'Enter' && shown && found.rows[at]) take(found.rows[at]);
    else if (e.key === 'Escape' && shown) shut();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const about = cls(hint && `${id}-hint`, wrong && `${id}-wrong`) || undefined;
  const { value: _, ...own } = rest;
  return html`<div class="field pick" ref=${root} onFocusOut=${leave}>
    <label for=${id}>${label}</label>
    <div class="pick-in"><input type="text" autocomplete="off" ...${own} class="input" id=${id} name=${name} ref=${box}
        role="combobox" aria-autocomplete="list" aria-expanded=${String(shown)} aria-controls=${`${id}-list`}
        aria-activedescendant=${shown && found.rows[at] ? `${id}-list-${at}` : undefined} aria-describedby=${about}
        aria-invalid=${wrong ? 'true' : undefined} placeholder=${empty ?? rest.placeholder} dir="auto"
        value=${onText ? now : (typed ?? chosen)} onInput=${write} onKeyDown=${key} onClick=${() => setOpen(true)}
        onFocus=${(e) => onText || e.target.select()} />
      ${
        empty !== undefined && value
          ? html`<${Button} kind="plain" icon="x" label=${t('Clear {what}', { what: label })}
              onClick=${() => (take(null), box.current.focus())} />`
          : !onText && html`<${Icon} name="chevron-down" />`
      }</div>
    <div class="pick-list" popover="manual" ref=${list}>
      <${Found} id=${`${id}-list`} open=${shown} found=${found} at=${at} aim=${aim} take=${take} />
      ${words && html`<p aria-hidden="true">${words}</p>`}</div>
    <p class="unseen" role="status">${words}</p>
    ${hint && html`<small id=${`${id}-hint`}>${hint}</small>`}
    ${wrong && html`<span class="wrong" id=${`${id}-wrong`}>${wrong}</span>`}
  </div>`;
}
