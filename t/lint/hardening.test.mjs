// What the linker made: position-independent, read-only after relocation, no executable data, guarded stacks.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { build, run } from './source.mjs';

const programs = ['switchhook-worker', 'switchhook-sweep', 'switchhook'];

describe('hardening', { skip: build ? false : 'SWITCHHOOK_BUILD names no build' }, () => {
  const library = () => run('find', build, '-name', 'libtwiml.so').trim().split('\n')[0];
  for (const name of [...programs, 'libtwiml.so']) {
    it(name, () => {
      const path = name === 'libtwiml.so' ? library() : join(build, name);
      const head = run('readelf', '-hW', path);
      const segments = run('readelf', '-lW', path);
      const dynamic = run('readelf', '-dW', path);
      const symbols = run('readelf', '--dyn-syms', '-W', path);
      assert.match(head, /Type:\s+DYN/, 'position-independent');
      if (name !== 'libtwiml.so') assert.match(dynamic, /FLAGS_1.*PIE/);
      assert.match(dynamic, /BIND_NOW|FLAGS.*NOW/, 'all symbols bound at start');
      assert.match(segments, /GNU_RELRO/);
      assert.match(segments, /GNU_STACK.* RW /, 'the stack is not executable');
      assert.doesNotMatch(segments, /^\s*LOAD.* RWE /m);
      assert.match(symbols, /__stack_chk_fail/, 'stacks are guarded');
      if (name !== 'libtwiml.so') assert.match(symbols, /__\w+_chk@/, 'copies are checked');
      assert.doesNotMatch(dynamic, /TEXTREL/);
    });
  }
  it('no program exports or calls what is banned', () => {
    for (const name of programs) {
      const symbols = run('nm', '-Du', join(build, name));
      assert.doesNotMatch(symbols, / (gets|strcpy|strcat|sprintf|vsprintf|system|popen)(@|$)/m, name);
    }
  });
});
