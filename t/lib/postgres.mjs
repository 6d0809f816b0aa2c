// A private PostgreSQL cluster on a unix socket, migrated by the product's own command.
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { child, end, program, root, run, source, until } from './process.mjs';

const PG = '/usr/lib/postgresql/15/bin';
const id = (flag) => Number(run(['id', flag, 'postgres']));
const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];

export class Postgres {
  // durable: fsync on, as in production. Tests that do not ask what survives a power cut do without.
  static async start(dir, { durable = false, settings = {} } = {}) {
    const pg = new Postgres();
    pg.dir = dir;
    pg.host = join(dir, 'pg');
    mkdirSync(pg.host, { mode: 0o700 });
    if (root) chownSync(pg.host, id('-u'), id('-g'));
    const data = join(pg.host, 'data');
    run([
      'setpriv',
      ...as,
      '--',
      `${PG}/initdb`,
      '-D',
      data,
      '-A',
      'trust',
      '-U',
      'postgres',
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    ]);
    run(['chmod', '711', pg.host]);
    const all = {
      listen_addresses: '',
      unix_socket_directories: pg.host,
      max_connections: 60,
      autovacuum_naptime: '1s',
      ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
      ...settings,
    };
    pg.child = child(
      dir,
      'postgres',
      [`${PG}/postgres`, '-D', data, ...Object.entries(all).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      { as, signal: 'INT' },
    );
    await until(() => pg.sql('select 1', 'postgres') === '1');
    pg.sql('create database switchhook', 'postgres');
    pg.url = `host=${pg.host} dbname=switchhook user=postgres`;
    return pg;
  }

  // Brings the schema up with `switchhook migrate up`. env: a settings file that names this database.
  migrate(env) {
    run([program('switchhook'), '--env', env, 'migrate', 'up', '--dir', join(source, 'migrations')]);
  }

  // Runs SQL and returns what psql -At prints. user: whom to be; default the superuser of the cluster.
  sql(text, database = 'switchhook', user = 'postgres') {
    return run([`${PG}/psql`, '-h', this.host, '-U', user, '-d', database, '-qAtX', '-v', 'ON_ERROR_STOP=1'], {
      input: text,
    }).trim();
  }

  // Rows as objects.
  rows(query) {
    return JSON.parse(this.sql(`select coalesce(json_agg(t), '[]') from (${query}) t`));
  }

  stop() {
    return end(this.child, 'SIGINT');
  }
}

// The newest migration in the tree, for those who ask whether a schema is current.
export const newest = () =>
  readdirSync(join(source, 'migrations'))
    .filter((f) => f.endsWith('.sql'))
    .sort()
    .at(-1);

// A settings file with what a database-only command needs.
export function databaseEnv(pg, path) {
  writeFileSync(path, `DATABASE_URL=${pg.url}\nPUBLIC_URL=https://voice.example.com\n`, { mode: 0o600 });
  return path;
}
