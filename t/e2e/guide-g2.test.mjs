// G2's own curl calls as it prints them, its sample values replaced by ours.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keep, wav } from '../lib/audio.mjs';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';

describe("G2's samples", () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    await rig.api('POST', '/api/v1/clients', { name: 'First', external_id: 'client-1' });
  });
  after(() => rig.stop());
  const printed = {
    fromNumber: '+1234567890',
    toNumber: '+1987654321',
    clientId: 'client-1',
    message: 'This is a test call',
  };

  it('POST /api/twilio/make-call with its client and message', async () => {
    const body = { ...printed, fromNumber: rig.tenant.number, toNumber: '+442079460123' };
    const res = await rig.api('POST', '/api/twilio/make-call', body);
    assert.equal(res.status, 200, res.text);
    const { success, callSid, status, callId } = res.json();
    assert.deepEqual([success, status], [true, 'queued']);
    assert.match(callSid, /^CA[0-9a-f]{32}$/);
    assert.equal(
      rig.sql(
        `select c.external_id, i.mode, i.message from calls x
           join clients c on c.id = x.client_id join call_intents i on i.call_id = x.id where x.id = '${callId}'`,
      ),
      `client-1|message|${printed.message}`,
    );
    await rig.sim.idle();
  });

  it('the same without credentials, as the guide prints it, is 401', async () => {
    const res = await rig.api('POST', '/api/twilio/make-call', printed, { key: null });
    assert.deepEqual([res.status, res.json().success, res.json().code], [401, false, 'unauthenticated']);
  });

  it('GET /api/twilio/purchase-number?areaCode=415 lists what there is to buy', async () => {
    rig.sql(`update tenants set country = 'US'`);
    const res = await rig.api('GET', '/api/twilio/purchase-number?areaCode=415');
    assert.equal(res.status, 200, res.text);
    const { success, country, numbers } = res.json();
    assert.deepEqual([success, country], [true, 'US']);
    assert.ok(numbers.length > 0 && numbers.every((x) => x.phoneNumber.startsWith('+1415')));
    const open = await rig.api('GET', '/api/twilio/purchase-number?areaCode=415', undefined, { key: null });
    assert.deepEqual([open.status, open.json().code], [401, 'unauthenticated'], 'not for everybody, as it is printed');
  });

  it('POST /api/twilio/purchase-number with {"areaCode": "415"} buys one, a double click no second', async () => {
    const printed415 = '{"areaCode": "415"}';
    const click = () => rig.api('POST', '/api/twilio/purchase-number', printed415);
    const res = await click();
    assert.equal(res.status, 200, res.text);
    const { success, phoneNumber, sid, status } = res.json();
    assert.deepEqual([success, status], [true, 'purchased']);
    assert.match(phoneNumber, /^\+1415\d{7}$/);
    assert.match(sid, /^PN[0-9a-f]{32}$/);
    assert.equal((await click()).text, res.text);
    const owned = () => rig.sql(`select count(*) from numbers where e164 like '+1415%'`);
    assert.equal(owned(), '1');
    rig.sql(`update number_purchases set created_at = created_at - interval '61 seconds'`);
    assert.notEqual((await click()).json().phoneNumber, phoneNumber, 'a minute later it is another wish');
    assert.equal(owned(), '2');
    assert.equal((await rig.api('POST', '/api/twilio/purchase-number', printed415, { key: null })).status, 401);
  });

  it('the page "Assign Phone Number": a number of a client with its forward-to', async () => {
    const phoneNumber = rig.sql(`select e164 from numbers where e164 like '+1415%' limit 1`);
    const res = await rig.api('POST', '/api/admin/twilio/assign-number', {
      phoneNumber,
      clientId: 'client-1',
      forwardTo: '+442079460770',
    });
    assert.deepEqual([res.status, res.json().success], [200, true], res.text);
    const next = await rig.webhook('/api/twilio/webhook', inbound('assigned', { to: phoneNumber }).answer);
    assert.match(next.text, />\+442079460770</);
  });

  it('GET /api/twilio/recording/{callSid} has each printed field, before the audio is here and after', async () => {
    const c = inbound('g2');
    await rig.webhook('/api/twilio/webhook', c.answer);
    await rig.webhook('/api/twilio/recording-status', c.recorded);
    const ask = async () => (await rig.api('GET', `/api/twilio/recording/${c.sid}`)).json();
    const entry = { sid: c.recordingSid, kind: 'call', durationSeconds: 41, channels: 2 };
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
    const first = await ask();
    const { createdAt } = first.recordings[0];
    assert.match(createdAt, time);
    assert.deepEqual(first, {
      success: true,
      callSid: c.sid,
      status: 'processing',
      recordings: [{ ...entry, status: 'processing', createdAt, url: null, expiresAt: null }],
    });
    const kept = keep(rig, rig.tenant, c, wav(), { seconds: 41 });
    const then = await ask();
    const { url, expiresAt } = then.recordings[0];
    assert.deepEqual(then, {
      success: true,
      callSid: c.sid,
      status: 'completed',
      recordings: [{ ...entry, status: 'completed', createdAt, url, expiresAt }],
    });
    assert.match(expiresAt, time);
    assert.ok(url.startsWith(`${PUBLIC_URL}/`));
    const audio = await rig.http('GET', url.slice(PUBLIC_URL.length));
    assert.deepEqual([audio.status, audio.headers['content-type']], [200, 'audio/wav']);
    assert.ok(audio.bytes.equals(kept.bytes));
    for (const sid of [`CA${'e'.repeat(32)}`, 'nonsense', `${c.sid}.mp3`]) {
      const res = await rig.api('GET', `/api/twilio/recording/${sid}`);
      assert.deepEqual([res.status, res.json().success, res.json().code], [404, false, 'not_found'], sid);
    }
  });
});
