// Erasing a person: afterwards no row, file, spool, kept answer, mail that waits or copy at Twilio tells of him, sealed
// or not, killed on the way or not; an older backup that is restored forgets him again, and the proof names nobody.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { child, program, root, run } from '../lib/process.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const bin = '/usr/lib/postgresql/15/bin';
const person = '+447700900123';
const other = '+447700900456';
const name = 'Wilhelmina Featherstonehaugh';
const status = '/api/twilio/voice/status';

// Everything that a text may hold of a secret: itself, in hexadecimal, in an address, and in base64 at any place.
function forms(secret) {
  const middle = (pad) => {
    const s = Buffer.from('x'.repeat(pad) + secret).toString('base64').replace(/=+$/, '');
    return s.slice(pad === 0 ? 0 : 4, -2);
  };
  return [secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret), encodeURIComponent(secret)
    .replaceAll('%20', '+'), ...[0, 1, 2].map(middle)].filter((s) => s.length > 5);
}

class House {
  #n = 0;

  static async start(sealed) {
    const house = new House();
    house.sealed = sealed;
    house.rig = await Rig.start({
      workers: { hooks: 1, api: 1, auth: 0 },
      sim: { speed: 500 },
      settings: { TRANSCRIBE_MODEL: 'whisper-1', WEBHOOKS_TO_LOOPBACK: '1' },
    });
    await house.rig.sim.number(house.rig.tenant.number);
    if (sealed) await house.ok('PATCH', '/api/v1/settings', { encrypt_metadata: true });
    if (sealed) await house.heard();
    return house;
  }

  // An account that nobody knows makes the hooks pool read anew how what it stores is sealed.
  heard() {
    return this.rig.webhook(status, inbound('stranger', { account: `AC${'f'.repeat(32)}` }).completed);
  }

  async ok(method, path, body, headers = {}) {
    const res = await this.rig.api(method, path, body, { headers });
    assert.ok(res.status < 300, `${method} ${path}: ${res.status} ${res.text}`);
    return res.text === '' ? null : res.json();
  }

  // One run of the sweep to its end, as if pauses had passed; failpoint: where it is killed.
  async sweep({ env = this.rig.env, failpoint = null, sql = (text) => this.rig.sql(text) } = {}) {
    sql(`update jobs set due_at = now() where state in ('waiting', 'parked');
         update jobs set leased_until = now() where state = 'running'`);
    this.#n += 1;
    const cmd = [program('switchhook-sweep'), '--env', env, '--max-seconds', '30'];
    const preload = {
      LD_PRELOAD: program(join('t', 'failpoint.so')),
      ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`,
      FAILPOINT: failpoint,
    };
    const more = failpoint === null ? {} : preload;
    const c = child(join(this.rig.dir, 'log'), `sweep-${this.#n}`, cmd, { as, env: { ...process.env, ...more } });
    assert.equal(await c.ended, failpoint === null ? 0 : 'SIGKILL', c.log());
  }

  // Sweeps until nothing is left but what waits for somebody else.
  async settle(done, options) {
    for (let i = 0; i < 12; i += 1) {
      await this.sweep(options);
      if (await done()) return;
    }
    assert.fail(this.rig.sql('select kind, state, reason from jobs order by kind'));
  }

  dump(database = 'switchhook') {
    const cmd = [`${bin}/pg_dump`, '-h', this.rig.pg.host, '-U', 'postgres', database];
    return run(cmd, { maxBuffer: 1 << 28 });
  }

  // All files and logs, audio included. Programs' logs say nothing of whole numbers.
  disk() {
    return ['lib', 'run', 'log'].flatMap((dir) =>
      readdirSync(join(this.rig.dir, dir), { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile())
        .map((f) => `${f.name}\n${readFileSync(join(f.path ?? f.parentPath, f.name), 'latin1')}`)).join('\n');
  }

  // Which secrets a text tells, and where.
  told(text) {
    return this.secrets.flatMap((s) => forms(s).filter((f) => text.includes(f)).map((f) => {
      const at = text.indexOf(f);
      return `${s}: ...${text.slice(Math.max(0, at - 120), at + 60)}`;
    }));
  }

  async plant() {
    const { rig } = this;
    const post = (path, body, key) => this.ok('POST', path, body, key ? { 'idempotency-key': key } : {});
    this.contact = await post('/api/v1/contacts', { name, phone_number: person, external_id: 'crm-4711' }, 'one');
    await post('/api/v1/webhook-endpoints', { url: 'http://127.0.0.1:9/hook' });
    await post('/api/v1/alert-rules', { kinds: ['missed_call'], channel: 'mail', target: 'desk@example.com' });
    await post('/api/v1/alert-rules', { kinds: ['missed_call'], channel: 'sms', target: '+447700900999' });
    await rig.sim.call({ from: person, to: rig.tenant.number });
    await rig.sim.idle();
    const call = { to: person, contact_id: this.contact.id, message: `Dear ${name}, your boiler is ready.` };
    await post('/api/v1/calls', call, 'two');
    await rig.sim.idle();
    const missed = inbound('missed', { from: person });
    await rig.webhook('/api/twilio/voice/answer', missed.answer);
    await rig.webhook(status, { ...missed.completed, CallStatus: 'no-answer', CallDuration: '0' });
    await rig.webhook(status, inbound('orphan', { from: person, to: '+442079460000' }).completed);
    await rig.sim.call({ from: other, to: rig.tenant.number });
    await rig.sim.idle();
    await this.settle(() => rig.sql(`select count(*) from jobs where state <> 'done' and kind <> 'webhook'
      and kind <> 'alert' and kind <> 'price'`) === '0');
    const calls = rig.rows('select id from calls order by created_at');
    const detail = await Promise.all(calls.map((c) => this.ok('GET', `/api/v1/calls/${c.id}`)));
    const mine = detail.filter((c) => c.customer_number === person);
    assert.equal(mine.length, 3);
    this.mine = mine;
    this.theirs = detail.find((c) => c.customer_number === other);
    const heard = mine.flatMap((c) => c.recordings).map((r) => r.transcript?.text).filter(Boolean);
    assert.ok(heard.length > 0, 'somebody said something');
    for (const c of mine) await this.ok('PATCH', `/api/v1/calls/${c.id}`, { notes: `${name} wants a pelargonium`,
      tags: ['pelargonium'] });
    await this.ok('PATCH', `/api/v1/calls/${this.theirs.id}`, { notes: `asks for 07700 900123 (${person})` });
    const list = await post('/api/v1/dnc-lists', { name: 'Never' });
    await post(`/api/v1/dnc-lists/${list.id}/entries`, { number: person, reason: `${name} was cross` });
    await post('/api/v1/consents', { number: person, purpose: 'sms', decision: 'granted', evidence: `by ${name}` });
    await post('/api/v1/consents', { number: person, purpose: 'call', decision: 'withdrawn', evidence: `by ${name}` });
    await post('/api/v1/consents', { number: person, purpose: 'recording', decision: 'withdrawn' });
    await post('/api/v1/views', { name: 'mine', query: `customer_number=${encodeURIComponent(person)}` });
    this.quarantine = join(rig.settings.STATE_DIR, 'spool', 'hooks-9.1.drain.quarantine');
    const said = `From=%2B${person.slice(1)}&CallerName=W.+Featherstonehaugh`;
    const body = `voice.status\0${rig.tenant.id}\0AC\0\x001\0${said}`;
    writeFileSync(this.quarantine, Buffer.from(`\xff\xff\xff\xff${body}\0\0`, 'latin1'));
    rig.own(join(rig.settings.STATE_DIR, 'spool'));
    this.secrets = [person.slice(1), '7700900123', '7700 900123', name, 'Featherstonehaugh', 'pelargonium', 'boiler',
      'crm-4711', ...heard.map((t) => t.slice(0, 24)),
      ...(this.sealed ? [rig.sql(`select phone_number from contacts where id = '${this.contact.id}'`)] : [])];
    // The simulator's people all say the same: what the other one said stays.
    const theirs = this.theirs.recordings.map((r) => r.transcript?.text);
    this.secrets = this.secrets.filter((s) => !theirs.some((t) => t?.includes(s)));
    return this;
  }

  show(id) {
    return this.ok('GET', `/api/v1/erasures/${id}`);
  }
}

for (const sealed of [false, true])
  describe(`a person is erased${sealed ? ', of a tenant that seals' : ''}`, () => {
    let house, rig, old, erasure;
    before(async () => {
      house = await House.start(sealed);
      rig = house.rig;
      await house.plant();
      old = house.dump();
    });
    after(() => rig.stop({ clean: false })); // sweeps are killed on purpose

    it('whose traces are there before', () => {
      assert.ok(house.told(`${old}${house.disk()}`).length > (sealed ? 2 : 10));
    });

    it('not when it is a number of one\'s own, nobody, or two', async () => {
      const ask = (body) => rig.api('POST', '/api/v1/erasures', body);
      assert.equal((await ask({ number: rig.tenant.number })).status, 409);
      assert.equal((await ask({ number: rig.tenant.forward })).status, 409);
      assert.equal((await ask({})).status, 422);
      assert.equal((await ask({ number: person, contact_id: house.contact.id })).status, 422);
      assert.equal((await ask({ contact_id: rig.tenant.id })).status, 404);
    });

    it('after a look at what would go', async () => {
      const seen = await house.ok('POST', '/api/v1/erasure-previews', { number: person });
      for (const [table, n] of Object.entries({ calls: 3, contacts: 1, dnc_entries: 1, conversations: 1 }))
        assert.equal(seen.counts[table], n, table);
      for (const table of ['recordings', 'transcripts', 'webhook_events', 'webhook_messages', 'call_legs', 'notices'])
        assert.ok(seen.counts[table] > 0, table);
      const said = JSON.parse(rig.switchhook('erase', `contact:${house.contact.id}`, '--preview', '-o', 'json'));
      assert.deepEqual(JSON.parse(said.counts), seen.counts, 'the command says the same');
      assert.throws(() => rig.switchhook('erase', person), /--yes/);
      assert.equal(rig.sql('select count(*) from erasures'), '0');
    });

    it('but for what a legal hold keeps, until it is lifted', async () => {
      const [kept] = house.mine;
      await house.ok('PUT', `/api/v1/calls/${kept.id}/hold`, { reason: 'case 7' });
      const made = await rig.api('POST', '/api/v1/erasures', { number: person });
      assert.equal(made.status, 201, made.text);
      erasure = made.json();
      assert.equal(made.headers.location, `/api/v1/erasures/${erasure.id}`);
      assert.deepEqual([erasure.state, erasure.counts, erasure.by_number], ['waiting', {}, true]);
      // Wherever it dies, it goes on.
      const points = ['before:erasure_step', 'after:erasure_step', 'after:erasure_places', 'after:idem_replies',
        'after:erasure_copies', 'before:erasure_answer', 'after:erasure_answer', 'before:erasure_end'];
      for (const point of sealed ? [] : points) await house.sweep({ failpoint: `kill:${point}` });
      await house.settle(async () => (await house.show(erasure.id)).state === 'held');
      const now = await house.show(erasure.id);
      assert.equal(now.counts.calls, 2);
      assert.deepEqual(now.held.map((h) => [h.kind, h.ref, h.reason, h.calls]), [['call', kept.id, 'case 7', 1]]);
      assert.match(now.reason, /legal hold/);
      assert.equal((await house.ok('GET', `/api/v1/calls/${kept.id}`)).customer_number, person);
      await house.ok('DELETE', `/api/v1/calls/${kept.id}/hold`);
      assert.equal(rig.sql(`select due_at <= now() from jobs where kind = 'forget'`), 't', 'at once');
      await house.settle(async () => (await house.show(erasure.id)).state === 'done');
    });

    it('and what stays is the proof, and calls that count', async () => {
      const proof = await house.show(erasure.id);
      assert.equal(proof.counts.calls, 3);
      assert.equal(proof.counts.contacts, 1);
      assert.match(proof.digest, /^[0-9a-f]{64}$/);
      assert.ok(proof.twilio.call.deleted >= 3, JSON.stringify(proof.twilio));
      assert.ok(proof.twilio.recording.deleted >= 1, JSON.stringify(proof.twilio));
      assert.equal(rig.sql('select subject is null from erasures'), 't');
      const call = await house.ok('GET', `/api/v1/calls/${house.mine[0].id}`);
      assert.deepEqual([call.from_number, call.customer_number, call.notes, call.tags, call.contact_id, call.to_number],
        [null, null, null, [], null, rig.tenant.number]);
      assert.equal(call.talk_seconds, house.mine[0].talk_seconds);
      assert.equal((await house.ok('GET', '/api/v1/calls?count=true')).total, 4);
      assert.equal((await house.ok('GET', `/api/v1/calls/${house.theirs.id}`)).customer_number, other);
      assert.match(rig.switchhook('audit', 'verify'), /last_hash/, 'the chain of the audit holds');
      assert.ok(Number(rig.sql("select count(*) from audit_entries where action = 'audit.redact'")) >= 4);
      assert.equal(rig.sql("select count(*) from audit_entries where action = 'erasure.done'"), '1');
    });

    it('so that nothing tells of him: rows, files, spool, logs', () => {
      assert.deepEqual(house.told(house.dump()), []);
      assert.deepEqual(house.told(house.disk()), []);
      const audio = readdirSync(rig.settings.RECORDINGS_DIR, { recursive: true }).filter((f) => f.endsWith('.wav'));
      assert.deepEqual(audio, [rig.sql("select path from recordings where status = 'stored'")]);
    });

    it('nor does Twilio', async () => {
      const truth = await rig.sim.ledger();
      const mine = (x) => x.from === person || x.to === person;
      const sids = new Set(house.mine.flatMap((c) => c.legs.map((l) => l.sid)));
      assert.deepEqual(truth.calls.filter((c) => (mine(c) || sids.has(c.sid)) && !c.deleted), []);
      assert.deepEqual(truth.recordings.filter((r) => sids.has(r.call_sid) && !r.deleted), []);
      assert.ok(truth.calls.some((c) => c.from === other && !c.deleted), 'others stay');
    });

    it('also when Twilio says once more what it said', async () => {
      const missed = inbound('missed', { from: person });
      const was = rig.sql('select count(*) from webhook_events');
      await rig.webhook('/api/twilio/voice/answer', missed.answer);
      await rig.webhook(status, missed.completed);
      await rig.webhook('/api/twilio/voice/recording', missed.recorded);
      assert.equal(rig.sql('select count(*) from webhook_events'), was);
      assert.equal(rig.sql(`select status from recordings where call_sid = '${missed.sid}'`), 'erased');
      assert.equal(rig.sql(`select count(*) from jobs j join recordings r on r.id::text = j.ref
        where r.call_sid = '${missed.sid}' and j.kind = 'erase'`), '1');
      assert.deepEqual(house.told(house.dump()), []);
    });

    it('and is not called, for he did not want that', async () => {
      const res = await rig.api('POST', '/api/v1/calls', { to: person }, { headers: { 'idempotency-key': 'three' } });
      assert.deepEqual([res.status, res.json().code], [403, 'do_not_call']);
      assert.match(rig.switchhook('dnc', 'check', '--number', person), /Never/);
      const [entry] = (await house.ok('GET', '/api/v1/dnc-entries')).data;
      assert.deepEqual([entry.number, entry.erased, entry.reason], [null, true, null]);
      const left = (await house.ok('GET', '/api/v1/consents')).data;
      assert.deepEqual(left.map((c) => [c.number, c.decision, c.evidence]),
        [[null, 'withdrawn', {}], [null, 'withdrawn', {}], [null, 'granted', {}]]);
      const his = await house.ok('GET', `/api/v1/consents?number=${encodeURIComponent(person)}&count=true`);
      assert.deepEqual([his.total, his.data[0].purpose], [2, 'recording'], 'what he forbade is found by his number');
    });

    it('whoever calls afterwards with his number is somebody else', async () => {
      await rig.sim.call({ from: person, to: rig.tenant.number });
      await rig.sim.idle();
      assert.equal(JSON.parse(rig.switchhook('erase', 'reapply', '-o', 'json')).erased_again, '0');
      await house.sweep();
      const last = (await house.ok('GET', '/api/v1/calls')).data[0];
      assert.equal(last.from_number, person);
    });

    it('but is not recorded, for whoever has it did not want that', async () => {
      const shown = async (call, first = []) => {
        for (const [path, body] of first) await rig.webhook(path, body);
        const { text } = await rig.webhook('/api/twilio/voice/answer', call.answer);
        const { record, record_reason, announced } = await house.ok('GET', `/api/v1/calls/${call.sid}`);
        return [/record/.test(text), record, record_reason, announced];
      };
      const no = [false, false, 'consent', null];
      assert.deepEqual(await shown(inbound('comes again', { from: person })), no);
      const heard = inbound('is heard of first', { from: person });
      assert.deepEqual(await shown(heard, [[status, heard.ringing]]), no);
      assert.equal((await shown(inbound('somebody else', { from: other })))[1], true);
      await house.ok('POST', '/api/v1/consents', { number: person, purpose: 'recording', decision: 'granted' });
      assert.equal((await shown(inbound('has agreed', { from: person })))[1], true);
    });

    it('again when an older backup is restored', async () => {
      const sql = (text) => rig.pg.sql(text, 'older');
      rig.pg.sql('create database older', 'postgres');
      run([`${bin}/psql`, '-h', rig.pg.host, '-U', 'postgres', '-d', 'older', '-qX', '-v', 'ON_ERROR_STOP=1'],
        { input: old });
      assert.ok(house.told(house.dump('older')).length > 2, 'he is back');
      const env = join(rig.dir, 'older.env');
      writeFileSync(env, readFileSync(rig.env, 'utf8').replace('dbname=switchhook', 'dbname=older'));
      rig.own(env);
      const done = () => sql('select count(*) = 1 and bool_and(done_at is not null) from erasures') === 't';
      await house.settle(done, { env, sql });
      assert.deepEqual(house.told(house.dump('older')), []);
      assert.equal(sql('select count(*) from calls where erased_at is not null'), '3');
      assert.equal(sql('select asked_by, again_at is not null from erasures'), 'tombstone|t');
      assert.equal(sql('select count(*) from audit_broken()'), '0');
    });
  });
