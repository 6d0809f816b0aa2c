// Caps that keep the code readable: lines of files, functions and columns, functions a file, depth.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bare, files, functions, headers, median, read, sources } from './source.mjs';

const lines = (path) => read(path).split('\n').length - 1;
// Builders with one line a verb, and build tools, may have more functions than 16.
const many = /^(lib\/sqlgen\.c|twiml\/(build|connect|dial|voice|pay|messaging|ssml|verbs)\.c)$/;
const all = sources().flatMap((path) => functions(read(path)).map((f) => ({ ...f, path })));

describe('sizes', () => {
  it('no .c file is over 500 lines', () => {
    assert.deepEqual(
      sources()
        .filter((p) => lines(p) > 500)
        .map((p) => `${p} ${lines(p)}`),
      [],
    );
  });
  it('half of the .c files are within 200 lines', () => assert.ok(median(sources().map(lines)) <= 200));
  it('no header is over 150 lines', () => {
    assert.deepEqual(
      headers()
        .filter((p) => lines(p) > 150)
        .map((p) => `${p} ${lines(p)}`),
      [],
    );
  });
  it('no function is over 70 lines', () => {
    assert.deepEqual(
      all.filter((f) => f.lines > 70).map((f) => `${f.path}:${f.line} ${f.name} ${f.lines}`),
      [],
    );
  });
  it('half of the functions are within 15 lines, nine of ten within 40', () => {
    const n = all.map((f) => f.lines);
    assert.ok(median(n) <= 15 && median(n, 0.9) <= 40, `median ${median(n)}, p90 ${median(n, 0.9)}`);
  });
  it('no file has more than 16 functions', () => {
    const count = (p) => all.filter((f) => f.path === p).length;
    assert.deepEqual(
      sources()
        .filter((p) => !many.test(p) && count(p) > 16)
        .map((p) => `${p} ${count(p)}`),
      [],
    );
  });
  it('no line is over 120 columns', () => {
    const texts = files(/(\.(c|h|cc|mjs|sql|sh|conf|in|js|css|html)|CMakeLists\.txt|^t\/all|^nginx\/up)$/);
    const long = texts.flatMap((p) =>
      read(p)
        .split('\n')
        .flatMap((l, i) => ([...l].length > 120 ? [`${p}:${i + 1}`] : [])),
    );
    assert.deepEqual(long, []);
  });
  it('no block is nested deeper than 3', () => {
    const deep = sources().flatMap((p) =>
      functions(bare(read(p))).flatMap((f) =>
        f.body.flatMap((l) => (/^ {16,}(if|for|while|do|switch)\b/.test(l) ? [`${p} ${f.name}: ${l.trim()}`] : [])),
      ),
    );
    assert.deepEqual(deep, []);
  });
});
