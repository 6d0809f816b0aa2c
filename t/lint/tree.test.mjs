// What lies in the tree: the agreed top level, sources only, nothing of one machine.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { files, read, root, tree } from './source.mjs';

const bytes = (path) => readFileSync(join(root, path));
const hits = (paths, pattern) =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((l, i) => (pattern.test(l) ? [`${path}:${i + 1} ${l.trim().slice(0, 100)}`] : [])),
  );
// Real bodies and vectors hold what their source held.
const ours = tree.filter((path) => !path.startsWith('t/fixtures/'));

describe('the tree', () => {
  it('has the agreed top level and nothing else', () => {
    const want = [
      'CMakeLists.txt',
      'LICENSE',
      'README.md',
      'cli',
      'cron',
      'fcgi',
      'lib',
      'migrations',
      'nginx',
      't',
      'twiml',
    ];
    const got = [...new Set(tree.map((path) => path.split('/')[0]))].filter((name) => !name.startsWith('.')).sort();
    assert.deepEqual(got, want);
  });
  it('holds no binary file', () =>
    assert.deepEqual(
      tree.filter((p) => bytes(p).includes(0)),
      [],
    ));
  it('holds nothing over 256 KiB', () => {
    assert.deepEqual(
      tree.filter((p) => statSync(join(root, p)).size > 256 * 1024),
      [],
    );
  });
  it('holds nothing generated or vendored', () => {
    assert.deepEqual(
      files(/(^|\/)(node_modules|vendor|dist|build)\/|\.(o|a|so|pyc|min\.js|js\.map|css\.map)$|(^|\/)sql\.[ch]$/),
      [],
    );
  });
  it('names no package registry', () => {
    const lock = files(/package-lock\.json$/);
    assert.deepEqual(hits(ours, /registry\.|npm[j]s\.(org|com)/), []);
    assert.deepEqual(hits(lock, /"resolved"/), []);
  });
  it('names no path of one machine', () => {
    assert.deepEqual(hits(ours, /(^|[\s"'=(`])\/(wor[k]|tmp\/(build|briefs)|home\/\w+|roo[t])\//), []);
    assert.deepEqual(hits(ours, /\.\.\/share[d]\b/), []);
  });
  it('holds no private key or live credential', () => {
    assert.deepEqual(
      hits(ours, /BEGIN [A-Z ]*PRIVATE KE[Y]|\bsk-[A-Za-z0-9]{20,}|shk_live_(?!0123456789)[0-9a-z]{12}_\w{30,}/),
      [],
    );
  });
  it('programs and scripts can be executed', () => {
    const need = files(/^(t\/all|t\/tap\.sh|nginx\/up|\.ci\/run|t\/bench\/answer)$/);
    assert.deepEqual(
      need.filter((p) => (statSync(join(root, p)).mode & 0o111) === 0),
      [],
    );
  });
});
