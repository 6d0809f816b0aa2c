// Oneself: name, password, where one is logged in, how the pages look.
import { ask, get, post } from '../api.js';
import { Act, facts } from '../parts/admin.js';
import { Badge, Card, Check, Field, Head, Loaded, Time } from '../parts/basic.js';
import { Form, Input, Pick, useForm } from '../parts/form.js';
import { leave, me, loadMe, note, setTheme, theme, useLoad } from '../store.js';
import { language, t } from '../text.js';
import { html, useState } from '../ui.js';
import { roleName } from './people.js';

function About({ user }) {
  const form = useForm({ name: user.name ?? '', rings: user.rings }, async (v) => {
    await ask('PATCH', '/me', { body: { name: v.name.trim(), rings: v.rings } });
    await loadMe();
    note(t('Saved'));
  });
  return html`<${Form} of=${form} action=${t('Save')} label=${t('About you')}>
    ${facts([
      [t('E-mail'), user.email],
      [t('Role'), roleName(user.role)],
    ])}
    <${Input} of=${form} name="name" label=${t('Name')} maxlength="200" autocomplete="name" />
    <${Pick} of=${form} name="rings" label=${t('My calls ring')} rows=${[
      ['phone', t('at my phone')],
      ['browser', t('in the browser')],
      ['both', t('at both')],
    ]} /><//>`;
}

function Password({ email }) {
  const form = useForm({ current_password: '', new_password: '' }, async (v) => {
    await post('/me/password', v);
    form.reset({ current_password: '', new_password: '' });
    note(t('The password is changed; every other session has ended'));
  });
  return html`<${Form} of=${form} action=${t('Change the password')} label=${t('Password')}
    disabled=${!form.values.current_password || !form.values.new_password}>
    <input type="text" name="username" autocomplete="username" value=${email} hidden readonly />
    <${Input} of=${form} name="current_password" type="password" autocomplete="current-password"
      label=${t('Current password')} />
    <${Input} of=${form} name="new_password" type="password" autocomplete="new-password" label=${t('New password')}
      hint=${t('At least 12 characters; several words are good.')} /><//>`;
}

// "Mozilla/5.0 (…) Firefox/130.0" -> "Firefox on Linux"
function device(agent) {
  if (!agent) return t('A program');
  const browser = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => agent.includes(mark))?.[1];
  const system = [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac OS', 'macOS'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark))?.[1];
  return browser && system ? t('{browser} on {system}', { browser, system }) : (browser ?? agent.slice(0, 60));
}

function Sessions() {
  const sessions = useLoad((signal) => get('/sessions', {}, { signal }), '');
  const end = async (s) => {
    await ask('DELETE', `/sessions/${s.id}`);
    sessions.reload();
    return t('The session has ended');
  };
  const endAll = async () => {
    await ask('DELETE', '/sessions?all=true');
    leave();
  };
  return html`<${Card} title=${t('Where you are logged in')} plain tools=${html`<${Act} kind="plain" icon="log-out"
    run=${endAll}>
      ${t('Log out everywhere')}<//>`}><${Loaded} of=${sessions} lines=${3}>${(page) =>
    html`<ul class="lines tall">${page.data.map(
      (s) => html`<li class="endpoint"><div class="stack tightly"><div class="row"><b>${device(s.agent)}</b>
        ${s.current && html`<${Badge} kind="good">${t('this one')}<//>`}</div>
      <span class="soft">${s.origin ?? ''} · ${t('last seen')} <${Time} at=${s.seen_at} /></span></div>
      ${!s.current && html`<${Act} icon="log-out" run=${() => end(s)}>${t('End')}<//>`}</li>`,
    )}</ul>`}<//><//>`;
}

function Look() {
  const [singles, setSingles] = useState(localStorage.getItem('single-keys') !== 'off');
  const flip = (e) => {
    localStorage.setItem('single-keys', e.target.checked ? 'on' : 'off');
    setSingles(e.target.checked);
  };
  const speak = (e) => {
    if (e.target.value === 'en') localStorage.removeItem('lang');
    else localStorage.setItem('lang', e.target.value);
    location.reload();
  };
  const row = (v, text, chosen) => html`<option value=${v} selected=${v === chosen}>${text}</option>`;
  return html`<${Card} title=${t('How it looks and works')}><div class="form"><div class="pair">
    <${Field} as="select" label=${t('Theme')} onChange=${(e) => setTheme(e.target.value)}>
      ${row('auto', t('As the system'), theme.value)}
      ${row('light', t('Light'), theme.value)}${row('dark', t('Dark'), theme.value)}<//>
    <${Field} as="select" label=${t('Language')} onChange=${speak}
      hint=${t('More languages are files in lang/.')}>${row('en', 'English', language)}<//></div>
    <${Check} label=${t('Single letters work as keys')} checked=${singles} onChange=${flip}
      hint=${t('Switch it off if you speak to the computer, or press keys by accident.')} /></div><//>`;
}

export default function Me() {
  const { user } = me.value;
  return html`<${Head} title=${user?.name || user?.email || t('You')} />
    <div class="two"><div class="stack">
      ${user && html`<${Card} title=${t('About you')}><${About} user=${user} /><//>`}
      <${Sessions} /></div>
    <div class="stack"><${Look} />${
      user &&
      html`<${Card} title=${t('Password')}><${Password} email=${user.email} />
      <//>`
    }</div></div>`;
}
