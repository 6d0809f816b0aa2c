// Any order, any number of times: one call's events always end in the same rows.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

const voice = (what) => `/api/twilio/voice/${what}`;
const paths = {
  answer: voice('answer'),
  initiated: voice('status'),
  ringing: voice('status'),
  answered: voice('status'),
  childDone: voice('status'),
  dial: voice('dial'),
  recording: voice('recording'),
  recorded: voice('recording'),
  completed: voice('status'),
};
const IN_FLIGHT = 64;

function* permutations(v) {
  if (v.length < 2) {
    yield v;
    return;
  }
  for (let i = 0; i < v.length; i++)
    for (const rest of permutations([...v.slice(0, i), ...v.slice(i + 1)])) yield [v[i], ...rest];
}

// Numbers from a seed, for shuffles that can be repeated. https://en.wikipedia.org/wiki/Linear_congruential_generator
function* numbers(seed) {
  for (let x = seed; ; yield x / 2 ** 31) x = (x * 1103515245 + 12345) % 2 ** 31;
}
function shuffled(v, random) {
  const w = [...v];
  for (let i = w.length - 1; i > 0; i--) {
    const j = Math.floor(random.next().value * (i + 1));
    [w[i], w[j]] = [w[j], w[i]];
  }
  return w;
}

// Runs jobs, so many at a time.
async function together(jobs, n = IN_FLIGHT) {
  const queue = jobs[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: n }, async () => {
      for (const job of queue) await job();
    }),
  );
}

// The final rows of each call of a prefix, without what must differ, and how many calls ended in each.
const outcomes = (rig, prefix) =>
  rig.rows(`
  select state, count(*)::int as n, min(sid) as example from (
    select c.twilio_call_sid as sid, jsonb_build_object(
        'call', to_jsonb(c) - '{id,tenant_id,twilio_call_sid,created_at,announced_at,from_number}'::text[]
                            - '{customer_number,conversation_id}'::text[],
        'legs', (select jsonb_agg(to_jsonb(l) - '{tenant_id,sid,parent_sid,call_id,endpoint}'::text[]
                                  || jsonb_build_object('child', l.parent_sid is not null)
                                  order by l.role) from call_legs l where l.call_id = c.id),
        'loose legs', (select count(*) from call_legs l where l.call_id is null and l.parent_sid = c.twilio_call_sid),
        'recordings', (select jsonb_agg(jsonb_build_object('status', r.status, 's', r.duration_seconds, 'channels',
          r.channels, 'started', r.started_at,
                                                           'mine', r.call_id = c.id, 'text',
                                                           r.transcription_status)) from recordings r
                                                           where r.call_sid = c.twilio_call_sid),
        'jobs', (select count(*) from jobs j join recordings r on r.id::text = j.ref
          where r.call_sid = c.twilio_call_sid),
        'events', (select jsonb_agg(e.event_type order by e.event_type, e.call_sid = c.twilio_call_sid)
          from webhook_events e where e.call_id = c.id)) as state
      from calls c where c.from_number = '${prefix}') x group by state order by n desc`);

// One final state, all calls in it; else both states are shown.
function same(rig, from, n) {
  const got = outcomes(rig, from);
  if (got.length > 1)
    assert.deepEqual(got[1].state, got[0].state, `${got.length} states: ${got.map((g) => g.n)}; ${got[1].example}`);
  assert.equal(got[0]?.n, n);
  return got[0].state;
}

describe("the order of one call's events", () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());

  const play = async (call, names) => {
    for (const name of names) {
      const res = await rig.webhook(paths[name], call[name]);
      if (res.status >= 300) assert.fail(`${names.join(' ')}: ${name} ${res.status} ${res.text}`);
    }
  };
  const key = ['answer', 'ringing', 'answered', 'childDone', 'dial', 'recorded', 'completed'];
  let reference;

  it("a call in Twilio's order is the reference", async () => {
    await play(inbound('reference', { from: '+442079460100' }), key);
    reference = same(rig, '+442079460100', 1);
    assert.deepEqual(
      [
        reference.call.status,
        reference.call.duration_seconds,
        reference.call.talk_seconds,
        reference.call.outcome,
        reference.jobs,
        reference.events.length,
        reference['loose legs'],
      ],
      ['completed', 46, 41, 'answered', 1, 7, 0],
    );
    assert.ok(reference.call.answered_at && reference.call.ended_at);
  });

  it('every one of the 5,040 orders of seven events ends in the same rows', async () => {
    const all = [...permutations(key)];
    assert.equal(all.length, 5040);
    await together(all.map((names) => () => play(inbound(names.join(), { from: '+442079460101' }), names)));
    assert.deepEqual(same(rig, '+442079460101', 5040), reference);
  });

  it('every event three times at once ends in the same rows', async () => {
    await together(
      Array.from({ length: 60 }, (_, i) => async () => {
        const call = inbound(`thrice ${i}`, { from: '+442079460102' });
        const all = await Promise.all([...key, ...key, ...key].map((name) => rig.webhook(paths[name], call[name])));
        assert.deepEqual(all.map((r) => r.status >= 300).filter(Boolean), []);
      }),
      4,
    );
    assert.deepEqual(same(rig, '+442079460102', 60), reference);
  });

  it('all nine events in 400 orders, some repeated, end in the same rows', async () => {
    const random = numbers(7);
    await together(
      Array.from({ length: 400 }, (_, i) => () => {
        const names = shuffled([...Object.keys(paths), ...shuffled(Object.keys(paths), random).slice(0, 3)], random);
        return play(inbound(`nine ${i}`, { from: '+442079460103' }), names);
      }),
    );
    const state = same(rig, '+442079460103', 400);
    assert.equal(state.events.length, 9);
    assert.deepEqual({ ...state, events: null, legs: null }, { ...reference, events: null, legs: null });
  });

  for (const [word, outcome] of [
    ['no-answer', 'missed'],
    ['busy', 'missed'],
    ['canceled', 'missed'],
  ]) {
    it(`every order of a call that ended ${word} ends in the same rows`, async () => {
      const from = `+4420794601${10 + ['no-answer', 'busy', 'canceled'].indexOf(word)}`;
      const names = ['answer', 'initiated', 'childDone', 'dial', 'completed'];
      await together(
        [...permutations(names)].map((order) => () => {
          const call = inbound(`${word} ${order}`, { from });
          call.childDone = { ...call.childDone, CallStatus: word, CallDuration: '0' };
          call.dial = {
            ...call.dial,
            DialCallStatus: word,
            DialCallDuration: '',
            RecordingSid: '',
            RecordingUrl: '',
          };
          call.completed = { ...call.completed, CallDuration: '30' };
          return play(call, order);
        }),
      );
      const state = same(rig, from, 120);
      assert.equal(state.call.outcome, outcome);
      assert.equal(state.call.status, word === 'canceled' ? 'no-answer' : word);
    });
  }

  it('every order of a call that we placed ends in the same rows', async () => {
    const customer = '+442079460140';
    const names = ['ringing', 'answer', 'joined', 'left', 'dial', 'completed'];
    const orders = [...permutations(names)];
    const id = (i) => `01890000-0000-7000-8000-${String(i).padStart(12, '0')}`;
    rig.sql(`insert into calls (id, tenant_id, from_number, to_number, direction, root_role, status, customer_number)
        select ('01890000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, '${rig.tenant.id}',
               '+442079460105', '${customer}',
               'outbound', 'agent', 'queued', '${customer}' from generate_series(0, ${orders.length - 1}) i;
      insert into call_intents (call_id, tenant_id, state, mode, from_number, to_number, agent_number, request_hash)
        select id, tenant_id, 'sending', 'agent_first', '${rig.tenant.number}', to_number, '${rig.tenant.forward}',
               sha256(id::text::bytea)
          from calls where from_number = '+442079460105'`);
    await together(
      orders.map((order, i) => async () => {
        const c = inbound(`placed ${i}`, { from: rig.tenant.number, to: rig.tenant.forward, agent: customer });
        const root = { ...c.answer, Direction: 'outbound-api' };
        const events = {
          ringing: [
            'status',
            { ...root, CallStatus: 'ringing', SequenceNumber: '1', Timestamp: c.initiated.Timestamp },
          ],
          answer: ['answer', { ...root, CallStatus: 'in-progress' }],
          joined: ['status', c.answered],
          left: ['status', c.childDone],
          dial: ['dial', { ...c.dial, Direction: 'outbound-api' }],
          completed: ['status', { ...c.completed, Direction: 'outbound-api' }],
        };
        for (const name of order) {
          const [what, fields] = events[name];
          const res = await rig.webhook(`/api/twilio/v/${id(i)}/${what}`, fields);
          if (res.status >= 300) assert.fail(`${order.join(' ')}: ${name} ${res.status} ${res.text}`);
        }
      }),
    );
    const state = same(rig, '+442079460105', 720);
    assert.deepEqual(
      [
        state.call.status,
        state.call.duration_seconds,
        state.call.talk_seconds,
        state.call.outcome,
        state['loose legs'],
      ],
      ['completed', 41, 41, 'connected', 0],
    );
    assert.equal(rig.sql("select count(*) from call_intents where state = 'created'"), '720');
  });

  it('two workers that hear of one call at the same moment agree', async () => {
    await together(
      Array.from({ length: 200 }, (_, i) => async () => {
        const call = inbound(`pairs ${i}`, { from: '+442079460104' });
        for (const pair of [['answer', 'completed'], ['answered', 'childDone'], ['dial', 'recorded'], ['ringing']]) {
          await Promise.all(pair.map((name) => play(call, [name])));
        }
      }),
    );
    assert.deepEqual(same(rig, '+442079460104', 200), reference);
  });
});
