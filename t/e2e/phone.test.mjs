// The browser's phone: tokens for it, what its calls may do, and calls that come to it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import twilio from 'twilio';
import { addKey, bearer } from '../lib/credentials.mjs';
import { addPerson, Browser } from '../lib/person.mjs';
import { callbacks, inbound, Rig, sid } from '../lib/rig.mjs';

const plain = (id) => id.replaceAll('-', '');
const identity = (user, tenant) => `user_${plain(user)}_${plain(tenant)}`;

describe("a token for the browser's phone", () => {
  let rig;
  let phone;
  let agent;
  let browser;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { hooks: 0, api: 2, auth: 1 } });
    phone = rig.givePhone(rig.tenant);
    agent = addPerson(rig, 'agent');
    rig.sql(`insert into user_voip_settings (user_id, caller_id_number) values ('${agent.id}', '+442079460171')`);
    browser = await Browser.login(rig, agent);
  });
  after(() => rig.stop());
  const ask = (json, options) => rig.api('POST', '/api/twilio/token', json, options);
  const v1 = (json, options) => rig.api('POST', '/api/v1/tokens', json, options);
  const refused = (res, status, code, words) => {
    const { error, cure } = res.json();
    assert.deepEqual([res.status, res.json().code], [status, code], res.text);
    if (words) assert.equal(error, words);
    assert.ok((cure ?? res.json().hint).length > 20, 'a cure');
    return res.json();
  };

  it('is what Twilio expects: key, account, identity, grants, an hour', async () => {
    const before = Math.floor(Date.now() / 1000);
    const res = await browser.request('POST', '/api/twilio/token');
    assert.equal(res.status, 200, res.text);
    assert.equal(res.headers['cache-control'], 'no-store');
    const { success, data } = res.json();
    assert.equal(success, true);
    assert.deepEqual(Object.keys(data).sort(), ['callerId', 'expiresAt', 'identity', 'token']);
    const { header, payload } = jsonwebtoken.verify(data.token, phone.secret, {
      algorithms: ['HS256'],
      issuer: phone.key,
      subject: rig.tenant.account,
      complete: true,
    });
    assert.deepEqual(header, { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' });
    assert.ok(payload.iat >= before && payload.iat <= before + 60);
    const { iat, exp, ...rest } = payload;
    assert.equal(exp - iat, 3600);
    assert.deepEqual(rest, {
      jti: `${phone.key}-${iat}`,
      iss: phone.key,
      sub: rig.tenant.account,
      grants: {
        identity: identity(agent.id, rig.tenant.id),
        voice: { incoming: { allow: true }, outgoing: { application_sid: phone.app } },
      },
    });
    assert.equal(data.identity, rest.grants.identity);
    assert.equal(data.callerId, '+442079460171');
    assert.match(data.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(Date.parse(data.expiresAt), exp * 1000);
  });

  it("is byte for byte the one of Twilio's own SDK", async () => {
    const { token } = (await browser.request('POST', '/api/twilio/token')).json().data;
    const { iat } = jsonwebtoken.decode(token);
    const theirs = new twilio.jwt.AccessToken(rig.tenant.account, phone.key, phone.secret, {
      identity: identity(agent.id, rig.tenant.id),
      ttl: 3600,
    });
    theirs.addGrant(
      new twilio.jwt.AccessToken.VoiceGrant({ incomingAllow: true, outgoingApplicationSid: phone.app }),
    );
    const now = Date.now;
    Date.now = () => iat * 1000;
    try {
      assert.equal(token, theirs.toJwt());
    } finally {
      Date.now = now;
    }
  });

  it('carries the region of its key', async () => {
    const regions = [
      [`region = 'ie1'`, 'ie1'],
      [`region = 'au1', edge = 'sydney'`, 'au1'],
      [`region = null, edge = null, api_base_url = 'https://api.dublin.ie1.twilio.com'`, 'ie1'],
      [`region = 'us1', api_base_url = null`, 'us1'],
    ];
    for (const [set, region] of regions) {
      rig.sql(`update twilio_configurations set ${set} where tenant_id = '${rig.tenant.id}'`);
      const { token } = (await browser.request('POST', '/api/twilio/token')).json().data;
      assert.equal(jsonwebtoken.decode(token, { complete: true }).header.twr, region);
      const doc = (await browser.request('POST', '/api/v1/tokens', {})).json();
      assert.equal(doc.region, region);
    }
    rig.sql(`update twilio_configurations set region = null, edge = null where tenant_id = '${rig.tenant.id}'`);
  });

  it('is the same under /api/v1, and never kept for an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'one and the same' };
    const res = await browser.request('POST', '/api/v1/tokens', {}, headers);
    assert.equal(res.status, 200, res.text);
    assert.equal(res.headers['cache-control'], 'no-store');
    const doc = res.json();
    assert.deepEqual(Object.keys(doc).sort(), ['caller_id', 'expires_at', 'identity', 'region', 'token']);
    assert.equal(jsonwebtoken.verify(doc.token, phone.secret).sub, rig.tenant.account);
    const again = await browser.request('POST', '/api/v1/tokens', {}, headers);
    assert.equal(again.headers['idempotency-replayed'], undefined);
    assert.equal(rig.sql('select count(*) from idempotency_keys'), '0', 'no token lies in the database');
  });

  it('is for the person who asks; a key names somebody of its tenant, with a role that may', async () => {
    const other = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    const viewer = addPerson(rig, 'viewer');
    refused(await browser.request('POST', '/api/twilio/token', { userId: rig.tenant.user }), 403, 'forbidden');
    assert.equal((await browser.request('POST', '/api/twilio/token', { userId: agent.id })).status, 200);
    refused(await ask(), 422, 'invalid');
    refused(await ask({}), 422, 'invalid');
    refused(await ask({ userId: 'nobody' }), 422, 'invalid');
    refused(await ask({ userId: randomUUID() }), 404, 'not_found');
    refused(await ask({ userId: other.user }), 404, 'not_found');
    refused(await ask({ userId: viewer.id }), 403, 'forbidden');
    const named = await ask({ userId: agent.id });
    assert.equal(named.json().data.identity, identity(agent.id, rig.tenant.id));
    assert.equal((await v1({ user_id: agent.id })).json().identity, identity(agent.id, rig.tenant.id));
    const key = (options) => ({ key: addKey(rig, rig.tenant, options) });
    refused(await ask({ userId: agent.id }, key({ role: 'agent' })), 403, 'forbidden');
    refused(await ask({ userId: agent.id }, key({ role: 'viewer' })), 403, 'forbidden');
    assert.equal((await ask({ userId: agent.id }, key({ role: 'manager' }))).status, 200);
    const scoped = key({ role: 'manager' });
    const scope = (words) =>
      rig.sql(`update api_keys set scopes = '${words}' where tenant_id = '${rig.tenant.id}' and role = 'manager'`);
    scope('calls:read calls:write');
    refused(await ask({ userId: agent.id }, scoped), 403, 'forbidden');
    scope('tokens:write');
    assert.equal((await ask({ userId: agent.id }, scoped)).status, 200);
    rig.sql(`update users set disabled_at = now() where id = '${agent.id}'`);
    refused(await ask({ userId: agent.id }), 404, 'not_found');
    assert.equal((await browser.request('POST', '/api/twilio/token')).status, 401, 'nor has he a session any more');
    rig.sql(`update users set disabled_at = null where id = '${agent.id}'`);
  });

  it('needs a login, and from a session the token against forgery', async () => {
    refused(await ask({ userId: agent.id }, { key: null }), 401, 'unauthenticated');
    const csrf = browser.csrf;
    browser.csrf = '0'.repeat(64);
    refused(await browser.request('POST', '/api/twilio/token'), 403, 'forbidden');
    browser.csrf = csrf;
  });

  // The four symptoms of the guides, each with its code, what was found, and what to do.
  describe('that cannot be had says why', () => {
    const set = (what) => rig.sql(`update twilio_configurations set ${what} where tenant_id = '${rig.tenant.id}'`);
    const from = (origin) => ask({ userId: agent.id }, { headers: { origin } });

    it('unauthorized domain: which one, and how to allow it', async () => {
      const doc = refused(await from('https://shop.example'), 403, 'unauthorized_domain', 'Unauthorized domain');
      assert.match(doc.cure, /https:\/\/shop\.example.*switchhook origin add --origin https:\/\/shop\.example/);
      const v1res = await v1({ user_id: agent.id }, { headers: { origin: 'https://shop.example' } });
      assert.match(v1res.json().detail, /https:\/\/shop\.example/);
      rig.switchhook('origin', 'add', '--tenant', rig.tenant.id, '--origin', 'https://shop.example');
      rig.switchhook('origin', 'add', '--tenant', rig.tenant.id, '--origin', 'http://localhost:3000');
      for (const origin of ['https://shop.example', 'http://localhost:3000']) {
        const res = await from(origin);
        assert.equal(res.status, 200, res.text);
        assert.equal(res.headers['access-control-allow-origin'], origin);
      }
      for (const origin of ['https://shop.example.evil.example', 'http://localhost:3001', 'null'])
        refused(await from(origin), 403, 'unauthorized_domain', 'Unauthorized domain');
    });

    it('no phone number assigned', async () => {
      rig.sql(`update tenants set default_number = null where id = '${rig.tenant.id}';
        update user_voip_settings set caller_id_number = null where user_id = '${agent.id}'`);
      const words = 'No phone number assigned to user';
      assert.match(refused(await ask({ userId: agent.id }), 409, 'no_number_assigned', words).cure, /Assign/);
      rig.sql(`update tenants set default_number = '+442079460958' where id = '${rig.tenant.id}'`);
      assert.equal((await ask({ userId: agent.id })).json().data.callerId, '+442079460958', "the tenant's own");
    });

    it('phone system error: what is missing, and the command that makes it', async () => {
      set('twiml_app_sid = null');
      const app = refused(await ask({ userId: agent.id }), 503, 'phone_system', 'Phone system error');
      assert.match(app.cure, /switchhook twilio app/);
      set('api_key_sid = null');
      const key = refused(await ask({ userId: agent.id }), 503, 'phone_system', 'Phone system error');
      assert.match(key.cure, /API key.*set-twilio/);
      assert.match((await v1({ user_id: agent.id })).json().detail, /no Twilio API key/);
    });

    it('failed to get token: a secret that opens no more, or signs what Twilio refuses', async () => {
      rig.givePhone(rig.tenant);
      rig.sql(`update twilio_configurations set api_key_secret = replace(api_key_secret, 'enc1|k1|', 'enc1|k9|')
        where tenant_id = '${rig.tenant.id}'`);
      const doc = refused(await ask({ userId: agent.id }), 503, 'token_unavailable', 'Failed to get token');
      assert.match(doc.cure, /set-twilio/);
      rig.givePhone(rig.tenant, { secret: '' });
      refused(await ask({ userId: agent.id }), 503, 'token_unavailable', 'Failed to get token');
      rig.givePhone(rig.tenant);
      assert.equal((await ask({ userId: agent.id })).status, 200);
    });

    it('not initialized: no account at all', async () => {
      rig.sql(`delete from twilio_configurations where tenant_id = '${rig.tenant.id}'`);
      const words = 'Twilio service not initialized';
      const doc = refused(await ask({ userId: agent.id }), 409, 'twilio_not_configured', words);
      assert.match(doc.cure, /switchhook tenant/);
    });
  });
});

describe("a browser's call", () => {
  let rig;
  let agent;
  const to = '+442079460140';
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { api: 1, auth: 1 } });
    rig.givePhone(rig.tenant);
    agent = addPerson(rig, 'agent');
    rig.sql(`insert into numbers (tenant_id, e164, user_id) values
        ('${rig.tenant.id}', '+442079460181', '${agent.id}'), ('${rig.tenant.id}', '+442079460182', '${agent.id}'),
        ('${rig.tenant.id}', '+442079460183', '${rig.tenant.user}');
      insert into user_voip_settings (user_id, assigned_phone_number, caller_id_number)
        values ('${agent.id}', '+442079460181', '+442079460181')`);
  });
  after(() => rig.stop());
  const asks = async (key, more = {}, user = agent.id) => {
    const fields = {
      ...inbound(key).answer,
      From: `client:${identity(user, rig.tenant.id)}`,
      Caller: `client:${identity(user, rig.tenant.id)}`,
      To: to,
      ApplicationSid: `AP${'6'.repeat(32)}`,
      ...more,
    };
    const res = await rig.webhook('/api/twilio/twiml', fields);
    return { res, text: res.text, sid: fields.CallSid };
  };
  const shown = (text) => /callerId="([^"]*)"/.exec(text)?.[1];
  const call = (callSid) =>
    rig.rows(`select c.*, n.e164 as shown from calls c left join numbers n on n.id = c.number_id
      where twilio_call_sid = '${callSid}'`)[0];

  it('is dialled with the number of its user, recorded as one that he made', async () => {
    const { text, sid: callSid } = await asks('plain');
    assert.equal(shown(text), '+442079460181');
    assert.match(text, /answerOnBridge="true"/);
    assert.match(text, /statusCallbackEvent="initiated ringing answered completed">\+442079460140<\/Number>/);
    const row = call(callSid);
    assert.deepEqual(
      [row.direction, row.root_role, row.user_id, row.customer_number, row.shown, row.gate_refused],
      ['outbound', 'agent', agent.id, to, '+442079460181', null],
    );
  });

  it("shows the number the page wishes only if its user may show it; a foreign CallerId is ignored", async () => {
    for (const [wish, number] of [
      ['+442079460182', '+442079460182'], // another number of his own
      [rig.tenant.number, rig.tenant.number], // the tenant's default
      ['+442079460183', '+442079460181'], // a colleague's
      ['+442079460957', '+442079460181'], // nobody's here
      ['+15005550006', '+442079460181'],
      ['client:x', '+442079460181'],
      ['', '+442079460181'],
    ])
      assert.equal(shown((await asks(`wish ${wish}`, { CallerId: wish })).text), number, wish);
  });

  it('says so where its user has no number to show', async () => {
    rig.sql(`update tenants set default_number = null`);
    const bare = addPerson(rig, 'agent');
    const { text } = await asks('bare', {}, bare.id);
    assert.match(text, /<Say[^>]*>You have no number to call from\.<\/Say><Hangup\/>/);
    rig.sql(`update tenants set default_number = '${rig.tenant.number}'`);
  });

  // Each limit of the tenant, the sentence that is heard, and the word that is stored.
  const stops = [
    ['another country', '', { To: '+14155550123' }, 'destination', /Calls to that country are not allowed/],
    ['a premium number', '', { To: '+449098790000' }, 'premium', /cost extra/],
    ['a blocked prefix', `dial_blocked_prefixes = '+44207946014'`, {}, 'premium', /cost extra/],
    ['calls stopped', 'dial_stopped_at = now()', {}, 'stopped', /Calls are stopped/],
    ['calls a second', 'dial_per_second = 0', {}, 'per_second', /Too many calls/],
    ['calls at once', 'dial_concurrent = 0', {}, 'concurrent', /Too many calls/],
    ['minutes a day', 'dial_minutes_per_day = 0', {}, 'minutes', /minutes of today/],
    ['money a day', 'dial_money_per_day = 0', {}, null, /<Dial/],
    ['an emergency number', '', { To: '999' }, 'destination', /Emergency numbers cannot be called from here/],
    ['a short code', '', { To: '60060' }, 'destination', /not a number that can be called/],
    ['nothing', '', { To: '' }, 'destination', /not a number that can be called/],
    ['a browser', '', { To: 'client:somebody' }, 'destination', /not a number that can be called/],
  ];
  for (const [name, set, fields, word, sentence] of stops) {
    it(`is held to the gate: ${name}`, async () => {
      const before = rig.sql(`select to_jsonb(t) from tenants t`);
      if (set) rig.sql(`update tenants set ${set}`);
      const { res, text, sid: callSid } = await asks(`gate ${name}`, fields);
      rig.sql(`update tenants t set (dial_blocked_prefixes, dial_stopped_at, dial_per_second, dial_concurrent,
          dial_minutes_per_day, dial_money_per_day) = (select dial_blocked_prefixes, dial_stopped_at, dial_per_second,
          dial_concurrent, dial_minutes_per_day, dial_money_per_day
          from jsonb_populate_record(null::tenants, '${before}'))`);
      assert.equal(res.status, 200);
      assert.match(text, sentence);
      if (word === null) return;
      assert.doesNotMatch(text, /<Dial/);
      const row = call(callSid);
      assert.deepEqual([row.gate_refused, row.outcome, row.status], [word, 'refused', 'failed']);
      await rig.webhook('/api/twilio/status', {
        ...inbound(`gate ${name}`).completed,
        From: `client:${identity(agent.id, rig.tenant.id)}`,
        To: fields.To ?? to,
      });
      const after = call(callSid);
      assert.deepEqual([after.outcome, after.status], ['refused', 'failed'], 'and stays so');
    });
  }

  it('of which many come at once: no more than the limit are let out, none of another tenant counted', async () => {
    rig.sql(`update calls set ended_at = now() where ended_at is null; update tenants set dial_concurrent = 5`);
    const all = await Promise.all(Array.from({ length: 60 }, (_, i) => asks(`crowd ${i}`)));
    assert.equal(all.filter(({ text }) => /<Dial/.test(text)).length, 5);
    assert.equal(
      rig.sql(`select count(*) from calls where gate_refused = 'concurrent' and outcome = 'refused' and
        twilio_call_sid in (${all.map((a) => `'${a.sid}'`)})`),
      '55',
    );
    const again = await asks('crowd 0');
    assert.equal(/<Dial/.test(again.text), /<Dial/.test(all[0].text), 'a repeated request has the same answer');
    rig.sql(`update tenants set dial_concurrent = 100; update calls set ended_at = now() where ended_at is null`);
  });

  it('of nobody, of a closed door, of another tenant dials nothing', async () => {
    const other = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    const gone = addPerson(rig, 'agent');
    rig.sql(`update users set disabled_at = now() where id = '${gone.id}'`);
    for (const [key, from] of [
      ['nobody', `client:${identity(randomUUID(), rig.tenant.id)}`],
      ['gone', `client:${identity(gone.id, rig.tenant.id)}`],
      ['other', `client:${identity(other.user, other.id)}`],
      ['mixed', `client:${identity(other.user, rig.tenant.id)}`],
      ['words', 'client:alice'],
    ]) {
      const { text, sid: callSid } = await asks(key, { From: from });
      assert.doesNotMatch(text, /<Dial/, key);
      assert.equal(call(callSid), undefined);
    }
  });

  it("joins the open conversation of its contact and campaign; a closed one is followed by another", async () => {
    const add = (table, columns, values) =>
      rig.sql(`insert into ${table} (tenant_id, ${columns}) values ('${rig.tenant.id}', ${values}) returning id`);
    const contact = add('contacts', 'name, external_id, phone_number', `'Ada', 'crm-7', '+442079460141'`);
    const campaign = add('campaigns', 'name, external_id', `'Spring', 'spring'`);
    const conversation = async (key, more) => {
      const { sid: callSid } = await asks(key, more);
      return call(callSid).conversation_id;
    };
    const first = await conversation('c1', { To: '+442079460141', contactId: 'crm-7' });
    assert.ok(first);
    assert.equal(call(sid('CA', 'parent', 'c1')).contact_id, contact);
    assert.equal(await conversation('c2', { To: '+442079460149', contactId: contact }), first, 'by our id');
    assert.equal(await conversation('c3', { To: '+442079460141' }), first, 'by its number');
    const campaigns = await conversation('c4', { To: '+442079460141', campaignId: 'spring' });
    assert.notEqual(campaigns, first, 'a campaign has its own');
    assert.equal(await conversation('c5', { To: '+442079460141', campaignId: campaign }), campaigns);
    assert.notEqual(await conversation('c6', { To: '+442079460142' }), first, "another number's");
    const answered = inbound('c7', { from: '+442079460141' });
    await rig.webhook('/api/twilio/voice/answer', answered.answer);
    assert.equal(call(answered.sid).conversation_id, first, 'calls that come in join it as well');
    const foreign = await asks('c8', { To: '+442079460143', contactId: 'nobody', campaignId: randomUUID() });
    assert.deepEqual([call(foreign.sid).contact_id, call(foreign.sid).campaign_id], [null, null]);

    const shownCall = (await rig.api('GET', `/api/v1/calls/${sid('CA', 'parent', 'c1')}`)).json();
    assert.equal(shownCall.conversation_id, first);
    const at = `/api/v1/conversations/${first}`;
    const doc = (await rig.api('GET', at)).json();
    assert.deepEqual([doc.contact_id, doc.campaign_id, doc.closed], [contact, null, false]);
    const closed = await rig.api('PATCH', at, { closed: true });
    assert.deepEqual([closed.status, closed.json().closed], [200, true], closed.text);
    assert.equal((await rig.api('PATCH', at, { closed: false })).status, 422, 'it does not open again');
    const next = await conversation('c9', { To: '+442079460141' });
    assert.notEqual(next, first);
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, i) => conversation(`many ${i}`, { To: '+442079460144' })),
    );
    assert.equal(new Set(many).size, 1, 'twenty at once are one conversation');
  });

  it('can be looked at beforehand, as JSON with a login: the same answer, and nothing is made', async () => {
    const browser = await Browser.login(rig, agent);
    const count = () => rig.sql('select (select count(*) from calls), (select count(*) from webhook_events)');
    const before = count();
    const preview = (json) => browser.request('POST', '/api/twilio/twiml', json);
    const res = await preview({ To: to, CallerId: '+15005550006' });
    assert.equal(res.status, 200, res.text);
    assert.match(res.headers['content-type'], /^text\/xml/);
    const anyCall = (xml) => xml.replace(/\/v\/[0-9a-f-]{36}\//g, '/v/CALL/');
    assert.equal(anyCall(res.text), anyCall((await asks('as previewed')).text));
    const after = count();
    assert.match((await preview({ To: '+14155550123' })).text, /that country/);
    assert.match((await preview({ To: '911' })).text, /Emergency/);
    assert.equal(count(), after);
    assert.notEqual(before, after, 'the real one was stored');
    const key = await rig.api('POST', '/api/twilio/twiml', { To: to, userId: agent.id });
    assert.equal(key.status, 200, key.text);
    assert.equal((await rig.api('POST', '/api/twilio/twiml', { To: to })).status, 422, 'a key says for whom');
    const nobody = await rig.api('POST', '/api/twilio/twiml', { To: to }, { key: null });
    assert.deepEqual([nobody.status, nobody.json().code], [401, 'unauthenticated']);
    assert.equal((await preview({})).status, 422);
  });
});

describe('a call to a user whose browser rings', () => {
  let rig;
  let browser;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { api: 1, auth: 1 } });
    const person = addPerson(rig, 'agent');
    rig.sql(`update users set forward_to = '${rig.tenant.forward}' where id = '${person.id}';
      update numbers set user_id = '${person.id}', forward_to = null`);
    browser = await Browser.login(rig, person);
    browser.user = person.id;
  });
  after(() => rig.stop());
  const prefer = async (json) => {
    const res = await browser.request('PATCH', '/api/v1/me', json);
    assert.equal(res.status, 200, res.text);
    return res.json();
  };
  const comes = async (key) => {
    const c = inbound(key);
    const { text } = await rig.webhook('/api/twilio/voice/answer', c.answer);
    return { c, text };
  };
  const client = () => new RegExp(`<Client [^>]*><Identity>${identity(browser.user, rig.tenant.id)}</Identity>`);

  it('rings the phone alone, as long as nobody says otherwise', async () => {
    const { text } = await comes('phone');
    assert.doesNotMatch(text, /<Client/);
    assert.match(text, />\+442079460999<\/Number>/);
  });

  it('rings the browser, then the phone, then says a sentence', async () => {
    assert.equal((await prefer({ rings: 'browser' })).rings, 'browser');
    const { c, text } = await comes('browser');
    assert.match(text, client());
    const id = rig.sql('select id from calls order by created_at desc limit 1');
    assert.ok(text.includes(`<Parameter name="callId" value="${id}"`), text);
    assert.match(text, /<Client [^>]*statusCallback="[^"]*\/api\/twilio\/voice\/status#/);
    assert.doesNotMatch(text, /<Number/);
    const { dial } = callbacks(text);
    assert.equal(dial, '/api/twilio/voice/dial?then=phone');
    const to = `client:${identity(browser.user, rig.tenant.id)}`;
    await rig.webhook('/api/twilio/voice/status', { ...c.ringing, To: to });
    const unanswered = { ...c.childDone, To: to, CallStatus: 'no-answer', CallDuration: '0' };
    await rig.webhook('/api/twilio/voice/status', unanswered);
    const missed = { ...c.dial, DialCallStatus: 'no-answer', DialCallDuration: '0', DialBridged: 'false' };
    const next = await rig.webhook(dial, missed);
    assert.match(next.text, /<Response><Dial [^>]*><Number [^>]*>\+442079460999<\/Number><\/Dial><\/Response>/);
    assert.doesNotMatch(next.text, /then=phone|<Client/);
    assert.equal((await rig.webhook(dial, missed)).text, next.text, 'however often Twilio asks');
    const phone = sid('CA', 'phone', 'browser');
    await rig.webhook('/api/twilio/voice/status', { ...c.answered, CallSid: phone });
    await rig.webhook('/api/twilio/voice/status', { ...c.childDone, CallSid: phone });
    const over = await rig.webhook(callbacks(next.text).dial, { ...c.dial, DialCallSid: phone });
    assert.match(over.text, /<Response><Hangup\/><\/Response>/);
    await rig.webhook('/api/twilio/voice/status', c.completed);
    assert.equal(
      rig.sql(`select c.outcome || ' ' || string_agg(l.status || ' ' || l.role, ', ' order by l.endpoint like 'cli%')
         from calls c join call_legs l on l.call_id = c.id and l.parent_sid is not null
        where c.twilio_call_sid = '${c.sid}' group by c.id`),
      'answered completed agent, no-answer agent',
    );
    const again = await comes('browser and nobody');
    const last = await rig.webhook('/api/twilio/voice/dial', { ...again.c.dial, DialCallStatus: 'no-answer' });
    assert.match(last.text, /<Say[^>]*>Sorry[^<]*<\/Say><Hangup\/>/);
    const talked = await rig.webhook(dial, { ...again.c.dial, DialCallStatus: 'completed' });
    assert.match(talked.text, /<Response><Hangup\/><\/Response>/, 'after a talk no phone rings');
  });

  it('rings both at once', async () => {
    await prefer({ rings: 'both' });
    const { text } = await comes('both');
    assert.match(text, client());
    assert.match(text, />\+442079460999<\/Number>/);
    assert.doesNotMatch(text, /then=phone/);
  });

  it('rings no browser of somebody who is not available', async () => {
    const doc = await prefer({ available: false });
    assert.deepEqual([doc.rings, doc.available], ['both', false]);
    const { text } = await comes('away');
    assert.doesNotMatch(text, /<Client/);
    assert.match(text, />\+442079460999<\/Number>/);
    await prefer({ available: true });
  });

  it('rings the browser alone where there is no phone, and says a sentence', async () => {
    await prefer({ rings: 'browser' });
    rig.sql('update users set forward_to = null');
    const { text } = await comes('no phone');
    assert.match(text, client());
    assert.equal(callbacks(text).dial, '/api/twilio/voice/dial');
    rig.sql(`update users set forward_to = '${rig.tenant.forward}'`);
  });

  it('refuses words that are none, and what has been changed meanwhile', async () => {
    for (const json of [{ rings: 'bell' }, { available: 1 }, { role: 'admin' }, { rings: null }])
      assert.equal((await browser.request('PATCH', '/api/v1/me', json)).status, 422, JSON.stringify(json));
    const stale = await browser.request('PATCH', '/api/v1/me', { rings: 'both' }, { 'if-match': '"00"' });
    assert.equal(stale.status, 412);
    assert.equal(rig.sql("select count(*) from audit_entries where action = 'user.change'"), '5');
  });

  it('is not forwarded to where its tenant does not call', async () => {
    await prefer({ rings: 'phone' });
    for (const [key, abroad] of [
      ['abroad', '+14155550123'],
      ['premium', '+449098790000'],
    ]) {
      rig.sql(`update users set forward_to = '${abroad}' where id = '${browser.user}'`);
      const { c, text } = await comes(key);
      assert.doesNotMatch(text, /<Dial/);
      assert.match(text, /<Say[^>]*>Sorry/);
      await rig.webhook('/api/twilio/voice/status', c.completed);
      assert.equal(
        rig.sql(`select gate_refused, outcome, missed_reason from calls where twilio_call_sid = '${c.sid}'`),
        'destination|missed|nobody_available',
      );
    }
    await prefer({ rings: 'browser' });
    const { text } = await comes('abroad, but there is a browser');
    assert.match(text, client());
    const next = await rig.webhook('/api/twilio/voice/dial?then=phone', {
      ...inbound('abroad, but there is a browser').dial,
      DialCallStatus: 'no-answer',
    });
    assert.doesNotMatch(next.text, /<Dial/);
  });
});
