// The calls of demo.mjs: what came of each, its legs and what Twilio told of them, what was said.
import { campaigns, numbers, people } from './demo.words.mjs';

// Numbers that look drawn and are the same each time: https://en.wikipedia.org/wiki/Xorshift
export function dice(seed) {
  let x = seed;
  const next = () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (n) => Math.floor(next() * n),
    one: (list) => list[Math.floor(next() * list.length)],
    // [['word', weight], ...] -> a word
    odds(rows) {
      let at = next() * rows.reduce((sum, [, w]) => sum + w, 0);
      return rows.find(([, w]) => (at -= w) < 0)[0];
    },
  };
}

const hex = (n, width) => Math.floor(n).toString(16).padStart(width, '0');
// UUIDv7 of a time and a place in a list.
export const uuid = (ms, kind, i) => {
  const at = hex(ms, 12);
  return `${at.slice(0, 8)}-${at.slice(8)}-7${hex(kind, 3)}-8000-${hex(i + 1, 12)}`;
};
export const sid = (prefix, kind, i) => `${prefix}${hex(kind, 8)}${hex(i + 1, 24)}`;
export const iso = (ms) => new Date(ms).toISOString();

// One call of the log, without what was said in it.
export function makeCall(d, i, at, { tenant, ids, callers, live }) {
  const inbound = d.next() < 0.66;
  const number = d.below(numbers.length);
  const { client, campaign } = numbers[number];
  const caller = d.one(callers);
  const withheld = inbound && d.next() < 0.04;
  const hour = new Date(at).getUTCHours();
  let outcome = inbound
    ? d.odds([
        ['answered', 66],
        ['missed', hour < 8 || hour > 17 ? 60 : 22],
        ['handled', 5],
        ['blocked', 2],
      ])
    : d.odds([
        ['connected', 58],
        ['no-answer', 21],
        ['busy', 8],
        ['failed', 4],
        ['canceled', 3],
        ['agent_unreached', 4],
        ['refused', 3],
      ]);
  if (live) outcome = null;
  const spoke = outcome === 'answered' || outcome === 'connected' || live === 'in-progress';
  const reason =
    outcome !== 'missed'
      ? null
      : hour < 8 || hour > 17
        ? 'out_of_hours'
        : d.odds([
            ['no_answer', 5],
            ['abandoned', 3],
            ['nobody_available', 1],
            ['rejected', 1],
          ]);
  const wait = reason === 'abandoned' ? 3 + d.below(11) : 4 + d.below(26);
  const talk = spoke && !live ? 20 + d.below(60) * (1 + d.below(6)) : 0;
  const ended = live ? null : at + (wait + talk) * 1000;
  const user = spoke || d.next() < 0.5 ? d.below(people.agent.length) : null;
  const lead =
    inbound && spoke && !live
      ? d.odds([
          [null, 5],
          ['qualified', 3],
          ['unqualified', 2],
          ['open', 1],
          ['spam', 0.4],
        ])
      : null;
  const value = lead === 'qualified' && d.next() < 0.6 ? (40 + d.below(120) * 5).toFixed(2) : null;
  const refused = outcome === 'refused';
  const legs = refused ? 0 : spoke || outcome === 'missed' ? 2 : 1;
  const minutes = Math.max(1, Math.ceil((wait + talk) / 60));
  return {
    id: uuid(at, 1, i),
    tenant_id: tenant,
    twilio_call_sid: refused ? null : sid('CA', 0xde0, i),
    from_number: withheld ? 'anonymous' : inbound ? caller.number : numbers[number].e164,
    to_number: inbound ? numbers[number].e164 : caller.number,
    direction: inbound ? 'inbound' : 'outbound',
    root_role: inbound || d.next() < 0.3 ? 'customer' : 'agent',
    status:
      live ??
      {
        busy: 'busy',
        'no-answer': 'no-answer',
        failed: 'failed',
        canceled: 'canceled',
        refused: 'failed',
        missed: 'no-answer',
      }[outcome] ??
      'completed',
    customer_number: withheld ? null : caller.number,
    withheld,
    number_id: ids.numbers[number],
    client_id: ids.clients[client],
    user_id: user === null ? null : ids.agents[user],
    campaign_id: campaign === null ? null : ids.campaigns[campaign],
    contact_id: withheld ? null : caller.contact,
    record: spoke,
    record_reason: 'tenant',
    outcome,
    missed_reason: reason,
    gate_refused: refused ? d.one(['do_not_call', 'hours', 'destination']) : null,
    kind: 'conversation',
    source: campaign === null ? null : campaigns[campaign].source,
    duration_seconds: live ? null : refused ? 0 : wait + talk,
    talk_seconds: live ? null : talk,
    wait_seconds: inbound && !live ? wait : null,
    ring_seconds: refused || live ? null : Math.max(1, wait - 3),
    ended_by: spoke && !live ? d.one(['customer', 'agent', 'customer', null]) : null,
    voicemail: false,
    customer_country: withheld ? null : 'GB',
    customer_place: withheld ? null : caller.place,
    notes:
      spoke && !live && d.next() < 0.2
        ? d.one([
            'Wants a written offer.',
            'Very happy with the last visit.',
            'Prefers to be called in the afternoon.',
            'Asked about the price twice.',
          ])
        : null,
    tags: spoke && !live && d.next() < 0.35 ? [d.one(['vip', 'new customer', 'price', 'complaint', 'callback'])] : [],
    disposition:
      spoke && !live
        ? d.odds([
            [null, 3],
            ['interested', 3],
            ['not interested', 2],
            ['connected', 2],
            ['callback requested', 1],
          ])
        : null,
    follow_up_at: null,
    value,
    value_currency: value === null ? null : 'GBP',
    lead_status: lead,
    lead_set_by: lead === null ? null : 'person',
    price: live || refused ? null : (-0.0085 * minutes * legs).toFixed(5),
    price_unit: live || refused ? null : 'USD',
    test: false,
    created_at: iso(at),
    answered_at: spoke ? iso(at + wait * 1000) : null,
    ended_at: ended === null ? null : iso(ended),
  };
}

// The legs of a call and what Twilio told us of them.
export function tell(c, i) {
  if (c.twilio_call_sid === null) return { legs: [], events: [] };
  const at = Date.parse(c.created_at);
  const child = sid('CA', 0xde1, i);
  const two = c.outcome === 'missed' || c.answered_at !== null;
  const roles = c.root_role === 'customer' ? ['customer', 'agent'] : ['agent', 'customer'];
  const leg = (n, extra) => ({
    tenant_id: c.tenant_id,
    sid: n === 0 ? c.twilio_call_sid : child,
    parent_sid: n === 0 ? null : c.twilio_call_sid,
    call_id: c.id,
    role: roles[n],
    status: c.ended_at ? (c.answered_at || (n === 0 && c.direction === 'inbound') ? 'completed' : c.status) : c.status,
    endpoint: roles[n] === 'agent' ? 'client:agent' : c.customer_number,
    started_at: iso(at + n * 900),
    rang_at: iso(at + 400 + n * 1200),
    answered_at: c.answered_at,
    ended_at: c.ended_at,
    duration_seconds: c.duration_seconds,
    price: c.price === null ? null : (Number(c.price) / (two ? 2 : 1)).toFixed(5),
    price_unit: c.price_unit,
    ...extra,
  });
  const event = (n, kind, type, ms, fields) => ({
    tenant_id: c.tenant_id,
    digest: uuid(at, 0x100 + n, i),
    kind,
    event_type: type,
    call_sid: c.twilio_call_sid,
    call_id: c.id,
    received_at: iso(ms + 180 + ((i * 37) % 400)),
    raw: `\\x${Buffer.from(
      new URLSearchParams({
        CallSid: c.twilio_call_sid,
        Timestamp: new Date(ms).toUTCString().replace('GMT', '+0000'),
        ...fields,
      }).toString(),
    ).toString('hex')}`,
  });
  return {
    legs: two ? [leg(0), leg(1)] : [leg(0)],
    events: [
      event(0, 'answer', 'voice', at, { CallStatus: 'ringing' }),
      c.answered_at && event(1, 'status', 'in-progress', Date.parse(c.answered_at), { CallStatus: 'in-progress' }),
      c.ended_at && event(2, 'status', c.status, Date.parse(c.ended_at), { CallStatus: c.status }),
    ].filter(Boolean),
  };
}

// The audio, text and analysis of a call that was recorded.
export function heard(c, i, script, made) {
  const { turns, seconds, path, bytes, hash, wave } = made;
  const at = Date.parse(c.ended_at) + 4000;
  const ids = [uuid(at, 2, i), uuid(at, 3, i), uuid(at, 4, i)];
  const base = { tenant_id: c.tenant_id };
  const name = (s) => (s === 'agent' ? 'Agent' : 'Customer');
  return {
    recording: {
      ...base,
      id: ids[0],
      sid: sid('RE', 0xde0, i),
      call_sid: c.twilio_call_sid,
      call_id: c.id,
      kind: script.voicemail ? 'voicemail' : 'call',
      status: 'stored',
      channels: script.voicemail ? 1 : 2,
      duration_seconds: seconds,
      started_at: c.answered_at ?? c.created_at,
      path,
      bytes,
      sha256: hash,
      peaks: wave,
      stored_at: iso(at + 5000),
      transcription_status: 'completed',
      created_at: iso(at),
      price: '-0.00250',
      price_unit: 'USD',
    },
    transcript: {
      ...base,
      id: ids[1],
      recording_id: ids[0],
      model: 'whisper-1',
      language: 'en',
      text: turns.map((t) => `${name(t.speaker)}: ${t.text}`).join('\n'),
      segments: turns,
      cost: '0.006',
      currency: 'USD',
      created_at: iso(at + 9000),
    },
    analysis: {
      ...base,
      id: ids[2],
      transcript_id: ids[1],
      model: 'gpt-4o-mini',
      sentiment: script.sentiment[0],
      sentiment_score: script.sentiment[1],
      summary: script.summary,
      action_items: script.items.map(([text, owner, quote]) => ({ text, owner, quote })),
      topics: script.topics,
      created_at: iso(at + 12000),
    },
  };
}
