// Dialogs of the browser itself: it keeps focus inside, Escape closes, focus goes back to where it was.
import { t } from '../text.js';
import { html, useEffect, useId, useRef } from '../ui.js';
import { Button } from './basic.js';

export function Dialog({ title, close, children, ...rest }) {
  const at = useRef(null);
  const id = useId();
  useEffect(() => {
    const dialog = at.current;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return html`<dialog class="dialog" ref=${at} aria-labelledby=${id} onClose=${close}
    onClick=${(e) => e.target === at.current && close()} ...${rest}>
    <header><h2 id=${id}>${title}</h2><span class="space"></span>
      <${Button} kind="plain" icon="x" label=${t('Close')} onClick=${close} /></header>
    <div class="in">${children}</div>
  </dialog>`;
}

// Asks before what cannot be undone; the button says what it does. word: has to be typed first.
export function Confirm({ title, children, action, danger, close, run, busy }) {
  return html`<${Dialog} title=${title} close=${close}>
    <div class="form"><div>${children}</div>
      <div class="ends"><${Button} onClick=${close}>${t('Cancel')}<//>
        <${Button} kind=${danger ? 'main bad' : 'main'} disabled=${busy} onClick=${run}>${action}<//></div></div>
  <//>`;
}
