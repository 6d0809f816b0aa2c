// What the phone is doing, as every tab shows it. Only the tab that owns the phone changes it.
import { me } from '../store.js';
import { computed, signal } from '../ui.js';

// stage: off, starting, ready, lost (network). where: here, elsewhere, nowhere: which tab has the phone.
export const phone = signal({ stage: 'off', problem: null, call: null, ringing: null, mics: [], outs: [] });
export const where = signal('nowhere');
export const call = computed(() => phone.value.call);
export const presence = computed(() => me.value?.user?.presence ?? 'offline');
export const set = (change) => (phone.value = { ...phone.value, ...change });
export const setCall = (change) => phone.value.call && set({ call: { ...phone.value.call, ...change } });
// Whether the call of now is still the one that is there: sameCall()() after an answer of the server.
export function sameCall() {
  const at = call.value?.at;
  return () => call.value?.at === at;
}

export const setUser = (user) => (me.value = { ...me.value, user });
export const setup = computed(
  () => me.value?.phone ?? { caller_id: null, caller_ids: [], wrap_up_seconds: 30, disposition_required: false },
);

// A call that some page wants: { number, name, contact_id, campaign_id, now }. now: dialled at once, else filled in.
export const wish = signal(null);

export const newCall = (more) => ({
  id: null,
  sid: null,
  stage: 'dialing',
  at: Date.now(),
  talk_at: null,
  over_at: null,
  muted: false,
  held_at: null,
  transfer: null, // as the server has it; consult: how the leg of whom we ask stands; asked: his name
  consult: null,
  asked: null,
  conference: false,
  recorded: false,
  paused: false,
  paused_until: null,
  weak: [], // the SDK's words for what it lacks

  reconnecting: false,
  notes: '',
  saved: true,
  wrote: false, // somebody has written notes here
  disposition: null,
  follow_up_at: '',
  wrap_until: null,
  error: null,
  busy: null,
  ...more,
});
