// The phone inside other sites' pages, as the API has it: tickets, their sessions, who may show it, who was refused;
// and what an agent says he is doing.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addKey } from '../lib/credentials.mjs';
import { addPerson, Browser } from '../lib/person.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const crm = 'https://crm.example';

describe('embeds', () => {
  let rig;
  let agent;
  let other;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { hooks: 1, api: 2, auth: 1 } });
    other = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    agent = addPerson(rig, 'agent');
    await rig.api('PUT', '/api/v1/settings/origins', { origins: [crm] });
  });
  after(() => rig.stop());
  const ask = (json, options) => rig.api('POST', '/api/v1/embed-tickets', json, options);
  const use = (ticket) => rig.api('POST', '/api/v1/embed-sessions', { ticket }, { key: null });
  const gate = (origin, tenant = rig.tenant.id) =>
    rig.http('GET', `/api/v1/embed-gate?tenant=${tenant}&origin=${encodeURIComponent(origin)}`);
  const refused = async (key) =>
    (await rig.api('GET', '/api/v1/settings/refused-origins', undefined, key ? { key } : {})).json().refused;

  it('give a ticket for a listed origin, which opens one session, once', async () => {
    const res = await ask({ user_id: agent.id, origin: crm });
    assert.equal(res.status, 201, res.text);
    assert.equal(res.headers['cache-control'], 'no-store');
    const { ticket, origin, user_id: user, expires_at: end } = res.json();
    assert.deepEqual([origin, user], [crm, agent.id]);
    assert.equal(Math.round((Date.parse(end) - Date.now()) / 60000), 5);
    assert.ok(!rig.sql('select embed_tickets::text from embed_tickets').includes(ticket.slice(37)));
    const made = await use(ticket);
    assert.equal(made.status, 201, made.text);
    const session = made.json();
    assert.equal(session.origin, crm);
    const as = { headers: { authorization: `Bearer ${session.token}` } };
    const me = await rig.http('GET', '/api/v1/me', as);
    assert.equal(me.json().user.id, agent.id);
    assert.equal(me.json().csrf_token, null, 'nothing that a browser sends by itself');
    const change = { headers: { ...as.headers, 'content-type': 'application/json' }, body: '{"presence":"busy"}' };
    assert.equal((await rig.http('PATCH', '/api/v1/me', change)).json().presence, 'busy');
    assert.equal((await rig.http('GET', '/api/v1/users', as)).status, 403, 'with the rights of its person');
    for (const text of [ticket, `${rig.tenant.id}.${'x'.repeat(43)}`, 'x', `${ticket}x`])
      assert.equal((await use(text)).status, 401, text);
    rig.sql(`delete from sessions where id = '${session.session_id}'`);
    assert.equal((await rig.http('GET', '/api/v1/me', as)).status, 401);
  });

  it('end: five minutes, a closed door', async () => {
    const late = (await ask({ user_id: agent.id, origin: crm })).json().ticket;
    rig.sql(`update embed_tickets set expires_at = now() - interval '1 second'`);
    assert.equal((await use(late)).status, 401);
    const closed = (await ask({ user_id: agent.id, origin: crm })).json().ticket;
    rig.sql(`update users set disabled_at = now() where id = '${agent.id}'`);
    assert.equal((await use(closed)).status, 401);
    rig.sql(`update users set disabled_at = null where id = '${agent.id}'`);
  });

  it('are for whom the asker may speak', async () => {
    const viewer = addPerson(rig, 'viewer');
    const key = (role) => ({ key: addKey(rig, rig.tenant, { role }) });
    assert.equal((await ask({ user_id: agent.id, origin: crm }, key('agent'))).status, 403);
    assert.equal((await ask({ origin: crm })).status, 422);
    assert.equal((await ask({ user_id: agent.id, origin: 'crm.example' })).status, 422);
    assert.equal((await ask({ user_id: randomUUID(), origin: crm })).status, 404);
    assert.equal((await ask({ user_id: other.user, origin: crm })).status, 404);
    assert.equal((await ask({ user_id: viewer.id, origin: crm })).status, 403);
    const browser = await Browser.login(rig, agent);
    assert.equal((await browser.request('POST', '/api/v1/embed-tickets', { origin: crm })).status, 201);
    const stranger = { user_id: viewer.id, origin: crm };
    assert.equal((await browser.request('POST', '/api/v1/embed-tickets', stranger)).status, 403);
  });

  it('stand in frames of listed origins alone; who else tried is shown to the admin', async () => {
    const yes = await gate(crm);
    assert.deepEqual([yes.status, yes.headers['x-frame-ancestors']], [200, crm]);
    assert.deepEqual(await refused(), []);
    for (let i = 0; i < 3; i += 1) assert.equal((await gate('https://new.example')).status, 403);
    assert.equal((await ask({ user_id: agent.id, origin: 'https://new.example' })).json().code, 'unauthorized_domain');
    const headers = { origin: 'https://api.example' };
    assert.equal((await rig.api('GET', '/api/v1/calls', undefined, { headers })).status, 403);
    for (const junk of ['*', 'https://a.example/b', "' or 1=1", `https://${'a'.repeat(250)}.example`]) await gate(junk);
    assert.deepEqual(
      (await refused()).map((r) => [r.origin, r.times]),
      [
        ['https://api.example', 1],
        ['https://new.example', 4],
      ],
    );
    assert.deepEqual(await refused(other.key), []);
    assert.equal((await gate(crm, other.id)).status, 403, 'each tenant has a list of its own');
    assert.equal((await gate(crm, randomUUID())).status, 403);
    await rig.api('PUT', '/api/v1/settings/origins', { origins: [crm, 'https://new.example'] });
    assert.equal((await gate('https://new.example')).headers['x-frame-ancestors'], `${crm} https://new.example`);
    assert.equal((await refused()).length, 1);
    rig.sql(`insert into refused_origins (tenant_id, origin)
      select '${rig.tenant.id}', 'https://n' || i || '.example' from generate_series(1, 120) i`);
    await gate('https://one-too-many.example');
    assert.ok(!(await refused()).some((r) => /too-many/.test(r.origin)), 'nobody fills the table');
  });
});

describe('what an agent is doing', () => {
  let rig;
  let browser;
  let agent;
  before(async () => {
    rig = await Rig.start({ nginx: { limits: false }, workers: { hooks: 1, api: 1, auth: 1 } });
    agent = addPerson(rig, 'agent');
    rig.sql(`update numbers set user_id = '${agent.id}', forward_to = null`);
    browser = await Browser.login(rig, agent);
    await browser.request('PATCH', '/api/v1/me', { rings: 'browser' });
  });
  after(() => rig.stop());
  const say = async (json) => (await browser.request('PATCH', '/api/v1/me', json)).json();
  let n = 0;
  const rings = async () =>
    /<Client/.test((await rig.webhook('/api/twilio/voice/answer', inbound(`presence ${(n += 1)}`).answer)).text);

  it('decides whether the browser rings', async () => {
    for (const [presence, does] of [
      ['available', true],
      ['busy', false],
      ['away', false],
      ['offline', false],
      ['auto', true],
    ]) {
      assert.deepEqual([(await say({ presence })).available, await rings()], [does, does], presence);
    }
    assert.equal((await say({ available: false })).presence, 'busy', 'who knows no more than that');
    assert.equal((await say({ available: true })).presence, 'available');
  });

  it('has a reason when away, which goes with it', async () => {
    assert.equal((await say({ presence: 'away', away_reason: 'Lunch' })).away_reason, 'Lunch');
    assert.equal((await say({ rings: 'both' })).away_reason, 'Lunch');
    assert.equal((await say({ presence: 'available' })).away_reason, null);
    assert.equal((await say({ presence: 'asleep' })).code, 'invalid');
  });

  it('follows hours of work, in the zone of the tenant', async () => {
    assert.equal((await say({ work_hours: 'whenever' })).errors[0].pointer, '/work_hours');
    const day = rig.sql(`select lower(to_char(now() at time zone time_zone, 'dy')) from tenants`);
    const rest = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].filter((d) => d !== day);
    await say({ presence: 'auto', work_hours: `${day} 00:00-24:00` });
    assert.equal(await rings(), true);
    const doc = await say({ work_hours: `${rest[2]} 00:00-24:00` });
    assert.equal(doc.work_hours, `${rest[2]} 00:00-24:00`);
    assert.equal(await rings(), false);
    await say({ presence: 'available' });
    assert.equal(await rings(), true, 'who says so is there');
    assert.equal((await say({ work_hours: null })).work_hours, null);
  });

  it('is told with the numbers that may be shown and what follows a call', async () => {
    rig.sql(
      `insert into numbers (tenant_id, e164, user_id) values ('${rig.tenant.id}', '+442079460182', '${agent.id}')`,
    );
    const { phone, tenant } = (await browser.request('GET', '/api/v1/me')).json();
    assert.deepEqual(phone, {
      caller_id: rig.tenant.number,
      caller_ids: ['+442079460182', rig.tenant.number],
      wrap_up_seconds: 30,
      disposition_required: false,
    });
    assert.equal(tenant.country, 'GB');
    await rig.api('PATCH', '/api/v1/settings', { wrap_up_seconds: 5, disposition_required: true });
    const after = (await browser.request('GET', '/api/v1/me')).json().phone;
    assert.deepEqual([after.wrap_up_seconds, after.disposition_required], [5, true]);
  });
});
