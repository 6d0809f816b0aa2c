// The TwiML App and regions: what is asked of Twilio, request by request.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { API_KEY, API_SECRET, PUBLIC_URL, Rig } from '../lib/rig.mjs';

const voice = `${PUBLIC_URL}/api/twilio/twiml`;
const status = `${PUBLIC_URL}/api/twilio/status`;

describe('switchhook twilio app', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, api: 1, auth: 0 }, sim: { speed: 100 } });
  });
  after(() => rig.stop());
  const app = () => JSON.parse(rig.switchhook('twilio', 'app', '-o', 'json'));
  const stored = () => rig.sql('select twiml_app_sid from twilio_configurations');
  const rest = async (method, path, form) => {
    const res = await fetch(`${rig.sim.url}/2010-04-01/Accounts/${rig.tenant.account}/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${rig.tenant.account}:${rig.tenant.token}`).toString('base64')}`,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
    return res.status === 204 ? null : res.json();
  };
  const all = async () => (await rest('GET', 'Applications.json')).applications;

  it('makes one, tells it where calls go, and keeps which it is', async () => {
    const made = app();
    assert.deepEqual([made.what, made.voice_url, made.status_callback], ['made', voice, status]);
    assert.equal(stored(), made.twiml_app_sid);
    const [there] = await all();
    assert.deepEqual(
      [there.sid, there.voice_url, there.voice_method, there.status_callback, there.status_callback_method],
      [made.twiml_app_sid, voice, 'POST', status, 'POST'],
    );
    assert.ok(there.friendly_name.includes(rig.tenant.id), 'tenants of one account do not share one');
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'twilio.change'"), '1');
  });

  it('finds it again by its sid, and changes nothing', async () => {
    const before = stored();
    assert.deepEqual([app().what, stored(), (await all()).length], ['adopted', before, 1]);
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'twilio.change'"), '1');
  });

  it('finds it by its name where the sid is lost', async () => {
    const before = stored();
    rig.sql('update twilio_configurations set twiml_app_sid = null');
    assert.deepEqual([app().what, stored(), (await all()).length], ['adopted', before, 1]);
  });

  it('repairs addresses that somebody changed, whatever it is called by then', async () => {
    const before = stored();
    await rest('POST', `Applications/${before}.json`, {
      FriendlyName: 'Mine',
      VoiceUrl: 'https://old.example/voice',
      VoiceMethod: 'GET',
    });
    assert.equal(app().twiml_app_sid, before);
    const [there] = await all();
    assert.deepEqual([there.voice_url, there.voice_method, there.friendly_name], [voice, 'POST', 'Mine']);
  });

  it('makes another where it was deleted at Twilio', async () => {
    const before = stored();
    await rest('DELETE', `Applications/${before}.json`);
    assert.equal(app().what, 'made');
    assert.notEqual(stored(), before);
  });

  it('fails in words where Twilio refuses, or there is no account', () => {
    const fails = (pattern, code) =>
      assert.throws(
        () => rig.switchhook('twilio', 'app'),
        (e) => e.status === code && pattern.test(e.stderr),
      );
    const before = stored();
    rig.sql(`update twilio_configurations set api_base_url = 'http://127.0.0.1:9'`);
    fails(/cannot be reached|could not/i, 75);
    rig.sql(`update twilio_configurations set api_base_url = '${rig.sim.url}', account_sid = 'AC${'9'.repeat(32)}'`);
    fails(/20003|authenticat/i, 4);
    assert.equal(stored(), before);
    rig.sql('delete from twilio_configurations');
    fails(/not initialized/, 3);
  });
});

// The live hosts cannot be asked here: which host a region has is in unit/twilio. What the tenant's own base URL says
// is where every request goes, and the region of its key is in every token.
describe('a tenant of a region', () => {
  let rig;
  let others;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    rig.givePhone(rig.tenant);
    others = ['ie1', 'au1', 'us1'];
  });
  after(() => rig.stop());

  it('asks its own base URL, with its own key, and names its region in tokens', async () => {
    for (const region of others) {
      const base = `${rig.sim.url}/`; // a slash at the end is none of the address
      rig.sql(`update twilio_configurations set region = '${region}', api_base_url = '${base}'`);
      const to = { ie1: '+442079460151', au1: '+442079460152', us1: '+442079460153' }[region];
      const placed = await rig.api('POST', '/api/calls/initiate', { to });
      assert.equal(placed.status, 200, placed.text);
      const token = (await rig.api('POST', '/api/v1/tokens', { user_id: rig.tenant.user })).json();
      const header = JSON.parse(Buffer.from(token.token.split('.')[0], 'base64url'));
      assert.deepEqual([header.twr, token.region], [region, region]);
    }
    const { dials } = await rig.sim.idle();
    assert.equal(dials.length, 3);
  });

  it('takes its base URL from the command, and keeps it when an admin gives the account again', async () => {
    const secrets = rig.secrets(`AUTH_TOKEN=${rig.tenant.token}\nAPI_KEY_SECRET=${API_SECRET}\n`);
    const account = ['--account-sid', rig.tenant.account, '--api-key-sid', API_KEY, '--secrets', secrets];
    const args = [...account, '--region', 'ie1', '--edge', 'dublin'];
    rig.switchhook('tenant', 'set-twilio', ...args, '--api-base-url', 'https://api.dublin.ie1.twilio.com');
    const kept = () => rig.sql('select region, edge, api_base_url from twilio_configurations');
    assert.equal(kept(), 'ie1|dublin|https://api.dublin.ie1.twilio.com');
    const again = { account_sid: rig.tenant.account, auth_token: rig.tenant.token, region: 'au1' };
    assert.equal((await rig.api('PUT', '/api/v1/settings/twilio', again)).status, 200);
    assert.equal(kept(), 'au1||https://api.dublin.ie1.twilio.com');
    assert.throws(() =>
      rig.switchhook('tenant', 'set-twilio', ...args, '--api-base-url', 'ftp://x', { stdio: 'pipe' }),
    );
  });
});
