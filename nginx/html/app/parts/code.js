// Text in fixed width, and a button that copies it.
import { html } from '../ui.js';
import { Copy } from './admin.js';

export const Code = ({ text, block }) => html`<span class=${block ? 'copy block' : 'copy'}>
  ${block ? html`<pre tabindex="0">${text}</pre>` : html`<code>${text}</code>`}<${Copy} text=${text} /></span>`;
