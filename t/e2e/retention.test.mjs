// Retention: audio, text and metadata go when their days are over, wherever they lie, and not before; a hold wins; what
// the preview says is what a run takes, to the row and byte; a sweep may die in between; figures and costs stand.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Lab } from '../lib/lab.mjs';
import { S3 } from '../lib/s3.mjs';

const ZONE = 'America/New_York'; // its clock changes in the range of every N days below
const DAY = 24 * 60 * 60 * 1000;

// The local midnight with which a day of a zone begins, by JavaScript's own calendar.
function midnight(day, zone) {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const offset = (at) => {
    const text = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
    return Date.parse(`${text.replace(' ', 'T')}Z`) - at;
  };
  const near = utc - offset(utc);
  return utc - offset(near);
}
const today = (zone) => new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short' }).format(Date.now());
const back = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) - n * DAY).toISOString().slice(0, 10);

// Client, age: so many days before the cut's midnight of that many days plus seconds, where it lies, what holds it, and
// what is left: A audio, T text, M metadata.
const calls = [
  { client: 'a', days: 30, seconds: -1, left: 'TM' },
  { client: 'a', days: 30, seconds: 0, left: 'ATM' },
  { client: 'a', days: 60, seconds: -1, left: 'M' },
  { client: 'a', days: 90, seconds: -1, left: '' },
  { client: 'a', days: 90, seconds: 0, left: 'M' },
  { client: 'b', days: 10, seconds: -1, left: 'TM' },
  { client: 'b', days: 10, seconds: 0, left: 'ATM' },
  { client: 'b', days: 400, seconds: 0, left: 'M' },
  { client: 'a', days: 95, seconds: 0, hold: 'call', left: 'ATM' },
  { client: 'a', days: 95, seconds: 0, hold: 'contact', left: 'ATM' },
  { client: 'c', days: 95, seconds: 0, hold: 'client', left: 'ATM' },
  { client: 'a', days: 40, seconds: 0, storage: 's3', left: 'TM' },
  { client: 'a', days: 100, seconds: 0, storage: 's3', left: '' },
  { client: 'a', days: 41, seconds: 0, storage: 'twilio', left: 'TM' },
  { client: 'a', days: 101, seconds: 0, storage: 'twilio', left: '' },
  { client: null, days: 35, seconds: 0, left: 'TM' },
];

describe('retention', () => {
  let lab;
  let rig;
  let s3;
  const client = {};
  const sql = (text) => rig.sql(text);
  const body = async (method, path, json, options) => {
    const res = await rig.api(method, path, json, options);
    assert.ok(res.status < 300, `${method} ${path}: ${res.status} ${res.text}`);
    return res.status === 204 ? null : res.json();
  };
  const preview = (query = '') => body('GET', `/api/v1/retention-preview${query}`);
  const atTwilio = async (sid) => {
    const auth = Buffer.from(`${rig.tenant.account}:${rig.tenant.token}`).toString('base64');
    const at = `${rig.sim.url}/2010-04-01/Accounts/${rig.tenant.account}/Recordings/${sid}.json`;
    return (await fetch(at, { headers: { authorization: `Basic ${auth}` } })).status === 200;
  };
  const figures = async () => {
    const from = back(today(ZONE), 500);
    const all = await body('GET', `/api/v1/stats/summary?from=${from}&to=${today(ZONE)}`);
    const one = await body('GET', `/api/v1/stats/summary?from=${from}&to=${today(ZONE)}&client_id=${client.a}`);
    const days = await body('GET', `/api/v1/stats/timeline?from=${from}&to=${today(ZONE)}&by=day`);
    for (const x of [all, one, days]) delete x.as_of;
    return JSON.stringify([all, one, days.data.filter((d) => d.total_calls > 0)]);
  };
  // Brings the kept figures up to date, as the standing work does.
  const stats = () => lab.run(['--once-kind', 'stats']);
  const costs = () => sql('select count(*), sum(amount) from cost_entries');

  before(async () => {
    s3 = await S3.start();
    lab = await Lab.start({ ...s3.settings }, { api: 1 });
    rig = lab.rig;
    sql(`update tenants set time_zone = '${ZONE}';
      insert into prices (tenant_id, kind, item, unit, amount, currency)
        values ('${rig.tenant.id}', 'transcribe', '*', 'minute', 0.01, 'USD')`);
    for (const name of ['a', 'b', 'c']) client[name] = (await body('POST', '/api/v1/clients', { name })).id;
    for (const storage of [undefined, 's3', 'twilio']) {
      sql(`insert into recording_settings as s (tenant_id, storage) values ('${rig.tenant.id}', '${storage ?? 'disk'}')
        on conflict (tenant_id) do update set storage = excluded.storage`);
      const mine = calls.filter((c) => c.storage === storage);
      const known = sql('select coalesce(array_agg(id), \'{}\') from calls');
      await lab.calls(mine.length);
      await lab.run();
      await lab.settle();
      const ids = rig.rows(`select c.id, r.id as recording, r.sid, r.path from calls c
        join recordings r on r.call_id = c.id where c.id <> all ('${known}') order by c.created_at`);
      assert.equal(ids.length, mine.length);
      mine.forEach((c, i) => Object.assign(c, ids[i]));
    }
    for (const c of calls) {
      c.at = new Date(midnight(back(today(ZONE), c.days), ZONE) + c.seconds * 1000).toISOString();
      sql(`update calls set created_at = '${c.at}', client_id = ${c.client ? `'${client[c.client]}'` : 'null'}
            where id = '${c.id}';
        update recordings set created_at = '${c.at}'::timestamptz + interval '5 seconds' where id = '${c.recording}';
        update transcripts set said_at = '${c.at}' where recording_id = '${c.recording}'`);
    }
    sql(`insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, received_at, raw)
      select '${rig.tenant.id}', gen_random_uuid(), 'voice.status', 'completed', '', now() - n * interval '1 day',
             'From=%2B447700900123' from unnest('{80,99}'::integer[]) n`);
    await lab.run(['--once-kind', 'costs']);
    await stats();
  });
  after(async () => {
    await lab.stop();
    await s3.stop();
  });

  it('takes nothing as long as nobody says so', async () => {
    assert.deepEqual(await body('GET', '/api/v1/settings/retention'),
      { audio_days: null, text_days: null, metadata_days: null, default_days: null,
        by_default: ['audio', 'text', 'metadata'], clients: [] });
    assert.deepEqual((await preview('?days=3650')).within.lines, []);
    await lab.run(['--once-kind', 'retention']);
    assert.equal(sql('select count(*) from retention_runs'), '0', 'and no run is made of nothing');
  });

  it('takes what the installation says where the tenant says nothing, and the tenant\'s word before it', async () => {
    const env = join(rig.dir, 'default.env');
    const says = async (days) => {
      writeFileSync(env, `${readFileSync(rig.env, 'utf8')}\nRETENTION_DAYS_DEFAULT=${days}\n`);
      rig.own(env);
      assert.match(rig.switchhook('config', 'show', '--env', env), new RegExp(`RETENTION_DAYS_DEFAULT=${days}\\n`));
      sql("update retention_runs set state = 'done', phase = 'files', asked_by = 'test', finished_at = now()");
      await lab.run(['--once-kind', 'retention'], env);
    };
    const kinds = async () => [...new Set((await preview('?days=0')).tonight.lines.map((l) => l.kind))];
    const set = async (...args) => rig.switchhook('retention', 'set', ...args);
    await says(50);
    const told = await body('GET', '/api/v1/settings/retention');
    assert.deepEqual([told.default_days, told.audio_days, told.by_default], [50, null, ['audio', 'text', 'metadata']]);
    assert.deepEqual(await kinds(), ['audio', 'text', 'metadata', 'stray']);
    await set('--metadata-days', 'forever', '--text-days', 'forever');
    assert.deepEqual(await kinds(), ['audio'], 'for ever is a word, too');
    assert.deepEqual((await body('GET', '/api/v1/settings/retention')).by_default, ['audio']);
    await set('--audio-days', 'forever');
    assert.deepEqual(await kinds(), []);
    for (const kind of ['audio', 'text', 'metadata']) await set(`--${kind}-days`, 'default');
    assert.equal((await preview('?days=0')).tonight.lines.length > 0, true);
    await lab.run(['--once-kind', 'retention']);
    assert.deepEqual(await kinds(), [], 'the setting is gone');
    assert.deepEqual((await body('GET', '/api/v1/settings/retention')).default_days, null);
    sql('delete from jobs; delete from retention_counts; delete from retention_runs; delete from retention_rules');
  });

  it('is set for the tenant and for clients apart, checked, guarded and audited', async () => {
    const path = '/api/v1/settings/retention';
    const changes = async () => (await body('GET', '/api/v1/audit?action=retention.change')).data;
    const was = (await changes()).length;
    for (const [bad, pointer] of [
      [{ audio_days: 0 }, '/audio_days'], [{ audio_days: 36501 }, '/audio_days'], [{ text_days: '9' }, '/text_days'],
      [{ clients: [{ client_id: client.a }] }, '/clients/0'], [{ clients: [{ audio_days: 1 }] }, '/clients/0'],
      [{ clients: [{ client_id: client.a, audio_days: 0 }] }, '/clients/0'],
      [{ clients: [{ client_id: client.a, audio: 1 }] }, '/clients/0'],
      [{ clients: [{ client_id: rig.tenant.id, audio_days: 1 }] }, '/clients'],
    ]) {
      const res = await rig.api('PATCH', path, bad);
      assert.equal(res.status, 422, res.text);
      assert.equal(res.json().errors[0].pointer, pointer, res.text);
    }
    const first = await rig.api('PATCH', path, { audio_days: 30, text_days: 60 });
    assert.equal(first.status, 200);
    const { etag } = first.headers;
    const wanted = [{ client_id: client.b, audio_days: 10, metadata_days: null },
      { client_id: client.c, text_days: 1 }].sort((x, y) => (x.client_id < y.client_id ? -1 : 1));
    const whole = { audio_days: 30, text_days: 60, metadata_days: 90, default_days: null, by_default: [],
      clients: wanted };
    const next = await rig.api('PATCH', path, { metadata_days: 90, clients: wanted },
      { headers: { 'if-match': etag } });
    assert.deepEqual(next.json(), whole);
    assert.deepEqual(await body('GET', path), whole);
    assert.equal((await rig.api('PATCH', path, { text_days: 5 }, { headers: { 'if-match': etag } })).status, 412);
    const data = await changes();
    assert.equal(data.length - was, 2);
    assert.equal(data[0].old.metadata_days, null);
    assert.deepEqual(data[0].new, whole);
  });

  it('names what holds keep, and what other days would take', async () => {
    for (const c of calls.filter((x) => x.hold)) {
      let at = `calls/${c.id}`;
      if (c.hold === 'client') at = `clients/${client[c.client]}`;
      if (c.hold === 'contact') {
        const { id } = await body('POST', '/api/v1/contacts', { name: 'Held' });
        sql(`update calls set contact_id = '${id}' where id = '${c.id}'`);
        at = `contacts/${id}`;
      }
      await body('PUT', `/api/v1/${at}/hold`, { reason: 'a case' });
    }
    const now = await preview('?days=0');
    assert.equal(now.time_zone, ZONE);
    assert.equal(now.tonight.date, today(ZONE));
    assert.deepEqual(now.tonight, now.within);
    const n = (doc, kind, who) => doc.lines.filter((l) => l.kind === kind
      && (who === undefined || l.client_id === client[who])).reduce((s, l) => s + l.items, 0);
    const gone = (letter) => calls.filter((c) => !c.left.includes(letter)).length;
    assert.deepEqual(['audio', 'text', 'metadata', 'stray'].map((k) => n(now.tonight, k)),
      [gone('A'), gone('T'), gone('M'), 1]);
    assert.equal(now.tonight.lines.filter((l) => l.kind === 'metadata').reduce((s, l) => s + l.held, 0), 3);
    const week = await preview('?days=1');
    assert.equal(n(week.tonight, 'audio'), gone('A'));
    assert.equal(n(week.within, 'audio'), gone('A') + 2, 'what is due at the next midnight');
    const other = await preview(`?days=0&audio_days=0&client_id=${client.b}`);
    assert.equal(n(other.tonight, 'audio', 'b'), 0, 'for ever');
    assert.equal(n(other.tonight, 'audio', 'a'), n(now.tonight, 'audio', 'a'));
    assert.equal(n((await preview('?days=0&metadata_days=20')).tonight, 'metadata', 'a'),
      calls.filter((c) => c.client === 'a' && !c.hold).length);
    const strange = `/api/v1/retention-preview?client_id=${rig.tenant.id}&audio_days=1`;
    assert.equal((await rig.api('GET', strange)).status, 422);
    assert.deepEqual(await preview('?days=0'), now, 'a question changes nothing');
  });

  let run;
  it('takes what the preview said, to the row and byte, though the sweep dies at every step', async () => {
    const said = (await preview('?days=0')).tonight;
    const [before, paid] = [await figures(), costs()];
    run = await body('POST', '/api/v1/retention-runs');
    assert.equal((await rig.api('POST', '/api/v1/retention-runs')).status, 409, 'one at a time');
    for (const point of ['before', 'after', 'after', 'before', 'after']) {
      sql(`update jobs set leased_until = now() where state = 'running';
        update jobs set due_at = now() where kind = 'retain' and state = 'waiting'`);
      const c = lab.start(['--max-seconds', '20', '--once-kind', 'retain'], undefined, `kill:${point}:retention_step`);
      assert.equal(await c.ended, 'SIGKILL', c.log());
    }
    lab.hurry();
    await lab.settle();
    const done = await body('GET', `/api/v1/retention-runs/${run.id}`);
    assert.deepEqual([done.state, done.waiting, done.reason], ['done', 0, null]);
    assert.deepEqual(done.lines, said.lines);
    await stats();
    assert.equal(await figures(), before, 'no figure has fallen');
    assert.equal(costs(), paid, 'nor what was charged');
    const listed = (await body('GET', '/api/v1/retention-runs')).data.find((r) => r.id === run.id);
    assert.deepEqual([listed.asked_by.split(':')[0], listed.asked_by_name], ['key', 'test']);
    const { data } = await body('GET', '/api/v1/audit?action=retention.run');
    assert.equal(data[0].object, run.id);
  });

  it('leaves of each call what is to be left, here, in the bucket and at Twilio', async () => {
    for (const [i, c] of calls.entries()) {
      const text = `call ${i} of ${c.days} days: ${c.left}`;
      const [audio, spoken, meta] = ['A', 'T', 'M'].map((l) => c.left.includes(l));
      assert.equal(await atTwilio(c.sid), audio, `${text}: at Twilio`);
      if (c.storage === 's3') assert.equal(s3.objects.has(`/calls/${c.path}`), audio, text);
      if (!c.storage) assert.equal(existsSync(join(rig.settings.RECORDINGS_DIR, c.path)), audio, text);
      assert.equal(sql(`select count(*) from transcripts where recording_id = '${c.recording}'`), spoken ? '1' : '0',
        text);
      assert.equal(sql(`select count(*) from analyses a join transcripts t on t.id = a.transcript_id
        where t.recording_id = '${c.recording}'`), spoken ? '1' : '0', text);
      const rows = (table) => sql(`select count(*) > 0 from ${table} where call_id = '${c.id}'`);
      assert.equal(sql(`select count(*) from calls where id = '${c.id}'`), meta ? '1' : '0', text);
      for (const table of ['call_legs', 'webhook_events', 'recordings']) {
        assert.equal(rows(table), meta ? 't' : 'f', text);
      }
      const heard = await rig.api('GET', `/api/v1/recordings/${c.recording}/audio`);
      assert.equal(heard.status, audio && c.storage !== 'twilio' ? 200 : audio ? heard.status : 404, text);
    }
    const gone = calls.filter((c) => !c.left.includes('M')).map((c) => `'${c.id}', '${c.recording}'`).join();
    assert.equal(sql(`select count(*) from jobs where ref in (${gone})`), '0', 'nor does any work name it');
    assert.equal(sql("select count(*) from webhook_events where call_id is null and call_sid = ''"), '1');
    const files = readdirSync(join(rig.settings.RECORDINGS_DIR, rig.tenant.id)).length;
    assert.equal(files, calls.filter((c) => !c.storage && c.left.includes('A')).length, 'no orphan');
  });

  it('does nothing a second time, and says what holds keep', async () => {
    const again = JSON.parse(rig.switchhook('retention', 'run', '-o', 'json'));
    await lab.settle();
    const done = await body('GET', `/api/v1/retention-runs/${again.id ?? again[0].id}`);
    assert.equal(done.state, 'done');
    assert.deepEqual(done.lines.map((l) => [l.kind, l.items, l.bytes]).filter(([, n]) => n > 0), []);
    assert.equal(done.lines.filter((l) => l.kind === 'metadata').reduce((s, l) => s + l.held, 0), 3);
    assert.match(rig.switchhook('retention', 'report', run.id), /metadata/);
    assert.match(rig.switchhook('retention', 'preview', '--days', '1'), /audio/);
    assert.match(rig.switchhook('retention', 'report'), new RegExp(run.id));
  });

  it('keeps its figures when all cells are made anew', async () => {
    const before = await figures();
    sql(`insert into stat_dirty (tenant_id, at) values ('${rig.tenant.id}', '-infinity')`);
    await stats();
    await stats();
    assert.equal(await figures(), before);
  });

  it('waits for audio that Twilio does not delete, and the call with it', async () => {
    const c = calls.find((x) => x.left === 'ATM' && !x.hold && x.client === 'b');
    rig.switchhook('retention', 'set', '--client', client.b, '--metadata-days', '9');
    sql("update twilio_configurations set api_base_url = 'http://127.0.0.1:9'");
    const { id } = await body('POST', '/api/v1/retention-runs');
    await lab.run();
    const state = () => sql(`select state || ' ' || phase from retention_runs where id = '${id}'`);
    assert.match(state(), /^running (metadata|files)$/);
    assert.equal(sql(`select count(*) from calls where id = '${c.id}'`), '1', 'its row names the audio');
    sql(`update twilio_configurations set api_base_url = '${rig.sim.url}'`);
    lab.hurry();
    await lab.settle();
    assert.equal(state(), 'done files');
    assert.equal(sql(`select count(*) from calls where id = '${c.id}'`), '0');
    assert.equal(await atTwilio(c.sid), false);
  });

  it('gives up on it after twenty hours and tells', async () => {
    const c = calls.find((x) => x.left === 'ATM' && !x.hold && x.client === 'a');
    rig.switchhook('retention', 'set', '--audio-days', '20');
    sql("update twilio_configurations set api_base_url = 'http://127.0.0.1:9'");
    const { id } = await body('POST', '/api/v1/retention-runs');
    await lab.run();
    sql(`update retention_runs set started_at = now() - interval '21 hours' where id = '${id}';
      update jobs set due_at = now() where kind = 'retain'`);
    await lab.run(['--once-kind', 'retain']);
    const done = await body('GET', `/api/v1/retention-runs/${id}`);
    assert.deepEqual([done.state, done.waiting], ['failed', 1]);
    assert.match(done.reason, /1 recordings are not removed/);
    assert.equal(sql(`select count(*) from notices where kind = 'retention_failed' and ref = 'run ${id}'`), '1');
    sql(`update twilio_configurations set api_base_url = '${rig.sim.url}'`);
    lab.hurry();
    await lab.settle();
    assert.equal(await atTwilio(c.sid), false, 'and it goes as soon as it can');
  });

  it('a lifted hold lets go, also of calls that are sealed by now', async () => {
    rig.switchhook('tenant', 'encrypt', '--on');
    sql("update metadata_sealing set since = since - interval '1 hour'");
    await rig.until(async () => {
      await lab.run(['--once-kind', 'metadata']);
      return sql('select done_at is not null from metadata_sealing') === 't';
    });
    for (const { kind, ref } of (await body('GET', '/api/v1/holds')).data) {
      await body('DELETE', `/api/v1/${kind}s/${ref}/hold`);
    }
    sql("update retention_runs set asked_by = 'test' where asked_by is null"); // this night's turn is still to come
    const said = (await preview('?days=0')).tonight;
    const { id } = await body('POST', '/api/v1/retention-runs');
    lab.hurry();
    await lab.settle();
    const done = await body('GET', `/api/v1/retention-runs/${id}`);
    assert.equal(done.state, 'done');
    assert.deepEqual(done.lines, said.lines);
    assert.equal(done.lines.filter((l) => l.kind === 'metadata').reduce((s, l) => s + l.items, 0), 3);
    for (const c of calls.filter((x) => x.hold)) assert.equal(await atTwilio(c.sid), false);
  });

  it('runs by itself once a night, when it is two there', async () => {
    const hour = (zone) => Number(new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' })
      .format(Date.now()));
    const zones = Array.from({ length: 24 }, (_, i) => `Etc/GMT${i < 12 ? `-${i}` : `+${i - 11}`}`);
    const nights = () => Number(sql('select count(*) from retention_runs where asked_by is null'));
    sql('update retention_runs set asked_by = \'test\' where asked_by is null');
    for (const [zone, n] of [[zones.find((z) => hour(z) < 2), 0], [zones.find((z) => hour(z) >= 3), 1]]) {
      sql(`update tenants set time_zone = '${zone}', disabled_at = ${n ? 'now()' : 'null'}`); // its calls grow old, too
      await lab.run(['--once-kind', 'retention']);
      await lab.run(['--once-kind', 'retention']);
      assert.equal(nights(), n, zone);
    }
    sql('update tenants set disabled_at = null');
    assert.equal((await preview('?days=0')).tonight.date,
      back(today(sql('select time_zone from tenants')), -1), 'the next is tomorrow\'s');
    await lab.settle();
    assert.equal(sql("select state from retention_runs where asked_by is null"), 'done');
  });
});
