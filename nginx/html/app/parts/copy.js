// Text in fixed width that a click copies.
import { say } from '../a11y.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { Button } from './basic.js';

export function Copy({ text, block }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text).catch(() => {});
    say(t('Copied'));
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<span class=${block ? 'copy block' : 'copy'}>${block ? html`<pre tabindex="0">${text}
    </pre>` : html`<code>${text}</code>`}
    <${Button} kind="plain" icon=${done ? 'check' : 'copy'} label=${t('Copy')} onClick=${copy} /></span>`;
}
