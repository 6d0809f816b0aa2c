// Webhooks that wait together cost one database round trip, and none is answered before the commit.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { holdLock } from '../lib/lock.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

const status = '/api/twilio/voice/status';

const waiters = (rig) =>
  Number(rig.sql("select count(*) from pg_locks where not granted and relation = 'calls'::regclass"));
const sockets = (pid) =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;

describe('webhooks that wait together', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 0, auth: 0 }, settings: { LOG_LEVEL: 'debug' } });
  });
  after(() => rig.stop());

  it('are carried by one transaction, and are answered after its commit', async () => {
    const [worker] = rig.workers();
    const first = inbound('first');
    const calls = Array.from({ length: 50 }, (_, i) => inbound(`waits ${i}`));
    await rig.webhook(status, inbound('warm').completed);
    const lock = holdLock(rig, 'lock table calls in access exclusive mode');
    await lock.locked;

    let answered = 0;
    const count = (promise) =>
      promise.then((res) => {
        answered += 1;
        return res;
      });
    const all = [count(rig.webhook(status, first.completed))];
    await until(() => waiters(rig) === 1, 1500);
    const before = sockets(worker);
    all.push(...calls.map((c) => count(rig.webhook(status, c.completed))));
    await until(() => sockets(worker) >= before + 40, 1500);
    assert.equal(answered, 0, 'none is answered while the database waits');
    assert.equal(rig.sql('select count(*) from webhook_events'), '1', 'none is visible either');
    await lock.release();

    const replies = await Promise.all(all);
    assert.deepEqual([...new Set(replies.map((r) => r.status < 300))], [true]);
    const sids = [first, ...calls].map((c) => `'${c.sid}'`).join();
    assert.equal(rig.sql(`select count(*) from webhook_events where call_sid in (${sids})`), '51', 'each is stored');
    const carried = Number(
      rig.sql(`select count(distinct xmin::text) from webhook_events where call_sid in (${sids})`),
    );
    assert.ok(
      carried <= 3,
      `one for the first, one for those that gathered meanwhile (one more for latecomers): ${carried}`,
    );
  });

  it('a batch is one round trip', () => {
    const batches = rig.pools.hooks
      .log()
      .split('\n')
      .filter((l) => l.includes('"msg":"batch"') || l.includes('"batch"'))
      .map((l) => JSON.parse(l));
    const big = batches.findIndex((b) => b.n >= 40);
    assert.ok(big > 0, 'the one that gathered is in the log');
    assert.equal(
      batches[big].trips - batches[big - 1].trips,
      1,
      "its count of round trips is one more than its predecessor's",
    );
  });

  it('an idle server sends a batch of one at once', async () => {
    const c = inbound('alone');
    assert.ok((await rig.webhook(status, c.completed)).status < 300);
    const last = rig.pools.hooks
      .log()
      .split('\n')
      .filter((l) => l.includes('"batch"'))
      .map((l) => JSON.parse(l))
      .at(-1);
    assert.equal(last.n, 1);
  });

  it('one that the database refuses does not take the others with it', async () => {
    rig.sql(`create function refuse() returns trigger language plpgsql as $$ begin
        if new.call_sid = '${inbound('poison').sid}' then
          raise exception 'poison' using errcode = 'check_violation'; end if; return new; end $$;
      create trigger refuse before insert on webhook_events for each row execute function refuse()`);
    const lock = holdLock(rig, 'lock table calls in access exclusive mode');
    await lock.locked;
    const first = rig.webhook(status, inbound('gate').completed);
    await until(() => waiters(rig) === 1, 1500);
    const calls = [...Array.from({ length: 20 }, (_, i) => inbound(`beside ${i}`)), inbound('poison')];
    const before = sockets(rig.workers()[0]);
    const all = calls.map((c) => rig.webhook(status, c.completed));
    await until(() => sockets(rig.workers()[0]) >= Math.max(before, 15), 1500);
    await lock.release();
    const replies = await Promise.all([first, ...all]);
    assert.deepEqual(
      [...new Set(replies.map((r) => r.status < 300))],
      [true],
      'a poison event must not become a loop of retries',
    );
    assert.equal(
      rig.sql(`select count(*) from webhook_events where call_sid in (${calls.map((c) => `'${c.sid}'`).join()})`),
      '20',
    );
    rig.sql('drop trigger refuse on webhook_events');
  });

  it('a commit that fails is never answered 200', async () => {
    rig.sql(`create function late() returns trigger language plpgsql as $$ begin
        if new.call_sid = '${inbound('late').sid}' then
          raise exception 'disk full' using errcode = 'disk_full'; end if; return null; end $$;
      create constraint trigger late after insert on webhook_events deferrable initially deferred
        for each row execute function late()`);
    const res = await rig.webhook(status, inbound('late').completed);
    const stored = rig.sql(`select count(*) from webhook_events where call_sid = '${inbound('late').sid}'`);
    const spooled = rig.spool().includes(inbound('late').sid);
    assert.ok(
      stored === '0' && (res.status >= 500 || spooled),
      `answered ${res.status}: stored ${stored}, on disk ${spooled}`,
    );
    rig.sql('drop trigger late on webhook_events');
  });
});
