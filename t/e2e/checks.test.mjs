// What is configured, tried at this moment: Twilio's account, the models' server, the mail server; and one's own name.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addPerson, Browser } from '../lib/person.mjs';
import { Rig } from '../lib/rig.mjs';
import { Smtp } from '../lib/smtp.mjs';

describe('checks', () => {
  let rig;
  let smtp;
  let admin;
  let person;
  before(async () => {
    smtp = await Smtp.start();
    rig = await Rig.start({
      workers: { hooks: 0 },
      sim: {},
      nginx: { limits: false },
      settings: { SMTP_URL: smtp.url, MAIL_FROM: 'phone@example.com', TRANSCRIBE_MODEL: 'whisper-9' },
    });
    person = addPerson(rig, 'admin');
    admin = await Browser.login(rig, person);
  });
  after(async () => {
    await rig.stop();
    smtp.stop();
  });
  const get = (path) => rig.api('GET', `/api/v1/settings/${path}/check`);
  const mail = (json, who = admin) => who.request('POST', '/api/v1/settings/mail/check', json);

  it("say what Twilio says of the account, and that it does not take another's token", async () => {
    assert.deepEqual((await get('twilio')).json(), {
      account_sid: rig.tenant.account,
      name: 'Switchhook simulator',
      status: 'active',
      type: 'Full',
      balance: '97.46',
      currency: 'USD',
    });
    const other = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'not the one that Twilio has',
      number: '+442079460950',
      forward: '+442079460951',
    });
    const res = await rig.api('GET', '/api/v1/settings/twilio/check', undefined, { key: other.key });
    assert.deepEqual([res.status, /token/.test(res.json().hint)], [502, true], res.text);
    assert.ok(!res.text.includes('not the one'));
  });

  it('say which models the server has, and what it refuses; nothing is paid for', async () => {
    const { endpoint, ...found } = (await get('transcription')).json();
    assert.ok(endpoint.endsWith('/v1'));
    assert.deepEqual(found, {
      transcribe_model: 'whisper-9',
      transcribe_known: false,
      analyse_model: 'gpt-4o-mini',
      analyse_known: true,
    });
    assert.equal((await rig.sim.ledger()).ai.length, 0);
  });

  it('send a mail to who asks, which the audit tells of; a key names an address', async () => {
    const res = await mail({});
    assert.deepEqual([res.status, res.json()], [200, { to: person.email }], res.text);
    const [sent] = smtp.to(person.email);
    assert.equal(sent.headers.subject, 'Mail from Fish & chips works');
    assert.equal(rig.sql("select object from audit_entries where action = 'mail.check'"), person.email);
    const json = { to: 'ops@example.com' };
    assert.equal((await rig.api('POST', '/api/v1/settings/mail/check', json)).status, 200);
    assert.equal((await rig.api('POST', '/api/v1/settings/mail/check', {})).json().errors[0].pointer, '/to');
    for (const to of ['nobody', 'a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com'])
      assert.equal((await mail({ to })).status, 422, to);
    assert.equal(smtp.mails.length, 2);
  });

  it('say in words that the mail server does not take it', async () => {
    smtp.refuse = 1;
    const res = await mail({});
    assert.deepEqual([res.status, /SMTP_URL/.test(res.json().hint)], [502, true], res.text);
    assert.equal((await mail({})).status, 200, 'and the next one goes');
  });

  it("are the admin's", async () => {
    const manager = await Browser.login(rig, addPerson(rig, 'manager'));
    assert.equal((await mail({}, manager)).status, 403);
    for (const path of ['twilio', 'transcription'])
      assert.equal((await manager.request('GET', `/api/v1/settings/${path}/check`)).status, 403);
  });

  it('let somebody have another name, and nothing else by it', async () => {
    const before = (await admin.request('GET', '/api/v1/me')).json().user;
    const res = await admin.request('PATCH', '/api/v1/me', { name: 'Ada' });
    assert.deepEqual(res.json(), { ...before, name: 'Ada' });
    assert.equal((await admin.request('PATCH', '/api/v1/me', { name: 'x'.repeat(201) })).status, 422);
    assert.equal((await admin.request('PATCH', '/api/v1/me', { role: 'admin' })).status, 422);
    const told = `select detail->'new'->>'name' from audit_entries where action = 'user.change'`;
    assert.equal(rig.sql(told), 'Ada');
  });

  it('find contacts by a part of the name, or by the id of the CRM', async () => {
    rig.sql(`insert into contacts (tenant_id, name, external_id, phone_number)
      select '${rig.tenant.id}', name, id, '+4420794601' || n from (values ('Ada Lovelace', 'crm-1', 11),
        ('Grace_Hopper', 'crm-2', 12), ('Adam %', 'crm-3', 13)) v (name, id, n)`);
    const find = async (query) => {
      const res = await rig.api('GET', `/api/v1/contacts?${query}`);
      assert.equal(res.status, 200, res.text);
      return res.json();
    };
    const names = async (query) => (await find(query)).data.map((c) => c.name).sort();
    assert.deepEqual(await names('q=ADA'), ['Ada Lovelace', 'Adam %']);
    assert.deepEqual(await names('q=_'), ['Grace_Hopper'], 'no wildcards');
    assert.deepEqual(await names('q=%25'), ['Adam %']);
    assert.deepEqual(await names('q=crm-2'), ['Grace_Hopper']);
    const page = await find('q=ada&limit=1&count=true');
    assert.deepEqual([page.data.length, page.total], [1, 2]);
    const next = await find(`q=ada&limit=1&cursor=${page.next_cursor}`);
    assert.deepEqual([next.data.length, next.next_cursor], [1, null]);
    const both = await rig.api('GET', '/api/v1/contacts?q=ada&number=%2B442079460111');
    assert.equal(both.status, 422);
    assert.deepEqual(await names('q=%2B44%20(0)20%207946%200111'), ['Ada Lovelace'], 'or of the number');
    assert.deepEqual(await names('q=020%207946%2001'), ['Ada Lovelace', 'Adam %', 'Grace_Hopper']);
    assert.deepEqual(await names('q=2'), [], 'one digit says nothing');
  });

  it('find clients, campaigns and numbers by a part', async () => {
    rig.sql(`insert into clients (tenant_id, name, external_id, deleted_at) values
        ('${rig.tenant.id}', 'Acme Plumbing', 'acct-7', null), ('${rig.tenant.id}', 'Acme Roofs', 'acct-8', null),
        ('${rig.tenant.id}', 'Acme gone', null, now());
      insert into campaigns (tenant_id, name, external_id) select '${rig.tenant.id}', 'Spring ' || n, 'k-' || n
        from generate_series(1, 120) n;
      insert into numbers (tenant_id, e164, released_at) values ('${rig.tenant.id}', '+14155550123', null),
        ('${rig.tenant.id}', '+14155550124', now())`);
    const find = async (query) => {
      const res = await rig.api('GET', `/api/v1/${query}`);
      assert.equal(res.status, 200, res.text);
      return res.json();
    };
    const names = async (query) => (await find(query)).data.map((c) => c.name ?? c.phone_number).sort();
    assert.deepEqual(await names('clients?q=aCmE'), ['Acme Plumbing', 'Acme Roofs']);
    assert.deepEqual(await names('clients?q=acct-8'), ['Acme Roofs']);
    assert.deepEqual(await names('clients?q=%25'), []);
    assert.deepEqual(await names('campaigns?q=ring%20117'), ['Spring 117']);
    assert.deepEqual(await names('numbers?q=415%20555%20012'), ['+14155550123']);
    assert.deepEqual(await names('numbers?q=%2B'), []);
    const first = await find('campaigns?q=spring&limit=100&count=true');
    assert.deepEqual([first.data.length, first.total], [100, 120]);
    const rest = await find(`campaigns?q=spring&limit=100&cursor=${first.next_cursor}`);
    assert.equal(new Set([...first.data, ...rest.data].map((c) => c.id)).size, 120);
    const res = await rig.api('GET', '/api/v1/clients?q=acme&limit=1');
    assert.match(res.headers.link, /q=acme/);
    assert.equal((await rig.api('GET', '/api/v1/clients?number=%2B442079460111')).status, 422);
  });
});
