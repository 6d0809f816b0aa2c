// A figure beside what it was: the difference in words and, where more or less is better, in colour.
import { count, money, percent, seconds } from '../fmt.js';
import { t } from '../text.js';
import { cls, html } from '../ui.js';
import { Icon } from './basic.js';

const signed = (n) => (n > 0 ? `+${count(n)}` : count(n));
const points = (n) => (Math.abs(n) === 1 ? t('{n} point', { n: signed(n) }) : t('{n} points', { n: signed(n) }));
const shapes = {
  count: [count, signed],
  percent: [percent, (d) => points(Math.round(d * 100))],
  seconds: [seconds, (d) => `${d > 0 ? '+' : '−'}${seconds(Math.abs(d))}`],
  money: [(amounts) => sums(amounts)],
};

// {"GBP": "12.5"} -> "£12.50"; several currencies stand beside each other.
export const sums = (amounts) =>
  Object.entries(amounts ?? {})
    .map(([unit, amount]) => money(Math.abs(amount) < 0.1 ? amount : Number(amount).toFixed(2), unit))
    .join(' + ') || '–';

// better: 'more', 'less' or nothing.
export function Delta({ now, then, shape = 'count', better, about }) {
  if (then === null || then === undefined || now === null || now === undefined)
    return html`<small>${t('Nothing to compare with')}</small>`;
  const d = now - then;
  const [show, differ] = shapes[shape];
  const way = Math.abs(d) < 0.005 ? 0 : Math.sign(d);
  const kind = way === 0 || !better ? '' : way > 0 === (better === 'more') ? 'good' : 'bad';
  return html`<small><span class=${cls('delta', kind)}><${Icon}
    name=${way > 0 ? 'arrow-up' : way < 0 ? 'arrow-down' : 'minus'} />${way ? differ(d) : t('the same')}</span>
    ${about ? html` <span>${t('{about} {before}', { before: show(then), about })}</span>` : null}</small>`;
}

// then: what it was; left out, where there is nothing it could be compared with.
export const Tile = ({ label, value, shape = 'count', href, ...rest }) => html`<div class="tile">
  <span>${href ? html`<a href=${href}>${label}</a>` : label}</span><b>${shapes[shape][0](value)}</b>
  ${'then' in rest && html`<${Delta} now=${value} shape=${shape} ...${rest} />`}</div>`;
