// A silent database: webhooks go to disk within seconds, nothing is lost, and the sweep brings all of it in.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { end } from '../lib/process.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

const status = '/api/twilio/voice/status';
const answer = '/api/twilio/voice/answer';
const dial = '/api/twilio/voice/dial';

// Every process of the cluster, stopped or let go: what a frozen disk or a swapping host looks like from outside.
function cluster(rig, signal) {
  const main = rig.pg.child.pid;
  const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').map(Number);
  for (const pid of [main, ...children]) {
    try { process.kill(pid, signal); } catch (e) { if (e.code !== 'ESRCH') throw e; } // one that ended meanwhile
  }
}

const damaged = (rig) => readdirSync(join(rig.settings.STATE_DIR, 'spool')).some((f) => f.endsWith('.quarantine'));
const spooled = (rig) => readdirSync(join(rig.settings.STATE_DIR, 'spool')).filter((f) => f.endsWith('.log'));

// A caller's document while nothing can be asked: the words of the number and its forward-to, and never a recording.
function fromSnapshot(rig, text) {
  assert.match(text, new RegExp(`<Dial [^>]*>.*>\\${rig.tenant.forward}</Number>`, 's'));
  assert.doesNotMatch(text, /record/i);
}

describe('while the database is silent', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 2, api: 0, auth: 0 } });
    const known = "select count(distinct pid) from pg_stat_activity where usename = 'switchhook_ingest'";
    await until(() => rig.sql(known) === '2'); // both workers have asked whose webhooks they may take
  });
  after(() => rig.stop({ clean: false }));

  it('status callbacks are taken by the disk; an answer comes from nginx; a Dial is ended politely', async () => {
    await rig.webhook(status, inbound('warm').completed);
    cluster(rig, 'SIGSTOP');
    try {
      const call = inbound('frozen');
      const all = await Promise.all([
        rig.webhook(answer, call.answer), rig.webhook(dial, { ...call.dial, DialCallStatus: 'no-answer' }),
        ...[call.initiated, call.ringing, call.completed].map((e) => rig.webhook(status, e)),
        rig.webhook('/api/twilio/voice/recording', call.recorded),
      ]);
      assert.deepEqual(all.map((r) => r.status), Array(6).fill(200));
      assert.match(all[0].text, /<Response>.*<Say/s);
      assert.match(all[1].text, /<Say.*<Hangup\/>/s);
    } finally { cluster(rig, 'SIGCONT'); }
    assert.ok(spooled(rig).length > 0, 'something is on disk');
  });

  it('a caller still reaches the forward-to of the number, from the routing snapshot', async () => {
    rig.startSweep();
    await until(() => readdirSync(rig.settings.STATE_DIR).includes('routes.snapshot'));
    assert.equal(await end(rig.sweep), 0);
    cluster(rig, 'SIGSTOP');
    try {
      fromSnapshot(rig, (await rig.webhook(answer, inbound('snapshot').answer)).text);
      const unknown = await rig.webhook(answer, { ...inbound('snapshot 2').answer, To: '+442079460000' });
      assert.match(unknown.text, /<Say>.*<Hangup\/>/s);
    } finally { cluster(rig, 'SIGCONT'); }
  });

  it('who has pressed a key goes on unrecorded, and what he pressed is kept', async () => {
    rig.sql("update tenants set disclosure_mode = 'keypress'");
    let n = 0;
    const call = await until(async () => { // the database is believed to be back after half a second
      const next = inbound(`asked ${(n += 1)}`);
      return /<Gather/.test((await rig.webhook(answer, next.answer)).text) && next;
    });
    const asked = () => rig.sql(`select q.state from consent_questions q join calls c on c.id = q.call_id
      where c.twilio_call_sid = '${call.sid}'`);
    cluster(rig, 'SIGSTOP');
    try {
      const pressed = { ...call.answer, CallStatus: 'in-progress', Digits: '1' };
      const { text } = await rig.webhook('/api/twilio/voice/consent', pressed);
      fromSnapshot(rig, text);
      assert.doesNotMatch(text, /<Gather/);
      const rung = { ...call.initiated, CallStatus: 'in-progress', Digits: '1' };
      for (const what of ['callee', 'callee-consent']) {
        const res = await rig.webhook(`/api/twilio/v/01890000-0000-7000-8000-000000000001/${what}`, rung);
        assert.deepEqual([res.status, /<Response\/>/.test(res.text)], [200, true], 'he is connected');
      }
    } finally { cluster(rig, 'SIGCONT'); }
    rig.startSweep();
    await until(() => spooled(rig).length === 0 && asked() === 'granted');
    assert.equal(await end(rig.sweep), 0);
    assert.equal(rig.sql('select decision from consent_records'), 'granted', 'once');
    rig.sql("update tenants set disclosure_mode = 'announce'");
  });

  it('a worker that began while the database was away knows whom to trust', async () => {
    cluster(rig, 'SIGSTOP');
    const before = rig.workers();
    try {
      for (const pid of before) process.kill(pid, 'SIGKILL');
      await until(() => rig.workers().length === 2 && rig.workers().every((pid) => !before.includes(pid)));
      assert.equal((await rig.webhook(status, inbound('newborn').completed)).status, 200);
      const forged = { signature: 'x'.repeat(28) };
      assert.notEqual((await rig.webhook(status, inbound('forged').completed, forged)).status, 200);
    } finally { cluster(rig, 'SIGCONT'); }
  });

  it('all of it is in the database after the next sweep, and the disk is empty', async () => {
    rig.startSweep();
    await until(() => spooled(rig).length === 0);
    const { sid, child } = inbound('frozen');
    await until(() => rig.sql(`select count(*) from webhook_events where call_sid in ('${sid}', '${child}')`) === '6');
    assert.equal(rig.sql(`select status from calls where twilio_call_sid = '${inbound('frozen').sid}'`), 'no-answer');
    assert.equal(await end(rig.sweep), 0);
  });

  it('webhooks reach the database again without help', async () => {
    await until(async () => {
      await rig.webhook(status, inbound('back').completed);
      return rig.sql(`select count(*) from webhook_events where call_sid = '${inbound('back').sid}'`) === '1';
    });
  });

  it('a torn last record costs only itself', async () => {
    cluster(rig, 'SIGSTOP');
    const calls = Array.from({ length: 5 }, (_, i) => inbound(`torn ${i}`));
    try {
      for (const call of calls) assert.equal((await rig.webhook(status, call.completed)).status, 200);
    } finally { cluster(rig, 'SIGCONT'); }
    const [log] = spooled(rig).map((f) => join(rig.settings.STATE_DIR, 'spool', f));
    truncateSync(log, readFileSync(log).length - 3);
    rig.startSweep();
    await until(() => damaged(rig));
    const sids = calls.map((c) => `'${c.sid}'`).join(',');
    assert.equal(rig.sql(`select count(*) from webhook_events where call_sid in (${sids})`), '4');
    assert.equal(await end(rig.sweep), 0);
  });
});
