// Where the pages begin: who is here decides between the door and the shell.
import { startKeys } from './a11y.js';
import { go, href, path, query, startRouter } from './router.js';
import { Shell } from './shell.js';
import { loadMe, me, startFeed, wasHere } from './store.js';
import { effect, html, Later, render } from './ui.js';

// Who is here may log in to a further account, and have forgotten its password.
const further = () => path.value === '/lost' || (path.value === '/login' && 'beside' in query.value);
const App = () => (me.value && !further() ? html`<${Shell} />` : html`<${Later} load=${() => import('./door.js')} />`);
const isDoor = (p) => ['/login', '/lost', '/password'].includes(p);

startRouter();
startKeys();
if (wasHere() && path.value !== '/password') await loadMe().catch(() => {});
effect(() => {
  const door = isDoor(path.value);
  if (me.value && path.value === '/login' && !further()) go('/', { replace: true });
  if (!me.value && !door)
    go(href('/login', path.value === '/' ? {} : { to: location.pathname + location.search }), { replace: true });
});
render(html`<${App} />`, document.getElementById('app'));
startFeed();
