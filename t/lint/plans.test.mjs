// How the hooks pool finds its rows: by whole keys, on a database that was never analysed, under its own role.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { databaseEnv, Postgres } from '../lib/postgres.mjs';
import { directory } from '../lib/process.mjs';
import { generated } from './generated.mjs';
import { build, files, read } from './source.mjs';

describe('plans of ingest', () => {
  let cluster;
  let dir;
  let sql;
  before(async () => {
    dir = directory('plans');
    cluster = await Postgres.start(dir, { settings: { autovacuum: 'off' } });
    cluster.migrate(databaseEnv(cluster, join(dir, 'switchhook.env')));
    sql = readFileSync(join(build, 'sql.c'), 'utf8');
  });
  after(async () => {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const path of files(/^lib\/sql\/ingest_\w+\.sql$/)) {
    const name = path.slice('lib/sql/'.length, -'.sql'.length);
    it(`${name} scans nothing whole and nothing by tenant alone`, () => {
      const text = generated(sql, name);
      const n = Math.max(...[...text.matchAll(/\$(\d+)/g)].map((m) => Number(m[1])));
      assert.ok(read(path).includes('batch'));
      const plan = cluster.sql(
        `set plan_cache_mode = force_generic_plan; prepare s as ${text.trim().replace(/;$/, '')};
        explain (costs off, verbose off) execute s(${Array(n).fill('null').join()});`,
        'switchhook',
        'switchhook_ingest',
      );
      const lines = plan.split('\n').map((l) => l.trim());
      assert.deepEqual(
        lines.filter((l) => /Seq Scan on/.test(l)),
        [],
        plan,
      );
      const alone = lines.filter((l) => /^Index Cond: \(\(?tenant_id = [^()]*\)?\)$/.test(l));
      assert.deepEqual(alone, [], plan);
    });
  }
});
