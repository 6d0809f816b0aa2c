// G4's own JSON as it prints it, its sample values replaced by ours; each field of its sample reply; its symptoms.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addPerson, Browser } from '../lib/person.mjs';
import { API_KEY, API_SECRET, PUBLIC_URL, Rig } from '../lib/rig.mjs';

describe("G4's samples", () => {
  let rig;
  let agent;
  let page; // of the CRM, logged in
  let app;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { auth: 1 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    agent = addPerson(rig, 'agent');
    page = await Browser.login(rig, agent);
  });
  after(() => rig.stop());
  const token = (more = {}) => page.request('POST', '/api/twilio/token', undefined, more);

  // The variables of the guide's environment file, and its TwiML App, which the command makes.
  it('TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET and the TwiML App', () => {
    const secrets = rig.secrets(`AUTH_TOKEN=${rig.tenant.token}\nAPI_KEY_SECRET=${API_SECRET}\n`);
    const args = ['--account-sid', rig.tenant.account, '--api-key-sid', API_KEY, '--secrets', secrets, '--app'];
    const made = JSON.parse(rig.switchhook('tenant', 'set-twilio', ...args, '-o', 'json'));
    app = made.twiml_app_sid;
    assert.match(app, /^AP[0-9a-f]{32}$/);
    assert.deepEqual(
      [made.what, made.voice_url, made.status_callback],
      ['made', `${PUBLIC_URL}/api/twilio/twiml`, `${PUBLIC_URL}/api/twilio/status`],
      'Voice Request URL and Voice Status Callback URL as the guide has them entered',
    );
  });

  it('POST /api/twilio/token, without a body, answers in the printed shape', async () => {
    const printed = {
      success: true,
      data: {
        token: 'eyJ...',
        identity: 'user_xxx_yyy',
        callerId: '+1234567890',
        expiresAt: '2024-01-01T12:00:00Z',
      },
    };
    const res = await token();
    assert.equal(res.status, 200, res.text);
    const doc = res.json();
    assert.deepEqual(Object.keys(doc), Object.keys(printed));
    assert.deepEqual(Object.keys(doc.data), Object.keys(printed.data));
    assert.match(doc.data.token, /^eyJ/);
    assert.match(doc.data.identity, /^user_[0-9a-f]{32}_[0-9a-f]{32}$/);
    assert.equal(doc.data.callerId, rig.tenant.number);
    assert.match(doc.data.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const lives = Date.parse(doc.data.expiresAt) - Date.now();
    assert.ok(lives > 3500000 && lives <= 3600000, `${lives}`);
  });

  it('POST /api/twilio/twiml: the printed JSON is a preview, and the printed CallerId is not believed', async () => {
    const printed = '{ "To": "+1234567890", "CallerId": "+0987654321" }';
    const body = JSON.parse(printed.replace('+1234567890', '+442079460140'));
    const res = await page.request('POST', '/api/twilio/twiml', body);
    assert.equal(res.status, 200, res.text);
    assert.match(res.headers['content-type'], /^text\/xml/);
    assert.match(res.text, new RegExp(`<Response><Dial [^>]*callerId="\\${rig.tenant.number}"`));
    assert.match(res.text, /answerOnBridge="true"/);
    assert.match(res.text, /<Number [^>]*>\+442079460140<\/Number><\/Dial><\/Response>/);
    assert.equal(rig.sql('select count(*) from calls'), '0', 'nothing is made');
    const sample = await page.request('POST', '/api/twilio/twiml', JSON.parse(printed));
    assert.doesNotMatch(sample.text, /<Dial/, 'the sample number itself is none');
  });

  it('a call from the page goes through the application, and each has its conversation', async () => {
    rig.sql(`insert into contacts (tenant_id, external_id, name) values ('${rig.tenant.id}', 'lead-1', 'A lead');
      insert into campaigns (tenant_id, external_id, name) values ('${rig.tenant.id}', 'spring', 'Spring')`);
    const { identity } = (await token()).json().data;
    const made = [];
    for (const CallerId of ['+15005550001', '+442079460957']) {
      const { sid } = await rig.sim.call({
        from: `client:${identity}`,
        to: '+442079460141',
        application_sid: app,
        params: { To: '+442079460141', CallerId, contactId: 'lead-1', campaignId: 'spring' },
        lines: [{ who: 'agent', text: 'Hello, this is Bea.' }],
      });
      made.push(sid);
    }
    const ledger = await rig.sim.idle();
    await rig.until(() => rig.sql('select count(*) from calls where ended_at is null') === '0');
    for (const sid of made) {
      const leg = ledger.calls.find((c) => c.parent_call_sid === sid);
      assert.deepEqual([leg.from, leg.to, leg.status], [rig.tenant.number, '+442079460141', 'completed']);
    }
    const hooks = ledger.webhooks.filter((w) => made.includes(w.call_sid) && /twilio\/status\b/.test(w.url));
    assert.ok(hooks.length >= 2, "the browser's own leg is reported to /api/twilio/status");
    assert.equal(
      rig.sql(`select count(*), count(distinct c.conversation_id), min(c.status::text), min(c.outcome),
                      min(d.external_id)
        from calls c join contacts d on d.id = c.contact_id
        where c.twilio_call_sid in ('${made.join("','")}') and c.direction = 'outbound'`),
      '2|1|completed|connected|lead-1',
    );
    assert.deepEqual(ledger.alerts, []);
  });

  describe('its symptoms each have code, cause and cure', () => {
    const says = (res, status, code, error, cure) => {
      const doc = res.json();
      assert.deepEqual([res.status, doc.success, doc.code, doc.error], [status, false, code, error], res.text);
      assert.match(doc.cure, cure);
    };
    const ask = (more) => rig.api('POST', '/api/twilio/token', { userId: agent.id }, more);
    const set = (what) => rig.sql(`update twilio_configurations set ${what}`);

    it('"Unauthorized domain"; no mode switches the check off', async () => {
      const origin = 'http://localhost:3000';
      const refused = await ask({ headers: { origin } });
      const cure = /http:\/\/localhost:3000.*switchhook origin add/;
      says(refused, 403, 'unauthorized_domain', 'Unauthorized domain', cure);
      rig.switchhook('origin', 'add', '--origin', origin);
      assert.equal((await ask({ headers: { origin } })).status, 200);
    });

    it('"No phone number assigned"', async () => {
      rig.sql('update tenants set default_number = null');
      says(await token(), 409, 'no_number_assigned', 'No phone number assigned to user', /Assign a number/);
      rig.sql(`update tenants set default_number = '${rig.tenant.number}'`);
    });

    it('"Phone system error"', async () => {
      const before = rig.sql('select twiml_app_sid from twilio_configurations');
      set('twiml_app_sid = null');
      says(await token(), 503, 'phone_system', 'Phone system error', /switchhook twilio app/);
      const again = JSON.parse(rig.switchhook('twilio', 'app', '-o', 'json'));
      assert.deepEqual([again.twiml_app_sid, again.what], [before, 'adopted'], 'the cure finds what is there');
      assert.equal((await token()).status, 200);
    });

    it('"Failed to get token"', async () => {
      const kept = rig.sql('select api_key_secret from twilio_configurations');
      set("api_key_secret = 'enc2|broken'");
      says(await token(), 503, 'token_unavailable', 'Failed to get token', /set-twilio/);
      set(`api_key_secret = '${kept}'`);
    });

    it('"authentication failed"', async () => {
      await rig.sim.fault({ fault: 'create_status', status: 401 });
      const res = await rig.api('POST', '/api/calls/initiate', { to: '+442079460145' });
      const words = 'Failed to make call: authentication failed';
      says(res, 502, 'twilio_auth_failed', words, /token or API key.*region/);
    });
  });
});
