// Children that die with us, facts that are waited for, ports that are free.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = process.getuid() === 0; // PostgreSQL refuses to run as root
export const source = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const fixtures = join(source, 't', 'fixtures');
export const home = process.env.SWITCHHOOK_T_DIR ?? `/var/tmp/switchhook-t-${process.getuid()}`;
const build = process.env.SWITCHHOOK_BUILD ?? join(home, 'gcc');

export const run = ([cmd, ...args], options = {}) =>
  execFileSync(cmd, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28, ...options });

// A program of the build that is tested.
export const program = (name) => join(build, name === 'switchhook-sim' ? join('t', 'sim', name) : name);

// A new directory with a path short enough for the sockets in it (107 bytes) and open to the user postgres.
export function directory(prefix) {
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const dir = mkdtempSync(join(home, `${prefix}-`));
  run(['chmod', '755', dir]);
  return dir;
}

export async function freePort() {
  const s = createServer().listen(0, '127.0.0.1');
  await once(s, 'listening');
  const { port } = s.address();
  s.close();
  await once(s, 'close');
  return port;
}

// Waits for a fact, never for a time. What throws is not a fact yet.
export async function until(fact, ms = 60000) {
  let why;
  for (const end = Date.now() + ms; ;) {
    try {
      const got = await fact();
      if (got) return got;
    } catch (e) {
      why = e;
    }
    if (Date.now() > end)
      assert.fail(`still not after ${ms} ms: ${fact}${why ? `\n${why.stderr ?? why.stack}` : ''}`);
    await new Promise((r) => setTimeout(r, 10));
  }
}

// A child whose output goes to dir/name.out. Whatever ends this process, SIGKILL included, also ends the child.
export function child(dir, name, cmd, { as = [], env = process.env, signal = 'TERM' } = {}) {
  const log = openSync(join(dir, `${name}.out`), 'a');
  const c = spawn('setpriv', [...as, '--pdeathsig', signal, '--', ...cmd], {
    stdio: ['ignore', log, log],
    env,
    cwd: '/', // a checkout under /root is closed to the user postgres
  });
  closeSync(log);
  c.name = name;
  c.log = () => readFileSync(join(dir, `${name}.out`), 'utf8');
  c.ended = new Promise((done) => {
    c.once('exit', (code, sig) => done(sig ?? code));
  });
  return c;
}

// Asks a child to end and says how it did.
export async function end(c, signal = 'SIGTERM', ms = 20000) {
  if (c.exitCode !== null || c.signalCode !== null) return c.signalCode ?? c.exitCode;
  c.kill(signal);
  const late = setTimeout(() => c.kill('SIGKILL'), ms);
  const how = await c.ended;
  clearTimeout(late);
  return how;
}
