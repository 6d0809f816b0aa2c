// Calls from their first ring to what came of them, in the tab that owns the phone.
import { get, patch } from '../api.js';
import { keepInTab, keptInTab } from '../keep.js';
import { problemOf } from './sentences.js';
import { say, trouble } from './said.js';
import { me } from '../store.js';
import { t } from '../text.js';
import { call, newCall, phone, presence, sameCall, set, setCall, setup } from './state.js';

let line = null; // the call of the SDK that is talked on
let bell = null; // the one that rings
let asked = 0; // questions about the call: the answer to an older one is not shown after a newer one's
let before = keptInTab('phone-before'); // what one was before a call was wrapped up, by this page or the one before it
const remember = (word) => ((before = word), keepInTab('phone-before', word));

// A call that is over and still lacks what the team asks for: says so, and then it is not left.
export function owes() {
  const c = call.value;
  if (c?.stage !== 'over' || !setup.value.disposition_required || c.disposition) return false;
  setCall({ wrap_until: null, error: { field: 'disposition', title: t('Say what came of the call.'), hint: '' } });
  return true;
}

// What the server knows of a call that rings here. Of one that a colleague asks about it hears a moment later.
async function about(c) {
  for (let i = 0; i < 5 && bell === c; i += 1) {
    const doc = await get(`/calls/${c.id ?? c.sid}`).catch(() => null);
    if (doc) {
      const word = doc.user_id !== me.value?.user?.id && doc.transfer?.state;
      const given = ['sent', 'consulting'].includes(word) ? { by: doc.user_name, asks: word === 'consulting' } : {};
      return { id: doc.id, number: doc.customer_number ?? c.from, ...given };
    }
    await new Promise((go) => setTimeout(go, 400));
  }
  return {};
}

// Somebody calls.
export async function ring(c) {
  if (call.value?.stage === 'over' && !owes()) finishWith();
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
  const add = (more) => bell === c && set({ ringing: { ...phone.value.ringing, ...more } });
  await Promise.all([nameOf(c.from).then(add), about(c).then(async (x) => add({ ...x, ...(await nameOf(x.number)) }))]);
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
  const { id, number, name, contact_id, at } = phone.value.ringing;
  const sid = id ? null : c.sid;
  set({ ringing: null, call: newCall({ dir: 'in', stage: 'ringing', id, sid, number, name, contact_id, at }) });
  follow(c);
  c.accept();
}
export const decline = () => bell?.decline();

// open: how the SDK connects.
export async function connect(open, { number, name, contact_id, campaign_id, from, record_id, context }) {
  if (call.value && call.value.stage !== 'over') return;
  if (owes()) return;
  if (call.value) finishWith();
  if (presence.value === 'offline') say('busy').catch(() => {});
  const about = { number, name, contact_id, campaign_id, from, record_id, context };
  set({ call: newCall({ dir: 'out', ...about }), problem: null });
  const mine = sameCall();
  const params = { To: number, CallerId: from, contactId: contact_id, campaignId: campaign_id };
  try {
    follow(await open(Object.fromEntries(Object.entries(params).filter(([, v]) => v))));
  } catch (e) {
    trouble(e);
    if (mine()) set({ call: null });
    return;
  }
  const known = name ? {} : await nameOf(number);
  if (mine()) setCall(known);
}

function follow(c) {
  line = c;
  const heard = {
    ringing: () => (setCall({ stage: 'ringing', sid: c.sid }), learn()),
    accept: () => (setCall({ stage: 'talking', sid: c.sid, talk_at: Date.now() }), learn()),
    mute: (on) => setCall({ muted: Boolean(on) }),
    reconnecting: () => setCall({ reconnecting: true }),
    reconnected: () => setCall({ reconnecting: false }),
    warning: (name) => setCall({ weak: [...call.value.weak.filter((w) => w !== name), name] }),
    'warning-cleared': (name) => setCall({ weak: call.value.weak.filter((w) => w !== name) }),
    error: (e) => set({ problem: problemOf(e) }),
    disconnect: over,
    cancel: over,
    reject: over,
  };
  for (const [name, f] of Object.entries(heard)) c.on(name, (x) => line === c && f(x));
}

// Something has happened to the call.
export async function refresh() {
  const mine = sameCall();
  const turn = (asked += 1);
  const doc = await get(`/calls/${call.value.id}`).catch(() => null);
  if (doc && mine() && turn === asked) show(doc);
}
export const outdate = () => (asked += 1); // what is asked now is older than what is being shown

// What the server calls this call. Of an outgoing one Twilio has told it a moment after the first ring.
async function learn() {
  const mine = sameCall();
  for (let i = 0; i < 20 && mine() && !call.value.doc; i += 1) {
    const id = call.value.id ?? call.value.sid;
    const doc = id && (await get(`/calls/${id}`).catch(() => null));
    if (doc && mine()) show(doc);
    else await new Promise((go) => setTimeout(go, 400));
  }
}

// Of whom somebody has asked twice there are two legs; one that Twilio tells nothing of yet is the later.
const latest = (legs, endpoint) =>
  legs
    ?.filter((l) => l.endpoint === endpoint)
    .sort((a, b) => (a.started_at ?? '~').localeCompare(b.started_at ?? '~'))
    .at(-1);

export function show(doc) {
  const c = call.value;
  if (!c || (c.id && c.id !== doc.id)) return;
  setCall({
    id: doc.id,
    doc: true,
    held_at: doc.held ? (c.held_at ?? Date.now()) : null,
    transfer: doc.transfer ?? null,
    consult: latest(doc.legs, doc.transfer?.to)?.status ?? null,
    conference: doc.conference,
    recorded: doc.recordings?.some((r) => ['in-progress', 'paused'].includes(r.status)) ?? c.recorded,
    paused: doc.recording_paused,
    paused_until: doc.recording_paused_until,
    outcome: doc.outcome ?? c.outcome,
    refused: doc.verdict?.refused ?? c.refused ?? null,
    contact_id: c.contact_id ?? doc.contact_id,
    notes: c.wrote || doc.notes === undefined ? c.notes : (doc.notes ?? ''), // an answer may be older than a word
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
    weak: [],
    wrap_until: wrap > 0 ? Date.now() + wrap * 1000 : null,
  });
  if (!c.id && !c.sid) {
    set({ call: null });
    return;
  }
  if ((wrap > 0 || setup.value.disposition_required) && ['available', 'auto'].includes(presence.value)) {
    remember(presence.value);
    say('busy').catch(() => {});
  }
  if (!c.doc) learn();
}

export function finishWith() {
  const { id, notes, saved } = call.value ?? {};
  if (id && !saved) patch(`/calls/${id}`, { notes }).catch(trouble); // the next call came while somebody was typing
  set({ call: null });
  resume();
}

// It is wrapped up: the next may ring.
export function resume() {
  const word = before;
  if (word && !call.value) say(word).then(() => word === before && remember(null), trouble);
}
export const forget = () => remember(null); // somebody has said himself what he is

export const mute = (on) => line?.mute(on);
export const keysOf = (keys) => line?.digits(keys);
export const hangUp = () => line?.hangUp();
// The phone is off: nothing rings and nobody talks.
export const drop = () => (line = bell = null);
