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
import { Rig } from '../lib/rig.mjs';

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
  'calls.conversation_id': 'calls of before 0023 are of no conversation',
  'calls.watched': 'null: of before 0065',
  'numbers.fallback_name': 'drawn by lot',
  'number_purchases.fallback_name': 'drawn by lot',
  'stat_marks.xid': 'of a transaction',
  'stat_marks.older_xid': 'of a transaction',
  'stat_marks.rolled_until': 'the minute',
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

describe('upgrading', () => {
  let rig;
  let ladder;
  const newest = () => Math.max(...readdirSync(ladder.all).map((f) => Number(f.slice(0, 4)) || 0));
  const applied = () => Number(rig.sql('select max(version) from schema_migrations'));
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
        lines(rows).filter((l) => !now.has(l)),
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
      const c = child(rig.dir, name, [program('switchhook'), '--env', rig.env, 'migrate', 'up', '--dir', ladder.all], { as });
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
    assert.deepEqual(amiss, [], `add rows of version ${newest()} in t/fixtures/upgrade/${newest()}.sql`);
  });

  it('the schema is that of a fresh database, and every constraint and index holds', () => {
    rig.sql('create database fresh');
    const env = databaseEnv({ url: rig.pg.url.replace('dbname=switchhook', 'dbname=fresh') }, join(rig.dir, 'fresh.env'));
    rig.own(env);
    run(['setpriv', ...as, '--', program('switchhook'), '--env', env, 'migrate', 'up', '--dir', ladder.all]);
    assert.equal(ladder.schema('switchhook'), ladder.schema('fresh'));
    assert.equal(
      rig.sql(`select (select count(*) from pg_constraint where not convalidated)
                      + (select count(*) from pg_index where not indisvalid)`),
      '0',
    );
  });
});
