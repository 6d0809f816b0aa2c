// Calls: the list, its filters in the address, and what is new announced without a jump.
import { bind, say } from '../a11y.js';
import { calls as pageOf, get } from '../api.js';
import { Button, Empty, Field, Head, Icon } from '../parts/basic.js';
import { Filters } from '../parts/callfilters.js';
import { asked, filtersOf, look, shown } from '../parts/calllook.js';
import { Columns, Views } from '../parts/callviews.js';
import { List } from '../parts/table.js';
import { href, setQuery } from '../router.js';
import { onEvent, useLoad } from '../store.js';
import { plural, t } from '../text.js';
import { html, useEffect, useRef, useState } from '../ui.js';

const link = (text) => (c) => href(`/calls/${c.id}`, { q: text });

// Rows that are shown change in place; those that have come since wait until somebody wants to see them.
function useNews(calls, ask, key) {
  const [news, setNews] = useState(null);
  const latest = useRef(null);
  latest.current = calls;
  useEffect(() => {
    setNews(null);
    let timer = null;
    let stop = new AbortController(); // of the newest question: older answers, and those to other filters, say nothing
    const look_ = async () => {
      timer = null;
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      const page = await pageOf(ask, { signal }).catch(() => null);
      const now = latest.current;
      if (!page || !now.data || signal.aborted) return;
      const fresh = new Map(page.data.map((c) => [c.id, c]));
      const known = new Set(now.data.data.map((c) => c.id));
      const came = page.data.filter((c) => !known.has(c.id) && c.created_at > (now.data.data[0]?.created_at ?? ''));
      if (now.data.data.length === 0 && came.length) return now.set(page);
      now.set({ ...now.data, data: now.data.data.map((c) => fresh.get(c.id) ?? c) });
      if (came.length) {
        setNews({ page, n: came.length });
        say(plural(came.length, { one: '{n} new call', other: '{n} new calls' }));
      }
    };
    const off = ask.cursor ? () => {} : onEvent(() => (timer ??= setTimeout(look_, 400)));
    return () => (off(), clearTimeout(timer), stop.abort());
  }, [key]);
  const show = () => (latest.current.set(news.page), setNews(null));
  return [news, show];
}

// How many fit the filters: asked for apart, for it takes longer than a page.
function useTotal(ask, filtered) {
  const { cursor, limit, sort, ...rest } = ask;
  const key = filtered ? JSON.stringify(rest) : '';
  return useLoad(
    (signal) => (key ? get('/calls', { ...rest, limit: 1, count: true }, { signal }) : Promise.resolve(null)),
    key,
  ).data;
}

const none = (filtered) =>
  filtered
    ? html`<${Empty} icon="filter" title=${t('No call fits these filters')}
        action=${html`<${Button} href=${href('/calls')}>${t('Show all calls')}<//>`}>
        ${t('Take a filter away, or look at a longer period.')}<//>`
    : html`<${Empty} icon="phone" title=${t('No calls yet')}>
        ${t('They appear here the moment somebody calls one of your numbers.')}<//>`;

export default function Calls({ query }) {
  const ask = asked(query);
  const key = JSON.stringify(ask);
  const calls = useLoad((signal) => pageOf(ask, { signal }), key);
  const [news, showNews] = useNews(calls, ask, key);
  const filtered = Object.keys(filtersOf(query)).length > 0;
  const total = useTotal(ask, filtered);
  const [columns, setColumns] = useState(false);
  const { limit, cursor, sort, ...csv } = ask;
  useEffect(() => bind([{ keys: 'n', what: t('Show new calls'), run: () => showNewsNow.current?.() }]), []);
  const showNewsNow = useRef(null);
  showNewsNow.current = news && showNews;
  const rows = html`<${Field} as="select" label=${t('Rows')} value=${query.limit ?? '50'}
    onChange=${(e) => setQuery({ limit: e.target.value === '50' ? '' : e.target.value })}>
    ${['25', '50', '100'].map(
      (n) => html`<option value=${n} selected=${n === (query.limit ?? '50')}>
      ${n}</option>`,
    )}<//>`;
  return html`<${Head} title=${t('Calls')}>
      ${
        total &&
        html`<span class="soft num-plain" role="status">${plural(
          total.total,
          total.complete
            ? { one: '{n} call', other: '{n} calls' }
            : { one: 'at least {n} call', other: 'at least {n} calls' },
        )}</span>`
      }
      <${Views} values=${query} />
      <${Button} icon="columns-3" onClick=${() => setColumns(true)}>${t('Columns')}<//>
      <${Button} icon="download" href=${`/api/v1/exports/calls.csv?${new URLSearchParams(csv)}`}
        download="calls.csv">CSV<//>
    <//>
    <div class="stack"><${Filters} /></div>
    ${
      news &&
      html`<div class="news"><${Button} kind="main" onClick=${showNews}><${Icon} name="arrow-up" />
        ${plural(news.n, { one: 'Show {n} new call', other: 'Show {n} new calls' })}<//></div>`
    }
    ${
      calls.data?.complete === false &&
      html`<p class="soft" role="status">${t('Sorted among the newest calls. Choose fewer days to sort them all.')}</p>`
    }
    <${List} of=${calls} label=${t('Calls')} columns=${shown()} link=${link(query.text)} empty=${none(filtered)}
      tight=${look.value.tight} tools=${rows} look="calls" />
    ${columns && html`<${Columns} close=${() => setColumns(false)} />`}`;
}
