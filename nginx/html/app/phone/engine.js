// The phone itself, in the tab that owns it: on and off, calls from their first ring to the end, what goes wrong.
import { post } from '../api.js';
import { keepInTab, keptInTab } from '../keep.js';
import { me, onEvent, online } from '../store.js';
import { t } from '../text.js';
import { effect } from '../ui.js';
import { connect, drop, refresh, resume, ring } from './calls.js';
import { openDevice } from './device.js';
import { trouble } from './said.js';
import { problemOf } from './sentences.js';
import { call, phone, presence, set, where } from './state.js';
import { closeTabs, letGo, ofOwner, openTabs, own } from './tabs.js';

const RETRY_MS = 5000;
let device = null; // of the SDK
let retry = null;
let started = false;
let starting = null; // the switching on that is under way
let turns = 0; // each switching on or off: one that another has overtaken does nothing any more

const stays = (on) => keepInTab('phone-on', on ? '1' : null);
export const stayed = () => keptInTab('phone-on') === '1';

async function microphone() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) track.stop();
}

async function start(steal) {
  if (phone.value.stage === 'ready' && device) return true;
  const turn = (turns += 1);
  try {
    await own({ steal });
  } catch (e) {
    set({ problem: { code: 'held', kind: 'held', title: t('The phone is on in another tab.'), hint: '' } });
    return e.code !== 'held' && trouble(e);
  }
  if (turn !== turns) {
    if (!starting) letGo();
    return false;
  }
  set({ stage: 'starting', problem: null });
  try {
    await microphone();
    device?.close();
    const opened = await openDevice(await post('/tokens', {}), events);
    if (turn !== turns) {
      opened.close();
      if (!device && !starting) set({ stage: 'off' });
      return false;
    }
    device = opened;
    stays(true);
    set({ stage: 'ready', problem: null, ...device.list() });
    return true;
  } catch (e) {
    if (turn !== turns) return false;
    device = null;
    trouble(e);
    set({ stage: 'off' });
    letGo();
    return false;
  }
}

// Switches the phone on in this tab. Whatever is missing is shown, and Retry does the same once more.
export function switchOn({ steal = false } = {}) {
  if (starting && !steal) return starting;
  const mine = start(steal).finally(() => starting === mine && (starting = null));
  starting = mine;
  return mine;
}
export const isOff = () => ['off', 'starting'].includes(phone.value.stage);

export function switchOff() {
  turns += 1;
  starting = null;
  stays(false);
  clearTimeout(retry);
  device?.close();
  device = null;
  drop();
  set({ stage: 'off', problem: null, ringing: null });
  letGo();
}

// A new token, before the old one ends. While none is to be had, calls go on and no new one comes in.
export async function renew() {
  clearTimeout(retry);
  try {
    device?.renew((await post('/tokens', {})).token);
    if (phone.value.problem?.kind === 'token') set({ problem: null });
  } catch (e) {
    set({
      problem: {
        code: e.code,
        kind: 'token',
        title: t('The phone’s pass ends soon and could not be renewed.'),
        hint: problemOf(e).hint,
        request: e.request_id,
      },
    });
    retry = setTimeout(renew, RETRY_MS);
  }
}

export async function reconnect() {
  if (!device) return switchOn();
  try {
    await renew();
    await device.again();
  } catch (e) {
    trouble(e);
  }
}

const events = {
  registered: () => set({ stage: 'ready', problem: phone.value.problem?.kind === 'mic' ? phone.value.problem : null }),
  lost: () => device && set({ stage: 'lost', problem: problemOf({ code: 53001 }) }),
  problem: (error) => {
    const problem = problemOf(error);
    set({ problem, ...(problem.kind === 'network' ? { stage: 'lost' } : {}) });
    if (problem.kind === 'token') renew();
  },
  incoming: ring,
  expiring: renew,
  devices: (lost) => {
    const mics = lost.some((d) => d.kind === 'audioinput');
    set({
      ...device.list(),
      problem: mics
        ? {
            code: 'unplugged',
            kind: 'mic',
            title: t('The microphone was unplugged.'),
            hint: t('Plug it in again, or choose another.'),
          }
        : phone.value.problem?.code === 'unplugged'
          ? null
          : phone.value.problem,
    });
  },
};

export async function dial(wanted) {
  if (call.value && call.value.stage !== 'over') return;
  if (isOff() && !(await switchOn())) return;
  await connect((params) => device.connect(params), wanted);
}
export const useMic = (id) => device?.useMic(id).then(() => set({ problem: null }), trouble);
export const useOut = (id) => device?.useOut(id).catch(trouble);

// Once a page: other tabs, the network, a page that comes back out of the back/forward cache, closing.
export function startPhone(acts) {
  const on = {
    onAct: (act, args) => acts[act]?.(...args),
    onHeir: () => ((device = null), set({ stage: 'off', ringing: null, call: null }), switchOn()),
    onRobbed: () => {
      turns += 1;
      device?.close();
      device = null;
      drop();
      stays(false);
    },
  };
  openTabs(me.value.user.id, on);
  if (stayed()) switchOn().then((on) => on && presence.value === 'busy' && resume());
  if (started) return;
  started = true;
  effect(() => {
    if (me.value) return;
    queueMicrotask(() => {
      if (device) switchOff();
      closeTabs();
    });
  });
  onEvent((e) => {
    const id = where.value === 'here' && call.value?.id;
    if (id && e.call_id === id) refresh();
  });
  let was = online.value;
  effect(() => {
    const now = online.value;
    if (where.value === 'here' && now !== was && device)
      if (now) reconnect();
      else set({ stage: 'lost', problem: problemOf({ code: 31005 }) });
    was = now;
  });
  addEventListener('pageshow', (e) => e.persisted && where.value === 'here' && reconnect());
  addEventListener('pagehide', (e) => e.persisted && device && set({ stage: 'lost' }));
  addEventListener('beforeunload', (e) => {
    if (where.value === 'here' && call.value && call.value.stage !== 'over') e.preventDefault();
  });
}
export const elsewhere = (act, args) => ofOwner(act, args);
