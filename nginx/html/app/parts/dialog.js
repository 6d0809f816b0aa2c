// Dialogs of the browser itself: it keeps focus inside, Escape closes, focus goes back to where it was.
import { t } from '../text.js';
import { html, useEffect, useId, useRef, useState } from '../ui.js';
import { Button, Failure, Field } from './basic.js';

// The browser tells of a dialog that Escape has closed a moment later, when it may be wanted again: who closes it is
// asked before.
export function escape(e, close) {
  if (e.target !== e.currentTarget || !e.cancelable) return;
  e.preventDefault();
  close();
}

export function Dialog({ title, close, children, ...rest }) {
  const at = useRef(null);
  const id = useId();
  const gone = useRef(false); // a dialog that gives way to the next one was not closed by anybody
  useEffect(() => {
    const dialog = at.current;
    dialog.showModal();
    return () => {
      gone.current = true;
      dialog.close();
    };
  }, []);
  return html`<dialog class="dialog" ref=${at} aria-labelledby=${id}
    onClose=${() => gone.current || close()} onCancel=${(e) => escape(e, close)}
    onClick=${(e) => e.target === at.current && close()} ...${rest}>
    <header><h2 id=${id}>${title}</h2><span class="space"></span>
      <${Button} kind="plain" icon="x" label=${t('Close')} onClick=${close} /></header>
    <div class="in">${children}</div>
  </dialog>`;
}

// Asks before what cannot be undone; the button says what it does. word: has to be typed first. run() does it and, at
// its end, has this go away; what it throws is shown here.
export function Confirm({ title, children, action, danger, close, run, word }) {
  const [typed, setTyped] = useState('');
  const [{ busy, error }, setState] = useState({ busy: false, error: null });
  const here = useRef(true);
  useEffect(() => () => (here.current = false), []);
  const ready = !busy && (!word || typed.trim() === word);
  const submit = async (e) => {
    e.preventDefault();
    if (!ready) return;
    setState({ busy: true, error: null });
    const failed = await Promise.resolve(run()).then(
      () => null,
      (reason) => reason,
    );
    if (here.current) setState({ busy: false, error: failed });
  };
  return html`<${Dialog} title=${title} close=${close}>
    <form class="form" onSubmit=${submit}>
      ${error && html`<${Failure} error=${error} />`}
      <div class="stack">${children}</div>
      ${
        word &&
        html`<${Field} label=${t('Type {word} to go on', { word })} name="word" value=${typed} autocomplete="off"
        spellcheck=${false} onInput=${(e) => setTyped(e.target.value)} />`
      }
      <div class="ends"><${Button} onClick=${close}>${t('Cancel')}<//>
        <${Button} type="submit" kind=${danger ? 'main bad' : 'main'} disabled=${!ready}>${action}<//></div></form>
  <//>`;
}
