// The dependency law: who may include whom, which object may need which symbol.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { build, files, headers, read, root, run, sources } from './source.mjs';

const includes = [...sources(), ...headers(), ...files(/\.cc$/)].flatMap((path) =>
  [...read(path).matchAll(/^\s*#\s*include\s+([<"])([^>"]+)[>"]/gm)].map((m) => ({
    path,
    local: m[1] === '"',
    name: m[2],
  })),
);
const outside = (name, allowed) =>
  includes.filter((i) => name.test(i.name) && !allowed.test(i.path)).map((i) => `${i.path}: ${i.name}`);
const own = (dir) => new Set(files(new RegExp(`^${dir}/[^/]*\\.h$`)).map((p) => basename(p)));
const dirs = {
  lib: own('lib'),
  fcgi: own('fcgi'),
  twiml: own('twiml'),
  cron: own('cron'),
  cli: own('cli'),
  sim: own('t/sim'),
};

// Local headers that a folder includes and may not.
function strangers(under, ...allowed) {
  const names = new Set(allowed.flatMap((a) => (dirs[a] ? [...dirs[a]] : [a])));
  return includes
    .filter((i) => i.local && dirname(i.path) === under && !names.has(i.name))
    .map((i) => `${i.path}: "${i.name}"`);
}

describe('walls', () => {
  const walls = [
    ['fcgiapp.h', /^fcgi(app|_stdio|os|misc)?\w*\.h$/, /^fcgi\/(worker|hookloop|request|response)\.c$/, /^fcgi/],
    ['libpq-fe.h', /^(libpq|postgres)/, /^lib\/(db|db_\w+|migrate)\.[ch]$/],
    ['curl', /^curl\//, /^(lib\/(http|mail)\.c|t\/sim\/.*)$/],
    ['cJSON', /cjson/i, /^(lib\/json\.c|t\/sim\/.*)$/],
    ['OpenSSL', /^openssl\//, /^(lib\/(sign|digest|seal|passwd|jwt_key|token|id|vault)\.c|t\/(sim|bench)\/.*)$/],
    ['libxml2', /^libxml\//, /^(twiml\/.*|t\/(sim|unit|fuzz|bench)\/.*)$/],
    ['libphonenumber', /^phonenumbers\//, /^lib\/phone\.cc$/],
    ['libmicrohttpd', /^microhttpd/, /^t\/sim\/.*$/],
  ];
  for (const [name, pattern, allowed] of walls) {
    it(`${name} stays behind its wall`, () => {
      const found = includes.filter((i) => !i.local && pattern.test(i.name) && !allowed.test(i.path));
      assert.deepEqual(
        found.map((i) => `${i.path}: ${i.name}`),
        [],
      );
    });
  }
  it('C++ is lib/phone.cc alone', () => assert.deepEqual(files(/\.(cc|cpp|cxx|hpp)$/), ['lib/phone.cc']));
  it('fcgi_stdio.h is included nowhere', () => assert.deepEqual(outside(/fcgi_stdio/, /^$/), []));
});

describe('layers', () => {
  it('lib knows lib alone', () => assert.deepEqual(strangers('lib', 'lib', 'sql.h'), []));
  it('twiml knows twiml alone', () => assert.deepEqual(strangers('twiml', 'twiml'), []));
  it('fcgi knows lib, twiml.h and itself', () =>
    assert.deepEqual(strangers('fcgi', 'fcgi', 'lib', 'sql.h', 'twiml.h'), []));
  it('cron knows lib, render.h and itself', () =>
    assert.deepEqual(strangers('cron', 'cron', 'lib', 'sql.h', 'render.h'), []));
  it('cli knows lib, render.h and itself', () =>
    assert.deepEqual(strangers('cli', 'cli', 'lib', 'sql.h', 'render.h'), []));
  it('render.c is the only way from a plan to TwiML', () => {
    const users = files(/^fcgi\/.*\.[ch]$/).filter((p) => /\btwiml_(new|say|dial|number|response)\b/.test(read(p)));
    assert.deepEqual(
      users.filter((p) => !/^fcgi\/(render|response)\.[ch]$/.test(p)),
      [],
    );
  });
  it('the simulator shares nothing with what it judges', () => {
    assert.deepEqual(strangers('t/sim', 'sim', 'twiml.h'), []);
    const clash = includes.filter((i) => i.path.startsWith('t/sim/') && /(^|\/)(lib|fcgi|cron|cli)\//.test(i.name));
    assert.deepEqual(clash, []);
  });
});

describe('symbols', { skip: build ? false : 'SWITCHHOOK_BUILD names no build' }, () => {
  const object = (path) =>
    [
      join(build, 'CMakeFiles', 'switchhook-worker.dir', `${path}.o`),
      join(build, 'CMakeFiles', 'core.dir', `${path}.o`),
      join(build, 'CMakeFiles', 'render.dir', `${path}.o`),
    ].find(existsSync);
  const hooks = files(/^(fcgi\/(hook\w*|render)|lib\/(ingest\w*|flow|event|account))\.c$/);

  it('hooks can neither dial out nor hash passwords', () => {
    assert.ok(hooks.includes('fcgi/hookloop.c') && hooks.some((p) => p.startsWith('lib/ingest')));
    const found = hooks.flatMap((path) =>
      run('nm', '-u', object(path))
        .split('\n')
        .filter((l) => /\b(http|twilio|openai|passwd|curl)_/.test(l))
        .map((l) => `${path}: ${l.trim()}`),
    );
    assert.deepEqual(found, []);
  });
  it('libtwiml exports twiml_* alone', () => {
    const so = run('find', build, '-name', 'libtwiml.so').trim().split('\n')[0];
    const names = run('nm', '-D', '--defined-only', so)
      .trim()
      .split('\n')
      .map((l) => l.split(' ').at(-1).replace(/@.*/, ''));
    assert.ok(names.length > 10);
    assert.deepEqual(
      names.filter((n) => !/^twiml_/.test(n) && !/^(TWIML|LIBTWIML)/.test(n)),
      [],
    );
  });
  it('libtwiml needs libxml2 and libc alone', () => {
    const so = run('find', build, '-name', 'libtwiml.so').trim().split('\n')[0];
    const needed = [...run('readelf', '-d', so).matchAll(/NEEDED.*\[(.*?)\]/g)].map((m) => m[1]);
    assert.deepEqual(
      needed.filter((n) => !/^(libxml2|libc|libm)\.so/.test(n)),
      [],
    );
  });
  it('every .c of the product is built', () => {
    assert.ok(existsSync(join(root, 'CMakeLists.txt')));
    const objects = run('find', build, '-name', '*.c.o');
    const loose = files(/^(lib|fcgi|cron|cli)\/[^/]+\.c$/).filter((p) => !objects.includes(`/${p}.o`));
    assert.deepEqual(loose, []);
  });
});
