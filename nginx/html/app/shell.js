// What stands around every page: navigation by role, search, the state of the connection, who is here.
import { bind, focusHeading } from './a11y.js';
import { del } from './api.js';
import { kept } from './keep.js';
import { groups, pages } from './pages.js';
import { Badge, Bones, Button, Failure, Icon } from './parts/basic.js';
import { Menu } from './parts/menu.js';
import { go, href, match, path, query } from './router.js';
import { leave, live, may, me, note, notes, online, openPalette, palette, setTheme, theme, title } from './store.js';
import { t } from './text.js';
import { cls, html, Later, only, sheet, useEffect, useState } from './ui.js';

async function logOut() {
  await del('/sessions').then(leave, (e) => note(e.message, { kind: 'bad' }));
}

const further = () => import('./parts/accounts.js').then((m) => m.further());

function Side({ open, close, current }) {
  const here = (p) =>
    current === p.path || (p.path !== '/' && path.value.startsWith(`${p.path}/`)) ? 'page' : undefined;
  return html`<aside class=${cls('side', open && 'open')} onClick=${(e) => e.target.closest('a') && close()}>
    <a class="brand" href=${href('/')}><img src=${new URL('../favicon.svg', import.meta.url).pathname}
      alt="" />Switchhook</a>
    <nav aria-label=${t('Pages')}>${groups.map((g) => {
      const rows = pages.filter((p) => p.nav === g.id && may(p.role));
      return (
        rows.length > 0 &&
        html`<h2>${g.title()}</h2><ul>${rows.map(
          (p) => html`<li>
        <a href=${href(p.path)} aria-current=${here(p)}><${Icon} name=${p.icon} />${p.title()}</a></li>`,
        )}</ul>`
      );
    })}</nav>
    <footer class="faint"><small>${me.value.tenant.name}</small></footer>
  </aside>`;
}

function Bar({ openSide }) {
  const [accounts, setAccounts] = useState([]);
  const ask = () => import('./parts/accounts.js').then((m) => m.rows().then(setAccounts, () => {}));
  const who = me.value.user?.name ?? me.value.user?.email ?? t('You');
  const look = (name, icon, label) => ({ label, icon, checked: theme.value === name, run: () => setTheme(name) });
  return html`<header class="bar">
    <${Button} class="burger" kind="plain" icon="menu" label=${t('Pages')} onClick=${openSide} />
    <button type="button" class="find" onClick=${() => openPalette('find')} aria-keyshortcuts="Control+K">
      <${Icon} name="search" /><span>${t('Search')}</span><kbd aria-hidden="true">Ctrl K</kbd></button>
    <span class="space"></span>
    ${!online.value || !live.value.ok ? html`<${Badge} kind="warn" icon="wifi-off">${t('Not live')}<//>` : null}
    <${Menu} label=${t('Account')} icon="user" opened=${ask} rows=${[
      { label: who, icon: 'user', href: href('/me') },
      null,
      look('light', 'sun', t('Light')),
      look('dark', 'moon', t('Dark')),
      look('auto', 'monitor', t('As the system')),
      null,
      { label: t('Keyboard'), icon: 'keyboard', run: () => openPalette('keys') },
      { label: accounts.length ? t('Log out of all accounts') : t('Log out'), icon: 'log-out', run: logOut },
      null,
      ...accounts,
      { key: 'further', label: t('Log in to another account…'), icon: 'user-plus', run: further },
    ]} />
  </header>`;
}

// The module of a page, loaded once; the page is made anew when its path changes.
function Page({ page, params }) {
  const [state, setState] = useState({});
  useEffect(() => {
    let here = true;
    Promise.all([page.load(), page.sheet && sheet(page.sheet)]).then(
      ([module]) => {
        if (!here) return;
        only(page.sheet);
        setState({ page, View: module.default });
      },
      () =>
        here &&
        setState({
          page,
          error: Object.assign(new Error(t('This page did not load')), {
            hint: t('The server may have been upgraded: reload.'),
          }),
        }),
    );
    return () => (here = false);
  }, [page]);
  useEffect(() => {
    title.value = page.title();
    if (state.View) focusHeading();
  }, [state.View, path.value]);
  if (state.page !== page) return html`<main><${Bones} /></main>`;
  if (state.error) return html`<main><${Failure} error=${state.error} retry=${() => location.reload()} /></main>`;
  return html`<main><${state.View} key=${path.value} params=${params} query=${query.value} /></main>`;
}

const Nowhere = () => html`<main><div class="state"><${Icon} name="circle-help" /><h1>${t('There is no such page')}</h1>
  <p>${t('The address may be old, or the page may not be for your role.')}</p>
  <${Button} kind="main" href=${href('/')}>${t('Home')}<//></div></main>`;

// The phone, for whoever may call, once the page itself is there.
function Phone() {
  const [Dock, setDock] = useState(null);
  useEffect(() => {
    Promise.all([import('./phone/dock.js'), sheet('phone')]).then(([m]) => setDock(() => m.default));
  }, []);
  return Dock && html`<${Dock} />`;
}

export function Shell() {
  const [side, setSide] = useState(false);
  useEffect(
    () =>
      bind([
        { keys: 'mod+k, /', what: t('Search and commands'), run: () => openPalette('find') },
        { keys: '?', what: t('Keyboard'), run: () => openPalette('keys') },
        { keys: 'Escape', what: t('Close'), run: () => (setSide(false), false) },
        ...pages
          .filter((p) => p.key && may(p.role))
          .map((p) => ({ keys: p.key, what: p.title(), run: () => go(p.path) })),
      ]),
    [],
  );
  useEffect(() => {
    if (kept('beside') === null) return undefined;
    const begun = import('./parts/accounts.js').then((m) => m.stay());
    return () => begun.then((end) => end());
  }, []);
  const found = match(pages, path.value);
  const ok = found && may(found.page.role);
  const bare = ok && found.page.bare;
  return html`<div class=${cls('shell', bare && 'bare')}>
    ${!bare && html`<${Side} open=${side} close=${() => setSide(false)} current=${found?.page.path} />`}
    <div>
      ${!bare && html`<${Bar} openSide=${() => setSide(true)} />`}
      ${ok ? html`<${Page} ...${found} />` : html`<${Nowhere} />`}
    </div>
    ${me.value.user && may('agent') && html`<${Phone} />`}
    ${palette.value && html`<${Later} load=${() => import('./parts/palette.js')} />`}
    <div class="notes" aria-hidden="true">${notes.value.map(
      (n) => html`<div key=${n.id}><span class=${`dot ${n.kind}`}></span>${n.text}</div>`,
    )}</div>
  </div>`;
}
