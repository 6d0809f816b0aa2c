// A figure beside what it was: the difference in words and, where more or less is better, in colour.
import { count, percent, seconds } from '../fmt.js';
import { t } from '../text.js';
import { cls, html } from '../ui.js';
import { Icon } from './basic.js';

const shapes = {
  count: [count, (d) => (d > 0 ? `+${count(d)}` : count(d))],
  percent: [percent, (d) => t('{n} points', { n: `${d > 0 ? '+' : ''}${Math.round(d * 100)}` })],
  seconds: [seconds, (d) => `${d > 0 ? '+' : '−'}${seconds(Math.abs(d))}`],
};

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

export const Tile = ({ label, value, shape = 'count', href, ...rest }) => html`<div class="tile">
  <span>${href ? html`<a href=${href}>${label}</a>` : label}</span><b>${shapes[shape][0](value)}</b>
  <${Delta} now=${value} shape=${shape} ...${rest} /></div>`;
