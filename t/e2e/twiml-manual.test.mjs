// What libtwiml's manual says is so: its examples are the compiled ones, its lists the library's, mandoc is content.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { library, root } from './twiml-program.mjs';

const dir = join(root, 'twiml');
const page = readFileSync(join(dir, 'libtwiml.3'), 'utf8');
const plain = (s) =>
  s
    .replace(/^\\&/gm, '')
    .replace(/\\\((aq|ga|ha|ti)/g, (_, c) => ({ aq: "'", ga: '`', ha: '^', ti: '~' })[c])
    .replace(/\\-/g, '-')
    .replace(/\\e/g, '\\');
const blocks = [...page.matchAll(/^\.Bd -literal\n([^]*?\n)\.Ed$/gm)].map((m) => plain(m[1]));

describe('the manual', () => {
  for (const [i, name] of ['example_answer', 'example_read'].entries()) {
    it(`prints ${name}.c and what it prints`, () => {
      const source = readFileSync(join(dir, `${name}.c`), 'utf8')
        .split('*/\n')
        .slice(1)
        .join('*/\n');
      assert.equal(blocks[2 * i], source);
      assert.equal(blocks[2 * i + 1], execFileSync(join(library, `twiml_${name}`), { encoding: 'utf8' }));
    });
  }
  it('lists every function and every verb of the headers', () => {
    const headers = readdirSync(dir).filter((f) => /^twiml.*\.h$/.test(f));
    const functions = [...readFileSync(join(dir, 'twiml.h'), 'utf8').matchAll(/^[a-z].*?\b(twiml_\w+)\(/gm)].map(
      (m) => m[1],
    );
    assert.ok(functions.length > 15);
    assert.deepEqual(
      functions.filter((f) => !page.includes(`.Fn ${f} `)),
      [],
    );
    for (const header of headers) {
      const verbs = [...readFileSync(join(dir, header), 'utf8').matchAll(/^struct twiml_(\w+) \{/gm)].map((m) => m[1]);
      const [, list] = new RegExp(`^\\.It Pa ${header}\\n([^.]*)`, 'm').exec(page) ?? [];
      if (verbs.length > 0 && header !== 'twiml.h') assert.deepEqual(list?.trim().split(/,\s+/), verbs, header);
    }
  });
  it('lists every status', () => {
    const all = [...readFileSync(join(dir, 'twiml.h'), 'utf8').matchAll(/\bTWIML_(?:OK|E[A-Z]+)\b(?=,| )/g)].map(
      (m) => m[0],
    );
    assert.ok(all.length >= 7);
    assert.deepEqual(
      all.filter((s) => !page.includes(`.It Dv ${s}\n`)),
      [],
    );
  });
  it('passes mandoc', () => {
    for (const file of ['libtwiml.3', 'twiml.1']) {
      const { stdout, stderr, status } = spawnSync('mandoc', ['-T', 'lint', file], { cwd: dir, encoding: 'utf8' });
      assert.equal(`${stdout}${stderr}`, '');
      assert.equal(status, 0);
    }
  });
});
