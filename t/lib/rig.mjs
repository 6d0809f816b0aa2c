// A whole Switchhook for one test file: its own PostgreSQL, nginx with the product's own configuration, pools under
// spawn-fcgi, and on request the sweep and the simulator; one temporary directory, unix sockets, one free port.
// stop() is itself a test: clean exits, clean logs.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { Postgres } from './postgres.mjs';
import { child, directory, end, freePort, home, program, root, run, source, until } from './process.mjs';
import { seal, tenant } from './seed.mjs';
import { Simulator } from './sim.mjs';
import { ACCOUNT, API_KEY, API_SECRET, form, PUBLIC_URL, sign, TOKEN } from './twilio.mjs';

export { until } from './process.mjs';
export * from './twilio.mjs';

// As root everything runs as postgres, which must run as somebody else anyway.
const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const pools = { hooks: 2, api: 2, auth: 1 };
const first = { account: ACCOUNT, token: TOKEN, number: '+442079460958', forward: '+442079460999' };

export class Rig {
  #agent = new Agent({ keepAlive: true, maxSockets: 96 });
  #children = [];
  #master = { id: 'k1', key: randomBytes(32) };
  until = until;
  pools = {};

  // workers: processes a pool, 0: not started. sim: options of the simulator. sweep: run `switchhook-sweep --loop`.
  // pages: a browser asks, by the address that nginx really has. tenant: how the first one differs. settings: of
  // switchhook.env. database: of postgresql.conf; durable: with fsync. schema: called with the rig and the directory of
  // migrations in place of migrating up and adding the first tenant.
  static async start({
    workers = {},
    sim = null,
    sweep = false,
    durable = false,
    settings = {},
    database = {},
    nginx = {},
    pages = false,
    schema = null,
    tenant: more = {},
  } = {}) {
    const rig = new Rig();
    rig.dir = directory('rig');
    try {
      const options = { sim, sweep, durable, settings, database, nginx, pages, schema, more };
      await rig.#start({ ...pools, ...workers }, options);
    } catch (e) {
      const logs = rig
        .logs()
        .map(([name, text]) => `--- ${name}\n${text.slice(-2000)}`)
        .join('\n');
      await rig.#end().catch(() => {});
      throw new Error(`the rig did not start: ${e.stderr || e.stack}\n${logs}`);
    }
    return rig;
  }

  async #start(workers, { sim, sweep, durable, settings, database, nginx, pages, schema, more }) {
    for (const name of ['run', 'nginx', 'tmp', 'log', 'lib', 'lib/recordings', 'lib/fallback', 'lib/spool']) {
      mkdirSync(join(this.dir, name));
    }
    this.pg = await Postgres.start(this.dir, { durable, settings: database });
    this.port = await freePort();
    if (sim) {
      this.sim = await Simulator.start({ dir: this.dir, port: this.port, as }, sim);
      this.#children.push(this.sim.child);
    }
    this.env = join(this.dir, 'switchhook.env');
    this.settings = {
      DATABASE_URL: this.pg.url,
      PUBLIC_URL: pages ? `http://127.0.0.1:${this.port}` : PUBLIC_URL,
      STATE_DIR: join(this.dir, 'lib'),
      RECORDINGS_DIR: join(this.dir, 'lib', 'recordings'),
      PLAY_DIR: join(this.dir, 'run', 'play'),
      KEY_FILE: join(this.dir, 'lib', 'keys'),
      OPENAI_API_KEY: 'sk-test',
      TWILIO_API_BASE_URL: this.sim?.url ?? 'http://127.0.0.1:9',
      OPENAI_BASE_URL: `${this.sim?.url ?? 'http://127.0.0.1:9'}/v1`,
      LOG_LEVEL: 'info',
      ...settings,
    };
    writeFileSync(
      this.env,
      Object.entries(this.settings)
        .map(([k, v]) => `${k}=${v}\n`)
        .join(''),
      { mode: 0o600 },
    );
    writeFileSync(this.settings.KEY_FILE, `${this.#master.id} ${this.#master.key.toString('hex')}\n`, {
      mode: 0o600,
    });
    const migrations = join(this.dir, 'migrations'); // a checkout under /root is closed to the user postgres
    cpSync(join(source, 'migrations'), migrations, { recursive: true });
    this.own();
    if (schema) await schema(this, migrations);
    else {
      this.switchhook('migrate', 'up', '--dir', migrations);
      this.tenant = this.addTenant('Fish & chips', { ...first, ...more });
    }
    for (const [name, n] of Object.entries(workers)) if (n > 0) await this.startPool(name, n);
    await this.#nginx(nginx);
    if (sweep) this.startSweep();
  }

  // A tenant with an account, a number, a user and an API key: { id, user, account, token, number, forward, key }.
  addTenant(name, options) {
    const { sql, ...made } = tenant(this.#master, name, { api: this.settings.TWILIO_API_BASE_URL, ...options });
    this.sql(sql);
    return made;
  }

  // Gives an account a secondary token, as while one is rotated at Twilio.
  rotateToken({ id }, token) {
    const sealed = seal(this.#master, `twilio_configurations.auth_token_secondary:${id}`, token);
    this.sql(
      `update twilio_configurations set auth_token_secondary = '${sealed}', updated_at = now()
        where tenant_id = '${id}'`,
    );
  }

  // What a tenant's browser phone needs, without Twilio: an API key, its secret, a TwiML App.
  givePhone({ id }, more = {}) {
    const fresh = { key: API_KEY, secret: API_SECRET, app: `AP${'6'.repeat(32)}` };
    const { key, secret, app } = { ...fresh, ...more };
    const sealed = seal(this.#master, `twilio_configurations.api_key_secret:${id}`, secret);
    this.sql(
      `update twilio_configurations set api_key_sid = '${key}', api_key_secret = '${sealed}', twiml_app_sid = '${app}',
              updated_at = now()
        where tenant_id = '${id}'`,
    );
    return { key, secret, app };
  }

  // What lies in the spool, as text.
  spool() {
    const dir = join(this.settings.STATE_DIR, 'spool');
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((f) => f.isFile())
      .map((f) => readFileSync(join(f.path ?? dir, f.name), 'latin1'))
      .join('');
  }

  // Gives what root made to the user that everything runs as.
  own(path = this.dir) {
    if (root) run(['chown', '-R', '--no-dereference', 'postgres:postgres', path]);
  }

  #child(name, cmd, options = {}) {
    const sanitizers = {
      ASAN_OPTIONS: `log_path=${this.dir}/log/asan`,
      UBSAN_OPTIONS: `print_stacktrace=1:log_path=${this.dir}/log/ubsan`,
    };
    const c = child(join(this.dir, 'log'), name, cmd, {
      as,
      env: { PATH: process.env.PATH, ...sanitizers },
      ...options,
    });
    this.#children.push(c);
    return c;
  }

  // limits: false lets one address try to log in as often as it likes. s3, twilio: where recordings lie elsewhere,
  // http://host:port, or sim. pages: files by name, served under /pages/ with the policy given, like pages of our own.
  async #nginx({ accessLog = true, limits = true, s3, twilio, pages = {}, policy }) {
    const to = join(this.dir, 'nginx', 'snippets', 'switchhook');
    mkdirSync(to, { recursive: true });
    const here = (text) =>
      text
        .replaceAll('/run/switchhook', join(this.dir, 'run'))
        .replaceAll('/usr/share/switchhook/html', process.env.SWITCHHOOK_HTML ?? join(home, 'html'))
        .replaceAll('/var/lib/switchhook', join(this.dir, 'lib'));
    for (const name of readdirSync(join(source, 'nginx')).filter((f) => f.endsWith('.conf'))) {
      const text = here(readFileSync(join(source, 'nginx', name), 'utf8'));
      writeFileSync(join(to, name), limits ? text : text.replace('rate=5r/m', 'rate=100000r/s'));
    }
    for (const [name, url] of Object.entries({ s3, twilio })) {
      if (!url) continue;
      const file = join(to, 'remote.conf');
      const { host } = new URL(url === 'sim' ? this.sim.url : url);
      const text = readFileSync(file, 'utf8')
        .replace(new RegExp(`(upstream switchhook_${name} \\{\\s+server )[^;]+`), `$1${host}`)
        .replace(new RegExp(`(switchhook_${name}_host +\\{ default )[^;]+`), `$1${host}`)
        .replace(new RegExp(`(switchhook_${name}_scheme +\\{ default )[^;]+`), '$1http');
      writeFileSync(file, text);
    }
    mkdirSync(join(this.dir, 'nginx', 'pages'));
    for (const [name, text] of Object.entries(pages)) writeFileSync(join(this.dir, 'nginx', 'pages', name), text);
    const served = `location /pages/ { root ${this.dir}/nginx; types { text/html html; text/javascript js; }
        include snippets/switchhook/headers.conf; add_header Content-Security-Policy "${policy}"; }`;
    const conf = readFileSync(join(source, 'nginx', 'private.conf.in'), 'utf8')
      .replace('include snippets/switchhook/server.conf;', (line) => (policy ? `${line}\n${served}` : line))
      .replaceAll('@DIR@', this.dir)
      .replaceAll('@PORT@', this.port)
      .replaceAll('@WORKERS@', '1')
      .replace(/access_log .*;/, (line) => (accessLog ? line : 'access_log off;'));
    writeFileSync(join(this.dir, 'nginx', 'nginx.conf'), conf);
    this.own(join(this.dir, 'nginx'));
    this.nginx = this.#child('nginx', [
      '/usr/sbin/nginx',
      '-p',
      join(this.dir, 'nginx'),
      '-e',
      join(this.dir, 'log', 'nginx-error.log'),
      '-c',
      join(this.dir, 'nginx', 'nginx.conf'),
    ]);
    await until(() => this.http('GET', '/nothing').then((res) => res.status === 404));
  }

  // Runs the operator's command and returns what it prints; input: what stands on its standard input.
  switchhook(...args) {
    const options = typeof args.at(-1) === 'object' ? args.pop() : {};
    return run(['setpriv', ...as, '--', program('switchhook'), '--env', this.env, ...args], options);
  }

  // A file of secrets that the command may read.
  secrets(text) {
    const path = join(this.dir, 'secrets');
    writeFileSync(path, text, { mode: 0o600 });
    this.own(path);
    return path;
  }

  async startPool(name, n) {
    const socket = join(this.dir, 'run', `${name}.sock`);
    const c = this.#child(name, [
      'spawn-fcgi',
      '-n',
      '-s',
      socket,
      '-M',
      '0660',
      '-b',
      '1024',
      '--',
      program('switchhook-worker'),
      '--pool',
      name,
      '--workers',
      `${n}`,
      '--env',
      this.env,
    ]);
    this.pools[name] = c;
    await until(() => {
      assert.equal(c.exitCode, null, c.log());
      return this.workers(name).length === n;
    });
  }

  startSweep() {
    this.sweep = this.#child('sweep', [program('switchhook-sweep'), '--env', this.env, '--loop', '1']);
  }

  // The pids of a pool's children.
  workers(pool = 'hooks') {
    const { pid } = this.pools[pool];
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  }

  async stopPool(name) {
    const c = this.pools[name];
    this.#children.splice(this.#children.indexOf(c), 1);
    return end(c);
  }

  sql(text, user) {
    return this.pg.sql(text, 'switchhook', user);
  }

  rows(query) {
    return this.pg.rows(query);
  }

  // One HTTP request to nginx: { status, headers, bytes, text, json() }. body: a string or bytes.
  async http(method, path, { headers = {}, body } = {}) {
    const req = request({
      host: '127.0.0.1',
      port: this.port,
      method,
      path,
      agent: this.#agent,
      headers: {
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    req.end(body);
    const [res] = await once(req, 'response');
    const parts = [];
    for await (const part of res) parts.push(part);
    const bytes = Buffer.concat(parts);
    const text = bytes.toString();
    return { status: res.statusCode, headers: res.headers, bytes, text, json: () => JSON.parse(text) };
  }

  // What Twilio would send: a form (or a query for GET), signed by Twilio's own SDK over the public URL.
  webhook(
    path,
    fields,
    { method = 'POST', token = this.tenant.token, signature, headers = {}, body = form(fields) } = {},
  ) {
    const target = method === 'GET' ? `${path}${path.includes('?') ? '&' : '?'}${body}` : path;
    const mark =
      signature === undefined
        ? sign(target, method === 'GET' ? {} : fields, { token, base: this.settings.PUBLIC_URL })
        : signature;
    return this.http(method, target, {
      headers: {
        ...(method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
        'user-agent': 'TwilioProxy/1.1',
        ...(mark === null ? {} : { 'x-twilio-signature': mark }),
        ...headers,
      },
      ...(method === 'GET' ? {} : { body }),
    });
  }

  // As Twilio delivers with rc=1&rp=all: once more when there was no connection or a 5xx.
  // https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
  async deliver(path, fields) {
    const first = await this.webhook(path, fields).catch((error) => ({ status: 0, error }));
    return first.status >= 200 && first.status < 500
      ? first
      : this.webhook(path, fields).catch((error) => ({ status: 0, error }));
  }

  // One request of a CRM, with the tenant's API key.
  api(method, path, json, { headers = {}, key = this.tenant.key } = {}) {
    return this.http(method, path, {
      headers: {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    });
  }

  // All logs of all programs: [name, text].
  logs() {
    const dir = join(this.dir, 'log');
    return readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]);
  }

  async #end() {
    const how = [];
    for (const c of this.#children.reverse()) how.push([c.name, await end(c)]);
    this.#agent.destroy();
    await this.pg?.stop();
    return how;
  }

  // clean: false for rigs whose test made programs fail on purpose. SWITCHHOOK_T_KEEP=1 keeps directory and logs.
  async stop({ clean = true } = {}) {
    const how = await this.#end();
    const logs = this.logs();
    const complaint = /Sanitizer|runtime error:|"err":"internal"|\[(alert|emerg)\]|out of memory|Assertion|assert/;
    const found = logs.flatMap(([name, text]) =>
      text
        .split('\n')
        .filter((l) => complaint.test(l))
        .map((l) => `${name}: ${l}`),
    );
    const reports = logs.filter(([name]) => /^(asan|ubsan)\./.test(name));
    if (clean) {
      assert.deepEqual(
        how.filter(([, code]) => code !== 0),
        [],
        'every program ended well',
      );
      assert.deepEqual(found.slice(0, 20), [], 'no program complained');
    }
    assert.deepEqual(reports, [], 'no sanitizer reported');
    if (!process.env.SWITCHHOOK_T_KEEP) rmSync(this.dir, { recursive: true, force: true });
  }
}
