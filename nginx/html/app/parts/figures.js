// Figures of a range beside those of the range before.
import { count, percent, seconds } from '../fmt.js';
import { t } from '../text.js';
import { html } from '../ui.js';

const show = { count, percent, seconds };

// The change as a share, in words a screen reader says; no colour, for more is not always better.
const Change = ({ by }) =>
  by === null || by === undefined
    ? html`<small>${t('nothing to compare with')}</small>`
    : html`<small>${t('{change} against the 30 days before', {
        change: `${by > 0 ? '+' : ''}${percent(by)}`,
      })}</small>`;

// rows: [name, label, kind]; stats: GET /stats/summary?compare=true
export const Tiles = ({ stats, rows }) =>
  html`<dl class="tiles">${rows.map(
    ([name, label, kind]) => html`<div class="tile"><dt>${label}</dt><dd>${(show[kind] ?? count)(stats[name])}</dd>
    ${stats.comparison && html`<dd class="than"><${Change} by=${stats.comparison.change?.[name]} /></dd>`}</div>`,
  )}</dl>`;

// {"GBP": "12.5"} -> "£12.50"; several currencies stand beside each other.
export const sums = (amounts, money) =>
  Object.keys(amounts ?? {}).length === 0
    ? '–'
    : Object.entries(amounts)
        .map(([unit, amount]) => money(Number(amount).toFixed(2), unit))
        .join(' + ');
