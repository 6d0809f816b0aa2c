// Tables in prose against tables in code: routes and settings of README.md, and the man pages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { routes } from '../lib/routes.mjs';
import { build, files, read, root, run } from './source.mjs';
import { join } from 'node:path';

const readme = read('README.md');
// Cells of the rows of all Markdown tables, without back quotes.
const rows = readme
  .split('\n')
  .filter((l) => /^\s*\|/.test(l))
  .map((l) =>
    l
      .trim()
      .split('|')
      .slice(1, -1)
      .map((c) => c.replaceAll('`', '').trim()),
  );

describe('the route table', () => {
  const printed = rows
    .flatMap((cells) => {
      const m =
        /^(GET|POST|PUT|PATCH|DELETE)\s+(\/\S+)$/.exec(cells[0]) ??
        /^(GET|POST|PUT|PATCH|DELETE) (\/\S+)$/.exec(`${cells[0]} ${cells[1]}`);
      return m ? [`${m[1]} ${m[2].replace(/\{(\w+)\}/g, ':$1')}`] : [];
    })
    .sort();
  it('of README.md lists the routes of fcgi/routes*.c, no more and no fewer', () => {
    assert.deepEqual(printed, routes.map((r) => `${r.method} ${r.path}`).sort());
  });
  it('has a sentence for each', () =>
    assert.deepEqual(
      routes.filter((r) => !/^[A-Z0-9].*[.?]$/.test(r.doc)).map((r) => r.path),
      [],
    ));
  it('has no path twice in one pool', () => {
    const all = routes.map((r) => `${r.pool} ${r.method} ${r.path}`);
    assert.deepEqual(
      all.filter((r, i) => all.indexOf(r) !== i),
      [],
    );
  });
});

describe('the settings', { skip: build ? false : 'SWITCHHOOK_BUILD names no build' }, () => {
  const described = () =>
    run(join(build, 'switchhook'), 'config', 'describe')
      .trim()
      .split('\n')
      .map((l) => l.split('\t'));
  it('of README.md are those of `switchhook config describe`', () => {
    const names = new Set(described().map(([name]) => name));
    const printed = rows.filter((cells) => /^[A-Z][A-Z0-9_]{3,}$/.test(cells[0])).map((cells) => cells[0]);
    assert.deepEqual(
      printed.filter((n, i) => printed.indexOf(n) !== i),
      [],
      'each once',
    );
    assert.deepEqual(printed.slice().sort(), [...names].sort());
  });
  it('have their defaults and sentences in README.md', () => {
    const bad = described().filter(([name, value]) => {
      const row = rows.find((cells) => cells[0] === name);
      return row && value && !row.slice(1).join(' ').includes(value);
    });
    assert.deepEqual(bad, []);
  });
});

describe('man pages', () => {
  const pages = files(/\.[13578]$/);
  it('are there', () => assert.ok(pages.length > 0));
  for (const page of pages) {
    it(`${page} is clean`, () => {
      const res = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', join(root, page)], { encoding: 'utf8' });
      assert.equal(res.stdout, '');
    });
  }
});
