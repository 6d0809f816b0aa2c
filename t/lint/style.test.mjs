// The look of the code: layout by clang-format, a first line that says what the file is, comments without history.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { comments, files, headers, read, root, sources } from './source.mjs';

const c = [...sources(), ...headers()];

describe('style', () => {
  it('clang-format changes nothing', () => {
    const res = spawnSync('clang-format', ['--dry-run', '-Werror', '--ferror-limit=1', ...c], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.deepEqual(
      res.stderr.split('\n').filter((l) => l.includes('error:')),
      [],
    );
  });
  it('the first line of every file says what it is', () => {
    const mute = files(/\.(c|h|cc|mjs|sql|sh|conf|conf\.in)$|^t\/all$|^nginx\/up$|^\.ci\/run$/).filter((path) => {
      const [one, two] = read(path).split('\n', 2);
      const line = one.startsWith('#!') ? two : one;
      return !/^(\/\*|\/\/|--|#) *\S+ \S+/.test(line);
    });
    assert.deepEqual(mute, []);
  });
  it('C has block comments only', () => {
    const found = [...c, ...files(/\.cc$/)].flatMap((path) =>
      comments(read(path))
        .filter((k) => k.text.startsWith('//'))
        .map((k) => `${path}:${k.line} ${k.text}`),
    );
    assert.deepEqual(found, []);
  });
  it('nothing waits to be done', () => {
    const words = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X:', 'HA' + 'CK'].map((w) => `\\b${w}\\b`).join('|'),
    );
    const found = files(/\.(c|h|cc|mjs|js|sql|sh|conf|in|md|css|html)$|^t\/all$|^nginx\/up$/).flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((l, i) => (words.test(l) ? [`${path}:${i + 1} ${l.trim()}`] : [])),
    );
    assert.deepEqual(found, []);
  });
  it('files end with one newline, lines without blanks, no tabs in code', () => {
    const found = files(/\.(c|h|cc|mjs|js|sql|sh|css|html)$/).flatMap((path) => {
      const text = read(path);
      const bad = text.split('\n').flatMap((l, i) => (/[ \t]$/.test(l) || /^\t/.test(l) ? [`${path}:${i + 1}`] : []));
      return text === '' || (text.endsWith('\n') && !text.endsWith('\n\n')) ? bad : [`${path}: end`, ...bad];
    });
    assert.deepEqual(found, []);
  });
  it('headers are guarded', () => {
    assert.deepEqual(
      headers().filter((p) => !/#(ifndef|pragma once)/.test(read(p))),
      [],
    );
  });
});
