// TwiML built by a C program: documents described as data become C calls of libtwiml's macros, compiled and run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, '../..');
export const build = resolve(process.env.SWITCHHOOK_BUILD ?? join(root, 'build'));
export const fixtures = join(root, 't/fixtures/twiml');
export const table = JSON.parse(readFileSync(join(fixtures, 'table.json'), 'utf8'));

// How the build was configured, so that programs made here link with it.
const cache = existsSync(join(build, 'CMakeCache.txt')) ? readFileSync(join(build, 'CMakeCache.txt'), 'utf8') : '';
const setting = (name) => new RegExp(`^${name}:[^=]*=(.*)$`, 'm').exec(cache)?.[1] ?? '';
export const cc = setting('CMAKE_C_COMPILER') || 'cc';
export const library = ['twiml', '.']
  .map((dir) => join(build, dir))
  .find((dir) => existsSync(join(dir, 'libtwiml.so')));
const instrumented = setting('SANITIZE') === 'ON' ? ['-fsanitize=address,undefined'] : [];

// The attributes whose member has a unit, or a name that C or a reader likes better: everything else is snake case.
const seconds = [
  'timeout',
  'timeLimit',
  'length',
  'maxLength',
  'maxSpeechTime',
  'machineDetectionTimeout',
  'inboundTimeout',
  'routingAssignmentTimeout',
];
const milliseconds = [
  'machineDetectionSilenceTimeout',
  'machineDetectionSpeechThreshold',
  'machineDetectionSpeechEndThreshold',
];
const named = {
  for: 'prompt_for',
  'xml:lang': 'lang',
  backgroundnoisereduction: 'background_noise_reduction',
  deepgramsmartformat: 'deepgram_smart_format',
  ignorebackchannel: 'ignore_backchannel',
  speechtimeout: 'speech_timeout',
};

export const snake = (s) =>
  s
    .replace(/-/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
const member = (name) =>
  (named[name] ?? snake(name)) + (seconds.includes(name) ? '_s' : milliseconds.includes(name) ? '_ms' : '');
export const verb = (element) => (element === 'WhatsApp' ? 'whatsapp' : snake(element));

// Octal escapes for all but letters and digits: no quotes, trigraphs or code pages to think of.
const literal = (s) =>
  `"${[...Buffer.from(String(s))]
    .map((b) =>
      /[A-Za-z0-9 ]/.test(String.fromCharCode(b)) ? String.fromCharCode(b) : `\\${b.toString(8).padStart(3, '0')}`,
    )
    .join('')}"`;

function value(spec, v) {
  if (Array.isArray(v)) return literal(v.join(' '));
  if (spec.type === 'boolean') return String(v) === 'true' ? 'TWIML_YES' : 'TWIML_NO';
  if (spec.type === 'number' && !spec.list) return Number(v) === 0 ? 'TWIML_ZERO' : `${Number(v)}u`;
  return literal(v);
}

// One call of a macro as C; children follow as statements of their own.
function statement(child, parent, self, [, attrs, text]) {
  const known = Object.entries(attrs ?? {}).filter(([, v]) => v !== null && v !== undefined);
  const options = known.filter(([k]) => child.attrs[k]).map(([k, v]) => `.${member(k)} = ${value(child.attrs[k], v)}`);
  const args = [
    `n[${parent}]`,
    ...(text === null || text === undefined || !child.text ? [] : [literal(text)]),
    ...options,
  ];
  const others = known
    .filter(([k]) => !child.attrs[k])
    .map(([k, v]) => `twiml_attr(n[${self}], ${literal(k)}, ${literal(v)});`);
  return [`n[${self}] = twiml_${verb(child.element)}(${args.join(', ')});`, ...others];
}

// The calls of one document, depth first; n[0] is its Response.
function statements(kind, calls) {
  const { root: top, classes } = table[kind];
  const out = [];
  let next = 1;
  const walk = (cls, parent, list) => {
    for (const call of list) {
      const [element, spec] = Object.entries(classes[cls].children).find(([, c]) => c.method === call[0]);
      const self = next++;
      out.push(...statement({ ...spec, element }, parent, self, call));
      walk(spec.cls, self, call[3] ?? []);
    }
  };
  walk(top, 0, calls);
  return { out, nodes: next };
}

const harness = `
#include <stdio.h>
#include <string.h>
#include <twiml.h>
/* The document, what twiml_read finds in it, a NUL. */
void print(struct twiml *doc);
void print(struct twiml *doc)
{
    const char *xml = "";
    size_t len = 0;
    if (twiml_finish(doc, &xml, &len) != TWIML_OK) printf("!%d %s", (int)twiml_status(doc), twiml_error(doc));
    else {
        struct twiml *again = twiml_read(xml, len);
        fputs(xml, stdout);
        for (size_t i = 0; twiml_finding(again, i) != NULL; i++) printf("?%s", twiml_finding(again, i)->text);
        twiml_free(again);
    }
    putchar(0);
    twiml_free(doc);
}
void tell(struct twiml *doc);
void tell(struct twiml *doc)
{
    printf("%d %s", (int)twiml_status(doc), twiml_error(doc));
    putchar(0);
    twiml_free(doc);
}
`;

// Compiles and runs a program; its standard output, split at NULs.
export function run(source, args = []) {
  const dir = mkdtempSync(join(tmpdir(), 'twiml-'));
  try {
    const file = join(dir, 'program.c');
    writeFileSync(file, source);
    execFileSync(
      cc,
      [
        '-std=c17',
        '-D_GNU_SOURCE',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-O0',
        ...instrumented,
        '-I',
        join(root, 'twiml'),
        file,
        '-o',
        join(dir, 'program'),
        '-L',
        library,
        '-ltwiml',
        `-Wl,-rpath,${library}`,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const out = execFileSync(join(dir, 'program'), args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    return out.split('\0').slice(0, -1);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// Functions of at most 200 statements, for compilers are slow with long ones, and a main that calls them.
function program(head, lines) {
  const blocks = [];
  for (let i = 0; i < lines.length; i += 200) blocks.push(lines.slice(i, i + 200).join('\n'));
  const functions = blocks.map((block, i) => `static void block${i}(void)\n{\n${block}\n}\n`);
  return `${head}${functions.join('')}int main(void)\n{\n${blocks.map((_, i) => `block${i}();`).join('\n')}\n}\n`;
}

// documents: [{ kind, calls }] in the fixtures' notation -> what the C API makes of each: XML, or "!status message".
export function documents(list) {
  const lines = list.map(({ kind, calls }) => {
    const { out, nodes } = statements(kind, calls);
    const head = `struct twiml *doc = twiml_new(); struct twiml_node *n[${nodes}] = { twiml_response(doc) };`;
    return `{ ${head}\n(void)n;\n${out.join('\n')}\nprint(doc); }`;
  });
  return run(program(harness, lines));
}

// list: verbs, each added to the one before, the first to the Response -> "status message" when the last was added.
export function attempts(list) {
  const lines = list.map((verbs) => {
    const made = verbs.map((v) => `n = twiml_${v}(n);`).join(' ');
    const head = 'struct twiml *doc = twiml_new(); struct twiml_node *n = twiml_response(doc);';
    return `{ ${head} ${made} (void)n; tell(doc); }`;
  });
  return run(program(harness, lines));
}

// XML as data: elements { name, attrs, children }, text as strings. Writers escape in their own ways; what is meant is
// compared.
export function parse(xml) {
  const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  const decode = (s) =>
    s.replace(/&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(\w+));/g, (_, hex, dec, name) =>
      name ? entities[name] : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(dec)),
    );
  const top = { children: [] };
  const open = [top];
  const token = /<\?[^]*?\?>|<!--[^]*?-->|<\/([^>\s]+)\s*>|<([^\s/>]+)((?:\s+[^\s=]+="[^"]*")*)\s*(\/?)>|([^<]+)/gy;
  for (let m; (m = token.exec(xml)) !== null;) {
    const at = open.at(-1);
    if (m[1]) open.pop();
    else if (m[2]) {
      const attrs = Object.fromEntries([...m[3].matchAll(/([^\s=]+)="([^"]*)"/g)].map(([, k, v]) => [k, decode(v)]));
      const element = { name: m[2], attrs, children: [] };
      at.children.push(element);
      if (!m[4]) open.push(element);
    } else if (m[5] && (at !== top || m[5].trim() !== '')) {
      if (typeof at.children.at(-1) === 'string') at.children.push(at.children.pop() + decode(m[5]));
      else at.children.push(decode(m[5]));
    }
    if (token.lastIndex === xml.length) return open.length === 1 && top.children.length === 1 ? top.children[0] : null;
  }
  return null;
}
