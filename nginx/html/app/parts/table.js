// Lists: columns as data, a row that is a link, pages by cursor in the address, arrows and Enter on the keyboard.
import { bind } from '../a11y.js';
import { count } from '../fmt.js';
import { go, query, setQuery } from '../router.js';
import { t } from '../text.js';
import { cls, html, useEffect, useRef, useState } from '../ui.js';
import { Button, Empty, Icon, Loaded } from './basic.js';

// A head that sorts: sort is the pair of words for both ways, the usual one first.
function SortHead({ column: c, now }) {
  const at = c.sort.indexOf(now);
  const next = c.sort[at === 0 ? 1 : 0];
  const order = { newest: 'descending', longest: 'descending' }[c.sort[at]] ?? 'ascending';
  return html`<th scope="col" class=${cls(c.num && 'num')} aria-sort=${at < 0 ? undefined : order}>
    <button type="button" class="sort" onClick=${() => setQuery({ sort: next === 'newest' ? '' : next })}>${c.title}
      ${at >= 0 && html`<${Icon} name=${order === 'ascending' ? 'arrow-up' : 'arrow-down'} />`}</button></th>`;
}

// columns: [{ name, title, show: (row) => content, num?, minor?, sort? }]; link: (row) => address
export function Table({ label, columns, rows, link, cards = true, tight, look }) {
  const [at, setAt] = useState(-1);
  const body = useRef(null);
  useEffect(() => {
    if (!link) return undefined;
    const move = (by) =>
      setAt((i) => {
        const next = Math.min(Math.max(i + by, 0), rows.length - 1);
        body.current?.children[next]?.scrollIntoView({ block: 'nearest' });
        return next;
      });
    return bind([
      { keys: 'j, ArrowDown', what: t('Next row'), run: () => move(1) },
      { keys: 'k, ArrowUp', what: t('Previous row'), run: () => move(-1) },
      { keys: 'Enter', what: t('Open the row'), run: () => setAt((i) => (rows[i] && go(link(rows[i])), i)) },
    ]);
  }, [rows, link]);
  const open = (row) => (e) =>
    link && !e.target.closest('a, button, input, select, label') && !getSelection().toString() && go(link(row));
  return html`<div class=${cls('table', cards && 'cards', tight && 'tight', look)}
    tabindex="0" role="region" aria-label=${label}>
    <table><caption class="unseen">${label}</caption>
      <thead><tr>${columns.map((c) =>
        c.sort
          ? html`<${SortHead} column=${c} now=${query.value.sort ?? 'newest'} />`
          : html`<th scope="col" class=${cls(c.num && 'num')}>
          ${c.title || html`<span class="unseen">${c.name}</span>`}</th>`,
      )}</tr></thead>
      <tbody ref=${body}>${rows.map(
        (row, i) => html`<tr key=${row.id ?? i} data-href=${link ? '' : undefined}
        aria-selected=${link && i === at ? 'true' : undefined} onClick=${open(row)}>
        ${columns.map(
          (c) => html`<td class=${cls(c.num && 'num', c.minor && 'minor', c.look)}>
          ${c.show(row)}</td>`,
        )}</tr>`,
      )}</tbody>
    </table></div>`;
}

// A cursor list of the API: of is a useLoad of { data, next_cursor }.
export function List({ of, label, columns, link, empty, cards, tight, tools, look }) {
  return html`<div class="card"><${Loaded} of=${of} lines=${9}>${(page) =>
    page.data.length === 0 && !page.next_cursor
      ? (empty ?? html`<${Empty} title=${t('Nothing here')} />`)
      : html`${
          page.data.length === 0
            ? html`<${Empty} icon="filter" title=${t('Nothing so far')}>
                ${t('Go on to older ones, or look at a shorter period.')}<//>`
            : html`<${Table} label=${label} columns=${columns} rows=${page.data} link=${link} cards=${cards}
                tight=${tight} look=${look} />`
        }
      <div class="pager"><span>${
        page.total === undefined || page.total === null
          ? t('{n} shown', { n: count(page.data.length) })
          : t('{n} of {total}', { n: count(page.data.length), total: count(page.total) })
      }</span>
        <span class="space"></span>${tools}
        ${query.value.cursor && html`<${Button} icon="chevron-left" onClick=${() => history.back()}>${t('Back')}<//>`}
        <${Button} disabled=${!page.next_cursor}
          onClick=${() => setQuery({ cursor: page.next_cursor }, {})}>${t('Older')}<//>
      </div>`}<//></div>`;
}
