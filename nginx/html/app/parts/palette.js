// The command palette: pages, actions, and what the search finds, all from one box.
import { keep, kept } from '../keep.js';
import { keys } from '../a11y.js';
import { pages } from '../pages.js';
import { go } from '../router.js';
import { may, openPalette, palette, setTheme } from '../store.js';
import { t } from '../text.js';
import { html, useEffect, useRef, useState } from '../ui.js';
import { Failure, Icon } from './basic.js';
import { Dialog, escape } from './dialog.js';

const MOST = 14; // rows of what the server found
const PATIENCE = 120; // ms of no typing before the server is asked

const actions = () => [
  ...pages
    .filter((p) => p.nav && may(p.role))
    .map((p) => ({ icon: p.icon, label: p.title(), hint: p.key, run: () => go(p.path) })),
  { icon: 'sun', label: t('Light'), hint: t('Look'), run: () => setTheme('light') },
  { icon: 'moon', label: t('Dark'), hint: t('Look'), run: () => setTheme('dark') },
  { icon: 'monitor', label: t('As the system'), hint: t('Look'), run: () => setTheme('auto') },
  { icon: 'keyboard', label: t('Keyboard'), hint: '?', run: () => openPalette('keys') },
];

function Palette({ close }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const [turn, setTurn] = useState(0); // asked again after a failure
  const [at, setAt] = useState(0);
  const [accounts, setAccounts] = useState([]);
  const list = useRef(null);
  useEffect(() => {
    const stop = new AbortController();
    const wanted = text.trim();
    setBusy(wanted !== '');
    const ask = async () => {
      const { search } = await import('./search.js');
      const [rows, failed] = await search(wanted, stop.signal).then(
        (found) => [found, null],
        (reason) => [[], reason],
      );
      if (!stop.signal.aborted) (setFound(rows), setError(failed), setBusy(false));
    };
    const timer = wanted ? setTimeout(ask, PATIENCE) : (setFound([]), setError(null));
    return () => (clearTimeout(timer), stop.abort());
  }, [text, turn]);
  useEffect(() => {
    import('./accounts.js').then((m) => m.rows(true).then(setAccounts, () => {}));
  }, []);
  const wanted = text.trim().toLowerCase();
  // What is here stands first, so that nothing moves under a finger when the server's answer comes.
  const rows = [
    ...[...actions(), ...accounts].filter((a) => a.label.toLowerCase().includes(wanted)),
    ...(wanted ? found.slice(0, MOST) : []),
  ];
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const run = (row) => {
    close();
    row?.run();
  };
  const key = (e) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (by) setAt(rows.length ? (at + by + rows.length) % rows.length : 0);
    else if (e.key === 'Enter')
      (rows[at] || !busy) && run(rows[at]); // what was typed is still looked for
    else return;
    e.preventDefault();
  };
  const at_ = useRef(null);
  useEffect(() => {
    at_.current.showModal();
    return () => at_.current?.close();
  }, []);
  return html`<dialog class="palette" ref=${at_} aria-label=${t('Search and commands')}
    onClose=${close} onCancel=${(e) => escape(e, close)} onClick=${(e) => e.target === at_.current && close()}>
    <input role="combobox" aria-expanded="true" aria-controls="found" aria-activedescendant=${rows[at] && `found-${at}`}
      aria-label=${t('Search and commands')} placeholder=${t('A number, a name, words that were said, a page…')}
        value=${text} autofocus
      onInput=${(e) => (setAt(0), setText(e.target.value))} onKeyDown=${key} />
    <ul id="found" role="listbox" aria-label=${t('Found')} ref=${list}>${rows.map(
      (row, i) => html`<li role="option" id=${`found-${i}`}
      aria-selected=${i === at ? 'true' : 'false'} onPointerMove=${() => setAt(i)} onClick=${() => run(row)}>
      <${Icon} name=${row.icon} /><span>${row.label}</span>${row.hint && html`<small>${row.hint}</small>`}</li>`,
    )}</ul>
    ${error && html`<div class="in"><${Failure} error=${error} retry=${() => setTurn(turn + 1)} /></div>`}
    <p class="soft" role="status">${
      error || rows.length || !text.trim()
        ? ''
        : busy
          ? t('Searching…')
          : t('Nothing found: try a number, a name, or words that were said')
    }</p>
  </dialog>`;
}

const Keys = ({ close }) => {
  const singles = kept('single-keys') !== 'off';
  const flip = (e) => keep('single-keys', e.target.checked ? 'on' : 'off');
  return html`<${Dialog} title=${t('Keyboard')} close=${close}>
    <div class="stack"><dl class="facts">${keys.value.map(
      (k) =>
        html`<dt>${k.keys
          .split(', ')[0]
          .split(' ')
          .map((x) => html`<kbd>${x.replace('mod', 'Ctrl')}</kbd> `)}</dt><dd>${k.what}</dd>`,
    )}</dl>
    <div class="check"><input id="single-keys" type="checkbox" checked=${singles} onChange=${flip} />
      <label for="single-keys">${t('Single letters work as keys')}</label></div>
    </div><//>`;
};

export default function Over() {
  const mine = palette.value;
  const close = () => palette.value === mine && (palette.value = null);
  const What = mine.what === 'find' ? Palette : Keys;
  return html`<${What} key=${mine} close=${close} />`;
}
