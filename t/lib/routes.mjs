// The rows of fcgi/routes*.c as their compiler sees them:
// { pool, method, path, auth, shape, body, kind, doc, query, reply }.
import { join } from 'node:path';
import { run, source } from './process.mjs';

const files = ['routes.c', 'routes_calls.c', 'routes_desk.c'];
const text = run([
  'gcc',
  '-E',
  '-P',
  '-D_GNU_SOURCE',
  '-iquote',
  join(source, 'lib'),
  '-iquote',
  join(source, 'fcgi'),
  ...files.map((name) => join(source, 'fcgi', name)),
]);
const row = new RegExp(
  String.raw`\{\s*` +
    [
      'POOL_(\\w+)',
      'METHOD_(\\w+)',
      '"([^"]*)"',
      'AUTH_(\\w+)',
      'SHAPE_(\\w+)',
      'BODY_(\\w+)',
      '([^{}]*?)',
      '(\\w+)',
      '((?:"[^"]*"\\s*)+)',
      '([^{},]*)',
      '([^{},]*)',
      '([^{},]*)',
      '(\\d+)',
      '(\\w+)',
    ].join(',\\s*') +
    '\\s*}',
  'g',
);

const read = [...text.matchAll(row)].map((m) => m.slice(1));
export const routes = read.map(([pool, method, path, auth, shape, body, , kind, doc, , query, reply]) => ({
  pool: pool.toLowerCase(),
  method,
  path,
  auth,
  shape,
  body,
  kind: kind.replace('EVENT_', ''),
  doc: [...doc.matchAll(/"([^"]*)"/g)].map((m) => m[1]).join(''),
  query: /^&(\w+)/.exec(query)?.[1] ?? null,
  reply: /^"(.*)"/.exec(reply)?.[1] ?? null,
}));
// A row that this reader does not see would be a row that no test walks.
const tables = text.split(/\bconst struct route \w+_routes\[\] = \{/).slice(1);
const written = tables.map((table) => table.split('};')[0].match(/\bPOOL_\w+\s*,/g).length);
if (tables.length !== files.length || routes.length !== written.reduce((a, b) => a + b))
  throw new Error(`fcgi/routes*.c have another shape than this reader expects: ${routes.length} rows read`);
