// What webhooks were answered: the very bytes on the call's timeline with how long it took, of inbound and browser's
// calls, repeats and refusals counted; nothing in the clear where calls are sealed, whatever the order of the switch.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig, sid, until } from '../lib/rig.mjs';
import { addPerson } from '../lib/person.mjs';

const answer = '/api/twilio/voice/answer';
const status = '/api/twilio/voice/status';
const plain = (id) => id.replaceAll('-', '');
const callee = '+442079460777';

describe('what was answered', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 0 } });
  });
  after(() => rig.stop());

  const noted = (n) => until(() => Number(rig.sql('select count(*) from webhook_answers')) >= n);
  const twiml = async (call) => {
    const res = await rig.api('GET', `/api/v1/calls/${call}`);
    assert.equal(res.status, 200, res.text);
    return res.json().timeline.filter((m) => m.what === 'twiml');
  };

  it('stands on the timeline of its call, byte for byte, with how long it took', async () => {
    const call = inbound('told');
    const said = await rig.webhook(answer, call.answer);
    for (const name of ['initiated', 'ringing', 'answered', 'childDone']) await rig.webhook(status, call[name]);
    const ended = await rig.webhook('/api/twilio/voice/dial', call.dial);
    await rig.webhook(status, call.completed);
    await noted(7);
    const told = await twiml(call.sid);
    assert.equal(told.length, 7);
    assert.equal(told[0].twiml, said.text);
    assert.match(told[0].detail, /^voice\.answer answered in [\d.]+ ms$/);
    assert.ok(told.every((m) => m.took_ms > 0 && m.took_ms < 60000));
    assert.equal(told.find((m) => m.detail.startsWith('voice.dial')).twiml, ended.text);
    assert.match(told.at(-1).twiml, /<Response\/>/);
    const doc = (await rig.api('GET', `/api/v1/calls/${call.sid}`)).json();
    const at = doc.timeline.map((m) => m.at);
    assert.deepEqual(at, [...at].sort(), 'in the order of time');
  });

  it('is kept once for all calls that were answered the same', async () => {
    const texts = () => Number(rig.sql('select count(*) from webhook_texts'));
    const had = texts();
    for (const name of ['one', 'two', 'three']) await rig.webhook(answer, inbound(name).answer);
    await noted(10);
    assert.equal(texts(), had);
    assert.equal(rig.sql('select count(*) from webhook_answers where body is not null'), '0');
  });

  it('finds its call where that came later', async () => {
    const call = inbound('late');
    await rig.webhook(status, call.ringing);
    await noted(11);
    await rig.webhook(answer, call.answer);
    await noted(12);
    const told = await twiml(call.sid);
    assert.deepEqual(
      told.map((m) => [m.detail.split(' ')[0], m.sid]),
      [
        ['voice.status', call.child],
        ['voice.answer', null],
      ],
    );
  });

  it('counts what came again and what was refused, by reason', async () => {
    const call = inbound('again');
    await rig.webhook(answer, call.answer);
    await until(async () => (await rig.webhook(answer, call.answer)).status === 200);
    await rig.webhook(answer, call.answer, { token: 'f'.repeat(32) });
    await until(() => rig.sql('select count(*) from webhook_refusals') !== '0');
    await noted(14);
    const doc = (await rig.api('GET', '/api/v1/stats/webhooks')).json();
    const again = Number(rig.sql('select count(*) from webhook_answers where again'));
    assert.ok(again >= 1);
    const answered = Number(rig.sql('select count(*) from webhook_answers'));
    assert.deepEqual(
      [doc.answered, doc.duplicates, doc.duplicate_rate, doc.refused_by_reason],
      [answered, again, Number((again / answered).toFixed(4)), { invalid_signature: doc.refused }],
    );
    assert.equal(doc.refusal_rate, Number((doc.refused / (doc.refused + answered)).toFixed(4)));
    assert.ok(doc.answer_ms_p99 >= doc.answer_ms_median);
    const told = await twiml(call.sid);
    assert.match(told.at(-1).detail, /, once more$/);
    const nothing = (await rig.api('GET', '/api/v1/stats/webhooks?from=2019-01-01&to=2019-01-05')).json();
    assert.deepEqual([nothing.duplicate_rate, nothing.refusal_rate, nothing.refused_by_reason], [null, null, {}]);
  });

  it("of a browser's call is its own, and sealed with its tenant", async () => {
    const agent = addPerson(rig, 'agent');
    rig.sql(`insert into user_voip_settings (user_id, caller_id_number) values ('${agent.id}', '+442079460958');
      insert into numbers (tenant_id, e164) values ('${rig.tenant.id}', '${callee}') on conflict do nothing;
      delete from numbers where e164 = '${callee}'`);
    const from = `client:user_${plain(agent.id)}_${plain(rig.tenant.id)}`;
    const dial = async (name) => {
      const CallSid = sid('CA', name);
      const fields = { ...inbound(name).answer, CallSid, From: from, Caller: from, To: callee, Called: callee };
      const res = await rig.webhook('/api/twilio/twiml', fields);
      assert.equal(res.status, 200, res.text);
      assert.match(res.text, /\+442079460777/);
      await until(() => rig.sql(`select count(*) from webhook_answers a join calls c on c.id = a.call_id
        where c.twilio_call_sid = '${CallSid}'`) === '1');
      const kept = rig.sql(`select a.body from webhook_answers a join calls c on c.id = a.call_id
        where c.twilio_call_sid = '${CallSid}'`);
      assert.equal((await twiml(CallSid))[0].twiml, res.text);
      return kept;
    };
    assert.match(await dial('open'), /\+442079460777/);
    assert.equal((await rig.api('PATCH', '/api/v1/settings', { encrypt_metadata: true })).status, 200);
    await until(async () => {
      await rig.webhook(status, inbound('stranger', { account: `AC${'f'.repeat(32)}` }).completed);
      return /^sealed1\|t/.test(await dial(`sealed ${Math.random()}`));
    });
    assert.equal(rig.sql("select count(*) from webhook_texts where body like '%0777%'"), '0');
  });
});
