// G1's own JSON as it prints it, its sample values replaced by ours; each field of its sample reply.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Rig } from '../lib/rig.mjs';

describe("G1's samples", () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const printed = '{ "to": "+1234567890", "contactId": "uuid", "record": true }';

  it('POST /api/calls/initiate places the call and answers in the printed shape', async () => {
    const contact = (await rig.api('POST', '/api/v1/contacts', { name: 'Ada' })).json().id;
    const body = printed.replace('+1234567890', '+442079460123').replace('uuid', contact);
    const res = await rig.api('POST', '/api/calls/initiate', body);
    assert.equal(res.status, 200, res.text);
    const { success, callSid, status, callId } = res.json();
    assert.deepEqual([success, status], [true, 'queued']);
    assert.match(callSid, /^CA[0-9a-f]{32}$/);
    assert.equal(
      rig.sql(`select twilio_call_sid, contact_id, record, direction, to_number from calls where id = '${callId}'`),
      `${callSid}|${contact}|t|outbound|+442079460123`,
    );
    await rig.sim.idle();
  });

  it('the sample values themselves are refused in words, not dialled', async () => {
    const before = (await rig.sim.ledger()).dials.length;
    const res = await rig.api('POST', '/api/calls/initiate', printed);
    assert.deepEqual([res.status, res.json().success, res.json().code], [404, false, 'not_found'], "nobody's contact");
    const none = await rig.api('POST', '/api/calls/initiate', { to: '0987654321' });
    assert.deepEqual([none.status, none.json().success, none.json().code], [400, false, 'invalid_number']);
    assert.equal((await rig.sim.ledger()).dials.length, before);
  });

  it('a page that sends members of its own is let pass', async () => {
    const res = await rig.api('POST', '/api/calls/initiate', { to: '+442079460124', leadName: 'x', source: {} });
    assert.equal(res.status, 200, res.text);
    await rig.sim.idle();
  });

  it('"Twilio service not initialized" with 409', async () => {
    rig.sql('delete from twilio_configurations');
    const res = await rig.api('POST', '/api/calls/initiate', { to: '+442079460125' });
    assert.deepEqual(
      [res.status, res.json().success, res.json().code, res.json().error],
      [409, false, 'twilio_not_configured', 'Twilio service not initialized'],
    );
  });
});
