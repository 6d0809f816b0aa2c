// An inbound call, from the first ring to the stored rows, through real nginx, real workers and PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { callbacks, inbound, Rig } from '../lib/rig.mjs';

const answer = '/api/twilio/voice/answer';
const verbs = (xml) => [...xml.matchAll(/<(Say|Dial|Number|Client|Hangup|Record|Reject)\b/g)].map((m) => m[1]);

describe('an inbound call', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { api: 0, auth: 0 } });
  });
  after(() => rig.stop());
  const call = (key, more = {}) => ({ ...inbound(key).answer, ...more });

  it('is greeted, told that it is recorded, and forwarded', async () => {
    const res = await rig.webhook(answer, call('first'));
    assert.equal(res.status, 200);
    assert.equal(res.headers['content-type'], 'text/xml; charset=utf-8');
    assert.equal(res.headers['set-cookie'], undefined, 'a cookie is error 11206 for Twilio');
    assert.match(res.text, /^<\?xml version="1.0" encoding="UTF-8"\?>/);
    assert.deepEqual(verbs(res.text), ['Say', 'Say', 'Dial', 'Number']);
    assert.match(
      res.text,
      /<Say[^>]*>Thank you for calling\. Connecting you now\.<\/Say><Say[^>]*>This call is recorded\.<\/Say>/,
    );
    assert.match(res.text, />\+442079460999<\/Number>/);
    assert.match(res.text, /<Dial [^>]*record="record-from-answer-dual"/);
    assert.match(res.text, /<Dial [^>]*recordingStatusCallbackEvent="in-progress completed absent"/);
    assert.match(res.text, /<Number [^>]*statusCallbackEvent="initiated ringing answered completed"/);
    assert.doesNotMatch(res.text, /callerId=/, "the caller's own number passes on");
  });

  it('names callbacks of ours that exist, retried by Twilio as often as it can', async () => {
    const { text } = await rig.webhook(answer, call('callbacks'));
    const urls = [...text.matchAll(/="(https:[^"]*)"/g)].map((m) => m[1]);
    assert.ok(urls.length >= 3);
    for (const url of urls) assert.match(url, /^https:\/\/voice\.example\.com\/api\/[^#?]+#rc=5&amp;rp=all/);
    for (const path of Object.values(callbacks(text))) {
      assert.equal((await rig.webhook(path, {}, { signature: null })).status, 403, `${path} is a Twilio route`);
    }
  });

  it('becomes a call, a leg and an event', () => {
    const { sid } = inbound('first');
    assert.deepEqual(
      rig.rows(`select direction, status, from_number, to_number, customer_number, duration_seconds, answered_at,
        ended_at
      from calls where twilio_call_sid = '${sid}'`),
      [
        {
          direction: 'inbound',
          status: 'ringing',
          from_number: '+442079460123',
          to_number: '+442079460958',
          customer_number: '+442079460123',
          duration_seconds: null,
          answered_at: null,
          ended_at: null,
        },
      ],
    );
    assert.equal(
      rig.sql(`select role, status, parent_sid is null from call_legs where sid = '${sid}'`),
      'customer|ringing|t',
    );
    assert.equal(
      rig.sql(`select e.event_type, e.event_data->>'From', c.twilio_call_sid = e.call_sid from call_events e
      join calls c on c.id = e.call_id where call_sid = '${sid}'`),
      'answer|+442079460123|t',
    );
  });

  it('is stored once however often Twilio asks, and answered the same', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => rig.webhook(answer, call('again'))));
    assert.deepEqual(
      all.map((r) => r.status),
      Array(8).fill(200),
    );
    assert.equal(new Set(all.map((r) => r.text)).size, 1);
    const { sid } = inbound('again');
    assert.equal(
      rig.sql(`select (select count(*) from calls where twilio_call_sid = '${sid}'),
      (select count(*) from webhook_events where call_sid = '${sid}')`),
      '1|1',
    );
  });

  it('keeps the request as it came', async () => {
    const fields = call('raw', { CallerName: "O'Brien & söhne +1", ForwardedFrom: '', Odd: '<&"\u{1f600}' });
    assert.equal((await rig.webhook(answer, fields)).status, 200);
    const raw = Buffer.from(
      rig.sql(`select encode(raw, 'hex') from webhook_events where call_sid = '${fields.CallSid}'`),
      'hex',
    );
    assert.deepEqual(Object.fromEntries(new URLSearchParams(raw.toString())), fields);
  });

  it('is not recorded where the number says so, and then nothing is announced', async () => {
    rig.sql("update numbers set record = false where e164 = '+442079460958'");
    const { text } = await rig.webhook(answer, call('unrecorded'));
    assert.deepEqual(verbs(text), ['Say', 'Dial', 'Number']);
    assert.doesNotMatch(text, /record|recorded/i);
    rig.sql("update numbers set record = null where e164 = '+442079460958'");
  });

  it('hears the words of its number', async () => {
    rig.sql(
      "update numbers set greeting = 'Fish & <chips>', disclosure = 'Wir zeichnen auf.' where e164 = '+442079460958'",
    );
    const { text } = await rig.webhook(answer, call('words'));
    assert.match(text, />Fish &amp; &lt;chips&gt;<\/Say>.*>Wir zeichnen auf\.<\/Say>/);
    rig.sql('update numbers set greeting = null, disclosure = null');
  });

  it('whose number forwards nowhere is told a sentence, never an error', async () => {
    rig.sql('update numbers set forward_to = null; update users set forward_to = null');
    const res = await rig.webhook(answer, call('nowhere'));
    assert.equal(res.status, 200);
    assert.deepEqual(verbs(res.text), ['Say', 'Hangup']);
    rig.sql("update numbers set forward_to = '+442079460999'");
  });

  it('from a withheld number is taken like any other', async () => {
    for (const from of ['anonymous', '', '+266696687', 'sip:alice@example.com', '+7378742833']) {
      const fields = call(`withheld ${from}`, { From: from, Caller: from });
      assert.equal((await rig.webhook(answer, fields)).status, 200, from);
      assert.equal(
        rig.sql(`select customer_number is null, withheld from calls where twilio_call_sid = '${fields.CallSid}'`),
        't|t',
        from,
      );
    }
  });

  it('to a number nobody has is told so, and the request is kept', async () => {
    const fields = call('unknown number', { To: '+442079460111', Called: '+442079460111' });
    const res = await rig.webhook(answer, fields);
    assert.equal(res.status, 200);
    assert.deepEqual(verbs(res.text), ['Say', 'Hangup']);
    assert.match(res.text, /not in service/);
    assert.equal(
      rig.sql(`select (select count(*) from calls where twilio_call_sid = '${fields.CallSid}'),
      (select count(*) from webhook_events where call_sid = '${fields.CallSid}')`),
      '0|1',
    );
  });
});
