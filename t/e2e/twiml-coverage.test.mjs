// Every line and branch of twiml/ is taken by libtwiml's own tests: unit tests, command, manual, Twilio's table.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from './twiml-program.mjs';

describe('coverage of twiml/', () => {
  let dir;
  const run = (program, ...args) => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'twiml-'));
    run(
      'cmake',
      '-S',
      join(root, 'twiml'),
      '-B',
      dir,
      '-DCMAKE_C_COMPILER=gcc',
      '-DCMAKE_BUILD_TYPE=Debug',
      '-DCMAKE_C_FLAGS=--coverage -O0',
    );
    run('cmake', '--build', dir);
  });
  after(() => rmSync(dir, { recursive: true }));

  it('is complete', () => {
    const xml = execFileSync('pkg-config', ['--cflags', '--libs', 'libxml-2.0'], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    const flags = ['-std=c17', '-D_GNU_SOURCE', '-DTWIML_PARSE_BACK=1', '-I', join(root, 'twiml')];
    const unit = join(root, 't/unit');
    for (const source of readdirSync(unit).filter((f) => /^twiml.*\.c$/.test(f))) {
      const program = join(dir, source.replace('.c', '_test'));
      run(
        'gcc',
        ...flags,
        join(unit, source),
        '-o',
        program,
        '-L',
        dir,
        '-ltwiml',
        '-lcmocka',
        ...xml,
        `-Wl,-rpath,${dir}`,
      );
      run(program);
    }
    const env = { ...process.env, SWITCHHOOK_BUILD: dir };
    delete env.NODE_TEST_CONTEXT;
    for (const name of ['twiml', 'twiml-command', 'twiml-manual']) {
      const got = spawnSync('node', ['--test', join(root, `t/e2e/${name}.test.mjs`)], { env, encoding: 'utf8' });
      assert.equal(got.status, 0, got.stdout);
    }
    const objects = ['twiml_objects', 'twiml_tool'].flatMap((target) => {
      const at = join(dir, 'CMakeFiles', `${target}.dir`);
      return readdirSync(at)
        .filter((f) => f.endsWith('.gcno'))
        .map((f) => join(at, f));
    });
    const report = execFileSync('gcov', ['-b', '-c', '-t', '-j', ...objects], {
      cwd: dir,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: 'pipe',
    });
    const missed = new Set();
    let branches = 0;
    for (const line of report.trim().split('\n')) {
      for (const file of JSON.parse(line).files.filter((f) => f.file.startsWith(join(root, 'twiml/')))) {
        for (const l of file.lines) {
          const not = l.branches.filter((b) => b.count === 0 && !b.throw);
          branches += l.branches.length;
          if (l.count === 0 || not.length > 0) missed.add(`${file.file.slice(root.length + 1)}:${l.line_number}`);
        }
      }
    }
    assert.ok(branches > 600);
    assert.deepEqual([...missed], []);
  });
});
