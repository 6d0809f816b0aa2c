// 200 calls while workers are killed 50 times: every call complete, nothing doubled, one retry heals everything.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig, until } from '../lib/rig.mjs';

const CALLS = 200;
const KILLS = 50;
const AT_ONCE = 40;
const voice = (what) => `/api/twilio/voice/${what}`;
const life = [
  ['answer', 'answer'],
  ['initiated', 'status'],
  ['ringing', 'status'],
  ['answered', 'status'],
  ['recording', 'recording'],
  ['childDone', 'status'],
  ['dial', 'dial'],
  ['recorded', 'recording'],
  ['completed', 'status'],
];

describe('a storm', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 4, api: 0, auth: 0 } });
  });
  after(() => rig.stop());

  it(`of ${KILLS} kill -9 over ${CALLS} calls loses nothing and doubles nothing`, async () => {
    let delivered = 0;
    const bad = [];
    const fallbacks = [];
    const queue = Array.from({ length: CALLS }, (_, i) => inbound(`storm ${i}`)).values();
    // A call's events come some time apart, as a phone call's do; the storm lasts as long as its kills.
    const pause = () =>
      new Promise((done) => {
        setTimeout(done, Math.random() * 500);
      });
    const callers = Array.from({ length: AT_ONCE }, async () => {
      for (const call of queue) {
        for (const [event, what] of life) {
          await pause();
          const res = await rig.deliver(voice(what), call[event]);
          delivered += 1;
          if (res.status < 200 || res.status >= 300) bad.push(`${event}: ${res.status} ${res.error ?? res.text}`);
          if (event === 'answer' && !/<Dial/.test(res.text ?? '')) fallbacks.push(res.text);
        }
      }
    });
    let killed = 0;
    const killer = (async () => {
      for (; killed < KILLS; killed += 1) {
        const mark = ((killed + 1) * CALLS * life.length) / (KILLS + 2);
        await until(() => delivered >= mark, 60000);
        const alive = rig.workers();
        if (alive.length > 0) process.kill(alive[Math.floor(Math.random() * alive.length)], 'SIGKILL');
      }
    })();
    await Promise.all([...callers, killer]);
    assert.equal(killed, KILLS);
    assert.deepEqual(bad, [], 'no failure was left after one retry');
    assert.deepEqual(fallbacks, [], 'every caller was connected');
    await until(() => rig.workers().length === 4);

    assert.equal(rig.sql('select count(*) from calls'), String(CALLS));
    assert.equal(
      rig.sql(
        `select count(*) from calls where status = 'completed' and duration_seconds = 46 and talk_seconds = 41
          and answered_at is not null and ended_at is not null`,
      ),
      String(CALLS),
      'every call is complete',
    );
    assert.equal(
      rig.sql('select count(*), count(distinct digest) from webhook_events'),
      `${CALLS * life.length}|${CALLS * life.length}`,
      'every event once',
    );
    assert.equal(
      rig.sql("select count(*) from recordings where status = 'completed' and call_id is not null"),
      String(CALLS),
    );
    assert.equal(rig.sql("select count(*) from jobs where kind = 'fetch'"), String(CALLS));
    assert.equal(rig.sql('select count(*) from webhook_events where call_id is null'), '0');
  });

  it('of all workers dying at once leaves callers with TwiML, and is over in a moment', async () => {
    const before = rig.workers();
    const began = Date.now();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, i) => rig.webhook(voice('answer'), inbound(`all ${i}`).answer)),
    );
    for (const res of replies) {
      assert.equal(res.status, 200);
      assert.match(res.text, /<Response>.*<\/Response>/s);
    }
    await until(() => rig.workers().length === 4 && !rig.workers().some((pid) => before.includes(pid)));
    assert.ok(Date.now() - began < 5000);
    assert.match((await rig.webhook(voice('answer'), inbound('all again').answer)).text, /<Dial/);
  });
});
