// libtwiml by itself: built alone, installed, moved, and used by programs that know only pkg-config.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from './twiml-program.mjs';

const program = `#include <stdio.h>
#include <twiml.h>
int main(void)
{
    struct twiml *doc = twiml_new();
    struct twiml_node *dial;
    const char *xml;
    size_t len;
    twiml_say(twiml_response(doc), "Hello.");
    dial = twiml_dial(twiml_response(doc), .timeout_s = 20);
    twiml_number(dial, "+15005550006");
    if (twiml_finish(doc, &xml, &len) == TWIML_OK) puts(xml);
    twiml_free(doc);
    return 0;
}
`;
const plusplus = `#include <cstdio>
#include <twiml.h>
int main()
{
    struct twiml *doc = twiml_new();
    struct twiml_pay pay = {};
    struct twiml_say say = {};
    say.size = sizeof say;
    say.text = "Hello.";
    say.loop = TWIML_ZERO;
    pay.size = sizeof pay;
    pay.security_code = TWIML_NO;
    twiml_add_say(twiml_response(doc), &say);
    twiml_add_pay(twiml_response(doc), &pay);
    const char *xml;
    size_t len;
    if (twiml_finish(doc, &xml, &len) == TWIML_OK) std::puts(xml);
    twiml_free(doc);
}
`;
const said =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Say>Hello.</Say>' +
  '<Dial timeout="20"><Number>+15005550006</Number></Dial></Response>\n\n';

describe('libtwiml, installed', () => {
  let dir, prefix, env;
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  const flags = (...args) =>
    execFileSync('pkg-config', [...args, 'twiml'], { encoding: 'utf8', env })
      .trim()
      .split(/\s+/);
  const make = (compiler, args, name) => {
    execFileSync(compiler, [...args, '-o', join(dir, name)], { cwd: dir, stdio: ['ignore', 'inherit', 'inherit'] });
    return execFileSync(join(dir, name), { encoding: 'utf8', env });
  };

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'twiml-'));
    prefix = join(dir, 'moved');
    execFileSync(
      'cmake',
      [
        '-S',
        join(root, 'twiml'),
        '-B',
        join(dir, 'build'),
        '-DCMAKE_INSTALL_PREFIX=/usr/local',
        '-DCMAKE_INSTALL_LIBDIR=lib',
      ],
      quiet,
    );
    execFileSync('cmake', ['--build', join(dir, 'build')], quiet);
    execFileSync('cmake', ['--install', join(dir, 'build'), '--prefix', join(dir, 'first')], quiet);
    renameSync(join(dir, 'first'), prefix);
    env = { ...process.env, PKG_CONFIG_PATH: join(prefix, 'lib/pkgconfig'), LD_LIBRARY_PATH: join(prefix, 'lib') };
    writeFileSync(join(dir, 'program.c'), program);
    writeFileSync(join(dir, 'program.cc'), plusplus);
  });
  after(() => rmSync(dir, { recursive: true }));

  for (const compiler of ['gcc', 'clang']) {
    it(`a C program of 15 lines compiles with pkg-config and ${compiler}`, () => {
      assert.equal(program.trimEnd().split('\n').length, 15);
      const strict = ['-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wconversion', '-Wcast-qual'];
      assert.equal(make(compiler, [...strict, 'program.c', ...flags('--cflags', '--libs')], compiler), said);
    });
  }
  it('the static library needs what pkg-config says', () => {
    const libs = flags('--cflags', '--libs', '--static').map((f) => (f === '-ltwiml' ? '-l:libtwiml.a' : f));
    assert.equal(make('gcc', ['program.c', ...libs], 'static'), said);
  });
  it('C++ includes the header and calls the functions', () => {
    const strict = ['-std=c++17', '-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    assert.match(
      make('g++', [...strict, 'program.cc', ...flags('--cflags', '--libs')], 'plusplus'),
      /<Say loop="0">Hello\.<\/Say><Pay securityCode="false"\/>/,
    );
  });
  it('a misspelt attribute does not compile', () => {
    writeFileSync(join(dir, 'wrong.c'), program.replace('.timeout_s', '.timeuot_s'));
    const got = spawnSync('gcc', ['-c', 'wrong.c', '-o', 'wrong.o', ...flags('--cflags')], {
      cwd: dir,
      encoding: 'utf8',
    });
    assert.notEqual(got.status, 0);
    assert.match(got.stderr, /timeuot_s/);
  });
  it('each header compiles by itself', () => {
    const headers = readdirSync(join(prefix, 'include'));
    assert.ok(headers.length >= 9);
    for (const header of headers) {
      writeFileSync(join(dir, 'one.c'), `#include <${header}>\n`);
      execFileSync(
        'gcc',
        ['-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only', 'one.c', ...flags('--cflags')],
        { cwd: dir, stdio: 'inherit' },
      );
    }
  });
  it('no symbol is visible that the header does not declare', () => {
    const symbols = execFileSync('nm', ['-D', '--defined-only', join(prefix, 'lib/libtwiml.so')], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((l) => l.split(' ').at(-1));
    const text = readdirSync(join(prefix, 'include'))
      .map((h) => execFileSync('cat', [join(prefix, 'include', h)], { encoding: 'utf8' }))
      .join('');
    const wrong = symbols.filter(
      (s) => s !== 'TWIML_0' && !(s.endsWith('@@TWIML_0') && text.includes(`${s.split('@')[0]}(`)),
    );
    assert.deepEqual(wrong, []);
    assert.ok(symbols.length > 70);
  });
  it('the command and both manuals are there', () => {
    for (const file of [
      'bin/twiml',
      'share/man/man1/twiml.1',
      'share/man/man3/libtwiml.3',
      'lib/libtwiml.so.0',
      'lib/libtwiml.a',
    ]) {
      assert.ok(existsSync(join(prefix, file)), file);
    }
    assert.equal(spawnSync(join(prefix, 'bin/twiml'), ['check'], { input: '<Response/>', env }).status, 0);
  });
});
