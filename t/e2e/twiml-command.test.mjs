// The twiml command: what it finds, what it prints, how it exits.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cc, fixtures, library } from './twiml-program.mjs';

const good = '<Response><Say voice="alice">Hi</Say><!-- then --><Gather><Say>Press <break/>1</Say></Gather></Response>';
const bad = '<Response>\n  <Say colour="red">Hi</Say>\n  <Number>1</Number>\n</Response>\n';

describe('twiml', () => {
  let dir;
  const twiml = (args, input = '', options = {}) =>
    spawnSync(join(library, 'twiml'), args, { cwd: dir, input, encoding: 'utf8', ...options });
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'twiml-'));
    writeFileSync(join(dir, 'good.xml'), good);
    writeFileSync(join(dir, 'bad.xml'), bad);
    writeFileSync(join(dir, 'broken.xml'), '<Response><Say>\n</Response>');
    writeFileSync(join(dir, 'long.xml'), ' '.repeat(65537));
  });
  after(() => rmSync(dir, { recursive: true }));

  const is = (got, status, stdout, stderr = '') =>
    assert.deepEqual({ ...got, pid: 0 }, { ...got, pid: 0, status, stdout, stderr });

  it('check says nothing about a valid document', () => is(twiml(['check', 'good.xml']), 0, ''));
  it('check reads standard input without a file, or for -', () => {
    is(twiml(['check'], good), 0, '');
    is(twiml(['check', '-'], '<Response>\n<Sing/></Response>'), 1, '(standard input):2: Sing is no element of TwiML\n');
  });
  it('check gives file, line and text of each departure', () =>
    is(
      twiml(['check', 'good.xml', 'bad.xml', 'broken.xml', 'long.xml']),
      1,
      'bad.xml:2: Say has no attribute colour\nbad.xml:3: Number is not allowed in Response\n' +
        'broken.xml:2: Opening and ending tag mismatch: Say line 1 and Response\n' +
        'long.xml:0: the document is longer than 65536 bytes\n',
    ));
  it("check passes every golden document that Twilio's SDK wrote", () => {
    const files = readdirSync(join(fixtures, 'golden'))
      .filter((f) => f.endsWith('.xml'))
      .map((f) => join(fixtures, 'golden', f));
    assert.equal(files.length, 64);
    is(twiml(['check', ...files]), 0, '');
  });
  it('fmt indents, and leaves alone what is spoken', () =>
    is(
      twiml(['fmt', 'good.xml']),
      0,
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n  <Say voice="alice">Hi</Say>\n  <!-- then -->\n' +
        '  <Gather>\n    <Say>Press <break/>1</Say>\n  </Gather>\n</Response>\n',
    ));
  it('fmt of its own output changes nothing', () => {
    const once = twiml(['fmt'], good).stdout;
    is(twiml(['fmt'], once), 0, once);
  });
  it('fmt writes what is well-formed in spite of departures', () =>
    is(
      twiml(['fmt', 'bad.xml']),
      1,
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n' +
        '  <Say colour="red">Hi</Say>\n  <Number>1</Number>\n</Response>\n',
      'bad.xml:2: Say has no attribute colour\nbad.xml:3: Number is not allowed in Response\n',
    ));
  it('fmt writes nothing of what is not', () =>
    is(
      twiml(['fmt', 'broken.xml']),
      1,
      '',
      'broken.xml:2: Opening and ending tag mismatch: Say line 1 and Response\n',
    ));
  it('exits 2 when a file cannot be read, whatever the others are', () => {
    is(
      twiml(['check', 'bad.xml', 'none.xml', 'good.xml']),
      2,
      'bad.xml:2: Say has no attribute colour\nbad.xml:3: Number is not allowed in Response\n',
      'twiml: none.xml: No such file or directory\n',
    );
    is(twiml(['check', '.']), 2, '', 'twiml: .: Is a directory\n');
  });
  it('exits 2 and prints its usage when it is misused', () => {
    const usage = 'usage: twiml check [file ...]\n       twiml fmt [file ...]\n';
    is(twiml([]), 2, '', usage);
    is(twiml(['repair', 'good.xml']), 2, '', usage);
  });
  it('exits 2 when there is no memory', () => {
    writeFileSync(join(dir, 'poor.c'), 'void *xmlNewParserCtxt(void);\nvoid *xmlNewParserCtxt(void) { return 0; }\n');
    assert.equal(spawnSync(cc, ['-shared', '-fPIC', 'poor.c', '-o', 'poor.so'], { cwd: dir }).status, 0);
    const env = { ...process.env, LD_PRELOAD: join(dir, 'poor.so'), ASAN_OPTIONS: 'verify_asan_link_order=0' };
    is(twiml(['check', 'good.xml'], '', { env }), 2, '', 'twiml: good.xml: out of memory\n');
  });
  it('exits 2 when its output cannot be written', () => {
    writeFileSync(join(dir, 'many.xml'), `<Response>${'<Pause/>'.repeat(5000)}</Response>`);
    for (const file of ['good.xml', 'many.xml']) {
      const got = spawnSync('sh', ['-c', `exec "${join(library, 'twiml')}" fmt ${file} >/dev/full`], {
        cwd: dir,
        encoding: 'utf8',
      });
      is(got, 2, '', 'twiml: standard output: No space left on device\n');
    }
  });
});
