// The keys of a telephone.
import { t } from '../text.js';
import { html } from '../ui.js';

const letters = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '', ''];
const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const said = { '*': () => t('Star'), '#': () => t('Hash') };

export const Pad = ({ press, label }) => html`<div class="pad" role="group" aria-label=${label ?? t('Keypad')}>
  ${keys.map(
    (k) => html`<button type="button" class="button tall" aria-label=${said[k]?.()} onClick=${() => press(k)}>
      <b>${k}</b><small aria-hidden="true">${letters[k] || (k === '0' ? '+' : '\u00a0')}</small></button>`,
  )}</div>`;
