// What people are told of a recording and what they are asked: in whose words and language, before anything is
// recorded; keys, their evidence, and whoever takes his consent back. Whether a single call is transcribed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import twilio from 'twilio';
import { inbound, Rig, until } from '../lib/rig.mjs';

const persistent = '#rc=5&rp=all&ct=2000&rt=5000&tt=15000';
const base = 'https://voice.example.com';
const customer = '+442079460123';
const lines = Array.from({ length: 60 }, (_, n) => ({ who: n % 2 ? 'customer' : 'agent', text: 'Is that so?' }));
const said = (xml) => [...xml.matchAll(/<Say([^>]*)>([^<]*)<\/Say>/g)].map((m) => [attr(m[1], 'language'), m[2]]);
const attr = (text, name) => new RegExp(`${name}="([^"]*)"`).exec(text)?.[1];

describe('being told and asked', () => {
  let rig;
  let n = 0;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 2, api: 2, auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    rig.startSweep(); // which tells of numbers that Twilio does not have
    await rig.sim.phone(rig.tenant.forward, { answer: 'yes', after_s: 1, lines });
  });
  after(() => rig.stop());
  const v1 = (method, path, json, options) => rig.api(method, `/api/v1${path}`, json, options);
  const set = async (patch) => {
    const res = await v1('PATCH', '/settings', patch);
    assert.equal(res.status, 200, res.text);
  };
  const number = async (patch) => {
    const id = rig.sql(`select id from numbers where e164 = '${rig.tenant.number}'`);
    const res = await v1('PATCH', `/numbers/${id}`, patch);
    assert.equal(res.status, 200, res.text);
  };
  const made = async (path, json) => {
    const res = await v1('POST', path, json);
    assert.equal(res.status, 201, res.text);
    return res.json();
  };
  beforeEach(async () => {
    rig.sql('delete from disclosures; delete from consent_records');
    await set({
      disclosure_mode: null, disclosure: null, disclosure_question: null, disclosure_goodbye: null,
      disclosure_refused: null, disclosure_agents: null, language: null, voice: null,
    });
    await number({ disclosure_mode: null, disclosure: null, disclosure_language: null, client_id: null });
  });
  // A call of somebody who has not called before.
  const ours = () => ({ to: rig.tenant.number, agent: rig.tenant.forward });
  const fresh = (options) => inbound(`consent ${(n += 1)}`, { ...ours(), ...options });
  const ask = async (call) => (await rig.webhook('/api/twilio/voice/answer', call.answer)).text;
  const key = (call, digits, path = '/api/twilio/voice/consent') =>
    rig.webhook(path, { ...call.answer, CallStatus: 'in-progress', Digits: digits });
  const row = (call) =>
    rig.rows(`select c.id, c.record, c.record_reason, q.state from calls c
      left join consent_questions q on q.call_id = c.id where c.twilio_call_sid = '${call.sid}'`)[0];
  const text = (id) => rig.sql(`select transcription_status from recordings where call_id = '${id}'`);
  const records = () => rig.rows('select * from consent_records order by created_at, id');

  describe('in whose words', () => {
    it('goes from the number over its client and the language to the tenant and to what is built in', async () => {
      const { id: client_id } = await made('/clients', { name: 'Florist' });
      const heard = async () => said(await ask(fresh())).at(-1);
      assert.deepEqual(await heard(), ['en-GB', 'This call is recorded.']);
      await number({ disclosure_language: 'de-DE' });
      assert.deepEqual(await heard(), ['de-DE', 'Dieses Gespräch wird aufgezeichnet.']);
      await set({ disclosure: 'We record.' });
      assert.deepEqual(await heard(), ['en-GB', 'We record.']);
      await made('/disclosures', { language: 'de-DE', disclosure: 'Wir zeichnen auf.' });
      assert.deepEqual(await heard(), ['de-DE', 'Wir zeichnen auf.']);
      await number({ client_id });
      await made('/disclosures', { client_id, disclosure: 'Florist records.' });
      assert.deepEqual(await heard(), ['en-GB', 'Florist records.']);
      const words = await made('/disclosures', { client_id, language: 'de-DE', disclosure: 'Florist zeichnet auf.' });
      assert.deepEqual(await heard(), ['de-DE', 'Florist zeichnet auf.']);
      await number({ disclosure: 'Diese Nummer zeichnet auf.' });
      assert.deepEqual(await heard(), ['de-DE', 'Diese Nummer zeichnet auf.']);
      await number({ disclosure: null, disclosure_language: null });
      assert.deepEqual(await heard(), ['en-GB', 'Florist records.']);
      assert.equal((await v1('PATCH', `/clients/${client_id}`, { disclosure_language: 'de-DE' })).status, 200);
      assert.deepEqual(await heard(), ['de-DE', 'Florist zeichnet auf.']);
      assert.equal((await v1('DELETE', `/disclosures/${words.id}`)).status, 204);
      assert.deepEqual(await heard(), ['en-GB', 'Florist records.']);
    });

    it('is kept with the call: that it was said, when, and in which words', async () => {
      const announced = async (call) => (await v1('GET', `/calls/${call.sid}`)).json().announced;
      const one = fresh();
      await ask(one);
      const { at, said_since, ...rest } = await announced(one);
      assert.deepEqual(rest, { basis: 'notice', text: 'This call is recorded.', language: 'en-GB' });
      assert.ok(Date.parse(at) >= Date.parse(rig.sql(`select created_at from calls where id = '${row(one).id}'`)));
      assert.ok(said_since);
      await set({ disclosure: 'We record, as of late.' });
      await ask(one);
      assert.equal((await announced(one)).text, 'This call is recorded.', 'asked twice, it is what was said first');
      const two = fresh();
      await rig.webhook('/api/twilio/voice/status', two.ringing); // heard of before it asks what to do
      await ask(two);
      assert.equal((await announced(two)).text, 'We record, as of late.');
      const words = () => Number(rig.sql('select count(*) from announcements'));
      const was = words();
      await Promise.all(Array.from({ length: 8 }, () => ask(fresh())));
      assert.equal(words(), was, 'each wording once');
      assert.deepEqual(records(), [], 'a notice is no consent');
    });

    it('is not said to be, where nobody was told', async () => {
      const announced = async (patch, call = fresh()) => {
        await set(patch);
        const xml = await ask(call);
        return [/recorded/.test(xml), (await v1('GET', `/calls/${call.sid}`)).json().announced];
      };
      assert.deepEqual(await announced({ disclosure_mode: 'off' }), [false, null]);
      assert.equal((await announced({ disclosure_mode: 'keypress' }))[1], null, 'he is asked: that has its own row');
      await set({ disclosure_mode: null });
      await number({ record: false });
      assert.deepEqual(await announced({}), [false, null]);
      await number({ record: null });
      await made('/consents', { number: customer, purpose: 'recording', decision: 'refused' });
      assert.deepEqual(await announced({}), [false, null]);
    });

    it('speaks with the voice of its language', async () => {
      await set({ voice: 'Polly.Amy' });
      assert.match(await ask(fresh()), /<Say voice="Polly.Amy" language="en-GB">This call is recorded/);
      await made('/disclosures', { language: 'fr-FR', disclosure: 'On enregistre.', voice: 'Polly.Lea' });
      await number({ disclosure_language: 'fr-FR' });
      assert.match(await ask(fresh()), /<Say voice="Polly.Lea" language="fr-FR">On enregistre/);
      await number({ disclosure_language: 'es-ES' });
      assert.match(await ask(fresh()), /<Say language="es-ES">Esta llamada se graba/);
    });

    it('is managed with If-Match, and the audit has old and new', async () => {
      const one = await made('/disclosures', { language: 'de-DE', disclosure: 'A' });
      const etag = (await v1('GET', `/disclosures/${one.id}`)).headers.etag;
      const put = (json, headers) => v1('PUT', `/disclosures/${one.id}`, json, { headers });
      const words = { language: 'de-DE', disclosure: 'B', question: 'Q' };
      assert.equal((await put(words, { 'if-match': etag })).status, 200);
      assert.equal((await put({ language: 'de-DE', disclosure: 'C' }, { 'if-match': etag })).status, 412);
      const gone = await v1('DELETE', `/disclosures/${one.id}`, undefined, { headers: { 'if-match': etag } });
      assert.equal(gone.status, 412);
      const [entry] = rig.rows(`select detail from audit_entries where action = 'disclosure.change' order by seq desc`);
      assert.deepEqual([entry.detail.old.disclosure, entry.detail.new.disclosure, entry.detail.new.question],
        ['A', 'B', 'Q']);
      assert.equal((await v1('POST', '/disclosures', { language: 'de-DE', disclosure: 'D' })).status, 409);
      for (const bad of [
        { disclosure: 'no language' },
        { language: 'deutsch!', disclosure: 'x' },
        { language: 'de-DE' },
        { client_id: randomUUID(), disclosure: 'x' },
      ])
        assert.equal((await v1('POST', '/disclosures', bad)).status, 422, JSON.stringify(bad));
    });
  });

  describe('asked for a key', () => {
    beforeEach(() => set({ disclosure_mode: 'keypress' }));

    it('is asked as Twilio has it, and nothing is recorded before', async () => {
      const call = fresh();
      const r = new twilio.twiml.VoiceResponse();
      r.say({ language: 'en-GB' }, 'Thank you for calling. Connecting you now.');
      const g = r.gather({
        action: `${base}/api/twilio/voice/consent${persistent}`, actionOnEmptyResult: true, finishOnKey: '',
        input: 'dtmf', numDigits: 1, timeout: 6,
      });
      g.say({ language: 'en-GB' }, 'This call is recorded.');
      g.say({ language: 'en-GB' }, 'Press 1 if you agree, or any other key if you do not.');
      const sorted = (xml) => xml.replace(/<(\w+)((?: [\w-]+="[^"]*")+)/g,
        (_, name, attrs) => `<${name} ${attrs.match(/[\w-]+="[^"]*"/g).sort().join(' ')}`);
      assert.equal(sorted((await ask(call)).trim().replace(/\?>\s*/, '?>')), sorted(r.toString()));
      assert.deepEqual(row(call), { ...row(call), record: false, record_reason: 'consent', state: 'open' });
    });

    it('is recorded after 1, with the evidence, once however often it is delivered', async () => {
      const call = fresh();
      await ask(call);
      const first = await key(call, '1');
      assert.match(first.text, /^[^]*<Response><Dial [^>]*record="record-from-answer-dual"/);
      assert.deepEqual(said(first.text), [], 'he has been greeted and told');
      assert.equal((await key(call, '1')).text, first.text);
      await Promise.all(Array.from({ length: 5 }, () => key(call, '1')));
      assert.deepEqual(row(call), { id: row(call).id, record: true, record_reason: 'consent', state: 'granted' });
      const [r, ...more] = records();
      assert.equal(more.length, 0);
      assert.deepEqual([r.number, r.purpose, r.decision, r.method, r.call_id],
        [customer, 'recording', 'granted', 'keypress', row(call).id]);
      const { webhook, ...evidence } = r.evidence;
      assert.deepEqual(evidence, {
        digits: '1', call_sid: call.sid, language: 'en-GB',
        spoken: 'This call is recorded. Press 1 if you agree, or any other key if you do not.',
      });
      assert.equal(rig.sql(`select event_type || ' ' || kind from webhook_events where digest = '${webhook}'`),
        'gather voice.consent');
      assert.equal((await v1('GET', `/consents?call_id=${r.call_id}`)).json().data[0].id, r.id);
    });

    for (const [digits, state] of [['2', 'refused'], ['#', 'refused'], ['', 'silent']])
      it(`goes on unrecorded after ${digits === '' ? 'nothing' : digits}, or ends with a sentence`, async () => {
        const call = fresh();
        await ask(call);
        const { text } = await key(call, digits);
        assert.match(text, /<Dial /);
        assert.doesNotMatch(text, /record/);
        assert.deepEqual([row(call).state, row(call).record], [state, false]);
        assert.deepEqual(records().map((r) => r.decision), state === 'silent' ? [] : ['refused']);
        assert.doesNotMatch((await key(call, '1')).text, /record/, 'the first answer stands');
        await set({ disclosure_refused: 'end' });
        const other = fresh();
        await ask(other);
        assert.deepEqual(said((await key(other, digits)).text),
          [['en-GB', 'We cannot take this call without your consent. Goodbye.']]);
        await set({ disclosure_goodbye: 'Cheerio.' });
        const third = fresh();
        await ask(third);
        const end = (await key(third, digits)).text;
        assert.match(end, /Cheerio\.<\/Say><Hangup\/><\/Response>/);
      });

    it('is not recorded where the key comes for a call that nobody knows', async () => {
      const call = fresh();
      const { status, text } = await key(call, '1');
      assert.equal(status, 200);
      assert.match(text, /record="record-from-answer-dual"/, 'its number is known, and its caller has agreed');
      assert.equal(records().length, 1);
      const stranger = fresh({ to: '+442079460777' });
      assert.match((await key(stranger, '1')).text, /not in service/);
      assert.equal(records().length, 1);
    });

    it('is not asked while the call would not be recorded anyway', async () => {
      await number({ record: false });
      const call = fresh();
      assert.match(await ask(call), /<Dial /);
      assert.equal(row(call).state, null);
      await number({ record: null });
    });

    it('is known by his call alone where he hides his number', async () => {
      const call = fresh({ from: 'anonymous' });
      await ask(call);
      await key(call, '1');
      assert.deepEqual(records().map((r) => [r.number, r.call_id]), [[null, row(call).id]]);
      assert.equal((await v1('GET', '/consents')).status, 200);
    });

    it('is neither asked nor recorded once he has taken it back; a key counts in its own call', async () => {
      const call = fresh();
      await ask(call);
      await key(call, '2');
      assert.match(await ask(fresh()), /<Gather/, 'a key counts in its own call');
      await made('/consents', { number: customer, purpose: 'recording', decision: 'withdrawn' });
      const later = fresh();
      const xml = await ask(later);
      assert.doesNotMatch(xml, /<Gather|record/);
      assert.deepEqual([row(later).record, row(later).record_reason], [false, 'consent']);
      await made('/consents', { number: customer, purpose: 'recording', decision: 'granted' });
      assert.match(await ask(fresh()), /<Gather/);
    });
  });

  // Real calls, played by the simulator.
  describe('in a call', () => {
    const ended = (id) => until(() => rig.sql(`select ended_at from calls where id = '${id}'`));
    const recordings = (id) => rig.rows(`select call_sid, status, channels from recordings where call_id = '${id}'`);
    const called = async (json, to, presses) => {
      await rig.sim.phone(to, { answer: 'yes', after_s: 1, lines: lines.slice(0, 4), presses });
      const headers = { 'idempotency-key': randomUUID() };
      const res = await v1('POST', '/calls', { to, user_id: rig.tenant.user, ...json }, { headers });
      assert.equal(res.status, 201, res.text);
      return res.json();
    };
    // What was said to the phone at that number before it was connected.
    const whispered = async (to, kind = 'whisper') => {
      const { webhooks, calls } = await rig.sim.ledger();
      const legs = calls.filter((c) => c.to === to).map((c) => c.sid);
      return webhooks.filter((w) => w.kind === kind && legs.includes(new URLSearchParams(w.params).get('CallSid')));
    };

    it('that rings the agent first, the customer is told when he has picked up, then recorded', async () => {
      const call = await called({ mode: 'agent_first' }, '+442079460131');
      await ended(call.id);
      const [w] = await whispered('+442079460131');
      assert.ok(w, JSON.stringify((await rig.sim.ledger()).webhooks.slice(0, 2)));
      const child = rig.sql(`select sid from call_legs where call_id = '${call.id}' and role = 'customer'`);
      await until(() => recordings(call.id).some((r) => r.status === 'stored'));
      assert.deepEqual(recordings(call.id).map((r) => [r.call_sid, r.channels]), [[child, 2]]);
      assert.equal(rig.sql(`select record from calls where id = '${call.id}'`), 't');
      const { announced } = (await v1('GET', `/calls/${call.id}`)).json();
      assert.equal(announced.text, 'This call is recorded.');
      const picked = rig.sql(`select received_at from webhook_events where call_sid = '${child}'
        and event_type = 'callee'`);
      assert.ok(Date.parse(announced.at) >= Date.parse(picked), 'when he had picked up');
    });

    for (const [presses, state] of [['1', 'granted'], ['5', 'refused'], [undefined, 'silent']])
      it(`that rings the agent first, the customer is asked: ${state}`, async () => {
        await set({ disclosure_mode: 'keypress' });
        const to = `+44207946014${state.length}`;
        const call = await called({ mode: 'agent_first' }, to, presses);
        await ended(call.id);
        assert.equal(rig.sql(`select state from consent_questions where call_id = '${call.id}'`), state);
        assert.equal(rig.sql(`select outcome from calls where id = '${call.id}'`), 'connected');
        if (state === 'granted') await until(() => recordings(call.id).some((r) => r.status === 'stored'));
        else assert.deepEqual(recordings(call.id), []);
        assert.deepEqual(records().map((r) => [r.number, r.decision]), state === 'silent' ? [] : [[to, state]]);
      });

    it('that rings the customer first, he is asked before the agent is rung', async () => {
      await set({ disclosure_mode: 'keypress', disclosure_refused: 'end' });
      const yes = await called({ mode: 'customer_first' }, '+442079460151', '1');
      const no = await called({ mode: 'customer_first' }, '+442079460152', '9');
      await Promise.all([ended(yes.id), ended(no.id)]);
      await until(() => recordings(yes.id).some((r) => r.status === 'stored'));
      assert.deepEqual(recordings(no.id), []);
      assert.equal(rig.sql(`select count(*) from call_legs where call_id = '${no.id}'`), '1', 'nobody else was rung');
    });

    it('of a browser, the customer is asked too', async () => {
      await set({ disclosure_mode: 'keypress' });
      const who = `client:user_${rig.tenant.user.replaceAll('-', '')}_${rig.tenant.id.replaceAll('-', '')}`;
      await rig.sim.phone('+442079460161', { answer: 'yes', after_s: 1, lines: lines.slice(0, 4), presses: '1' });
      const { sid } = await rig.sim.call({
        from: who, to: '+442079460161', voice_url: `${base}/api/twilio/twiml`, params: { To: '+442079460161' },
      });
      const id = await until(() => rig.sql(`select id from calls where twilio_call_sid = '${sid}'`));
      await ended(id);
      await until(() => recordings(id).some((r) => r.status === 'stored'));
      assert.deepEqual(records().map((r) => [r.number, r.decision]), [['+442079460161', 'granted']]);
    });

    it('the agent hears it too where that is wanted, and is not asked', async () => {
      await set({ disclosure_agents: true });
      await rig.sim.phone(rig.tenant.forward, { answer: 'yes', after_s: 1, lines: lines.slice(0, 4) });
      const { sid } = await rig.sim.call({ from: customer, to: rig.tenant.number });
      const id = await until(() => rig.sql(`select id from calls where twilio_call_sid = '${sid}'`));
      await ended(id);
      assert.equal((await whispered(rig.tenant.forward)).length, 1);
      await until(() => recordings(id).some((r) => r.status === 'stored'));
      assert.deepEqual(recordings(id).map((r) => r.call_sid), [sid], 'the Dial is recorded, once');
      await rig.sim.phone(rig.tenant.forward, { answer: 'yes', after_s: 1, lines });
    });

    it('whoever takes it back is not recorded any further', async () => {
      const from = '+442079460171';
      const long = Array.from({ length: 12 }, () => lines).flat();
      const { sid } = await rig.sim.call({ from, to: rig.tenant.number, lines: long });
      const id = await until(() => rig.sql(`select c.id from calls c join recordings r on r.call_id = c.id
        where c.twilio_call_sid = '${sid}' and r.status = 'in-progress'`));
      const elsewhere = rig.sql(`insert into clients (tenant_id, name) values ('${rig.tenant.id}', 'x') returning id`);
      const no = { number: from, purpose: 'recording', decision: 'withdrawn' };
      const other = await made('/consents', { ...no, client_id: elsewhere });
      assert.deepEqual([other.recordings_stopped, rig.sql(`select record from calls where id = '${id}'`)], [0, 't']);
      const done = await made('/consents', { ...no, evidence: 'by mail' });
      assert.deepEqual([done.recordings_stopped, done.recordings_running], [1, 0]);
      const { posts } = await rig.sim.ledger();
      const stops = posts.filter((p) => p.path.includes('/Recordings/') && p.params.includes('Status=stopped'));
      assert.deepEqual(stops.map((p) => p.status), [200]);
      assert.equal(rig.sql(`select record_reason from calls where id = '${id}' and not record`), 'consent');
      await v1('POST', `/calls/${id}/end`);
      await until(() => text(id) === 'skipped:consent');
      const kept = await v1('GET', `/consents?number=${encodeURIComponent(from)}&client_id=${elsewhere}&count=true`);
      assert.deepEqual([kept.json().total, kept.json().data[0].id], [1, other.id]);
      const first = await v1('GET', `/consents?number=${encodeURIComponent(from)}&purpose=recording&limit=1`);
      assert.equal(first.json().data[0].id, done.id);
      assert.match(first.headers.link, /number=%2B442079460171&purpose=recording>; rel="next"/);
    });
  });

  describe('a call\'s own word on transcripts', () => {
    const stored = (id) => until(() => rig.rows(`select id, transcription_status as status, transcription_reason as why
      from recordings where call_id = '${id}' and status = 'stored'`)[0]);
    const placed = async (json) => {
      const to = `+4420794602${10 + (n += 1) % 90}`;
      await rig.sim.phone(to, { answer: 'yes', after_s: 1, lines: lines.slice(0, 20) });
      const headers = { 'idempotency-key': randomUUID() };
      const body = { to, mode: 'customer_first', user_id: rig.tenant.user, ...json };
      const res = await v1('POST', '/calls', body, { headers });
      assert.equal(res.status, 201, res.text);
      return res.json();
    };

    it('counts before the tenant\'s, either way, and its recording says why', async () => {
      const off = await placed({ transcribe: false });
      assert.equal(off.transcribe, false);
      assert.deepEqual((({ status, why }) => [status, why])(await stored(off.id)),
        ['skipped:off', 'transcription switched off for this call']);
      await set({ transcribe: false });
      const on = await placed({ transcribe: true });
      const as = await placed({});
      assert.deepEqual((({ status, why }) => [status, why])(await stored(as.id)),
        ['skipped:off', 'transcription switched off']);
      await until(() => rig.sql(`select count(*) from transcripts t join recordings r on r.id = t.recording_id
        where r.call_id = '${on.id}'`) === '1');
      const late = await v1('PATCH', `/calls/${on.id}`, { transcribe: false });
      assert.equal(late.status, 409, late.text);
      const again = await v1('PATCH', `/calls/${off.id}`, { transcribe: true });
      assert.deepEqual([again.status, again.json().transcribe], [200, true]);
      await until(() => text(off.id) === 'completed');
      await set({ transcribe: null });
    });

    it('is taken back before anybody has listened', async () => {
      const id = rig.sql(`insert into calls (tenant_id, from_number, to_number, direction, root_role, status)
        values ('${rig.tenant.id}', '+442079460123', '${rig.tenant.number}', 'inbound', 'customer', 'completed')
        returning id`);
      const sid = `RE${'9'.repeat(32)}`;
      const recording = rig.sql(`insert into recordings (tenant_id, sid, call_sid, call_id, status, duration_seconds,
          transcription_status, path, bytes, sha256)
        values ('${rig.tenant.id}', '${sid}', 'CA${'9'.repeat(32)}', '${id}', 'stored', 60, 'pending',
          '${rig.tenant.id}/${sid}.wav', 1, sha256('')) returning id`);
      assert.equal((await v1('PATCH', `/calls/${id}`, { transcribe: false })).status, 200);
      const [now] = rig.rows(`select transcription_status as status, transcription_reason as why
        from recordings where id = '${recording}'`);
      assert.deepEqual([now.status, now.why], ['skipped:off', 'transcription switched off for this call']);
      const [entry] = rig.rows(`select detail from audit_entries where action = 'call.note' and object = '${id}'`);
      assert.deepEqual([entry.detail.old.transcribe, entry.detail.new.transcribe], [null, false]);
    });
  });
});
