// Before the pages: logging in, a new password by a mailed link, and asking for such a link.
import { ask, post, setCsrf } from './api.js';
import { Button, Failure, Field } from './parts/basic.js';
import { go, href, path, query } from './router.js';
import { enter, loadMe, me, note } from './store.js';
import { t } from './text.js';
import { html, useState } from './ui.js';

function useSend(send) {
  const [state, set] = useState({ busy: false, error: null });
  const run = async (e) => {
    e.preventDefault();
    const form = Object.fromEntries(new FormData(e.target));
    set({ busy: true, error: null });
    try {
      await send(form);
      set({ busy: false, error: null });
    } catch (error) {
      set({ busy: false, error });
    }
  };
  return [state, run];
}

const Frame = ({ title, children }) => html`<div class="door"><main class="stack">
  <p class="brand"><img src=${new URL('../favicon.svg', import.meta.url).pathname} alt="" />Switchhook</p>
  <section class="card"><div class="in stack"><h1>${title}</h1>${children}</div></section></main></div>`;

function Login() {
  const { user, tenant } = me.value ?? {}; // who stays, where one logs in to a further account
  const [state, run] = useSend(async ({ email, password }) => {
    const res = await ask('POST', '/sessions', { body: { email, password, ...(user ? { beside: true } : {}) } });
    if (user) {
      enter(res.data.user);
      return;
    }
    setCsrf(res.data.csrf_token);
    await loadMe();
    const back = query.value.to;
    go(back?.startsWith('/app/') && !back.startsWith('/app/login') ? back : '/', { replace: true });
  });
  return html`<${Frame} title=${user ? t('Log in to another account') : t('Log in')}>
    <form class="form" onSubmit=${run}>
      ${state.error && html`<${Failure} error=${state.error} />`}
      ${user && html`<p>${t('{email} stays logged in to {tenant}.', { email: user.email, tenant: tenant.name })}</p>`}
      <${Field} label=${t('E-mail')} name="email" type="email" autocomplete="username" required autofocus />
      <${Field} label=${t('Password')} name="password" type="password" autocomplete="current-password" required />
      <${Button} type="submit" kind="main tall" disabled=${state.busy}>${state.busy ? t('Checking…') : t('Log in')}<//>
      <a href=${href('/lost')}>${t('Password forgotten?')}</a>
      ${user && html`<a href=${href('/')}>${t('Back to {tenant}', { tenant: tenant.name })}</a>`}
    </form><//>`;
}

function Lost() {
  const [sent, setSent] = useState(false);
  const [state, run] = useSend(async ({ email }) => {
    await post('/password/reset', { email });
    setSent(true);
  });
  return html`<${Frame} title=${t('A new password')}>${
    sent
      ? html`<p>${t('If there is an account with this address, a link is on its way. It works for one hour.')}</p>
          <a href=${href('/login')}>${t('Back')}</a>`
      : html`<form class="form" onSubmit=${run}>${state.error && html`<${Failure} error=${state.error} />`}
      <p>${t('We mail a link that sets a new one.')}</p>
      <${Field} label=${t('E-mail')} name="email" type="email" autocomplete="username" required autofocus />
      <${Button} type="submit" kind="main tall" disabled=${state.busy}>${t('Send the link')}<//>
      <a href=${href('/login')}>${t('Back')}</a></form>`
  }<//>`;
}

// The token of a link stands behind #, where no server log sees it.
function SetPassword() {
  const [state, run] = useSend(async ({ password }) => {
    await post('/password', { token: location.hash.slice(1) || query.value.token, password });
    note(t('The password is set.'));
    go('/login', { replace: true });
  });
  return html`<${Frame} title=${t('Set your password')}>
    <form class="form" onSubmit=${run}>${state.error && html`<${Failure} error=${state.error} />`}
      <${Field} label=${t('New password')} name="password" type="password" autocomplete="new-password" minlength="12"
        required autofocus
        hint=${t('At least 12 characters; several words are good.')} error=${state.error?.of?.('password')} />
      <${Button} type="submit" kind="main tall" disabled=${state.busy}>${t('Save')}<//></form><//>`;
}

const doors = { '/lost': Lost, '/password': SetPassword };
export default () => html`<${doors[path.value] ?? Login} />`;
