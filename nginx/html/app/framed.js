// The phone inside another site's page. That page logs it in by a ticket and steers it by messages; both sides know
// each other by origin and by the word of this mount. The session is a token in memory: there is no cookie here.
import { startKeys } from './a11y.js';
import { post, setBearer } from './api.js';
import { Bones, Failure } from './parts/basic.js';
import { Framed } from './phone/framed.js';
import { doing } from './phone/host.js';
import { loadMe, me, startFeed } from './store.js';
import { t } from './text.js';
import { effect, html, render, signal } from './ui.js';

const origin = new URLSearchParams(location.search).get('origin') ?? '';
const word = location.hash.slice(1);
const problem = signal(null);
const tell = (message) => parent.postMessage({ switchhook: word, ...message }, origin);

function fatal(code, error) {
  problem.value = error;
  tell({ fatal: { code, message: error.message } });
}

async function login(ticket) {
  if (me.value) return;
  try {
    const session = await post('/embed-sessions', { ticket: `${ticket}` });
    if (session.origin !== origin) {
      const error = new Error(t('The ticket is for a page of {origin}.', { origin: session.origin }));
      fatal('denied_origin', error);
      return;
    }
    setBearer(session.token);
    await loadMe({ remember: false });
  } catch (e) {
    fatal(e.code === 'offline' ? 'network' : 'token', e);
    return;
  }
  startFeed();
  doing.start(tell);
  effect(() => me.value || fatal('token', new Error(t('The session is over.'))));
  tell({ event: 'ready', data: { user_id: me.value.user.id, presence: me.value.user.presence } });
}

addEventListener('message', ({ origin: from, source, data }) => {
  if (from !== origin || source !== parent || data?.switchhook !== word || word === '') return;
  if ('login' in data) login(data.login);
  else if (data.do && me.value) {
    doing.run(data.do, data.args ?? []).then(
      (value) => tell({ re: data.id, value }),
      (e) => tell({ re: data.id, error: { code: e.code ?? 'error', message: e.message } }),
    );
  }
});

const App = () =>
  me.value
    ? html`<${Framed} />`
    : problem.value
      ? html`<main><${Failure} error=${problem.value} /></main>`
      : html`<main><h1 class="unseen">${t('Phone')}</h1><${Bones} /></main>`;
startKeys();
render(html`<${App} />`, document.getElementById('app'));
if (parent !== window && origin) tell({ hello: true });
