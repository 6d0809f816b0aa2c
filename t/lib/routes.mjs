// The rows of fcgi/routes.c as its compiler sees them:
// { pool, method, path, auth, shape, body, kind, doc, query, reply }.
import { join } from 'node:path';
import { run, source } from './process.mjs';

const text = run([
  'gcc',
  '-E',
  '-P',
  '-D_GNU_SOURCE',
  '-iquote',
  join(source, 'lib'),
  '-iquote',
  join(source, 'fcgi'),
  join(source, 'fcgi', 'routes.c'),
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
const table = text.slice(text.lastIndexOf('struct route routes[] ='));
if (routes.length < 10 || routes.length !== table.match(/\bPOOL_\w+\s*,/g).length)
  throw new Error(`fcgi/routes.c has another shape than this reader expects: ${routes.length} rows read`);
