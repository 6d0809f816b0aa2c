// Every statement of lib/sql, prepared against a migrated database: its parameters and columns have the annotated types.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { databaseEnv, Postgres } from '../lib/postgres.mjs';
import { directory } from '../lib/process.mjs';
import { build, files, read } from './source.mjs';

const written = { int: 'integer', bool: 'boolean', timestamptz: 'timestamp with time zone', numeric: 'numeric' };
const statements = files(/^lib\/sql\/.*\.sql$/);

// -- in  sid text, before timestamptz?   ->   [['sid', 'text'], ['before', 'timestamp with time zone']]
const annotated = (text, what) => [...text.matchAll(new RegExp(`^-- ${what}\\s+(.*)$`, 'gm'))].flatMap((m) => m[1].split(',')).map((c) => {
  const [name, type] = c.trim().split(/\s+/);
  return [name, written[type.replace('?', '')] ?? type.replace('?', '')];
});

// The text that sqlgen made of NAME.sql.
function generated(all, name) {
  const body = new RegExp(`const struct db_stmt sql_${name}_stmt = \\{[^]*?\\.text =\\s*((?:\\s*"(?:\\\\.|[^"\\\\])*"\\n?)+)`).exec(all)?.[1];
  return [...body.matchAll(/"((?:\\.|[^"\\])*)"/g)].map((m) => JSON.parse(`"${m[1].replaceAll("\\'", "'")}"`)).join('');
}

describe('statements', () => {
  let cluster; let client; let dir; let types;
  before(async () => {
    dir = directory('sql');
    cluster = await Postgres.start(dir);
    cluster.migrate(databaseEnv(cluster, join(dir, 'switchhook.env')));
    client = new pg.Client({ host: cluster.host, user: 'postgres', database: 'switchhook' });
    await client.connect();
    types = new Map(cluster.rows("select oid::int, format_type(oid, null) as name from pg_type").map((t) => [t.oid, t.name]));
  });
  after(async () => {
    await client.end();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function described(name, text) {
    const { connection } = client;
    const got = { params: [], columns: [] };
    const ear = { parameterDescription: (m) => { got.params = m.dataTypeIDs.map((o) => types.get(o)); },
      rowDescription: (m) => { got.columns = m.fields.map((f) => [f.name, types.get(f.dataTypeID)]); }, errorMessage: (m) => { got.error = m.message; } };
    for (const [event, f] of Object.entries(ear)) connection.on(event, f);
    connection.parse({ name, text, types: [] });
    connection.describe({ type: 'S', name });
    connection.sync();
    await once(connection, 'readyForQuery');
    for (const [event, f] of Object.entries(ear)) connection.off(event, f);
    return got;
  }

  it('are there', () => assert.ok(statements.length > 30));

  for (const path of statements) {
    const name = path.slice('lib/sql/'.length, -'.sql'.length);
    it(name, async () => {
      const source = read(path);
      const batch = /^-- batch$/m.test(source);
      const got = await described(name, generated(readFileSync(join(build, 'sql.c'), 'utf8'), name));
      assert.equal(got.error, undefined);
      assert.deepEqual(got.params, annotated(source, 'in').map(([, type]) => (batch ? `${type}[]` : type)), 'parameters');
      assert.deepEqual(got.columns, annotated(source, 'out'), 'columns');
    });
  }

  for (const path of statements) {
    const source = read(path).replace(/--.*$/gm, '');
    it(`${path} lists its columns, has a limit where it has many rows, and names no tenant that it was not given`, () => {
      assert.doesNotMatch(source, /select\s+(\w+\.)?\*\s+from\s+(?!:rows|e\b|\()\w+/i, 'no *');
      if (/^-- many$/m.test(read(path))) assert.match(source, /\blimit\b/, 'every list has a limit');
      assert.equal(source.trim().split(';').filter((s) => s.trim()).length, 1, 'one statement a file');
      assert.equal(source, source.replace(/\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE)\b/g, (w) => w.toLowerCase()), 'lower case');
    });
  }
});
