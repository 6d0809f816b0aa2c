// G0's own requests as it prints them: what its pages and its troubleshooting ask, and the sentences they compare.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addKey } from '../lib/credentials.mjs';
import { form, inbound, Rig } from '../lib/rig.mjs';

describe("G0's samples", () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop());
  const said = (res) => [res.status, res.json().success, res.json().code, res.json().error];

  it('curl of the status path with GET is 405 and one line of JSON', async () => {
    const res = await rig.http('GET', '/api/webhooks/twilio/status');
    assert.deepEqual([res.status, res.headers.allow], [405, 'POST']);
    assert.equal(res.text.trim().split('\n').length, 1);
  });

  it('{ "error": "Invalid signature" } with 403', async () => {
    const res = await rig.http('POST', '/api/webhooks/twilio/voice', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'forged' },
      body: form(inbound('forged').answer),
    });
    assert.deepEqual(said(res), [403, false, 'invalid_signature', 'Invalid signature']);
  });

  it('"No phone number assigned to user" with 409', async () => {
    rig.sql(`update tenants set default_number = null; update user_voip_settings set caller_id_number = null,
             assigned_phone_number = null`);
    const res = await rig.api('POST', '/api/calling/initiate', { to: '+442079460123' });
    assert.deepEqual(said(res), [409, false, 'no_number_assigned', 'No phone number assigned to user']);
    rig.sql(`update tenants set default_number = '${rig.tenant.number}'`);
  });

  it('the environment check answers admins, and is closed to the rest', async () => {
    const path = '/api/webhook/clerk/test';
    const res = await rig.api('GET', path);
    assert.deepEqual([res.status, res.json().success, res.json().settings.PUBLIC_URL], [200, true, true]);
    assert.equal((await rig.http('GET', path)).status, 401);
    const key = addKey(rig, rig.tenant, { role: 'agent' });
    assert.deepEqual(said(await rig.api('GET', path, undefined, { key })).slice(0, 3), [403, false, 'forbidden']);
  });

  it('the numbers to buy, which also test the credentials: all of the country, or 20 for London', async () => {
    const path = '/api/admin/twilio/available-numbers';
    const all = await rig.api('GET', path);
    assert.deepEqual([all.status, all.json().success, all.json().country, all.json().pattern], [200, true, 'GB', null]);
    const blank = await rig.api('GET', `${path}?areaCode=`);
    assert.equal(blank.text, all.text);
    const london = (await rig.api('GET', `${path}?areaCode=20`)).json();
    assert.equal(london.pattern, '4420*');
    assert.ok(london.numbers.length > 0 && london.numbers.every((x) => x.phoneNumber.startsWith('+4420')));
    assert.deepEqual(
      { ...london.numbers[0], phoneNumber: '+442079460958', friendlyName: '020 7946 0958' },
      {
        phoneNumber: '+442079460958',
        friendlyName: '020 7946 0958',
        locality: 'London',
        region: null,
        type: 'local',
        capabilities: { voice: true, sms: false, mms: false },
        monthlyPrice: '1.15',
        currency: 'USD',
        addressRequirement: 'any',
        bundleRequired: true,
      },
    );
    const key = addKey(rig, rig.tenant, { role: 'manager' });
    assert.deepEqual(said(await rig.api('GET', path, undefined, { key })).slice(0, 3), [403, false, 'forbidden']);
  });

  it('a number of Britain without a bundle is refused before Twilio is asked, with the cure', async () => {
    const res = await rig.api('POST', '/api/admin/twilio/purchase-number', { areaCode: '20' });
    assert.deepEqual(said(res).slice(0, 3), [409, false, 'bundle_required']);
    assert.match(res.json().cure, /bundleSid/);
  });

  it('the printed assignment of a number decides whose phone rings and who calls', async () => {
    const user = rig.sql(
      `insert into users (tenant_id, email, name, role, forward_to)
       values ('${rig.tenant.id}', 'sdr@example.com', 'SDR', 'agent', '+442079460777') returning id`,
    );
    rig.sql(`insert into user_voip_settings (user_id, assigned_phone_number, caller_id_number, auto_record,
                                             auto_transcribe)
             values ('${user}', '${rig.tenant.number}', '${rig.tenant.number}', true, true)
             on conflict (user_id) do update set assigned_phone_number = excluded.assigned_phone_number`);
    const res = await rig.api('POST', '/api/calling/initiate', { to: '+442079460123', userId: user });
    assert.equal(res.status, 200, res.text);
    assert.equal(rig.sql(`select user_id from calls where id = '${res.json().callId}'`), user);
    await rig.sim.idle();
  });
});
