// Sealed call metadata: nothing of who called and what was said can be read from a dump or a disk, and every page shows
// what it shows without the option; what is stored follows the option both ways; without the key all of it is noise.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { child, program, root, run } from '../lib/process.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const caller = '+447700900123';
const callee = '+442079460777';
const name = 'Wilhelmina Featherstonehaugh';
const message = 'Dear Wilhelmina, your boiler is ready.';
const status = '/api/twilio/voice/status';

// What nobody may find. The sentences are the simulator's: what its people say if nobody tells them anything.
const secrets = [caller.slice(1), callee.slice(1), '7700900123', name, 'Featherstonehaugh', 'boiler'];

class House {
  #n = 0;

  static async start(more = {}) {
    const house = new House();
    house.rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 0 }, sim: { speed: 500 },
      settings: { TRANSCRIBE_MODEL: 'whisper-1' }, ...more });
    await house.rig.sim.number(house.rig.tenant.number);
    return house;
  }

  // One run of the sweep to its end, as if pauses had passed.
  async sweep() {
    this.rig.sql("update jobs set due_at = now() where state in ('waiting', 'parked')");
    this.#n += 1;
    const cmd = [program('switchhook-sweep'), '--env', this.rig.env, '--max-seconds', '30'];
    const c = child(join(this.rig.dir, 'log'), `sweep-${this.#n}`, cmd, { as });
    assert.equal(await c.ended, 0, c.log());
  }

  async option(on) {
    const res = await this.rig.api('PATCH', '/api/v1/settings', { encrypt_metadata: on });
    assert.equal(res.status, 200, res.text);
    assert.equal(res.json().encrypt_metadata, on);
    await this.heard();
  }

  // An account that nobody knows makes the hooks pool read anew whose webhooks it takes, and how they are sealed.
  async heard() {
    const res = await this.rig.webhook(status, inbound('stranger', { account: `AC${'f'.repeat(32)}` }).completed);
    assert.equal(res.status, 403);
  }

  // Sweeps until what is stored has followed the option; two minutes pass meanwhile.
  async converted(ms) {
    this.rig.sql("update metadata_sealing set since = since - interval '1 hour'");
    await until(async () => {
      await this.sweep();
      return this.rig.sql('select done_at is not null from metadata_sealing') === 't';
    }, ms);
  }

  state() {
    const tenant = ['--tenant', this.rig.tenant.id];
    return JSON.parse(this.rig.switchhook('tenant', 'encrypt', ...tenant, '-o', 'json')).state;
  }

  dump() {
    return run(['/usr/lib/postgresql/15/bin/pg_dump', '-h', this.rig.pg.host, '-U', 'postgres', 'switchhook'],
      { maxBuffer: 1 << 28 });
  }

  // All files but the audio, which is not sealed.
  disk() {
    return [this.rig.settings.STATE_DIR, this.rig.settings.RECORDINGS_DIR].flatMap((dir) =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile() && !f.name.endsWith('.wav'))
        .map((f) => readFileSync(join(f.path ?? f.parentPath, f.name), 'latin1'))).join('\n');
  }

  leaks(text, what = secrets) {
    const hex = (s) => Buffer.from(s).toString('hex');
    return what.filter((s) => text.includes(s) || text.includes(hex(s)) || text.includes(encodeURIComponent(s)));
  }

  async get(path) {
    const res = await this.rig.api('GET', path);
    assert.ok(res.status < 500, `${path}: ${res.status} ${res.text}`);
    return res.json();
  }

  // Everything the API shows of what was done.
  async pages() {
    const list = await this.get('/api/v1/calls?count=true');
    const pages = { list, contacts: await this.get('/api/v1/contacts?count=true') };
    for (const c of list.data) {
      const call = await this.get(`/api/v1/calls/${c.id}`);
      call.events.sort((a, b) => `${a.received_at} ${a.type}`.localeCompare(`${b.received_at} ${b.type}`));
      delete call.etag; // of the document as it is kept
      // What Twilio says of its own time is in the body of its webhook, which SQL cannot read while it is sealed.
      for (const m of call.timeline) m.detail = m.detail?.replace(/, [\d.]+ s after Twilio's own time$/, '');
      call.timeline.sort((a, b) => `${a.at} ${a.what} ${a.detail}`.localeCompare(`${b.at} ${b.what} ${b.detail}`));
      pages[`call ${c.id}`] = call; // of one millisecond, events stand in the order of their digests
      pages[`recordings ${c.id}`] = await this.get(`/api/v1/calls/${c.id}/recordings`);
      const guide = await this.get(`/api/twilio/recording/${c.twilio_call_sid}`);
      for (const r of guide.recordings) for (const name of ['url', 'expiresAt']) r[name] = typeof r[name]; // each anew
      pages[`guide ${c.id}`] = guide;
    }
    pages.conversations = await this.get('/api/v1/conversations');
    for (const c of pages.contacts.data) pages[`contact ${c.id}`] = await this.get(`/api/v1/contacts/${c.id}`);
    return pages;
  }

  // A call as the guides place it, always the same.
  guide() {
    const body = { to: callee, contactId: 'crm-7', mode: 'agent_first' };
    return this.rig.api('POST', '/api/calls/initiate', body, { headers: { 'idempotency-key': 'guide' } });
  }

  // Requests that were made before are answered as they were, and nothing is done again.
  async repeated() {
    assert.deepEqual((await this.guide()).json(), this.placed);
    assert.equal((await this.rig.sim.ledger()).dials.length, 3);
    const { text, headers } = await this.rig.api('POST', '/api/v1/contacts', ...this.again);
    assert.deepEqual([text, headers['idempotency-replayed']], [this.kept, 'true']);
  }

  // A contact, a call in, a call out to the contact with words of its own, all recorded and read.
  async play() {
    const { rig } = this;
    const made = await rig.api('POST', '/api/v1/contacts', { name, phone_number: callee, external_id: 'crm-7' });
    assert.equal(made.status, 201, made.text);
    this.contact = made.json();
    await rig.sim.call({ from: caller, to: rig.tenant.number });
    await rig.sim.idle(); // the agent has one phone
    const placed = { to: callee, contact_id: 'crm-7', links: [{ kind: 'deal', id: name }] };
    const headers = () => ({ 'idempotency-key': `k-${(this.#n += 1)}` });
    for (const more of [{}, { message }]) {
      const res = await rig.api('POST', '/api/v1/calls', { ...placed, ...more }, { headers: headers() });
      assert.equal(res.status, 201, res.text);
      assert.deepEqual([res.json().to_number, res.json().customer_number], [callee, callee]);
      await rig.sim.idle();
    }
    this.placed = (await this.guide()).json();
    assert.match(this.placed.callSid, /^CA/);
    await rig.sim.idle();
    await until(() => rig.sql("select count(*) from calls where status <> 'completed'") === '0');
    await until(async () => {
      await this.sweep();
      return rig.sql("select count(*) from jobs where state <> 'done'") === '0';
    });
  }
}

describe('a tenant that seals its calls', () => {
  let house;
  let rig;
  let sealed;
  before(async () => {
    house = await House.start();
    rig = house.rig;
    await house.option(true);
    await house.play();
  });
  after(() => rig.stop());

  it('has nothing in its database and on its disks that tells who called or what was said', () => {
    const dump = house.dump();
    assert.match(dump, /sealed1\|n/);
    assert.deepEqual(house.leaks(dump), []);
    assert.deepEqual(house.leaks(house.disk()), []);
  });

  it('reads on every page who called and what was said', async () => {
    sealed = await house.pages();
    assert.doesNotMatch(JSON.stringify(sealed), /sealed/);
    const calls = sealed.list.data;
    assert.equal(calls.length, 4);
    const came = calls.find((c) => c.direction === 'inbound');
    assert.deepEqual([came.from_number, came.to_number, came.customer_number, came.withheld],
      [caller, rig.tenant.number, caller, false]);
    const detail = sealed[`call ${came.id}`];
    assert.equal(detail.legs[0].endpoint, caller);
    assert.equal(detail.legs[1].endpoint, rig.tenant.forward);
    const { transcript, analysis } = detail.recordings[0];
    assert.match(transcript.text, /Customer: .*boiler/);
    assert.ok(transcript.segments.every((s) => ['agent', 'customer'].includes(s.speaker) && s.end > s.start));
    assert.ok(transcript.segments.some((s) => /boiler/.test(s.text)));
    assert.ok(analysis.action_items.every((i) => transcript.text.includes(i.quote)));
    assert.ok(analysis.summary.length > 0 && analysis.topics.length > 0);
    assert.ok(calls.filter((c) => c.direction === 'outbound').every((c) => c.customer_number === callee));
    assert.deepEqual(sealed.contacts.data[0], house.contact);
    const shown = rig.switchhook('call', 'show', came.id);
    assert.ok(shown.includes(caller) && shown.includes('boiler') && !shown.includes('sealed'));
  });

  it('dials the true number and says the true words', async () => {
    const { dials } = await rig.sim.ledger();
    assert.equal(dials.length, 3);
    assert.match(JSON.stringify(await rig.sim.ledger()), new RegExp(message));
  });

  it('finds calls and contacts by number, and counts them', async () => {
    const find = async (path, number) => house.get(`${path}?count=true&limit=2&number=${encodeURIComponent(number)}`);
    const out = await find('/api/v1/calls', '+44 20 7946 0777');
    assert.deepEqual([out.total, out.data.length], [3, 2]);
    const res = await rig.api('GET', `/api/v1/calls?limit=2&number=${encodeURIComponent(callee)}`);
    const next = /<([^>]+)>; rel="next"/.exec(res.headers.link)[1];
    const rest = await house.get(next);
    assert.deepEqual([rest.data.length, rest.next_cursor], [1, null]);
    assert.equal((await find('/api/v1/calls', caller)).total, 1);
    assert.equal((await find('/api/v1/calls', '+447700900124')).total, 0);
    assert.equal((await find('/api/v1/contacts', callee)).data[0].name, name);
    assert.equal((await rig.api('GET', '/api/v1/calls?number=nonsense')).status, 400);
  });

  it('filters the call log, exports it and counts callers as if nothing were sealed', async () => {
    const of = (number) => house.get(`/api/v1/calls?count=true&customer_number=${encodeURIComponent(number)}`);
    for (const [who, n] of [[callee, 3], [caller, 1], ['+447700900124', 0]]) assert.equal((await of(who)).total, n);
    const ours = await house.get(`/api/v1/calls?count=true&number=${encodeURIComponent(rig.tenant.number)}`);
    assert.ok(ours.total > 0 && ours.data.every((c) => [c.from_number, c.to_number].includes(rig.tenant.number)));
    const csv = (await rig.api('GET', `/api/v1/exports/calls.csv?customer_number=${encodeURIComponent(caller)}`)).text;
    const [, row, ...rest] = csv.split('\r\n');
    assert.ok(row.includes(caller) && rest.join('') === '', csv);
    const whole = (await rig.api('GET', '/api/v1/exports/calls.csv')).text;
    assert.ok(whole.includes(callee) && !whole.includes('sealed'), whole);
    const json = await house.get('/api/v1/exports/calls.json');
    assert.deepEqual(json.data.map((c) => c.customer_number).sort(), [caller, callee, callee, callee].sort());
    const { data, callers } = await house.get('/api/v1/stats/callers');
    assert.deepEqual([data.map((c) => [c.customer_number, c.calls]), callers], [[[caller, 1]], 1]);
    const { data: [land] } = await house.get('/api/v1/stats/geography');
    assert.deepEqual([land.country, land.places[0].prefixes[0].prefix], ['GB', null]);
    const words = await rig.api('GET', '/api/v1/calls?text=boiler');
    assert.equal(words.status, 422);
    assert.match(words.text, /cannot be looked for while the tenant's calls are sealed/);
    assert.equal((await rig.api('GET', '/api/v1/exports/calls.csv?text=boiler')).status, 422);
  });

  it('puts a customer on the do-not-call list by a word, sealed like the call', async () => {
    const [call] = (await house.get(`/api/v1/calls?customer_number=${encodeURIComponent(caller)}`)).data;
    const path = `/api/v1/calls/${call.id}`;
    const noted = await rig.api('PATCH', path, { disposition: 'do not call' });
    assert.equal(noted.status, 200, noted.text);
    assert.equal(noted.json().customer_number, caller);
    const { data } = await house.get(`/api/v1/dnc-entries?number=${encodeURIComponent(caller)}`);
    assert.deepEqual(data.map((e) => [e.number, e.list]), [[caller, 'Do not call']]);
    assert.equal((await house.get('/api/v1/dnc-entries')).data.length, 1);
    assert.deepEqual(house.leaks(rig.sql('select string_agg(number, \' \') from dnc_entries')), []);
    rig.sql('delete from dnc_entries; delete from dnc_lists');
    await rig.api('PATCH', path, { disposition: null, lead_status: null });
    sealed = await house.pages();
  });

  it('changes a contact under its tag, and keeps it sealed', async () => {
    const path = `/api/v1/contacts/${house.contact.id}`;
    const { etag } = (await rig.api('GET', path)).headers;
    const headers = { 'if-match': etag };
    const done = await rig.api('PATCH', path, { external_id: 'crm-8', name: `${name} "B"` }, { headers });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json().name, `${name} "B"`);
    assert.equal((await rig.api('PATCH', path, { name: 'x' }, { headers })).status, 412);
    assert.equal((await rig.api('PATCH', path, { external_id: 'crm-7', name })).status, 200);
    assert.deepEqual(house.leaks(house.dump()), []);
  });

  it('answers a repeated request from what was kept, and notices a changed one', async () => {
    const headers = { 'idempotency-key': 'again' };
    house.again = [{ name, phone_number: caller }, { headers }];
    const one = await rig.api('POST', '/api/v1/contacts', ...house.again);
    const two = await rig.api('POST', '/api/v1/contacts', ...house.again);
    assert.deepEqual([one.status, two.status, two.headers.etag], [201, 201, one.headers.etag]);
    house.kept = one.text;
    await house.repeated();
    assert.equal((await rig.api('POST', '/api/v1/contacts', { name }, { headers })).status, 422);
    rig.sql(`delete from contacts where id = '${one.json().id}'`);
  });

  it("has views for the guides' SQL that show tokens and no errors", () => {
    const rows = rig.rows('select * from call_recordings');
    assert.equal(rows.length, 4);
    assert.ok(rows.every((r) => JSON.stringify(r).includes('sealed1|n')));
    const events = rig.rows('select event_type, event_data from call_events');
    assert.ok(events.length > 10 && events.every((e) => e.event_data.sealed.startsWith('sealed1|t')));
    assert.equal(rig.sql("select count(distinct customer_number) from calls where direction = 'outbound'"), '1');
  });

  it('takes a webhook twice for one', async () => {
    const call = inbound('twice', { from: caller });
    await rig.webhook('/api/twilio/voice/answer', call.answer);
    const count = () => rig.sql(`select count(*) from webhook_events where call_sid = '${call.sid}'`);
    await rig.webhook('/api/twilio/voice/answer', call.answer);
    await rig.webhook(status, call.completed);
    await rig.webhook(status, call.completed);
    assert.equal(count(), '2');
    rig.sql(`delete from calls where twilio_call_sid = '${call.sid}';
      delete from webhook_events where call_sid = '${call.sid}'`);
  });

  it('gets everything back in the clear when the option is taken away, and shows the same', async () => {
    const ids = () => rig.sql('select string_agg(digest::text, $$ $$ order by digest) from webhook_events');
    const before = ids();
    rig.switchhook('tenant', 'encrypt', '--tenant', rig.tenant.id, '--off');
    await house.heard();
    assert.equal(house.state(), 'opening');
    assert.match(rig.switchhook('sweep', 'status'), /metadata +opening/);
    await house.converted();
    assert.equal(house.state(), 'plain');
    assert.doesNotMatch(house.dump().replace(/^.*function.*sealed.*$/gm, ''), /'sealed1\|[npt]|\tsealed1\|/);
    assert.equal(rig.sql(`select count(*) from calls where customer_number in ('${caller}', '${callee}')`), '4');
    assert.match(rig.sql('select text from transcripts limit 1'), /^(Agent|Customer|[A-Z])/);
    assert.equal(rig.sql("select count(*) from call_events where event_data ->> 'AccountSid' is null"), '0');
    assert.notEqual(ids(), before, 'digests are those of the open fields');
    assert.deepEqual(await house.pages(), sealed);
    await house.repeated();
  });

  it('seals what is there when the option is set again, in pages that may be broken off', async () => {
    const clear = rig.sql('select string_agg(digest::text, $$ $$ order by digest) from webhook_events');
    rig.sql(`insert into contacts (tenant_id, name, phone_number, external_id)
      select '${rig.tenant.id}', 'Person ' || n, '+44207000' || lpad(n::text, 4, '0'), 'many' || n
        from generate_series(1, 1300) n`);
    rig.switchhook('tenant', 'encrypt', '--tenant', rig.tenant.id, '--on');
    assert.equal(house.state(), 'sealing');
    await house.heard();
    await house.sweep();
    assert.equal(rig.sql("select count(*) from contacts where not (sealed(name) and sealed(phone_number))"), '0');
    const one = await house.get(`/api/v1/contacts?number=${encodeURIComponent('+442070000777')}`);
    assert.deepEqual(one.data.map((c) => c.name), ['Person 777']);
    rig.sql("delete from contacts where external_id like 'many%'");
    assert.equal(house.state(), 'sealing', 'a writer might not have heard of it');
    assert.deepEqual(await house.pages(), sealed);
    await house.converted();
    assert.equal(house.state(), 'sealed');
    assert.deepEqual(house.leaks(house.dump()), []);
    assert.deepEqual(await house.pages(), sealed);
    assert.notEqual(rig.sql('select string_agg(digest::text, $$ $$ order by digest) from webhook_events'), clear);
    const page = await house.get(`/api/v1/calls?count=true&number=${encodeURIComponent(caller)}`);
    assert.equal(page.total, 1);
    await house.repeated();
  });

  it('seals the largest texts there are, as many as come together', async () => {
    const recording = rig.sql('select id from recordings limit 1');
    // A megabyte of 8,000 words in each of eight versions, in as many segments as a model makes of them at the most.
    rig.sql(`with said as materialized (
        select string_agg('boiler' || n % 8000, ' ') as text,
               jsonb_agg(jsonb_build_object('speaker', 'agent', 'start', n, 'end', n, 'text', 'boiler' || n % 8000))
                   filter (where n <= 60000) as segments
          from generate_series(1, 95000) n)
      insert into transcripts (tenant_id, recording_id, version, model, text, segments)
      select '${rig.tenant.id}', '${recording}', 100 + n, 'large', s.text, s.segments
        from said s, generate_series(1, 8) n`);
    assert.ok(Number(rig.sql("select min(octet_length(text)) from transcripts where model = 'large'")) > 1e6);
    rig.sql('update tenants set encrypt_metadata = false');
    rig.sql('update tenants set encrypt_metadata = true');
    await house.heard();
    await house.converted(120000);
    assert.equal(rig.sql("select count(*) from transcripts where model = 'large' and sealed(text)"), '8');
    assert.equal(rig.sql("select max(cardinality(tsvector_to_array(words))) from transcripts where model = 'large'"),
      '8000');
    rig.sql("delete from transcripts where model = 'large'");
  });

  it('keeps its tokens when a newer master key takes over', async () => {
    const token = () => rig.sql("select customer_number from calls where direction = 'inbound'");
    const was = token();
    rig.switchhook('rotate-keys', '--new-key');
    await rig.stopPool('api');
    await rig.startPool('api', 1);
    rig.switchhook('rotate-keys');
    assert.deepEqual(await house.pages(), sealed);
    assert.equal(token(), was);
  });

  it('without its key is noise, and nothing breaks', async () => {
    rig.sql('delete from tenant_keys');
    const pages = await house.pages();
    const text = JSON.stringify(pages);
    assert.deepEqual(house.leaks(text), []);
    assert.doesNotMatch(text, /sealed1/);
    const came = pages.list.data.find((c) => c.direction === 'inbound');
    assert.deepEqual([came.from_number, came.customer_number, came.withheld], ['[sealed]', null, false]);
    assert.deepEqual([pages.contacts.data[0].name, pages.contacts.data[0].phone_number], ['[sealed]', null]);
    const found = await house.get(`/api/v1/calls?count=true&number=${encodeURIComponent(caller)}`);
    assert.equal(found.total, 0, 'its new key is another one');
    const fresh = await rig.api('POST', '/api/v1/contacts', { name, phone_number: callee });
    assert.deepEqual([fresh.status, fresh.json().name], [201, name], 'what is new has a new key');
    assert.deepEqual(house.leaks(house.dump()), []);
  });
});

describe('what a tenant that seals its calls knows of numbers', () => {
  const [listed, imported, refuser, expert] = [888, 889, 890, 891].map((n) => `+442079460${n}`);
  const hidden = [...secrets, ...[listed, imported, refuser, expert].map((n) => n.slice(1))];
  const lines = Array.from({ length: 200 }, (_, n) => ({ who: n % 2 ? 'customer' : 'agent', text: 'Is that so?' }));
  let house;
  let rig;
  let list;
  let call;
  before(async () => {
    house = await House.start({ sim: { speed: 20 } });
    rig = house.rig;
    for (const phone of [rig.tenant.forward, expert]) await rig.sim.phone(phone, { answer: 'yes', after_s: 1, lines });
    await house.option(true);
  });
  after(() => rig.stop());
  const post = async (path, json, status = 201) => {
    const res = await rig.api('POST', `/api/v1${path}`, json);
    assert.equal(res.status, status, res.text);
    return res.json();
  };
  const dump = () => house.leaks(house.dump(), hidden);
  // What the gate says, and that nobody is dialled.
  const refused = async () => {
    for (const [to, word] of [[listed, 'do_not_call'], [imported, 'do_not_call'], [refuser, 'consent']]) {
      const headers = { 'idempotency-key': randomUUID() };
      const res = await rig.api('POST', '/api/v1/calls', { to, message }, { headers });
      assert.ok(res.status >= 400 && res.status < 500, res.text);
      assert.equal(rig.sql('select gate_refused from calls order by created_at desc, id desc limit 1'), word);
    }
    assert.deepEqual((await rig.sim.ledger()).dials, []);
  };
  const entries = async (number) => (await house.get(`/api/v1/dnc-entries?number=${encodeURIComponent(number)}`)).data;
  // The same, whatever is stored.
  const known = async () => {
    await refused();
    assert.deepEqual((await entries(listed)).map((e) => [e.number, e.reason]), [[listed, `${name} asked`]]);
    const [consent] = (await house.get('/api/v1/consents')).data;
    assert.deepEqual([consent.number, consent.contact_id, consent.evidence], [refuser, house.contact,
      { text: `${name} said no` }]);
    assert.equal((await house.get(`/api/v1/calls/${call}`)).transfer.to, expert);
    const check = rig.switchhook('dnc', 'check', '--tenant', rig.tenant.id, '--number', listed);
    assert.ok(check.includes(`${name} asked`), check);
    const again = await post(`/dnc-lists/${list}/entries`, { number: listed, reason: 'another' });
    assert.equal(again.reason, `${name} asked`, 'it is there once');
    assert.equal(rig.sql('select count(*) from dnc_entries'), '2');
  };

  it('of do-not-call lists and of consent is sealed, and decides', async () => {
    house.contact = (await post('/contacts', { name, phone_number: refuser })).id;
    list = (await post('/dnc-lists', { name: 'All' })).id;
    const entry = await post(`/dnc-lists/${list}/entries`, { number: listed, reason: `${name} asked` });
    assert.equal(entry.number, listed);
    const headers = { 'content-type': 'text/csv' };
    const sheet = `number\n${listed}\n${imported}\n`;
    const csv = await rig.api('PUT', `/api/v1/dnc-lists/${list}/import`, sheet, { headers });
    assert.deepEqual([csv.status, csv.json().added, csv.json().known], [200, 1, 1], csv.text);
    const consent = { number: refuser, purpose: 'call', decision: 'refused', evidence: `${name} said no` };
    assert.equal((await post('/consents', consent)).number, refuser);
    await refused();
    assert.deepEqual(dump(), []);
  });

  it('of whom a live call is given to is sealed, and he is rung', async () => {
    const { sid } = await rig.sim.call({ from: caller, to: rig.tenant.number, lines });
    call = await until(() => rig.sql(`select c.id from calls c where c.twilio_call_sid = '${sid}' and exists (
      select from call_legs l where l.call_id = c.id and l.role = 'agent' and l.status = 'in-progress')`));
    const done = await post(`/calls/${call}/transfer`, { to: expert }, 200);
    assert.deepEqual([done.state, done.transfer.to], ['done', expert]);
    await until(() => rig.sql(`select count(*) from call_legs where call_id = '${call}'`) === '3');
    const { legs } = await house.get(`/api/v1/calls/${call}`);
    assert.ok(legs.some((l) => l.endpoint === expert), JSON.stringify(legs));
    await post(`/calls/${call}/end`, undefined, 200);
    await until(() => rig.sql(`select ended_at from calls where id = '${call}'`));
    await known();
    assert.deepEqual(dump(), []);
  });

  it('follows the option both ways, and decides all the while', async () => {
    const clear = () => rig.sql(`select concat_ws(' ',
      (select count(*) from dnc_entries where number in ('${listed}', '${imported}')),
      (select count(*) from dnc_entries where reason = '${name} asked'),
      (select count(*) from consent_records where number = '${refuser}' and evidence ->> 'text' = '${name} said no'),
      (select count(*) from call_commands where target = '${expert}'),
      (select count(*) from call_controls where transfer ->> 'to' = '${expert}'))`);
    assert.equal(clear(), '0 0 0 0 0');
    await house.option(false);
    await known();
    await house.converted();
    assert.equal(clear(), '2 1 1 1 1');
    await known();
    await house.option(true);
    await known();
    await house.converted();
    assert.equal(clear(), '0 0 0 0 0');
    assert.deepEqual(dump(), []);
    await known();
  });

  it('of a number that stands on a list as both is kept once, and goes when it is taken off', async () => {
    const both = () => rig.sql(`insert into dnc_entries (tenant_id, number, list_id, added_by)
      values ('${rig.tenant.id}', '${listed}', '${list}', 't')`);
    both();
    rig.sql('update tenants set encrypt_metadata = false');
    rig.sql('update tenants set encrypt_metadata = true');
    await house.converted();
    assert.equal(rig.sql('select count(*) from dnc_entries'), '2');
    assert.deepEqual(dump(), []);
    both();
    const res = await rig.api('DELETE', `/api/v1/dnc-lists/${list}/entries/${listed}`);
    assert.equal(res.status, 204, res.text);
    assert.deepEqual(await entries(listed), []);
  });

  it('of a key that was pressed is sealed, counts, and is shown to whoever may see it', async () => {
    await house.option(true);
    rig.sql(`update tenants set disclosure_mode = 'keypress'`);
    const asked = inbound('asked', { from: refuser, to: rig.tenant.number });
    assert.match((await rig.webhook('/api/twilio/voice/answer', asked.answer)).text, /<Gather/);
    await rig.webhook('/api/twilio/voice/consent', { ...asked.answer, CallStatus: 'in-progress', Digits: '7' });
    const stored = rig.rows(`select number, evidence ->> 'digits' as digits from consent_records
      where method = 'keypress'`);
    assert.match(stored[0].number, /^sealed1\|n/);
    assert.match(stored[0].digits, /^sealed1\|t/);
    const { data } = await house.get(`/api/v1/consents?number=${encodeURIComponent(refuser)}&purpose=recording`);
    assert.deepEqual(data.map((c) => [c.number, c.decision, c.evidence.digits]), [[refuser, 'refused', '7']]);
    rig.sql(`update tenants set disclosure_mode = 'announce'`);
    const later = inbound('later', { from: refuser, to: rig.tenant.number });
    assert.doesNotMatch((await rig.webhook('/api/twilio/voice/answer', later.answer)).text, /record/, 'he has said no');
    assert.deepEqual(dump(), []);
  });
});

// Every process of the cluster, stopped or let go.
function cluster(rig, signal) {
  const main = rig.pg.child.pid;
  const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').map(Number);
  for (const pid of [main, ...children]) {
    try { process.kill(pid, signal); } catch (e) { if (e.code !== 'ESRCH') throw e; } // one that ended meanwhile
  }
}

describe('what is on its way', () => {
  let house;
  let rig;
  before(async () => {
    house = await House.start();
    rig = house.rig;
    await house.option(true);
  });
  after(() => rig.stop({ clean: false }));

  it('answers of a model that wait for the rest are sealed', async () => {
    await rig.sim.call({ from: caller, to: rig.tenant.number });
    await rig.sim.idle();
    await until(() => rig.sql("select count(*) from jobs where kind = 'fetch'") === '1');
    await rig.sim.fault({ fault: 'ai_status', status: 500, skip: 1, count: 1 });
    await house.sweep();
    assert.equal(rig.sql("select state from jobs where kind = 'transcribe'"), 'waiting');
    assert.match(house.disk(), /sealed1\|t/, 'the first channel is kept');
    assert.deepEqual(house.leaks(house.disk()), []);
    await house.sweep();
    assert.match(JSON.stringify(await house.pages()), /boiler/);
    assert.equal((await rig.sim.ledger()).ai.filter((a) => a.status === 200).length, 3, 'and not paid for twice');
  });

  it('what lies in the spool while the database is silent is sealed, and comes in as it was', async () => {
    const call = inbound('frozen', { from: caller });
    await rig.webhook(status, inbound('warm').completed);
    cluster(rig, 'SIGSTOP');
    try {
      const sent = await Promise.all([rig.webhook('/api/twilio/voice/answer', call.answer),
        rig.webhook(status, call.completed)]);
      assert.deepEqual(sent.map((r) => r.status), [200, 200]);
    } finally { cluster(rig, 'SIGCONT'); }
    assert.ok(rig.spool().includes('sealed1|t'), 'it lies there');
    assert.deepEqual(house.leaks(rig.spool()), []);
    await until(async () => {
      await house.sweep();
      return rig.sql(`select count(*) from calls where twilio_call_sid = '${call.sid}'`) === '1';
    });
    assert.equal((await house.get(`/api/v1/calls/${call.sid}`)).from_number, caller);
    await rig.webhook(status, call.completed);
    assert.equal(rig.sql(`select count(*) from webhook_events where call_sid = '${call.sid}'`), '2', 'the same digest');
    assert.deepEqual(house.leaks(house.dump()), []);
  });

  it('a call is still answered when its key is gone, and nothing of it is kept in the clear', async () => {
    rig.sql('delete from tenant_keys');
    await house.heard();
    const call = inbound('after', { from: caller });
    const res = await rig.webhook('/api/twilio/voice/answer', call.answer);
    assert.deepEqual([res.status, /<Dial/.test(res.text)], [200, true]);
    assert.deepEqual(house.leaks(house.dump()), []);
    const { from_number: from, customer_number: customer } = await house.get(`/api/v1/calls/${call.sid}`);
    assert.deepEqual([from, customer], ['[sealed]', null]);
  });
});
