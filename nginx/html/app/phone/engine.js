// The phone itself, in the tab that owns it: on and off, calls from their first ring to the end, what goes wrong.
import { get, patch, post } from '../api.js';
import { keepInTab, keptInTab } from '../keep.js';
import { me, onEvent, online } from '../store.js';
import { t } from '../text.js';
import { effect } from '../ui.js';
import { openDevice } from './device.js';
import { problemOf } from './sentences.js';
import { call, newCall, phone, presence, set, setCall, setup, setUser, where } from './state.js';
import { letGo, ofOwner, openTabs, own } from './tabs.js';

const RETRY_MS = 5000;
let device = null; // of the SDK
let line = null; // the call of the SDK that is talked on
let bell = null; // the one that rings
let before = null; // what one was before a call was wrapped up
let retry = null;

const stays = (on) => keepInTab('phone-on', on ? '1' : null);
export const stayed = () => keptInTab('phone-on') === '1';

export async function say(word, reason) {
  const rings = me.value.user.rings === 'phone' && ['available', 'auto'].includes(word) ? 'browser' : undefined;
  const body = { presence: word, ...(reason ? { away_reason: reason } : {}), ...(rings ? { rings } : {}) };
  setUser(await patch('/me', body));
}

async function microphone() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) track.stop();
}

const trouble = (error) => set({ problem: problemOf(error) });

// Switches the phone on in this tab. Whatever is missing is shown, and Retry does the same once more.
export async function switchOn({ steal = false } = {}) {
  if (phone.value.stage === 'ready' && device) return true;
  try {
    await own({ steal });
  } catch (e) {
    set({ problem: { code: 'held', kind: 'held', title: t('The phone is on in another tab.'), hint: '' } });
    return e.code !== 'held' && trouble(e);
  }
  set({ stage: 'starting', problem: null });
  try {
    await microphone();
    device?.close();
    device = await openDevice(await post('/tokens', {}), events);
    stays(true);
    set({ stage: 'ready', problem: null, ...device.list() });
    return true;
  } catch (e) {
    device = null;
    trouble(e);
    set({ stage: 'off' });
    letGo();
    return false;
  }
}

export function switchOff() {
  stays(false);
  clearTimeout(retry);
  device?.close();
  device = line = bell = null;
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
        hint: e.hint ?? t('It is tried again by itself.'),
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

// Somebody calls.
async function ring(c) {
  if (call.value?.stage === 'over') finishWith();
  bell = c;
  set({ ringing: { id: c.id, sid: c.sid, number: c.from, name: null, at: Date.now() } });
  const gone = (missed) => () => {
    if (bell !== c) return;
    bell = null;
    set({ ringing: null, ...(missed ? { missed: { number: c.from, id: c.id, at: Date.now() } } : {}) });
  };
  c.on('cancel', gone(true));
  c.on('reject', gone(false));
  c.on('disconnect', gone(false));
  const name = await nameOf(c.from);
  if (bell === c) set({ ringing: { ...phone.value.ringing, ...name } });
}

export async function nameOf(number) {
  const page = /^\+\d+$/.test(number) && (await get('/contacts', { number, limit: 1 }).catch(() => null));
  const contact = page?.data?.[0];
  return contact ? { name: contact.name, contact_id: contact.id } : {};
}

export function answer() {
  const c = bell;
  if (!c) return;
  bell = null;
  const { number, name, contact_id, at } = phone.value.ringing;
  set({ ringing: null, call: newCall({ dir: 'in', stage: 'ringing', id: c.id, number, name, contact_id, at }) });
  follow(c);
  c.accept();
}
export const decline = () => bell?.decline();

export async function connect({ number, name, contact_id, campaign_id, from, record_id, context }) {
  if (call.value && call.value.stage !== 'over') return;
  if (call.value) finishWith();
  if (phone.value.stage === 'off' && !(await switchOn())) return;
  if (presence.value === 'offline') say('busy').catch(() => {});
  const about = { number, name, contact_id, campaign_id, from, record_id, context };
  set({ call: newCall({ dir: 'out', ...about }), problem: null });
  const params = { To: number, CallerId: from, contactId: contact_id, campaignId: campaign_id };
  try {
    follow(await device.connect(Object.fromEntries(Object.entries(params).filter(([, v]) => v))));
  } catch (e) {
    trouble(e);
    set({ call: null });
    return;
  }
  if (!name) setCall(await nameOf(number));
}

function follow(c) {
  line = c;
  const mine = (f) => (x) => line === c && f(x);
  c.on(
    'ringing',
    mine(() => (setCall({ stage: 'ringing', sid: c.sid }), learn())),
  );
  c.on(
    'accept',
    mine(() => (setCall({ stage: 'talking', sid: c.sid, talk_at: Date.now() }), learn())),
  );
  c.on(
    'mute',
    mine((on) => setCall({ muted: Boolean(on) })),
  );
  c.on(
    'reconnecting',
    mine(() => setCall({ reconnecting: true })),
  );
  c.on(
    'reconnected',
    mine(() => setCall({ reconnecting: false })),
  );
  c.on(
    'warning',
    mine((name) => setCall({ weak: name })),
  );
  c.on(
    'warning-cleared',
    mine(() => setCall({ weak: false })),
  );
  c.on(
    'error',
    mine((e) => set({ problem: problemOf(e) })),
  );
  for (const name of ['disconnect', 'cancel', 'reject']) c.on(name, mine(over));
}

// What the server calls this call. Of an outgoing one Twilio has told it a moment after the first ring.
async function learn() {
  for (let i = 0; i < 20 && call.value && !call.value.doc; i += 1) {
    const id = call.value.id ?? call.value.sid;
    const doc = id && (await get(`/calls/${id}`).catch(() => null));
    if (doc) show(doc);
    else await new Promise((go) => setTimeout(go, 400));
  }
}

export function show(doc) {
  const c = call.value;
  if (!c || (c.id && c.id !== doc.id)) return;
  setCall({
    id: doc.id,
    doc: true,
    held_at: doc.held ? (c.held_at ?? Date.now()) : null,
    transfer: doc.transfer ?? null,
    conference: doc.conference,
    recorded: doc.recordings?.some((r) => ['in-progress', 'paused'].includes(r.status)) ?? c.recorded,
    paused: doc.recording_paused,
    paused_until: doc.recording_paused_until,
    outcome: doc.outcome ?? c.outcome,
    refused: doc.verdict?.refused ?? c.refused ?? null,
    contact_id: c.contact_id ?? doc.contact_id,
    notes: c.saved && doc.notes !== undefined ? (doc.notes ?? '') : c.notes,
  });
}

// The other side, or we, hung up: what came of it is asked for now.
function over() {
  line = null;
  const c = call.value;
  if (!c || c.stage === 'over') return;
  const wrap = setup.value.wrap_up_seconds;
  setCall({
    stage: 'over',
    over_at: Date.now(),
    held_at: null,
    transfer: null,
    reconnecting: false,
    weak: false,
    wrap_until: wrap > 0 ? Date.now() + wrap * 1000 : null,
  });
  if (!c.id && !c.sid) {
    set({ call: null });
    return;
  }
  if (wrap > 0 && ['available', 'auto'].includes(presence.value)) {
    before = presence.value;
    say('busy').catch(() => {});
  }
  if (!c.doc) learn();
}

export function finishWith() {
  set({ call: null });
  if (before) say(before).catch(trouble);
  before = null;
}

export const mute = (on) => line?.mute(on);
export const keysOf = (keys) => line?.digits(keys);
export const hangUp = () => line?.hangUp();
export const useMic = (id) => device?.useMic(id).then(() => set({ problem: null }), trouble);
export const useOut = (id) => device?.useOut(id).catch(trouble);

// Once a page: other tabs, the network, a page that comes back out of the back/forward cache, closing.
export function startPhone(acts) {
  const on = {
    onAct: (act, args) => acts[act]?.(...args),
    onHeir: () => ((device = null), set({ stage: 'off', ringing: null, call: null }), switchOn()),
    onRobbed: () => {
      device?.close();
      device = line = bell = null;
      stays(false);
    },
  };
  openTabs(me.value.user.id, on);
  onEvent((e) => {
    const id = where.value === 'here' && call.value?.id;
    if (id && e.call_id === id) get(`/calls/${id}`).then(show, () => {});
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
  if (stayed()) switchOn();
}
export const elsewhere = (act, args) => ofOwner(act, args);
