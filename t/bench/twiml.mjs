// Bench of libtwiml: ns and allocations a document, beside libxml2's writer used by hand and beside Twilio's Node SDK.
// The figures that count are the ratios: all are measured in the same minute on the same machine.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import twilio from 'twilio';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const build = resolve(process.env.SWITCHHOOK_BUILD ?? join(root, 'build'));
const library = ['twiml', '.'].map((d) => join(build, d)).find((d) => existsSync(join(d, 'libtwiml.so')));

// The documents of twiml.c, as the SDK makes them.
const base = 'https://voice.example.com/api/twilio/voice';
const makers = {
  answer() {
    const r = new twilio.twiml.VoiceResponse();
    r.say({ voice: 'Polly.Amy', language: 'en-GB' }, 'Thanks for calling Fish & Chips. This call may be recorded.');
    const dial = r.dial({
      action: `${base}/dial`,
      callerId: '+442079460123',
      record: 'record-from-answer-dual',
      recordingStatusCallback: `${base}/recording`,
      timeout: 20,
      answerOnBridge: true,
    });
    dial.number(
      { statusCallback: `${base}/status`, statusCallbackEvent: 'initiated ringing answered completed' },
      '+442079460958',
    );
    return r.toString();
  },
  '200-verbs'() {
    const r = new twilio.twiml.VoiceResponse();
    for (let i = 0; i < 100; i++) {
      r.say({ voice: 'Polly.Amy' }, 'Please hold the line.');
      r.pause({ length: 5 });
    }
    return r.toString();
  },
};

// The best of twenty rounds, after half a second of warming the JIT; the C program takes its best of twenty too.
function measure(make) {
  const clock = () => Number(process.hrtime.bigint());
  let n = 0;
  for (const start = clock(); clock() - start < 5e8; n++) make();
  n = Math.max(1, Math.floor(n / 25));
  const rounds = Array.from({ length: 20 }, () => {
    const start = clock();
    for (let i = 0; i < n; i++) make();
    return (clock() - start) / n;
  });
  return Math.min(...rounds);
}

const dir = mkdtempSync(join(tmpdir(), 'twiml-'));
const rows = [];
try {
  const xml = execFileSync('pkg-config', ['--cflags', '--libs', 'libxml-2.0'], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const own = ['-I', join(root, 'twiml'), '-L', library, '-ltwiml', `-Wl,-rpath,${library}`];
  const program = join(dir, 'bench');
  execFileSync('cc', ['-std=c17', '-D_GNU_SOURCE', '-O2', join(here, 'twiml.c'), '-o', program, ...own, ...xml]);
  for (const line of execFileSync(program, { encoding: 'utf8' }).trim().split('\n')) {
    const [writer, document, ns, allocations] = line.split(' ');
    rows.push({ writer, document, ns: Number(ns), allocations: Number(allocations) });
  }
} finally {
  rmSync(dir, { recursive: true });
}
for (const [document, make] of Object.entries(makers)) rows.push({ writer: 'Node SDK', document, ns: measure(make) });

const cells = (...c) => console.log(c.map((x, i) => (i < 2 ? String(x).padEnd(14) : String(x).padStart(15))).join(''));
cells('document', 'writer', 'ns', 'allocations', 'x libtwiml', 'x allocations');
for (const document of Object.keys(makers)) {
  const ours = rows.find((r) => r.document === document && r.writer === 'libtwiml');
  for (const r of rows.filter((x) => x.document === document)) {
    const ratio = (r.ns / ours.ns).toFixed(2);
    const more = r.allocations === undefined ? '-' : (r.allocations / ours.allocations).toFixed(2);
    cells(document, r.writer, Math.round(r.ns), r.allocations ?? '-', ratio, more);
  }
}
