// What the page around a framed phone may ask, and what it is told: names and ids as in our webhooks.
import { effect } from '../ui.js';
import { act } from './acts.js';
import { call, phone, presence, wish } from './state.js';

const fail = (code, message = code) => Object.assign(new Error(message), { code });
const kinds = { mic: 'no_mic', token: 'token', network: 'network', held: 'in_call' };
const plain = (text) => String(text ?? '').replace(/[\s().-]/g, '');
const inCall = () => call.value && call.value.stage !== 'over';

const told = (c, more) => ({
  id: c.id,
  call_sid: c.sid,
  direction: c.dir === 'in' ? 'inbound' : 'outbound',
  customer_number: c.number,
  from_number: c.dir === 'in' ? c.number : (c.from ?? null),
  to_number: c.dir === 'in' ? null : c.number,
  contact_id: c.contact_id ?? null,
  record_id: c.record_id ?? null,
  context: c.context ?? null,
  answered_at: c.talk_at ? new Date(c.talk_at).toISOString() : null,
  ...more,
});

// Waits until `fact` says something; it throws what went wrong.
const when = (fact) =>
  new Promise((ok, no) => {
    let stop = null;
    let done = false;
    stop = effect(() => {
      if (done) return;
      try {
        const got = fact();
        if (!got) return;
        done = true;
        ok(got);
      } catch (e) {
        done = true;
        no(e);
      }
      queueMicrotask(() => stop());
    });
  });

async function dial(number, { contactId, recordId, context, campaignId } = {}) {
  const to = plain(number);
  if (!/^\+?\d{3,15}$/.test(to)) throw fail('bad_number');
  if (inCall()) throw fail('in_call');
  act('dismiss');
  const was = call.value?.at; // of a call that is over
  const more = {
    contact_id: contactId,
    campaign_id: campaignId,
    record_id: recordId ?? null,
    context: context ?? null,
  };
  act('dial', { number: to, ...more });
  return when(() => {
    const c = call.value?.at === was ? null : call.value;
    const p = phone.value.problem;
    if (p && !inCall()) throw fail(kinds[p.kind] ?? p.code, p.title);
    if (c?.stage === 'over' && !c.talk_at && c.doc) throw fail(c.refused ?? 'refused');
    return c?.sid && ['ringing', 'talking'].includes(c.stage) ? told(c) : null;
  });
}

const need =
  (f) =>
  async (...args) => {
    if (!inCall()) throw fail('not_ready', 'no call');
    return f(...args);
  };
const verbs = {
  dial,
  prefill: async (number, { contactId } = {}) => {
    wish.value = { number: plain(number), contact_id: contactId ?? null };
  },
  hangup: need(() => act('hangUp')),
  mute: need((on) => (on === undefined || Boolean(on) !== call.value.muted) && act('mute') && undefined),
  hold: need(async (on) => {
    if (on === undefined || Boolean(on) !== Boolean(call.value.held_at)) await act('hold');
    return { held: Boolean(call.value?.held_at) };
  }),
  sendDigits: need((keys) => act('digits', String(keys).replace(/[^0-9*#w]/g, '')) && undefined),
  transfer: need(async (to, { warm } = {}) => {
    if (!(await act('transfer', { to: plain(to) }, warm ? 'warm' : 'blind'))) throw fail('bad_number');
  }),
  setStatus: async (word, reason) => {
    if (!['available', 'auto', 'busy', 'away', 'offline'].includes(word)) throw fail('bad_status');
    await act('presence', word, reason);
    return { presence: presence.value };
  },
};

export const doing = {
  run: async (name, args) => {
    if (!Object.hasOwn(verbs, name)) throw fail('unknown', name);
    return (await verbs[name](...args)) ?? null;
  },
  // Watches the phone and says what has changed.
  start: (tell) => {
    let was = {};
    let bell = null;
    let trouble = null;
    let word = presence.value;
    const say = (event, data) => tell({ event, data });
    effect(() => {
      const c = call.value;
      const r = phone.value.ringing;
      const p = phone.value.problem;
      const ring = r && { ...r, dir: 'in' };
      if (ring && !bell) say('call.ringing', told(ring));
      if (!ring && bell && (!c || c.at !== bell.at))
        say('call.ended', told(bell, { duration_seconds: 0, declined: !phone.value.missed }));
      bell = ring;
      if (c?.at !== was.at) {
        if (was.at && was.stage === 'over')
          say('call.logged', told(was, { disposition: was.disposition, notes: was.notes }));
        was = {};
      }
      if (c) {
        const rang = c.dir === 'out' && c.sid && c.stage !== 'dialing';
        if (rang && !was.rang) say('call.ringing', told(c));
        if (c.stage === 'talking' && was.stage !== 'talking') say('call.answered', told(c));
        if (c.stage === 'over' && was.stage !== 'over')
          say('call.ended', told(c, { duration_seconds: c.talk_at ? Math.round((c.over_at - c.talk_at) / 1000) : 0 }));
        was = { ...c, rang: rang || was.rang };
      }
      if (presence.value !== word) say('agent.status', { presence: presence.value });
      word = presence.value;
      if (p && p.code !== trouble) say('error', { code: kinds[p.kind] ?? p.code, message: p.title });
      trouble = p?.code ?? null;
    });
  },
};
