// What the sweep cannot do is told to people: once a cause with what to do, and once when it is over; by mail and by
// webhook. So are numbers that are not as they should be.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Lab } from '../lib/lab.mjs';
import { Receiver } from '../lib/receiver.mjs';
import { Smtp } from '../lib/smtp.mjs';

describe('an alarm', () => {
  let lab;
  let rig;
  let smtp;
  let receiver;
  before(async () => {
    smtp = await Smtp.start();
    receiver = await Receiver.start();
    lab = await Lab.start(
      { SMTP_URL: smtp.url, MAIL_FROM: 'calls@example.com', WEBHOOKS_TO_LOOPBACK: '1' }, { api: 1 });
    rig = lab.rig;
    rig.sql(`insert into users (tenant_id, email, role)
      values ('${rig.tenant.id}', 'boss@example.com', 'admin'), ('${rig.tenant.id}', 'desk@example.com', 'agent')`);
    const events = ['alarm.raised', 'alarm.cleared', 'number.unhealthy', 'retention.completed'];
    const res = await rig.api('POST', '/api/v1/webhook-endpoints', { url: receiver.url, events });
    assert.equal(res.status, 201, res.text);
  });
  after(async () => {
    await lab.stop();
    smtp.stop();
    receiver.stop();
  });
  beforeEach(() => {
    lab.wipe();
    rig.sql('delete from notices; delete from alert_rules');
    smtp.mails = [];
    receiver.got = [];
  });
  const cured = () => fetch(`${rig.sim.url}/sim/faults`, { method: 'DELETE' });
  const mails = () => smtp.mails.filter((m) => /provider/.test(m.headers.subject));
  const sweep = async () => {
    lab.hurry();
    await lab.run();
    await lab.run(['--once-kind', 'alarms']);
    await lab.run();
  };

  it('is mailed to the admins once, however much waits for its cause, and once when it is over', async () => {
    await rig.sim.fault({ fault: 'ai_status', status: 401, code: 'invalid_api_key', count: 99 });
    await lab.calls(3);
    for (let i = 0; i < 2; i += 1) await sweep();
    assert.deepEqual(mails().map((m) => m.to), [['boss@example.com']]);
    const [mail] = mails();
    assert.equal(mail.headers.subject, 'A provider fails: model');
    for (const text of [mail.text, mail.html]) {
      assert.match(text, /model:key/);
      assert.match(text, /401/);
      assert.match(text, /What To Do.*OPENAI_API_KEY/s);
    }
    await cured();
    for (let i = 0; i < 2; i += 1) await sweep();
    assert.deepEqual(mails().map((m) => m.headers.subject),
      ['A provider fails: model', 'A provider works again: model']);
    const told = receiver.got.filter((g) => /^alarm/.test(g.json.type)).map((g) => [g.json.type, g.json.data.cause]);
    assert.deepEqual(told, [['alarm.raised', 'model:key'], ['alarm.cleared', 'model:key']]);
    assert.match(receiver.of('alarm.raised')[0].json.data.what_to_do, /OPENAI_API_KEY/);
    assert.equal(rig.sql('select count(*) from alarms where cleared_at is null'), '0');
  });

  it('is told again when its cause comes back', () => {
    for (const over of ['', 'update alarms set cleared_at = now() where cleared_at is null;', '']) {
      rig.sql(`${over} insert into alarms (tenant_id, cause) values ('${rig.tenant.id}', 'model:key')
        on conflict (cause, tenant_id) where cleared_at is null do update set n = alarms.n + 1`);
    }
    assert.equal(rig.sql("select string_agg(detail ->> 'over', ' ' order by id) from notices"), 'false true false');
  });

  it('goes to whom a rule names, and to nobody else', async () => {
    rig.sql(`insert into alert_rules (tenant_id, kinds, channel, target)
      values ('${rig.tenant.id}', '{provider_failed}', 'mail', 'ops@example.com')`);
    rig.sql(`insert into alarms (tenant_id, cause, reason) values ('${rig.tenant.id}', 'twilio:key', 'refused');
      insert into alarms (tenant_id, cause, reason) values ('${rig.tenant.id}', 'retention:disk', 'full')`);
    await lab.run(['--kinds', 'notify alert']);
    const told = Object.fromEntries(smtp.mails.map((m) => [m.to[0], m.headers.subject]));
    assert.deepEqual(told, { 'ops@example.com': 'A provider fails: twilio',
      'boss@example.com': 'Retention could not delete what is due' });
  });

  it('of a number is told when it comes to differ, not while it goes on to', async () => {
    const number = rig.sql(`select id from numbers where e164 = '${rig.tenant.number}'`);
    const seen = (drift) => rig.sql(`insert into number_health as h (number_id, tenant_id, checked_at, drift)
      values ('${number}', '${rig.tenant.id}', clock_timestamp(), '${JSON.stringify(drift)}')
      on conflict (number_id) do update set checked_at = excluded.checked_at, drift = excluded.drift`);
    const differs = [{ what: 'voice_url', is: 'https://elsewhere.example/voice', wanted: 'ours' }];
    for (const drift of [[], differs, differs, [], differs]) seen(drift);
    assert.equal(rig.sql("select count(*) from notices where kind = 'number_drift'"), '2');
    rig.sql(`update number_health set vanished_at = now() where number_id = '${number}'`);
    await lab.run(['--kinds', 'notify alert webhook']);
    const [mail] = smtp.mails;
    assert.deepEqual(mail.to, ['boss@example.com']);
    const all = smtp.mails.map((m) => m.text).join();
    assert.match(all, new RegExp(`A number is not set up as it should be: \\${rig.tenant.number}`));
    assert.match(all, /voice_url is https:\/\/elsewhere\.example\/voice, should be ours/);
    assert.match(all, /What To Do: .*number apply/);
    assert.match(all, /does not have it any more/);
    assert.equal(receiver.of('number.unhealthy').length, 3);
    rig.sql('delete from number_health');
  });
});
