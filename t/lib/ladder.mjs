// Databases of older versions with rows in them: t/fixtures/upgrade/NNNN.sql is what was written when NNNN was the
// newest migration. Each is run for one tenant at a time, with the app's role, over whatever the older ones left.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, run } from './process.mjs';

const folder = join(fixtures, 'upgrade');
const version = (name) => Number(name.slice(0, 4));
const day = 86400000;

// The versions that have rows here, oldest first.
export const steps = readdirSync(folder)
  .filter((f) => f.endsWith('.sql'))
  .map(version)
  .sort((a, b) => a - b);

// When the rows begin: all of them lie in the past, and some months apart.
export const began = new Date(Math.floor(Date.now() / day) * day - 50 * day).toISOString();

export const tenantId = (letter) => `01890000-0000-7000-8000-${letter.repeat(12)}`;

export class Ladder {
  constructor(rig, migrations) {
    this.rig = rig;
    this.all = migrations;
  }

  // A directory of the migrations up to a version.
  upTo(last) {
    const dir = join(this.rig.dir, 'lib', `upto-${last}`);
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    for (const f of readdirSync(this.all)) if (version(f) <= last) cpSync(join(this.all, f), join(dir, f));
    this.rig.own(dir);
    return dir;
  }

  // Brings the database up to a version; null: the newest.
  climb(last = null) {
    return this.rig.switchhook('migrate', 'up', '--dir', last === null ? this.all : this.upTo(last));
  }

  // Writes a version's rows for a tenant, named by its letter. bare: of what a tenant has one of, as little as may be.
  fill(step, letter, bare) {
    const file = join(folder, `${String(step).padStart(4, '0')}.sql`);
    this.rig.sql(`\\set l ${letter}
      \\set own ${letter.repeat(8)}
      \\set t0 '${began}'
      \\set bare ${bare}
      set client_min_messages = warning;
      select set_config('app.tenant', '${tenantId(letter)}', false) \\g /dev/null
      set role switchhook_app;
      ${readFileSync(file, 'utf8')}`);
  }

  // Every table of ours with its columns: { table: [{ name, nullable }] }.
  tables() {
    const rows = this.rig.rows(`
      select c.relname as "table", json_agg(json_build_object('name', a.attname, 'nullable', not a.attnotnull)
                                            order by a.attnum) as columns
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
       group by 1`);
    return Object.fromEntries(rows.map((r) => [r.table, r.columns]));
  }

  // All rows of all tables, or of a tenant: { table: [row] }.
  rows(letter = null) {
    const of = (table, columns) => {
      const key = table === 'tenants' ? 'id' : 'tenant_id';
      if (letter === null) return '';
      return columns.some((c) => c.name === key) ? ` where t.${key} = '${tenantId(letter)}'` : ' where false';
    };
    const text = Object.entries(this.tables())
      .map(([t, columns]) => `select '${t}', coalesce(json_agg(t), '[]') from "${t}" t${of(t, columns)}`)
      .join(';\n');
    return Object.fromEntries(
      this.rig
        .sql(text)
        .split(/\n(?=[a-z_]+\|\[)/)
        .map((l) => [l.slice(0, l.indexOf('|')), JSON.parse(l.slice(l.indexOf('|') + 1))]),
    );
  }

  // The schema as pg_dump tells it.
  schema(database) {
    const dump = '/usr/lib/postgresql/15/bin/pg_dump';
    const text = run([dump, '-h', this.rig.pg.host, '-U', 'postgres', '--schema-only', database]);
    return text.replace(/^\\(un)?restrict .*$/gm, '');
  }
}
