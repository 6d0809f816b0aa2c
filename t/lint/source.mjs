// The project's own files as lint reads them: C without its comments and strings, functions with their lengths.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const build = process.env.SWITCHHOOK_BUILD;

// Every file that is committed or about to be: ignored ones are nobody's.
export const tree = execFileSync(
  'git',
  ['-C', root, '-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard'],
  { encoding: 'utf8' },
)
  .trim()
  .split('\n')
  .filter((path) => existsSync(join(root, path)));

export const read = (path) => readFileSync(join(root, path), 'utf8');
export const files = (pattern) => tree.filter((path) => pattern.test(path));
export const sources = () => files(/^(lib|fcgi|cron|cli|twiml|t)\/.*\.c$/);
export const headers = () => files(/^(lib|fcgi|cron|cli|twiml|t)\/.*\.h$/);

// C with the inside of comments and strings blanked: offsets and lines stay what they were.
export function bare(text) {
  const blank = (s) => s.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (s) =>
    s[0] === '/' ? blank(s) : s[0] + blank(s.slice(1, -1)) + s.at(-1),
  );
}

// The comments and strings that bare() blanks, with their lines.
export function comments(text) {
  const found = [];
  const token = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  for (const m of text.matchAll(token)) {
    if (m[0][0] === '/') found.push({ text: m[0], line: text.slice(0, m.index).split('\n').length });
  }
  return found;
}

// Functions in K&R with the brace on a line of its own: { name, line, lines }.
export function functions(text) {
  const lines = text.split('\n');
  const found = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] !== '{') continue;
    let first = i - 1;
    while (first > 0 && /^\s/.test(lines[first])) first--;
    let last = i;
    while (last < lines.length && lines[last] !== '}') last++;
    const name = /([A-Za-z_0-9]+)\s*\(/.exec(lines[first])?.[1] ?? lines[first];
    found.push({ name, line: first + 1, lines: last - first + 1, body: lines.slice(i + 1, last) });
  }
  return found;
}

// Lines of C that match, as "path:line text".
export function grep(paths, pattern, text = (path) => bare(read(path))) {
  return paths.flatMap((path) =>
    text(path)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  );
}

export const run = (...args) => execFileSync(args[0], args.slice(1), { encoding: 'utf8', maxBuffer: 1 << 26 });

export const median = (v, q = 0.5) => v.slice().sort((a, b) => a - b)[Math.floor((v.length - 1) * q)];
