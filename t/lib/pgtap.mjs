// Runs one pgTAP script in a freshly migrated private database: node pgtap.mjs FILE
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { databaseEnv, Postgres } from './postgres.mjs';
import { directory } from './process.mjs';

const file = process.argv[2];
const dir = directory('db');
const pg = await Postgres.start(dir);
let status = 1;
try {
  pg.migrate(databaseEnv(pg, join(dir, 'switchhook.env')));
  pg.sql('create schema tap; create extension pgtap schema tap; grant usage on schema tap to public');
  const psql = ['-h', pg.host, '-U', 'postgres', '-d', 'switchhook', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
  const text = `set search_path = public, tap;\n${readFileSync(file, 'utf8')}`;
  status = spawnSync('psql', psql, { input: text, stdio: ['pipe', 'inherit', 'inherit'] }).status ?? 1;
} catch (e) {
  process.stdout.write(`Bail out! ${String(e.stderr ?? e.stack).replace(/\n/g, ' ')}\n`);
} finally {
  await pg.stop();
  rmSync(dir, { recursive: true, force: true });
}
process.exit(status);
