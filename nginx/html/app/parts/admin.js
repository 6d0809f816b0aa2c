// What the pages of set-up share: values to copy, a button that runs, facts.
import { note } from '../store.js';
import { t } from '../text.js';
import { cls, html, useEffect, useRef, useState } from '../ui.js';
import { Button, Failure, Icon } from './basic.js';

// Puts a value on the clipboard and says so, in place.
export function Copy({ text, label = t('Copy') }) {
  const [done, setDone] = useState(false);
  const run = () =>
    navigator.clipboard.writeText(text).then(
      () => (setDone(true), note(t('Copied')), setTimeout(() => setDone(false), 2000)),
      () => note(t('The browser does not allow copying: select the text'), { kind: 'warn' }),
    );
  return html`<${Button} kind="plain" icon=${done ? 'check' : 'copy'} label=${label} onClick=${run} />`;
}

// A secret that is shown this once.
export function Once({ value, label, children }) {
  const at = useRef(null);
  useEffect(() => at.current?.select(), []);
  return html`<div class="alert live once"><${Icon} name="key-round" /><div class="stack">
    <b>${t('Copy it now: it is not shown again.')}</b>
    <div class="row nowrap"><input class="input mono" readonly ref=${at} value=${value} aria-label=${label} />
      <${Copy} text=${value} label=${t('Copy {what}', { what: label })} /></div>${children}</div></div>`;
}

// A button that does one thing at once: busy while it runs, the failure beside it.
export function Act({ run, children, busyText, done, ...rest }) {
  const [state, setState] = useState({ busy: false, error: null });
  const here = useRef(true);
  useEffect(() => () => (here.current = false), []);
  const go = async () => {
    if (state.busy) return;
    setState({ busy: true, error: null });
    try {
      const text = await run();
      if (done || typeof text === 'string') note(typeof text === 'string' ? text : done);
      if (here.current) setState({ busy: false, error: null });
    } catch (error) {
      if (here.current) setState({ busy: false, error });
    }
  };
  return html`<span class=${cls('act', state.error && 'failed')}>
    <${Button} ...${rest} disabled=${state.busy || rest.disabled} onClick=${go}>
      ${state.busy ? (busyText ?? t('Working…')) : children}<//>
    ${state.error && html`<${Failure} error=${state.error} />`}</span>`;
}

// Where one is in a page of parts: links, so that each part has its address. A narrow screen shows some of them, among
// them the one that is open.
export function Parts({ label, rows }) {
  const at = useRef(null);
  const here = rows.findIndex((r) => r.here);
  useEffect(() => {
    const list = at.current;
    const row = list.children[here];
    if (!row) return;
    const from = row.offsetLeft - list.offsetLeft;
    if (from + row.offsetWidth > list.clientWidth) list.scrollLeft = from;
  }, [here]);
  return html`<nav class="parts" aria-label=${label}><ul ref=${at}>${rows.map(
    (r) =>
      html`<li><a href=${r.href} aria-current=${r.here ? 'page' : undefined}>${
        r.icon && html`<${Icon} name=${r.icon} />`
      }${r.label}</a></li>`,
  )}</ul></nav>`;
}

// The head of a column beside its value, where a narrow screen has no heads.
export const Named = ({ name, children }) => html`<small class="named">${name}</small> ${children}`;

export const facts = (rows) =>
  html`<dl class="facts">${rows
    .filter((r) => r && r[1] !== null && r[1] !== undefined && r[1] !== '')
    .map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
