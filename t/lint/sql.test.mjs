// Every statement of lib/sql, prepared against a migrated database: parameters and columns have the annotated types.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { databaseEnv, Postgres } from '../lib/postgres.mjs';
import { directory } from '../lib/process.mjs';
import { generated } from './generated.mjs';
import { build, files, read } from './source.mjs';

const written = { int: 'integer', bool: 'boolean', timestamptz: 'timestamp with time zone', numeric: 'numeric' };
// A batch takes arrays of what C holds, and casts their elements itself.
const held = (type) =>
  `${{ integer: 'bigint', bigint: 'bigint', boolean: 'boolean', bytea: 'bytea' }[type] ?? 'text'}[]`;
const statements = files(/^lib\/sql\/.*\.sql$/);

// -- in  sid text, before timestamptz?   ->   [['sid', 'text'], ['before', 'timestamp with time zone']]
const annotated = (text, what) =>
  [...text.matchAll(new RegExp(`^-- ${what}\\s+(.*)$`, 'gm'))]
    .flatMap((m) => m[1].split(','))
    .map((c) => {
      const [name, type] = c.trim().split(/\s+/);
      return [name, written[type.replace('?', '')] ?? type.replace('?', '')];
    });

describe('statements', () => {
  let cluster;
  let client;
  let dir;
  let types;
  before(async () => {
    dir = directory('sql');
    cluster = await Postgres.start(dir);
    cluster.migrate(databaseEnv(cluster, join(dir, 'switchhook.env')));
    client = new pg.Client({ host: cluster.host, user: 'postgres', database: 'switchhook' });
    await client.connect();
    types = new Map(
      cluster.rows('select oid::int, format_type(oid, null) as name from pg_type').map((t) => [t.oid, t.name]),
    );
  });
  after(async () => {
    await client.end();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  // Parse and describe without running, as a query that pg lets its users define.
  const described = (name, text) =>
    new Promise((done) => {
      const got = { params: [], columns: [] };
      const params = (m) => {
        got.params = m.dataTypeIDs.map((o) => types.get(o));
      };
      const finish = () => {
        client.connection.off('parameterDescription', params);
        done(got);
      };
      client.connection.on('parameterDescription', params);
      client.query({
        submit: (c) => {
          c.parse({ name, text, types: [] });
          c.describe({ type: 'S', name });
          c.sync();
        },
        handleRowDescription: (m) => {
          got.columns = m.fields.map((f) => [f.name, types.get(f.dataTypeID)]);
        },
        handleError: (e, c) => {
          got.error = e.message;
          if (c) finish();
        },
        handleReadyForQuery: finish,
      });
    });

  it('are there', () => assert.ok(statements.length > 30));

  for (const path of statements) {
    const name = path.slice('lib/sql/'.length, -'.sql'.length);
    it(name, async () => {
      const source = read(path);
      const batch = /^-- batch$/m.test(source);
      const got = await described(name, generated(readFileSync(join(build, 'sql.c'), 'utf8'), name));
      assert.equal(got.error, undefined);
      assert.deepEqual(
        got.params,
        annotated(source, 'in').map(([, type]) => (batch ? held(type) : type)),
        'parameters',
      );
      assert.deepEqual(got.columns, annotated(source, 'out'), 'columns');
    });
  }

  for (const path of statements) {
    const source = read(path).replace(/--.*$/gm, '');
    it(`${path} lists its columns, bounds its rows, and is one statement in lower case`, () => {
      const tables = cluster.rows(
        "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')",
      );
      const star = [...source.matchAll(/select\s+\*\s+from\s+(\w+)/gi)]
        .map((m) => m[1])
        .filter((name) => tables.some((t) => t.name === name));
      assert.deepEqual(star, [], 'columns are listed');
      if (/^-- many$/m.test(read(path))) assert.match(source, /\blimit\b/, 'every list has a limit');
      assert.equal(source.split(';').filter((s) => s.trim()).length, 1, 'one statement a file');
      // Rows that refer to a row look at it at the end of a statement, maybe behind the lock of the audit.
      assert.doesNotMatch(source, /\bfor update\b/, 'for no key update: the key stays');
      assert.doesNotMatch(source, /\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE)\b/, 'lower case');
    });
  }
});
