// A database that was filled by older versions is brought up by the operator's command: every row is there, what was to
// be filled is filled, and people go on where they were.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { began, Ladder, steps, tenantId } from '../lib/ladder.mjs';
import { Browser } from '../lib/person.mjs';
import { databaseEnv } from '../lib/postgres.mjs';
import { child, program, root, run, until } from '../lib/process.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const old = { a: false, b: true }; // who came all the way: a tenant's letter, and whether it is bare
const young = { c: false, d: true }; // the same, written at the newest version
const before72 = 71;

// What a migration changes in rows that are there. Every other value is kept.
const meant = {
  'transcripts.words': 'filled by 0071 and 0117',
  'transcripts.said_at': 'filled by 0075 and 0117',
  'users.presence': 'filled by 0092 and 0117',
  'stat_dirty.noted_at': 'days to sum up anew are rows that come and go',
};

// In what a row that came all the way may differ from one that is written today.
const apart = {
  'audit_entries.hash': 'of the tenant',
  'caller_cells.calls': 'may be too many, where a call has changed since',
  'calls.conversation_id': 'calls of before 0023 are of no conversation',
  'calls.watched': 'null: of before 0065',
  'number_assignments.from_at': 'of before 0022 since the number came',
  'numbers.fallback_name': 'drawn by lot',
  'number_purchases.fallback_name': 'drawn by lot',
  'stat_marks.xid': 'of a transaction',
  'stat_marks.older_xid': 'of a transaction',
  'stat_marks.rolled_until': 'the minute',
  'users.presence': 'old programs say available alone',
  'webhook_endpoints.events': 'those there were',
  'webhook_events.raw': 'names the tenant',
  'webhook_events.xid': 'of a transaction; null: of before 0019',
};
const aside = {
  conversations: 'calls of before 0023 opened none',
  jobs: 'of webhooks',
  notices: 'told from 0077 on',
  tenant_readers: 'one is enough',
  user_availability: 'noted from 0089 on',
  webhook_deliveries: 'of messages',
  webhook_messages: 'told from 0077 and 0086 on',
  webhook_sequences: 'of messages',
};

const figures = [
  'summary?compare=true',
  'timeline?by=day',
  'timeline?by=week',
  'hours',
  'weekdays',
  'heatmap',
  'breakdown?by=source',
  'callers?limit=50',
  'geography',
  'best-time',
  'tracking?by=source',
  'recordings',
  'callbacks',
  'concurrency',
  'attribution',
  'costs?by=kind',
];

const anId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

// What has no order of its own, or is ordered by ids that are drawn by lot.
function sorted(doc) {
  if (Array.isArray(doc)) return doc.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (doc === null || typeof doc !== 'object') return doc;
  return Object.fromEntries(Object.entries(doc).map(([k, v]) => [k, sorted(v)]));
}

describe('upgrading', () => {
  let rig;
  let ladder;
  const newest = () => Math.max(...readdirSync(ladder.all).map((f) => Number(f.slice(0, 4)) || 0));
  const applied = () => Number(rig.sql('select max(version) from schema_migrations'));
  const up = (env) => [program('switchhook'), '--env', env, 'migrate', 'up', '--dir', ladder.all];
  // Up to a version, and its rows; what was there before is there after.
  const climb = (step) => {
    const had = applied0() ? ladder.rows() : {};
    ladder.climb(step);
    kept(had, ladder.rows(), step);
    if (step !== null) for (const [l, bare] of Object.entries(old)) ladder.fill(step, l, bare);
  };
  const applied0 = () => rig.sql("select to_regclass('schema_migrations') is not null") === 't';
  const kept = (had, has, step) => {
    for (const [table, rows] of Object.entries(had)) {
      if (rows.length === 0) continue;
      const columns = Object.keys(rows[0]).filter((c) => !meant[`${table}.${c}`] && c in (has[table][0] ?? {}));
      const lines = (of) => of.map((r) => JSON.stringify(columns.map((c) => r[c])));
      const now = new Set(lines(has[table]));
      assert.ok(columns.length > 0 && has[table].length >= rows.length, `${table} lost rows on the way to ${step}`);
      assert.deepEqual(
        lines(rows)
          .filter((l) => !now.has(l))
          .slice(0, 3),
        [],
        `${table} is as it was, at ${step}`,
      );
    }
  };

  before(async () => {
    rig = await Rig.start({
      workers: { hooks: 1, api: 1, auth: 1 },
      schema: (r, migrations) => {
        rig = r;
        ladder = new Ladder(r, migrations);
        for (const step of steps.filter((s) => s <= before72)) climb(step);
      },
    });
  });
  after(() => rig.stop());

  it('programs that need a newer schema say so, and take no call', async () => {
    const ready = await rig.http('GET', '/readyz');
    assert.deepEqual([ready.status, ready.json().code], [503, 'not_migrated'], ready.text);
    const res = await new Browser(rig).try('admin-aaaaaaaa@example.com', 'correct horse 7');
    assert.deepEqual([res.status, res.json().code], [503, 'not_migrated'], res.text);
    const call = inbound('too early');
    const token = '1'.repeat(32);
    const heard = await rig.webhook('/api/twilio/voice/answer', call.answer, { token });
    assert.equal(heard.status, 200);
    assert.match(heard.text, /<Response>/, "nginx's own words");
    assert.equal((await rig.webhook('/api/twilio/voice/status', call.completed, { token })).status, 503);
  });

  it('a migration that is interrupted leaves none of itself, and the next run goes on', async () => {
    const blocker = child(rig.dir, 'blocker', [
      'psql', '-h', rig.pg.host, '-U', 'postgres', '-d', 'switchhook', '-qAtX', '-c',
      "set application_name = 'blocker'; begin; lock table numbers in access share mode; select pg_sleep(600)",
    ]);
    await until(() => rig.sql("select count(*) from pg_locks l join pg_stat_activity a using (pid) \
      where a.application_name = 'blocker' and l.relation = 'numbers'::regclass") === '1');
    const waiting = "from pg_stat_activity where application_name = 'switchhook migrate' and wait_event = 'relation'";
    const begin = async (name) => {
      const c = child(rig.dir, name, up(rig.env), { as });
      await until(() => rig.sql(`select count(*) ${waiting}`) === '1'); // in the midst of 0072
      return c;
    };
    const whole = () => {
      assert.equal(applied(), before72);
      assert.equal(rig.sql("select to_regclass('disclosures') is null and not exists (select from pg_attribute \
        where attrelid = 'tenants'::regclass and attname = 'disclosure_question')"), 't');
    };
    const cut = await begin('cut');
    rig.sql(`select pg_terminate_backend(pid) ${waiting}`);
    assert.notEqual(await cut.ended, 0);
    assert.match(cut.log(), /0072_disclosure: .*terminat/);
    whole();
    const killed = await begin('killed');
    killed.kill('SIGKILL');
    assert.equal(await killed.ended, 'SIGKILL');
    whole();
    rig.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'blocker'");
    await blocker.ended;
    ladder.climb(72);
    assert.equal(applied(), 72);
  });

  it('every row is kept, migration by migration', () => {
    for (const step of steps.filter((s) => s > before72)) climb(step);
    climb(null);
    assert.equal(applied(), newest());
    assert.match(ladder.climb(), new RegExp(`${newest()}`));
  });

  it('of every table there were rows of two tenants, with each column filled and each that may be null', () => {
    const has = { a: ladder.rows('a'), b: ladder.rows('b'), all: ladder.rows() };
    const amiss = [];
    for (const [table, columns] of Object.entries(ladder.tables())) {
      const mine = columns.some((c) => c.name === 'tenant_id') && table !== 'tenant_readers';
      if (mine && !(has.a[table].length && has.b[table].length)) amiss.push(`${table}: no rows`);
      for (const { name, nullable } of columns) {
        if (!has.all[table].some((r) => r[name] !== null)) amiss.push(`${table}.${name}: never a value`);
        if (nullable && !has.all[table].some((r) => r[name] === null)) amiss.push(`${table}.${name}: never null`);
      }
    }
    assert.deepEqual(amiss, [], `t/fixtures/upgrade/${`${newest()}`.padStart(4, '0')}.sql is to add it`);
  });

  it('the schema is that of a fresh database, and every constraint and index holds', () => {
    rig.sql('create database fresh');
    const url = rig.pg.url.replace('dbname=switchhook', 'dbname=fresh');
    const env = databaseEnv({ url }, join(rig.dir, 'fresh.env'));
    rig.own(env);
    run(['setpriv', ...as, '--', ...up(env)]);
    assert.equal(ladder.schema('switchhook'), ladder.schema('fresh'));
    assert.equal(
      rig.sql(`select (select count(*) from pg_constraint where not convalidated)
                      + (select count(*) from pg_index where not indisvalid)`),
      '0',
    );
  });

  it('rows of before are as rows that are written today', () => {
    const now = Date.now() - 3600000;
    for (const [l, bare] of Object.entries(young)) for (const step of steps) ladder.fill(step, l, bare);
    // The old ones' figures as the next run of the sweep leaves them, beside all days summed up at once.
    const refresh = (l, first = '') =>
      rig.sql(`set role switchhook_app; set app.tenant = '${tenantId(l)}'; ${first} select stat_refresh(600)`);
    for (const l of Object.keys(old)) refresh(l);
    for (const l of Object.keys(young)) refresh(l, `insert into stat_dirty values (current_tenant(), '-infinity');`);
    const less = (rows, others) => rows.filter((r) => !others.includes(r)).slice(0, 3);
    const plain = (letter, table, rows) =>
      rows
        .map((row) =>
          JSON.stringify(Object.fromEntries(Object.entries(row).filter(([c]) => !apart[`${table}.${c}`])))
            .replace(anId, 'an id')
            .replace(new RegExp(`${letter}{8}|([0-9]${letter}){16,}`, 'g'), 'its own')
            .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*/g, (t) => (Date.parse(t) >= now ? 'now' : t)),
        )
        .sort();
    for (const [was, is] of [['a', 'c'], ['b', 'd']]) {
      const [had, has] = [ladder.rows(was), ladder.rows(is)];
      for (const table of Object.keys(has)) {
        if (aside[table]) continue;
        const [before, today] = [plain(was, table, had[table]), plain(is, table, has[table])];
        assert.deepEqual(less(before, today), less(today, before), `${table} of ${was} and ${is}`);
        assert.equal(before.length, today.length, table);
      }
    }
  });

  it('who could not be rung is not available, and a text is as old as its call', () => {
    const who = `'${Object.keys(old).map(tenantId).join("', '")}'`;
    assert.equal(rig.sql(`select presence from users where not available and disabled_at is not null
                           and tenant_id in (${who})`), 'busy\nbusy');
    const dates = `select count(*) from transcripts t join recordings r on r.id = t.recording_id
                     left join calls c on c.id = r.call_id where t.said_at <> coalesce(c.created_at, r.created_at)`;
    assert.equal(rig.sql(dates), '0');
  });

  it('somebody who logged in before logs in, and finds calls, texts and figures', async () => {
    const person = (l) => ({ email: `admin-${l.repeat(8)}@example.com`, password: 'correct horse 7' });
    assert.equal((await rig.http('GET', '/readyz')).status, 200);
    const was = await Browser.login(rig, person('a'));
    const is = await Browser.login(rig, person('c'));
    const get = async (browser, path) => {
      const res = await browser.request('GET', path);
      assert.equal(res.status, 200, `${path}: ${res.text}`);
      return res.json();
    };
    const page = await get(was, '/api/v1/calls?limit=100');
    assert.equal(page.data.length, Number(rig.sql(`select count(*) from calls where tenant_id = '${tenantId('a')}'`)));
    for (const { id } of page.data) await get(was, `/api/v1/calls/${id}`);
    assert.equal((await get(was, '/api/v1/transcripts?q=harbour')).data.length, 6);
    assert.equal((await get(was, '/api/v1/transcripts?q=lighthouse&limit=100')).data.length, 26);
    const range = `from=${began.slice(0, 10)}&to=${new Date().toISOString().slice(0, 10)}`;
    for (const path of figures) {
      const same = (doc) => sorted({ ...JSON.parse(JSON.stringify(doc).replace(anId, 'an id')), as_of: 'now' });
      const url = `/api/v1/stats/${path}${path.includes('?') ? '&' : '?'}${range}`;
      assert.deepEqual(same(await get(was, url)), same(await get(is, url)), url);
    }
  });

  it('where 0089 went through before it was mended, the next migrations go on; another edit is told', () => {
    const note = (sum) => rig.sql(`update schema_migrations set checksum = '${sum}' where version = 89`);
    const own = rig.sql('select checksum from schema_migrations where version = 89');
    note('f099e2e26f7f4c2d03f03336ed5d59946a172c40315f759c723e8159c0708e49');
    ladder.climb();
    note(own.replace(/./g, '0'));
    assert.throws(() => ladder.climb(), /0089_agents was edited after it was applied/);
    note(own);
  });

  it('an older program says that the database is ahead of it', () => {
    assert.throws(() => ladder.climb(before72), /0072_disclosure is applied, but its file is missing/);
  });
});
