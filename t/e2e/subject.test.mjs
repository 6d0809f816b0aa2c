// Everything about one person, given away: all of it, nothing of anybody else, as a directory that is whole or not
// there, and as a stream for a CRM.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { addKey } from '../lib/credentials.mjs';
import { as } from '../lib/lab.mjs';
import { alert, delivery, endpoint } from '../lib/out.mjs';
import { child, program, source } from '../lib/process.mjs';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';
import { S3 } from '../lib/s3.mjs';

const instrumented = /^SANITIZE:BOOL=ON$/m.test(readFileSync(program('CMakeCache.txt'), 'utf8'));
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const person = '+447700900123';
const other = '+447700900124';
// What people type may be anything.
const nasty = 'a "quoted" \\ name\nof two lines \u0001 ../../etc/passwd \u{1F4DE}';

// The places of a person: list of the document -> table; one row of it has every column but those named.
const places = {
  contacts: ['contacts'],
  conversations: ['conversations'],
  consents: ['consent_records'],
  questions: ['consent_questions'],
  do_not_call: ['dnc_entries'],
  holds: ['legal_holds'],
  views: ['call_views'],
  calls: ['calls'],
  legs: ['call_legs'],
  requests: ['call_intents', 'request_hash'], // a digest of the request
  commands: ['call_commands'],
  controls: ['call_controls'],
  events: ['webhook_events', 'raw', 'xid'], // as body or body_base64; the order of commits
  answers: ['webhook_answers'],
  recordings: ['recordings', 'path', 'peaks', 'sealed_key'], // where we keep it, a picture of it, its key
  transcripts: ['transcripts', 'words'], // an index of text
  analyses: ['analyses'],
  runs: ['transcript_runs'],
  models: ['ai_requests'],
  conversions: ['conversions'],
  ledger: ['cost_entries'],
  messages: ['webhook_messages'],
  deliveries: ['webhook_deliveries'],
  notices: ['notices'],
  alerts: ['alerts'],
};

// Tables with text that are not about a person whom somebody calls, and why.
const exempt = {
  action_ticks: 'what users have done',
  alarms: 'why work waits, one a cause',
  alert_rules: 'whom of the tenant somebody tells',
  announcements: 'words of the tenant; those that were said in a call are in its document',
  api_keys: 'machines of the tenant',
  budgets: 'money of the tenant',
  caller_cells: 'figures',
  disclosures: 'words of the tenant',
  dispositions: 'words of the tenant',
  embed_tickets: 'who logs in',
  erasure_copies: 'sids of what is erased',
  erasure_rules: 'ours',
  erasures: 'proofs, which name nobody',
  idempotency_keys: 'copies of answers, gone after a day',
  identity_providers: "the tenant's own login",
  jobs: 'ids of what waits to be done',
  keywords: 'words of the tenant',
  lead_rules: 'rules of the tenant',
  login_attempts: 'who logs in, as digests',
  mail_links: 'who logs in',
  mail_outbox: 'who logs in',
  marketing_costs: 'money of the tenant',
  metadata_sealing: 'how far sealing has come',
  number_assignments: 'numbers of the tenant',
  number_health: 'numbers of the tenant',
  number_purchases: 'numbers of the tenant',
  numbers: 'numbers of the tenant',
  prices: 'money of the tenant',
  rate_buckets: 'who asks how often: keys and users',
  recording_settings: 'settings of the tenant',
  refused_origins: 'pages',
  region_hours: 'law',
  retention_counts: 'figures',
  retention_rules: 'settings of the tenant',
  retention_runs: 'figures',
  region_zones: 'the world',
  report_mails: 'who reads reports',
  report_schedules: 'who reads reports',
  reports: 'figures',
  schema_migrations: 'ours',
  sessions: 'who logs in',
  stat_cells: 'figures',
  stat_past: 'figures',
  sweeps: 'machines',
  tenant_keys: 'secrets',
  tenant_origins: 'pages of the tenant',
  transcription_exceptions: 'settings of the tenant',
  transcription_settings: 'settings of the tenant',
  twilio_configurations: 'secrets',
  user_voip_settings: 'phones of users',
  webhook_refusals: 'figures',
};
// Read for a name beside a row.
const beside = [
  'audit_entries',
  'campaigns',
  'clients',
  'dnc_lists',
  'tenants',
  'users',
  'webhook_attempts',
  'webhook_endpoints',
  'webhook_texts',
];

describe('everything about one person', () => {
  let rig;
  let s3;
  let theirs; // another tenant, which the same person calls
  const ids = {};
  let whole; // what the directory said first
  const out = (name) => join(rig.dir, 'out', name);

  // The command, while this process is their storage as well.
  const cli = async (...args) => {
    const cmd = [...as, '--', program('switchhook'), '--env', rig.env, ...args];
    return promisify(execFile)('setpriv', cmd).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  };
  const give = (name, who = person, ...more) =>
    cli('export', 'subject', who, '--tenant', rig.tenant.id, '--to', out(name), ...more);
  const given = (name) => JSON.parse(readFileSync(join(out(name), 'subject.json'), 'utf8'));
  const ask = (body, options) => rig.api('POST', '/api/v1/exports/subject', body, options);
  const add = (tenant, table, columns, values) =>
    rig
      .sql(`insert into ${table} (tenant_id, ${columns}) values ('${tenant.id}', ${values}) returning *`)
      .split('|')[0]; // its first column is its key

  // A call of somebody, recorded where the tenant says.
  async function recorded(from, settings) {
    const set = await rig.api('PUT', '/api/v1/settings/recordings', settings);
    assert.equal(set.status, 200, set.text);
    const was = rig.sql('select count(*) from recordings');
    const { sid } = await rig.sim.call({ from, to: rig.tenant.number });
    await rig.sim.idle();
    await rig.until(() => rig.sql('select count(*) from recordings') !== was);
    for (const kinds of ['fetch', 'transcribe', 'analyse']) {
      rig.sql("update jobs set due_at = now() where state = 'waiting'");
      const sweep = [...as, '--', program('switchhook-sweep'), '--env', rig.env, '--kinds', kinds];
      await promisify(execFile)('setpriv', sweep);
    }
    assert.equal(rig.sql(`select status from recordings where call_sid = '${sid}'`), 'stored');
    return rig.sql(`select id from calls where twilio_call_sid = '${sid}'`);
  }

  // One of everything about a person, with a word that tells whose it is.
  function plant(tenant, number, call, word) {
    const q = (s) => `'${s.replaceAll("'", "''")}'`;
    const text = q(`${word} ${nasty}`);
    const sid = rig.sql(`select twilio_call_sid from calls where id = '${call}'`);
    const own = {
      contact: add(tenant, 'contacts', 'name, phone_number, external_id', `${text}, '${number}', ${q(word)}`),
    };
    const recording = rig.sql(`select id from recordings where call_id = '${call}' limit 1`);
    rig.sql(`update calls set contact_id = '${own.contact}', notes = ${text}, tags = array[${q(word)}],
      disposition = ${q(word)}, value = 12.50, value_currency = 'GBP' where id = '${call}'`);
    const list = rig.sql(`insert into dnc_lists (tenant_id, name) values ('${tenant.id}', ${q(word)}) returning id`);
    add(tenant, 'dnc_entries', 'number, list_id, added_by, reason', `'${number}', '${list}', 't', ${text}`);
    own.consent = add(tenant, 'consent_records', 'number, purpose, decision, method, evidence, created_by',
      `'${number}', 'call', 'granted', 'api', jsonb_build_object('text', ${text}), 't'`);
    add(tenant, 'legal_holds', 'kind, ref, reason, placed_by', `'contact', '${own.contact}', ${text}, 't'`);
    if (!rig.sql(`select 1 from conversations where tenant_id = '${tenant.id}' and customer_number = '${number}'`))
      add(tenant, 'conversations', 'customer_number', `'${number}'`);
    add(tenant, 'call_views', 'name, query', `${q(word)}, 'customer_number=${encodeURIComponent(number)}'`);
    rig.sql(`insert into call_intents (call_id, tenant_id, state, mode, from_number, to_number, message, request_hash)
      values ('${call}', '${tenant.id}', 'created', 'message', '+442079460958', '${number}', ${text}, sha256('x'))`);
    rig.sql(`insert into call_commands (id, tenant_id, call_id, kind, target, reason, actor, state)
      values (uuid7(), '${tenant.id}', '${call}', 'transfer', '+442079460111', ${text}, 't', 'done')`);
    rig.sql(`insert into call_controls (call_id, tenant_id, transfer) values ('${call}', '${tenant.id}',
      jsonb_build_object('mode', 'blind', 'to', '+442079460111', 'state', 'sent')) on conflict do nothing`);
    rig.sql(`insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
      values ('${tenant.id}', '${randomUUID()}', 'voice.status', 'odd', '${sid}', '${call}', now(),
        '\\x46726f6d3d${Buffer.from(word).toString('hex')}fffe')`);
    rig.sql(`insert into webhook_answers (id, tenant_id, call_id, kind, received_at, took_us, again, body)
      values (uuid7(), '${tenant.id}', '${call}', 'voice.answer', now(), 900, false, ${text})`);
    rig.sql(`insert into consent_questions (call_id, tenant_id, sid, spoken, language, asked_at)
      values ('${call}', '${tenant.id}', '${sid}', ${text}, 'en-GB', now())`);
    const model = `'${recording}', 'm'`;
    own.transcript = add(tenant, 'transcripts', 'recording_id, model, version, text, segments',
      `${model}, 7, ${text}, jsonb_build_array(jsonb_build_object('speaker', 'customer', 'text', ${text}))`);
    add(tenant, 'analyses', 'transcript_id, model, version, sentiment, sentiment_score, summary, action_items, topics',
      `'${own.transcript}', 'm', 9, 'neutral', 0, ${text}, '[]', jsonb_build_array(${text}::text)`);
    add(tenant, 'transcript_runs', 'recording_id, model, asked_by', `${model}, ${q(word)}`);
    add(tenant, 'ai_requests', 'recording_id, purpose, model', `'${recording}', 'transcribe', ${q(word)}`);
    add(tenant, 'conversions', 'call_id, name, external_id, value, currency',
      `'${call}', ${q(word)}, ${q(word)}, 99.90, 'GBP'`);
    add(tenant, 'cost_entries', 'kind, ref, call_id, amount, currency, at',
      `'leg', ${q(word)}, '${call}', 0.013, 'GBP', now()`);
    delivery(rig, tenant, endpoint(rig, tenant, randomUUID(), `https://${word}.example/hook`), call);
    const notice = add(tenant, 'notices', 'kind, ref, call_id, detail',
      `'missed_call', '${call} ${word}', '${call}', jsonb_build_object('number', '${number}')`);
    add(tenant, 'alerts', 'notice_id, channel, target, due_at',
      `'${notice}', 'mail', ${q(`${word}@desk.example`)}, now()`);
    rig.sql(`insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
      values ('${tenant.id}', 0, 'user:1', 'call.note', '${call}', jsonb_build_object('new', ${text}), '')`);
    return own;
  }

  before(async () => {
    s3 = await S3.start();
    rig = await Rig.start({
      workers: { hooks: 1, api: 2, auth: 0 },
      sim: { speed: 500 },
      nginx: { s3: s3.url, twilio: 'sim' },
      settings: { TRANSCRIBE_MODEL: 'whisper-1', ...s3.settings },
    });
    mkdirSync(out(''));
    rig.own(out(''));
    await rig.sim.number(rig.tenant.number);
    ids.disk = await recorded(person, { storage: 'disk', encrypt: false });
    ids.sealed = await recorded(person, { storage: 'disk', encrypt: true });
    ids.bucket = await recorded(person, { storage: 's3', encrypt: true });
    ids.twilio = await recorded(person, { storage: 'twilio' });
    ids.other = await recorded(other, { storage: 'disk', encrypt: false });
    // Another house, which the same number has called.
    theirs = rig.addTenant('Other', { account: `AC${'0'.repeat(31)}2`, token: 'f'.repeat(32), number: '+442079460957',
      forward: '+442079460998' });
    const c = inbound('elsewhere', { account: theirs.account, from: person, to: theirs.number, agent: theirs.forward });
    for (const [path, fields] of [['answer', c.answer], ['recording', c.recorded], ['status', c.completed]])
      await rig.until(async () => {
        const res = await rig.webhook(`/api/twilio/voice/${path}`, fields, { token: theirs.token });
        return res.status === 200;
      });
    ids.elsewhere = rig.sql(`select id from calls where tenant_id = '${theirs.id}'`);
    ids.mine = plant(rig.tenant, person, ids.disk, 'mine');
    ids.others = plant(rig.tenant, other, ids.other, 'somebody');
    plant(theirs, person, ids.elsewhere, 'elsewhere');
    // Somebody else's call rang this number as well.
    rig.sql(`insert into call_legs (tenant_id, sid, parent_sid, call_id, role, status, endpoint)
      select tenant_id, 'CA${'e'.repeat(32)}', twilio_call_sid, id, 'other', 'completed', '${person}'
        from calls where id = '${ids.other}'`);
  });
  after(async () => {
    await rig.stop();
    await s3.stop();
  });

  it('has every table of text in its list, or a reason why not, and every column', async () => {
    const texts = rig.rows(`select distinct c.relname as name from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and (a.atttypid = any ('{text,text[],varchar,json,jsonb,bytea}'::regtype[])
             or (select t.typbasetype from pg_type t where t.oid = a.atttypid) = 'text'::regtype)`);
    const sql = readFileSync(join(source, 'lib/sql/subject_page.sql'), 'utf8').replace(/--.*$/gm, '');
    const read = new Set([...sql.matchAll(/\b(?:from|join) (\w+)/g)].map((m) => m[1]));
    const known = [...Object.values(places).map(([t]) => t), ...beside];
    assert.deepEqual(texts.map((t) => t.name).filter((t) => !known.includes(t) && !exempt[t]), [],
      'a table that may hold a number, a name or words is exported, or says why not');
    assert.deepEqual(known.filter((t) => !read.has(t) && t !== 'tenants'), [], 'what is listed is read');
    assert.deepEqual(Object.keys(exempt).filter((t) => read.has(t) || !texts.some((x) => x.name === t)), []);
    const { code, stderr } = await give('first');
    assert.equal(code, 0, stderr);
    whole = given('first');
    for (const [list, [table, ...without]] of Object.entries(places)) {
      assert.ok(whole[list].length > 0, `${list} is empty`);
      const columns = rig
        .rows(`select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0
          and not attisdropped`)
        .map((a) => a.name)
        .filter((a) => a !== 'tenant_id' && !without.includes(a));
      assert.deepEqual(columns.filter((a) => !whole[list].every((row) => a in row)), [], list);
    }
  });

  it('is a directory of JSON, audio, digests and a word about it, for its owner alone', async () => {
    const dir = out('first');
    assert.deepEqual(readdirSync(dir).sort(), ['MANIFEST', 'README', 'audio', 'subject.json']);
    assert.equal(statSync(dir).mode & 0o777, 0o700);
    for (const name of readdirSync(dir, { recursive: true }))
      assert.equal(statSync(join(dir, name)).mode & 0o077, 0, name);
    const lines = readFileSync(join(dir, 'MANIFEST'), 'utf8').trim().split('\n').map((l) => l.split('  '));
    assert.deepEqual(lines.map(([, name]) => name).sort(),
      ['README', 'subject.json', ...readdirSync(join(dir, 'audio')).map((f) => `audio/${f}`)].sort());
    for (const [sum, name] of lines) assert.equal(sha(readFileSync(join(dir, name))), sum, name);
    assert.match(readFileSync(join(dir, 'README'), 'utf8'), /everything that is kept about one person.*4 recordings/s);
    assert.equal(whole.schema, 'switchhook.subject/1');
    assert.deepEqual(whole.subject, { number: person, contact_id: null });
    assert.deepEqual([whole.tenant.id, whole.found.calls, whole.found.recordings], [rig.tenant.id, 4, 4]);
    assert.ok(!readdirSync(out('')).some((f) => f.startsWith('.')), 'nothing beside it');
  });

  it('has the audio as Twilio recorded it, from the disk, encrypted, from a bucket, from Twilio', async () => {
    const { recordings } = await rig.sim.ledger();
    assert.deepEqual(whole.recordings.map((r) => r.storage).sort(), ['disk', 'disk', 's3', 'twilio']);
    for (const r of whole.recordings) {
      const bytes = readFileSync(join(out('first'), r.audio.file));
      assert.equal(r.audio.file, `audio/${r.id}.wav`);
      assert.equal(sha(bytes), recordings.find((x) => x.sid === r.sid).sha256);
      assert.deepEqual([r.sha256, r.audio.sha256], [sha(bytes), sha(bytes)]);
      const heard = rig.sql(`select count(*) from audit_entries
        where action = 'recording.download' and object = '${r.sid}'`);
      assert.equal(heard, '1');
    }
    assert.equal(readdirSync(join(out('first'), 'audio')).length, 4);
  });

  it('has what was planted, as it was written, and nothing of anybody else', () => {
    const text = readFileSync(join(out('first'), 'subject.json'), 'utf8');
    for (const list of ['contacts', 'consents', 'do_not_call', 'holds', 'views', 'calls', 'requests', 'commands',
      'transcripts', 'analyses', 'runs', 'models', 'conversions', 'ledger', 'deliveries', 'notices', 'alerts',
      'accesses'])
      assert.match(JSON.stringify(whole[list]), /mine/, list);
    assert.equal(whole.contacts[0].name, `mine ${nasty}`);
    const [odd] = whole.events.filter((e) => e.event_type === 'odd');
    const bytes = Buffer.from(odd.body_base64, 'base64');
    assert.ok(bytes.equals(Buffer.concat([Buffer.from('From=mine'), Buffer.from([255, 254])])));
    assert.ok(whole.events.filter((e) => e !== odd).every((e) => /CallSid=/.test(e.body)));
    assert.equal(whole.transcripts.filter((t) => t.version === 7)[0].segments[0].text, `mine ${nasty}`);
    assert.ok(whole.transcripts.length > 4 && whole.analyses.some((a) => a.version === 9), 'all versions');
    const [call] = whole.calls.filter((c) => c.id === ids.disk);
    assert.deepEqual([call.value, call.notes, call.tags], ['12.50', `mine ${nasty}`, ['mine']]);
    assert.ok(call.timeline.length > 3 && call.why.length > 0);
    assert.ok(whole.legs.filter((l) => l.call_id === ids.disk).length >= 2);
    assert.deepEqual(whole.mentions.map((m) => [m.what, m.call_id, m.endpoint]), [['leg', ids.other, person]]);
    for (const word of ['somebody', 'elsewhere', other, theirs.id, theirs.number, ids.elsewhere, ids.others.contact])
      assert.ok(!text.includes(word), word);
    for (const [name, id] of Object.entries({ contact: ids.mine.contact, transcript: ids.mine.transcript }))
      assert.ok(text.includes(id), name);
  });

  it('is the same for a CRM, with links instead of files', async () => {
    const res = await ask({ number: person });
    assert.equal(res.status, 200, res.text);
    assert.match(res.headers['content-type'], /^application\/json/);
    assert.equal(res.headers['cache-control'], 'private, no-store');
    const doc = res.json();
    for (const list of Object.keys(places).filter((l) => l !== 'recordings'))
      assert.deepEqual(doc[list], whole[list], list);
    for (const r of doc.recordings) {
      const { audio, ...row } = r;
      const { audio: file, ...kept } = whole.recordings.find((x) => x.id === r.id);
      assert.deepEqual(row, kept);
      const heard = await rig.http('GET', audio.url.slice(PUBLIC_URL.length));
      assert.equal(heard.status, 200);
      assert.equal(sha(heard.bytes), file.sha256);
    }
    assert.ok(doc.accesses.length > whole.accesses.length, 'that somebody was given it is in it as well');
    assert.ok(doc.accesses.some((a) => a.action === 'subject.export' && a.detail.way === 'directory'));
  });

  it('is by contact as well: his calls, not those of others with his number', async () => {
    const doc = (await ask({ contact_id: ids.mine.contact })).json();
    assert.deepEqual(doc.subject, { number: person, contact_id: ids.mine.contact });
    assert.equal(doc.calls.length, 4, 'also those that know no contact');
    rig.sql(`update calls set contact_id = '${ids.others.contact}' where id = '${ids.twilio}'`);
    const less = (await ask({ contact_id: ids.mine.contact })).json();
    assert.deepEqual(less.calls.map((c) => c.id).sort(), [ids.disk, ids.sealed, ids.bucket].sort());
    assert.deepEqual(less.mentions.map((m) => m.call_id), [ids.other], 'nor when they called');
    rig.sql(`update calls set contact_id = null where id = '${ids.twilio}'`);
    const { code, stdout } = await give('contact', ids.mine.contact);
    assert.deepEqual([code, given('contact').calls.length], [0, 4], stdout);
  });

  it('is refused where there is nothing, where nobody may, and where it is asked wrongly', async () => {
    for (const body of [{ number: '+447700900199' }, { contact_id: randomUUID() }])
      assert.equal((await ask(body)).status, 404);
    assert.equal((await ask({ contact_id: ids.mine.contact }, { key: theirs.key })).status, 404);
    for (const body of [{}, { number: person, contact_id: ids.mine.contact }])
      assert.equal((await ask(body)).status, 422);
    assert.equal((await ask({ number: '12' })).status, 400);
    assert.equal((await ask({ number: person }, { key: addKey(rig, rig.tenant, { role: 'manager' }) })).status, 403);
    assert.equal((await give('nothing', '+447700900199')).code, 5);
    assert.equal((await give('nothing', '12')).code, 1);
    assert.equal((await give('first')).code, 1, 'nothing is replaced');
    mkdirSync(out('empty'));
    assert.match((await give('empty')).stderr, /there already/);
    assert.ok(!existsSync(out('nothing')));
    assert.deepEqual(readdirSync(out('')).sort(), ['contact', 'empty', 'first']);
  });

  it('leaves no number in the audit, from which nothing is erased', () => {
    const entries = rig.sql("select string_agg(e::text, ' ') from audit_entries e where action = 'subject.export'");
    assert.ok(entries.length > 100 && !entries.includes(person.slice(1)), entries);
    const marks = rig.rows(`select distinct object from audit_entries where action = 'subject.export'
      and tenant_id = '${rig.tenant.id}' and object like 'number%'`);
    assert.equal(marks.length, 1, 'the same number, the same mark');
    assert.match(marks[0].object, /^number:k\w+:[0-9a-f]{32}$/);
  });

  it('is not there after a kill, and whole after the next run', async () => {
    const points = ['after:subject_find', 'before:subject_page', 'after:recording_play', 'within:download'];
    const env = { ...process.env, LD_PRELOAD: program(join('t', 'failpoint.so')),
      ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` };
    const cmd = [program('switchhook'), '--env', rig.env, 'export', 'subject', person, '--tenant', rig.tenant.id,
      '--to', out('killed')];
    for (const [n, point] of points.entries()) {
      const c = child(join(rig.dir, 'log'), `export-${n}`, cmd, { as, env: { ...env, FAILPOINT: `kill:${point}` } });
      assert.equal(await c.ended, 'SIGKILL', c.log());
      assert.ok(!existsSync(out('killed')), point);
    }
    assert.equal(statSync(out('.killed.part')).mode & 0o777, 0o700);
    const stop = { ...env, FAILPOINT: 'stop:after:recording_play' };
    const c = child(join(rig.dir, 'log'), 'export-s', cmd, { as, env: stop });
    await rig.until(() => /\(T|T \(stopped/.test(readFileSync(`/proc/${c.pid}/status`, 'utf8')));
    assert.match((await give('killed')).stderr, /somebody else is making/);
    c.kill('SIGKILL');
    await c.ended;
    assert.equal((await give('killed')).code, 0);
    assert.deepEqual(given('killed').calls, whole.calls);
    assert.ok(!existsSync(out('.killed.part')));
  });

  it('is not made where audio is gone or altered, unless gaps are allowed', async () => {
    const [r] = whole.recordings.filter((x) => x.call_id === ids.disk);
    const path = join(rig.settings.RECORDINGS_DIR, rig.tenant.id, `${r.sid}.wav`);
    const bytes = readFileSync(path);
    renameSync(path, `${path}.away`);
    const gone = await give('gone');
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /recording .* not there\nTry: --gaps/);
    assert.ok(!existsSync(out('gone')));
    writeFileSync(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) ^ 1])]));
    chmodSync(path, 0o644);
    assert.match((await give('gone')).stderr, /its digest is another/);
    const gaps = await give('gone', person, '--gaps');
    assert.equal(gaps.code, 0, gaps.stderr);
    assert.match(gaps.stderr, new RegExp(r.id));
    assert.deepEqual(given('gone').recordings.find((x) => x.id === r.id).audio, { file: null, missing: 'altered' });
    assert.equal(readdirSync(join(out('gone'), 'audio')).length, 3);
    assert.match(readFileSync(join(out('gone'), 'README'), 'utf8'), /Audio is missing/);
    renameSync(`${path}.away`, path);
  });

  it('says the same once all of it is sealed', async () => {
    assert.equal((await rig.api('PATCH', '/api/v1/settings', { encrypt_metadata: true })).status, 200);
    rig.sql("update metadata_sealing set since = since - interval '1 hour'");
    await rig.until(async () => {
      const sweep = [...as, '--', program('switchhook-sweep'), '--env', rig.env, '--once-kind', 'metadata'];
      await promisify(execFile)('setpriv', sweep);
      return rig.sql('select done_at is not null from metadata_sealing') === 't';
    });
    const clear = rig.sql(`select count(*) from calls where customer_number = '${person}'
      and tenant_id = '${rig.tenant.id}'`);
    assert.equal(clear, '0');
    assert.equal((await give('sealed')).code, 0);
    const text = readFileSync(join(out('sealed'), 'subject.json'), 'utf8');
    assert.ok(!text.includes('sealed1|') && !text.includes('[sealed]'));
    const doc = JSON.parse(text);
    const bodies = (d) => d.events.map((e) => e.body ?? e.body_base64).sort();
    assert.equal(sha(JSON.stringify(bodies(doc))), sha(JSON.stringify(bodies(whole))));
    for (const list of Object.keys(places).filter((l) => !['events', 'calls'].includes(l)))
      assert.deepEqual(doc[list], whole[list], list);
    for (const [i, { timeline, ...row }] of doc.calls.entries()) {
      const { timeline: then, ...was } = whole.calls[i];
      assert.deepEqual(row, was);
      assert.equal(timeline.length, then.length);
    }
    assert.deepEqual((await ask({ contact_id: ids.mine.contact })).json().subject.number, person);
  });

  it('takes a worker no memory, however long it is', async () => {
    const peak = () => Math.max(...rig.workers('api').map((pid) =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])));
    const [{ recording_id: id }] = whole.transcripts;
    rig.sql(`insert into transcripts (tenant_id, recording_id, model, version, text, segments)
      select '${rig.tenant.id}', '${id}', 'long', 100 + n, repeat('word ', 200000), '[]'
        from generate_series(1, 50) n`);
    const was = peak();
    const res = await ask({ number: person });
    assert.equal(res.json().transcripts.filter((t) => t.model === 'long').length, 50);
    assert.ok(res.bytes.length > 50e6, `${res.bytes.length}`);
    // A sanitiser keeps what was freed for a while.
    if (!instrumented) assert.ok(peak() - was < 24 * 1024, `${peak() - was} kB`);
  });
});
