// What a person does with the phone: by a button, a key, another tab, or the page around an embedded phone.
import { patch, post } from '../api.js';
import { t } from '../text.js';
import * as calls from './calls.js';
import * as engine from './engine.js';
import { say } from './said.js';
import { problemOf } from './sentences.js';
import { call, phone, presence, sameCall, set, setCall, where } from './state.js';

// A command to Twilio through the server: held, transferred, paused. Its answer says how the call stands.
async function tell(word, body, doing) {
  const c = call.value;
  if (!c?.id || c.busy) return false;
  const mine = sameCall();
  setCall({ busy: doing, error: null });
  try {
    const now = await post(`/calls/${c.id}/${word}`, body);
    if (!mine()) return true;
    calls.outdate();
    setCall({ busy: null });
    calls.show({ ...now, id: now.call_id, recordings: undefined, notes: undefined });
    if (now.state === 'unknown')
      setCall({ error: { title: t('Twilio has not answered yet.'), hint: t('It is asked again.') } });
    return true;
  } catch (e) {
    if (mine()) setCall({ busy: null, error: problemOf(e) });
    return false;
  }
}

// Keys through the server, for a call that is in a conference: what is pressed while a command runs goes with the next.
let keys = '';
async function press(more) {
  keys += more;
  for (let tries = 0; keys && tries < 5 && call.value?.id && !call.value.busy;) {
    const now = keys;
    keys = '';
    if (await tell('dtmf', { digits: now }, 'digits')) continue;
    if (call.value?.error?.code !== 'conflict') break;
    keys = now + keys; // the sides are just being put together again: a moment later they hear it
    tries += 1;
    await new Promise((go) => setTimeout(go, 400));
  }
}

async function presenceTo(word, reason) {
  try {
    const talking = call.value && call.value.stage !== 'over';
    if (calls.owes() && ['available', 'auto'].includes(word)) return;
    if (word === 'offline') talking || engine.switchOff();
    else if (engine.isOff() && !(await engine.switchOn())) return;
    calls.forget();
    await say(word, reason);
  } catch (e) {
    set({ problem: problemOf(e) });
  }
}

async function write() {
  const c = call.value;
  if (!c?.id || c.saved) return;
  const mine = sameCall();
  setCall({ saved: null });
  try {
    await patch(`/calls/${c.id}`, { notes: c.notes });
    if (mine()) setCall(call.value.notes === c.notes ? { saved: true, error: null } : { saved: false });
  } catch (e) {
    if (mine()) setCall({ saved: false, error: problemOf(e) });
  }
}
let writing = Promise.resolve(); // notes are sent one after the other, so that the last word stays
const save = () => (writing = writing.then(write));

async function finish() {
  const c = call.value;
  if (!c || c.stage !== 'over') return;
  if (calls.owes()) return;
  if (c.disposition || !c.saved) {
    const body = { notes: c.notes };
    if (c.disposition) body.disposition = c.disposition;
    if (c.follow_up_at) body.follow_up_at = new Date(c.follow_up_at).toISOString();
    const mine = sameCall();
    setCall({ busy: 'finish' });
    try {
      await writing;
      await patch(`/calls/${c.id ?? c.sid}`, body);
      if (!mine()) return;
      setCall({ saved: true });
    } catch (e) {
      if (!mine()) return;
      const field = e.errors?.[0]?.pointer?.slice(1);
      setCall({
        busy: null,
        wrap_until: null,
        error: { ...problemOf(e), field, title: e.errors?.[0]?.detail ?? e.message },
      });
      return;
    }
  }
  calls.finishWith();
}

const acts = {
  on: () => presenceTo(presence.value === 'auto' ? 'auto' : 'available'),
  presence: presenceTo,
  takeOver: () => engine.switchOn({ steal: true }),
  retry: () => engine.reconnect(),
  dismiss: () => set({ problem: null, missed: null }),
  answer: calls.answer,
  decline: calls.decline,
  hangUp: calls.hangUp,
  dial: engine.dial,
  mute: () => calls.mute(!call.value?.muted),
  hold: () => tell(call.value?.held_at ? 'resume' : 'hold', undefined, 'hold'),
  digits: (more) => (call.value?.conference ? press(more) : calls.keysOf(more)),
  // name: of whom the customer is given to, as the agent has found him
  transfer: async (to, mode, name) => {
    const done = await tell('transfer', { ...to, mode }, 'transfer');
    if (done) setCall({ asked: name ?? null });
    return done;
  },
  complete: () => tell('transfer/complete', undefined, 'transfer'),
  cancel: () => tell('transfer/cancel', undefined, 'transfer'),
  record: () =>
    call.value?.paused
      ? tell('recording/resume', undefined, 'record')
      : tell('recording/pause', { seconds: 120 }, 'record'),
  note: (notes) => setCall({ notes, saved: false, wrote: true }),
  save,
  dispose: (word) => setCall({ disposition: word, error: null }),
  followUp: (at) => setCall({ follow_up_at: at }),
  lacks: (field, title) => setCall({ wrap_until: null, error: { field, title, hint: '' } }),
  longer: () => setCall({ wrap_until: null }),
  finish,
  mic: engine.useMic,
  out: engine.useOut,
};
const here = new Set(['takeOver', 'on', 'presence']); // done by the tab that is pressed, where no other owns the phone

export function act(name, ...args) {
  if (where.value === 'elsewhere' && name !== 'takeOver') return engine.elsewhere(name, args);
  if (where.value !== 'here' && !here.has(name) && name !== 'dial' && name !== 'retry' && name !== 'dismiss')
    return undefined;
  return acts[name](...args);
}
export const startActs = () => engine.startPhone(acts);
