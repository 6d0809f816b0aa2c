// Alerts: a missed call is told at once by mail and SMS, once, to whom the rules name, when they want it.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Receiver } from '../lib/receiver.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';
import { Smtp } from '../lib/smtp.mjs';

describe('alerts', () => {
  let rig;
  let smtp;
  let receiver;
  before(async () => {
    smtp = await Smtp.start();
    receiver = await Receiver.start();
    rig = await Rig.start({
      sim: { speed: 100 },
      settings: { SMTP_URL: smtp.url, MAIL_FROM: 'calls@example.com', WEBHOOKS_TO_LOOPBACK: '1' },
    });
    await rig.sim.number(rig.tenant.number);
    rig.startSweep(); // which tells of numbers that Twilio does not have
  });
  after(async () => {
    await rig.stop();
    smtp.stop();
    receiver.stop();
  });
  beforeEach(async () => {
    rig.sql('delete from alert_rules; delete from webhook_endpoints');
    await until(() => rig.sql("select count(*) from jobs where state = 'running'") === '0');
    rig.sql("delete from notices; delete from jobs where kind in ('notify', 'alert')");
    smtp.mails = [];
    await fetch(`${rig.sim.url}/sim/faults`, { method: 'DELETE' });
  });

  async function rule(more) {
    const res = await rig.api('POST', '/api/v1/alert-rules', { kinds: ['missed_call'], channel: 'mail', ...more });
    assert.equal(res.status, 201, res.text);
    return res.json();
  }
  const messages = async () => {
    const auth = Buffer.from(`${rig.tenant.account}:${rig.tenant.token}`).toString('base64');
    const res = await fetch(`${rig.sim.url}/2010-04-01/Accounts/${rig.tenant.account}/Messages.json?PageSize=1000`, {
      headers: { authorization: `Basic ${auth}` },
    });
    return (await res.json()).messages;
  };
  async function missed(from = '+447700900111') {
    await rig.sim.phone(rig.tenant.forward, { answer: 'no' });
    await rig.sim.call({ from, to: rig.tenant.number });
    await rig.sim.idle();
    await until(() => rig.sql(`select outcome from calls where customer_number = '${from}'
      order by created_at desc limit 1`) === 'missed');
  }
  const alerts = async () => (await rig.api('GET', '/api/v1/alerts')).json().data;
  const state = (want) => until(async () => {
    const all = await alerts();
    return all.length > 0 && all.every((a) => a.state === want) && all;
  });

  it('mail a missed call of the simulator, after its end and within a look of the sweep', async () => {
    await rule({ target: 'desk@example.com' });
    await missed();
    const [mail] = await until(() => smtp.mails.length > 0 && smtp.mails);
    const [call] = rig.rows('select *, ended_at is not null as over from calls order by created_at desc limit 1');
    assert.deepEqual(mail.to, ['desk@example.com']);
    assert.equal(mail.headers.subject, 'Missed call from +447700900111');
    for (const body of [mail.text, mail.html]) {
      assert.ok(body.includes('Missed call from +447700900111'));
      assert.ok(body.includes(rig.tenant.number));
      assert.ok(body.includes(call.twilio_call_sid));
      assert.ok(body.includes(`/app/calls/${call.id}`));
    }
    assert.ok(mail.html.includes('Fish &amp; chips') && mail.text.includes('Fish & chips'), 'escaped where it must be');
    await state('sent');
    const [order] = rig.rows(`select n.created_at >= max(e.received_at) - interval '1 s' as after_the_end,
        a.ended_at - n.created_at < interval '5 s' as soon
      from alerts a join notices n on n.id = a.notice_id join webhook_events e on e.call_id = n.call_id
      where e.event_type = 'completed' or true group by n.created_at, a.ended_at`);
    assert.ok(order.after_the_end);
    assert.equal(smtp.mails.length, 1);
  });

  it('send one SMS through Twilio, also when its receipt is lost', async () => {
    const was = (await messages()).length;
    await rule({ channel: 'sms', target: '+447700900999' });
    await rig.sim.fault({ fault: 'message_cut', at_byte: 10 });
    await missed('+447700900112');
    await until(() => rig.sql("select count(*) from alerts where state = 'sending' and reason is not null") === '1');
    rig.sql("update jobs set due_at = now() where kind = 'alert'");
    const [a] = await state('sent');
    const sent = (await messages()).slice(0, (await messages()).length - was);
    assert.equal(sent.length, 1, 'once');
    assert.deepEqual([sent[0].to, sent[0].from, sent[0].sid], ['+447700900999', rig.tenant.number, a.sid]);
    assert.match(sent[0].body, /^Missed call from \+447700900112 to \+442079460958 at \d\d:\d\d\. Fish & chips$/);
  });

  it('do not send an SMS again that nobody knows of', async () => {
    const was = (await messages()).length;
    await rule({ channel: 'sms', target: '+447700900998' });
    rig.sql(`insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
        customer_number, outcome) values ('${rig.tenant.id}', null, '+447700900113', '${rig.tenant.number}', 'inbound',
        'customer', 'no-answer', '+447700900113', 'missed')`);
    const id = rig.sql("select id from calls where customer_number = '+447700900113'");
    rig.sql(`insert into notices (tenant_id, kind, ref, call_id)
        values ('${rig.tenant.id}', 'missed_call', 'x', '${id}');
      insert into alerts (id, tenant_id, notice_id, channel, target, due_at, state, batch)
        select '01890000-0000-7000-8000-0000000000aa', tenant_id, id, 'sms', '+447700900998', now(), 'sending',
               '01890000-0000-7000-8000-0000000000aa' from notices where ref = 'x';
      insert into jobs (tenant_id, kind, ref)
        values ('${rig.tenant.id}', 'alert', '01890000-0000-7000-8000-0000000000aa')`);
    const [a] = await state('unknown');
    assert.match(a.reason, /not sent twice/);
    assert.equal((await messages()).length, was);
  });

  it('try a mail again that the server did not take', async () => {
    smtp.refuse = 1;
    await rule({ target: 'desk@example.com' });
    await missed('+447700900114');
    await until(() => rig.sql("select count(*) from alerts where state = 'waiting' and reason is not null") === '1');
    rig.sql("update jobs set due_at = now() where kind = 'alert'");
    await state('sent');
    assert.equal(smtp.mails.length, 1);
  });

  it('say nothing of a call that somebody took', async () => {
    await rule({ target: 'desk@example.com' });
    const c = inbound('taken');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/status', { ...c.completed, CallStatus: 'no-answer', CallDuration: '0' });
    rig.sql(`update calls set outcome = 'answered', missed_reason = null where twilio_call_sid = '${c.sid}'`);
    await until(() => rig.sql("select count(*) from jobs where kind = 'notify' and state <> 'done'") === '0');
    assert.ok((await alerts()).length <= 1);
  });

  it('wait for the end of quiet hours and tell all in one mail', async () => {
    const hour = (n) => `${String((new Date().getUTCHours() + n + 24) % 24).padStart(2, '0')}:00`;
    await rule({ target: 'late@example.com', quiet_from: hour(-1), quiet_until: hour(2), time_zone: 'UTC' });
    for (const n of [5, 6, 7]) await missed(`+44770090011${n}`);
    await until(() => rig.sql('select count(*) from alerts') === '3');
    const [due] = rig.rows(`select count(distinct due_at) as n, min(due_at) > now() + interval '50 min' as later
      from alerts`);
    assert.deepEqual([due.n, due.later], [1, true]);
    assert.equal(smtp.mails.length, 0);
    rig.sql("update alerts set due_at = now(); update jobs set due_at = now() where kind = 'alert'");
    await state('sent');
    assert.equal(smtp.mails.length, 1);
    assert.match(smtp.mails[0].headers.subject, /^Missed call from \+44770090011\d, and 2 more$/);
    for (const n of [5, 6, 7]) assert.ok(smtp.mails[0].text.includes(`+44770090011${n}`));
  });

  it('tell the admins of an endpoint that was turned off, once', async () => {
    rig.sql(`update users set role = 'admin', email = 'admin@example.com' where id = '${rig.tenant.user}'`);
    const made = (await rig.api('POST', '/api/v1/webhook-endpoints', { url: receiver.url })).json();
    receiver.answers = [{ status: 410 }];
    await rig.api('POST', `/api/v1/webhook-endpoints/${made.id}/test`);
    const [mail] = await until(() => smtp.to('admin@example.com').length > 0 && smtp.to('admin@example.com'));
    assert.equal(mail.headers.subject, `Webhooks are off: ${receiver.url}`);
    assert.ok(mail.text.includes('it answered 410'));
    await state('sent');
    assert.equal(smtp.mails.length, 1);
  });

  it('are refused where they could reach nobody', async () => {
    const bad = [
      [{ kinds: [] }, '/kinds'],
      [{ kinds: ['nonsense'] }, '/kinds'],
      [{ target: 'nobody' }, '/target'],
      [{ target: 'a@example.com', quiet_from: '25:00', quiet_until: '07:00' }, '/quiet_from'],
      [{}, undefined],
      [{ target: 'a@example.com', quiet_from: '22:00' }, undefined],
      [{ target: 'a@example.com', time_zone: 'Mars/Olympus' }, undefined],
      [{ user_id: '01890000-0000-7000-8000-00000000000b' }, undefined],
      [{ target: 'a@example.com', client_id: '01890000-0000-7000-8000-00000000000b' }, undefined],
    ];
    for (const [body, pointer] of bad) {
      const res = await rig.api('POST', '/api/v1/alert-rules', { kinds: ['missed_call'], channel: 'mail', ...body });
      assert.equal(res.status, 422, `${JSON.stringify(body)} ${res.text}`);
      assert.equal(res.json().errors?.[0]?.pointer, pointer, res.text);
    }
  });

  it('name the caller to people and endpoints of a tenant that seals its calls, and keep only tokens', async () => {
    const from = '+447700900187';
    const set = await rig.api('PATCH', '/api/v1/settings', { encrypt_metadata: true });
    assert.equal(set.status, 200, set.text);
    // An account that nobody knows makes the hooks pool read anew how webhooks are sealed.
    const stranger = inbound('stranger', { account: `AC${'f'.repeat(32)}` }).completed;
    assert.equal((await rig.webhook('/api/twilio/voice/status', stranger)).status, 403);
    await rule({ target: 'desk@example.com' });
    await rule({ target: '+442079460444', channel: 'sms' });
    const made = await rig.api('POST', '/api/v1/webhook-endpoints', { url: receiver.url, events: ['call.missed'] });
    assert.equal(made.status, 201, made.text);
    await rig.sim.phone(rig.tenant.forward, { answer: 'no' });
    await rig.sim.call({ from, to: rig.tenant.number });
    await rig.sim.idle();
    const [mail] = await until(() => smtp.mails.length > 0 && smtp.mails);
    for (const body of [mail.text, mail.html]) assert.ok(body.includes(from) && !body.includes('sealed'), body);
    const [told] = await until(() => receiver.of('call.missed').length > 0 && receiver.of('call.missed'));
    assert.deepEqual([told.json.data.customer_number, told.json.data.from_number], [from, from]);
    const [sms] = await until(async () => {
      const all = (await messages()).filter((m) => m.to === '+442079460444');
      return all.length > 0 && all;
    });
    assert.ok(sms.body.includes(from), sms.body);
    const kept = rig.sql(`select m.body from webhook_messages m where m.type = 'call.missed'
      and m.call_id = (select id from calls order by created_at desc limit 1)`);
    assert.ok(kept.includes('sealed1|') && !kept.includes(from.slice(1)), kept);
  });
});
