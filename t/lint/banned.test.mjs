// Functions nobody calls, and those that only one module calls.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bare, files, grep, headers, read, sources } from './source.mjs';

const code = [...sources(), ...headers(), ...files(/\.cc$/)];
const product = code.filter((path) => !path.startsWith('t/'));
const except = (paths, allowed) => paths.filter((path) => !allowed.test(path));
const never = [
  'strcpy',
  'strncpy',
  'strcat',
  'strncat',
  'sprintf',
  'vsprintf',
  'gets',
  'strtok',
  'atoi',
  'atol',
  'sscanf',
  'alloca',
  'system',
  'popen',
  'localtime',
  'gmtime',
  'signal',
  'rand',
  'sleep',
  'usleep',
  'cJSON_GetObjectItem',
  'xmlNewChild',
];
const call = (...names) => new RegExp(String.raw`(?<![\w.>])(${names.join('|')})\s*\(`);

describe('banned functions', () => {
  it('are called nowhere', () => assert.deepEqual(grep(code, call(...never)), []));
  it('setenv only in fcgi/main.c', () => {
    assert.deepEqual(grep(except(code, /^(fcgi\/main\.c|t\/(unit|fuzz)\/.*)$/), call('setenv', 'putenv')), []);
  });
  it('getenv only in lib/config.c', () => {
    assert.deepEqual(grep(except(product, /^lib\/config\.c$/), call('getenv', 'secure_getenv')), []);
  });
  it('malloc and its kin only in arena, db, http, json, pool and twiml/', () => {
    const allowed = /^(lib\/(arena|db\w*|http|json)\.c|fcgi\/pool\.c|twiml\/.*|lib\/sqlgen\.c)$/;
    assert.deepEqual(grep(except(product, allowed), call('malloc', 'calloc', 'realloc', 'strdup', 'asprintf')), []);
  });
  it('PQexec only in lib/migrate.c', () => {
    assert.deepEqual(grep(except(code, /^lib\/migrate\.c$/), call('PQexec', 'PQexecParams')), []);
  });
  it('CURLOPT_FOLLOWLOCATION is never set', () => assert.deepEqual(grep(code, /CURLOPT_FOLLOWLOCATION/), []));
  it('certificate checks are never turned off', () => {
    assert.deepEqual(grep(code, /CURLOPT_SSL_VERIFY(PEER|HOST)\s*,\s*0/), []);
  });
  it('clocks are read only in clock.c', () => {
    const clocks = call('clock_gettime', 'gettimeofday', 'time', 'localtime_r', 'gmtime_r', 'strftime');
    assert.deepEqual(grep(except(product, /^(lib\/clock\.c|twiml\/.*)$/), clocks), []);
  });
  it('no #ifdef outside arena.c, clock.c, include guards and C++ guards', () => {
    const found = grep(
      except(product, /^lib\/(arena|clock)\.c$/),
      /^\s*#\s*(if|ifdef|elif)\b(?!.*__cplusplus)/,
      (p) => bare(read(p)),
    );
    assert.deepEqual(found, []);
  });
});
