// The wall: today's figures for a room to read, without anything to click but the way back.
import { Bones, Button, Failure } from '../parts/basic.js';
import { party, Way } from '../parts/call.js';
import { Delta } from '../parts/figure.js';
import { useClock, useToday } from '../parts/today.js';
import { count, hour, seconds } from '../fmt.js';
import { href } from '../router.js';
import { me } from '../store.js';
import { t } from '../text.js';
import { cls, html, useEffect, useState } from '../ui.js';

const GOOD = 0.9; // of inbound calls answered
const FAIR = 0.75;

function Big({ label, value, kind, children }) {
  return html`<div class=${cls('big', kind)}><span>${label}</span><b>${value}</b>
    ${children ?? html`<small></small>`}</div>`;
}

// Full screen where the browser allows it; the page says nothing if it does not.
function useFull() {
  const [full, setFull] = useState(Boolean(document.fullscreenElement));
  useEffect(() => {
    const heard = () => setFull(Boolean(document.fullscreenElement));
    addEventListener('fullscreenchange', heard);
    return () => (
      removeEventListener('fullscreenchange', heard),
      document.fullscreenElement && document.exitFullscreen()
    );
  }, []);
  const flip = () => (full ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
  return [full, flip];
}

// The screen of a wall stays on while it is shown.
function useAwake() {
  useEffect(() => {
    let lock = null;
    const ask = () =>
      document.hidden ||
      navigator.wakeLock?.request('screen').then(
        (l) => (lock = l),
        () => {},
      );
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => (document.removeEventListener('visibilitychange', ask), lock?.release());
  }, []);
}

function Lines({ calls, now }) {
  const since = (c) => Math.max(0, (now - Date.parse(c.answered_at ?? c.created_at)) / 1000);
  const shown = calls.slice(0, 8);
  return html`<section class="wall-live" aria-label=${t('Live calls')}><h2>${t('Now')}</h2>
    ${shown.length === 0 && html`<p class="soft">${t('Nobody')}</p>`}
    <ul>${shown.map(
      (c) => html`<li key=${c.id} class=${c.answered_at ? '' : 'rings'}><${Way} call=${c} />
      <span class="grow">${c.answered_at ? (c.user_name ?? party(c)) : party(c)}<small>${
        c.answered_at ? party(c) : t('Ringing')
      }${c.client_name ? ` · ${c.client_name}` : ''}</small></span>
      <b role="timer" aria-live="off">${seconds(since(c))}</b></li>`,
    )}</ul>
    ${calls.length > shown.length && html`<p class="soft">${t('and {n} more', { n: calls.length - shown.length })}</p>`}
  </section>`;
}

export default function Wall() {
  const today = useToday();
  const now = useClock();
  const [full, flip] = useFull();
  useAwake();
  const { data, error } = today;
  const clock = hour(new Date(now).toISOString());
  const rate = data?.now.rate;
  const about = t('was');
  const talking = data?.live.filter((c) => c.answered_at).length;
  return html`<header class="wall-head"><h1>${me.value.tenant.name}</h1><span class="grow"></span>
      <time>${clock}</time>
      <${Button} kind="plain" icon=${full ? 'minimize' : 'maximize'} label=${
        full ? t('Leave full screen') : t('Full screen')
      }
        onClick=${flip} />
      <${Button} kind="plain" icon="x" label=${t('Back to home')} href=${href('/')} /></header>
    ${error ? html`<${Failure} error=${error} retry=${today.reload} />` : !data && html`<${Bones} lines=${6} />`}
    ${
      data &&
      html`<div class="wall-grid"><div class="bigs">
        <${Big} label=${t('On the phone')} value=${count(talking)} kind="live" />
        <${Big} label=${t('Ringing')} value=${count(data.live.length - talking)} kind=${
          data.live.length > talking ? 'warn' : ''
        } />
        <${Big} label=${t('To call back')} value=${count(data.waiting.length)} kind=${
          data.waiting.length ? 'bad' : 'good'
        } />
        <${Big} label=${t('Calls today')} value=${count(data.now.total_calls)}>
          <${Delta} now=${data.now.total_calls} then=${data.then.total_calls} about=${about} /><//>
        <${Big} label=${t('Answer rate')} value=${rate === null ? '–' : `${Math.round(rate * 100)}%`}
          kind=${rate === null ? '' : rate >= GOOD ? 'good' : rate >= FAIR ? 'warn' : 'bad'}>
          <${Delta} now=${rate} then=${data.then.rate} shape="percent" better="more" about=${about} /><//>
        <${Big} label=${t('Missed today')} value=${count(data.now.missed)}>
          <${Delta} now=${data.now.missed} then=${data.then.missed} better="less" about=${about} /><//>
      </div><${Lines} calls=${data.live} now=${now} /></div>`
    }`;
}
