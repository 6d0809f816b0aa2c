// One phone in many tabs: the tab that holds a lock of the browser has the phone, the others are its remote control.
// The lock goes with its tab, however that ends, and the next one in line takes over.
import { effect } from '../ui.js';
import { phone, where } from './state.js';

let channel = null;
let release = null; // of the lock that this tab holds
let name = '';
let handlers = {};
let waits = false;
let follow = null; // ends telling the others

const tell = (message) => channel?.postMessage(message);

// onAct(name, args): another tab pressed a button. onHeir(): the owner has gone while its phone was on. onRobbed():
// another tab took the phone.
export function openTabs(user, on) {
  if (channel) return;
  name = `switchhook-phone-${user}`;
  handlers = on;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return; // a frame that shares nothing with tabs
  }
  channel.onmessage = ({ data }) => {
    if (data.who && where.value === 'here') tell({ state: phone.value });
    else if (data.act && where.value === 'here') handlers.onAct(data.act, data.args);
    else if (data.state && where.value !== 'here') seen(data.state);
    else if (data.gone && where.value === 'elsewhere') where.value = 'nowhere';
  };
  follow = effect(() => {
    const state = phone.value;
    if (where.value === 'here') tell({ state });
  });
  tell({ who: true });
}

// Nobody is logged in any more.
export function closeTabs() {
  follow?.();
  channel?.close();
  channel = follow = null;
  where.value = 'nowhere';
}

// The owner shows itself: this tab follows, and waits to inherit.
function seen(state) {
  where.value = state.stage === 'off' ? 'nowhere' : 'elsewhere';
  phone.value = { ...state, mics: [], outs: [] };
  if (waits || state.stage === 'off') return;
  waits = true;
  hold({}).then(() => {
    waits = false;
    if (phone.value.stage === 'off') return letGo();
    where.value = 'here';
    return handlers.onHeir();
  });
}

// Resolves when the lock is ours. It is kept until letGo(), or until somebody steals it.
function hold(options) {
  return new Promise((got, failed) => {
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) return failed(Object.assign(new Error('held'), { code: 'held' }));
        return new Promise((done) => {
          release = done;
          got();
        });
      })
      .catch((e) => {
        if (!release) return failed(e);
        release = null;
        where.value = 'elsewhere';
        return handlers.onRobbed();
      });
  });
}

export async function own({ steal = false } = {}) {
  if (where.value === 'here') return;
  if (channel && navigator.locks) {
    await hold(steal ? { steal: true } : { ifAvailable: true }).catch((e) => {
      if (e.name !== 'SecurityError') throw e;
    });
  }
  where.value = 'here';
}

export function letGo() {
  release?.();
  release = null;
  where.value = 'nowhere';
  tell({ gone: true });
}

export const ofOwner = (act, args) => tell({ act, args });
