// switchhook setup in a root of its own: tries the account first, writes once, says so when there is nothing to do.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { newest, Postgres } from '../lib/postgres.mjs';
import { directory, end, program, root as asRoot, run, source, until } from '../lib/process.mjs';
import { Simulator } from '../lib/sim.mjs';
import { ACCOUNT, TOKEN } from '../lib/twilio.mjs';

const as = asRoot ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const number = '+442079460958';

describe('switchhook setup', () => {
  let dir;
  let pg;
  let sim;
  let share;
  before(async () => {
    dir = directory('setup');
    mkdirSync(join(dir, 'log'));
    pg = await Postgres.start(dir);
    sim = await Simulator.start({ dir, port: 9, as }, {});
    await sim.number(number);
    share = join(dir, 'share');
    for (const part of ['nginx', 'migrations']) cpSync(join(source, part), join(share, part), { recursive: true });
    fresh();
  });
  after(async () => {
    await end(sim.child);
    await pg.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const own = () => asRoot && run(['chown', '-R', '--no-dereference', 'postgres:postgres', join(dir, 'root'), share]);
  // A machine on which nothing has been set up.
  const fresh = () => {
    pg.sql('drop database if exists switchhook', 'postgres');
    rmSync(join(dir, 'root'), { recursive: true, force: true });
    mkdirSync(join(dir, 'root'));
    own();
  };
  const at = (path) => join(dir, 'root', path);
  const good = () => ({
    PUBLIC_URL: 'https://phone.example.org/',
    COMPANY: 'Fish & Chips "Ltd"',
    ADMIN_EMAIL: 'Boss@example.org',
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_PHONE_NUMBER: '+44 20 7946 0958',
    FORWARD_PHONE_NUMBER: '+442079460999',
    OPENAI_API_KEY: 'sk-test $1',
  });
  const place = () => ({ TWILIO_API_BASE_URL: sim.url, DATABASE_URL: pg.url });
  const command = (answers, ...more) => {
    const file = join(dir, 'answers');
    const quoted = (v) => `"${v.replace(/["\\$`]/g, '\\$&')}"`;
    const text = Object.entries(answers ?? {}).map(([k, v]) => `${k}=${quoted(v)}\n`);
    writeFileSync(file, text.join(''));
    if (asRoot) run(['chown', 'postgres', file]);
    const given = answers === null ? [] : ['--answers', file];
    const where = ['--root', at(''), '--share', share];
    return ['setpriv', ...as, '--', program('switchhook'), 'setup', ...where, ...given, ...more];
  };
  const setup = (answers, ...more) => {
    const [file, ...args] = command(answers, ...more);
    const c = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
    let stdout = '';
    let stderr = '';
    c.stdout.on('data', (d) => (stdout += d));
    c.stderr.on('data', (d) => (stderr += d));
    return new Promise((done) => c.on('close', (status) => done({ status, stdout, stderr })));
  };
  const untouched = () => {
    assert.deepEqual(readdirSync(at('')), [], 'no file');
    assert.equal(pg.sql("select count(*) from pg_database where datname = 'switchhook'", 'postgres'), '0');
  };
  // Everything that setup may write, as text.
  const state = () => {
    const paths = readdirSync(at(''), { recursive: true }).sort();
    const files = paths.map((p) => {
      const st = lstatSync(at(p));
      return `${p} ${st.mode.toString(8)} ${st.isFile() ? `${st.ino} ${readFileSync(at(p))}` : ''}`;
    });
    const tables = 'tenants users twilio_configurations tenant_keys numbers audit_entries mail_outbox';
    const rows = tables.split(' ').map((t) => pg.sql(`table ${t}`));
    const logins = ['hba', 'ident'].map((f) => readFileSync(join(dir, 'pg/data', `pg_${f}.conf`), 'utf8'));
    return [...files, ...rows, ...logins].join('\n');
  };

  it('writes nothing while an answer is missing or wrong', async () => {
    for (const [change, status, says] of [
      [{ PUBLIC_URL: '' }, 3, /PUBLIC_URL is missing/],
      [{ PUBLIC_URL: 'phone.example.org' }, 1, /PUBLIC_URL: expected https/],
      [{ PUBLIC_URL: 'https://phone.example.org/path' }, 1, /PUBLIC_URL/],
      [{ COMPANY: '' }, 3, /COMPANY is missing/],
      [{ ADMIN_EMAIL: 'a b@example.org' }, 1, /ADMIN_EMAIL/],
      [{ TWILIO_ACCOUNT_SID: 'AC123' }, 1, /TWILIO_ACCOUNT_SID: expected AC/],
      [{ TWILIO_AUTH_TOKEN: '' }, 3, /TWILIO_AUTH_TOKEN is missing/],
      [{ TWILIO_API_KEY_SID: `SK${'1'.repeat(32)}` }, 3, /TWILIO_API_KEY_SECRET is missing/],
      [{ FORWARD_PHONE_NUMBER: '12' }, 1, /FORWARD_PHONE_NUMBER/],
    ]) {
      const res = await setup({ ...good(), ...place(), ...change });
      assert.equal(res.status, status, `${JSON.stringify(change)} ${res.stderr}`);
      assert.match(res.stderr, says);
      untouched();
    }
    const nothing = await setup(null);
    assert.equal(nothing.status, 3, 'without a terminal nobody is asked');
    untouched();
  });

  it('writes nothing while Twilio does not know the account, its key or its number', async () => {
    for (const [change, status, says] of [
      [{ TWILIO_AUTH_TOKEN: 'f'.repeat(32) }, 4, /./],
      [{ TWILIO_ACCOUNT_SID: `AC${'9'.repeat(32)}` }, 4, /./],
      [{ TWILIO_API_KEY_SID: `SK${'1'.repeat(32)}`, TWILIO_API_KEY_SECRET: 'x'.repeat(32) }, 4, /./],
      [{ TWILIO_PHONE_NUMBER: '+442079460111' }, 1, /does not own/],
      [{ TWILIO_API_BASE_URL: 'http://127.0.0.1:1' }, 75, /./],
    ]) {
      const res = await setup({ ...good(), ...place(), ...change });
      assert.equal(res.status, status, `${JSON.stringify(change)} ${res.stderr}`);
      assert.match(res.stderr, says);
      untouched();
    }
  });

  let password;
  it('sets everything up from a file of answers', async () => {
    const res = await setup({ ...good(), ...place() });
    assert.equal(res.status, 0, res.stderr);
    const steps = 'twilio folders settings keys database schema logins tenant twiml admin nginx';
    for (const step of steps.split(' '))
      assert.match(res.stdout, new RegExp(`^${step}( app)? +(done|as it was)`, 'm'));
    [, password] = /boss@example\.org +(\S+)/i.exec(res.stderr);
    assert.match(password, /^[a-z]{5}(-[a-z]{5}){3}$/);
    assert.match(res.stderr, /certbot certonly .*-d phone\.example\.org/);
    assert.match(res.stderr, /switchhook number adopt/);

    const settings = readFileSync(at('etc/switchhook/switchhook.env'), 'utf8');
    assert.equal((statSync(at('etc/switchhook/switchhook.env')).mode & 0o777).toString(8), '640');
    assert.match(settings, /^PUBLIC_URL=https:\/\/phone\.example\.org$/m);
    assert.match(settings, /^OPENAI_API_KEY="sk-test \\\$1"$/m);
    assert.ok(!settings.includes(TOKEN), 'what is sealed in the database stands nowhere else');
    assert.equal((statSync(at('etc/switchhook/keys')).mode & 0o777).toString(8), '600');
    assert.match(readFileSync(at('etc/switchhook/keys'), 'utf8'), /^\S+ [0-9a-f]{64}\n$/);
    for (const folder of ['recordings', 'spool', 'fallback']) assert.ok(existsSync(at(`var/lib/switchhook/${folder}`)));

    const site = readFileSync(at('etc/nginx/sites-available/switchhook'), 'utf8');
    assert.match(site, /server_name phone\.example\.org;/);
    assert.doesNotMatch(site, /crm\.example/);
    assert.equal(readlinkSync(at('etc/nginx/sites-enabled/switchhook')), '../sites-available/switchhook');
    assert.ok(existsSync(at('etc/nginx/sites-enabled/switchhook')));
    assert.ok(existsSync(at('etc/nginx/snippets/switchhook/server.conf')));

    assert.equal(pg.sql('select max(version) from schema_migrations'), `${Number(newest().slice(0, 4))}`);
    assert.equal(
      pg.sql(`select string_agg(rolname, ' ' order by rolname) from pg_roles
               where rolname ~ '^switchhook' and rolcanlogin`),
      'switchhook_app switchhook_ingest switchhook_sweep',
    );
    assert.equal(pg.sql('select count(*) from pg_hba_file_rules where error is not null', 'postgres'), '0');
    const rules = 'select type, database, auth_method, options from pg_hba_file_rules order by line_number limit 1';
    const first = pg.sql(rules, 'postgres');
    assert.equal(first, 'local|{switchhook}|peer|{map=switchhook}');
    const ident = readFileSync(join(dir, 'pg/data/pg_ident.conf'), 'utf8');
    for (const role of ['ingest', 'app', 'sweep'])
      assert.match(ident, new RegExp(`^switchhook switchhook switchhook_${role}$`, 'm'));
    assert.equal(pg.sql('select name, default_number, country from tenants'), `Fish & Chips "Ltd"|${number}|GB`);
    assert.equal(pg.sql('select e164, forward_to from numbers'), `${number}|+442079460999`);
    assert.equal(pg.sql('select email, role from users'), 'boss@example.org|admin');
    assert.match(pg.sql('select auth_token from twilio_configurations'), /^enc2\|/);
    const everything = state();
    assert.ok(!everything.includes(password) && !everything.includes(TOKEN));
    const env = ['--env', at('etc/switchhook/switchhook.env')];
    const check = run(['setpriv', ...as, '--', program('switchhook'), ...env, 'tenant', 'list']);
    assert.match(check, /Fish & Chips/, 'and the settings it wrote are good');
  });

  it('changes nothing the second time, and says so; with or without answers', async () => {
    const was = state();
    for (const answers of [{ ...good(), ...place() }, null]) {
      const res = await setup(answers);
      assert.equal(res.status, 0, res.stderr);
      assert.match(res.stderr, /nothing was changed/);
      assert.doesNotMatch(res.stdout, / done /);
      assert.doesNotMatch(res.stderr, /boss@example/i);
      assert.equal(state(), was);
    }
  });

  it('changes what is answered otherwise, and keeps what an operator wrote', async () => {
    const path = at('etc/switchhook/switchhook.env');
    writeFileSync(path, `# Mine.\n${readFileSync(path, 'utf8')}LOG_LEVEL=debug\n`);
    writeFileSync(at('etc/nginx/sites-available/switchhook'), '# mine\n');
    const res = await setup({ OPENAI_API_KEY: 'sk-other' });
    assert.equal(res.status, 0, res.stderr);
    assert.match(res.stdout, /^settings +done/m);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /^# Mine\.$/m);
    assert.match(text, /^LOG_LEVEL=debug$/m);
    assert.match(text, /^OPENAI_API_KEY=sk-other$/m);
    assert.doesNotMatch(text, /sk-test/);
    assert.equal(readFileSync(at('etc/nginx/sites-available/switchhook'), 'utf8'), '# mine\n');
  });

  it('invites the first admin where mail goes out, and takes over a key of other settings', async () => {
    fresh();
    const key = 'ab'.repeat(32);
    const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'phone@example.org', ENCRYPTION_KEY: key };
    const { PUBLIC_URL: url, ...rest } = good();
    const res = await setup({ ...rest, ...place(), ...mail, NEXT_PUBLIC_APP_URL: url });
    assert.equal(res.status, 0, res.stderr);
    assert.match(res.stdout, /invited by mail/);
    assert.equal(pg.sql('select password_hash is null, (select kind from mail_outbox) from users'), 't|invite');
    assert.equal(readFileSync(at('etc/switchhook/keys'), 'utf8'), `k1 ${key}\n`);
  });

  it('gives a tenant that is there the account it lacks', async () => {
    fresh();
    const answers = { ...good(), ...place() };
    assert.equal((await setup(answers)).status, 0);
    pg.sql('delete from twilio_configurations; delete from numbers');
    const res = await setup(answers);
    assert.equal(res.status, 0, res.stderr);
    assert.match(res.stdout, /^tenant +done +Fish & Chips "Ltd" has its account$/m);
    assert.match(pg.sql('select auth_token from twilio_configurations'), /^enc2\|/);
    assert.equal(pg.sql('select count(*), (select e164 from numbers) from tenants'), `1|${number}`);
    assert.match((await setup(answers)).stderr, /nothing was changed/);
  });

  const rootless = !asRoot && 'not run as root';
  it('as root is the superuser by peer authentication, and stays it', { skip: rootless }, async () => {
    fresh();
    const [hba, ident] = ['hba', 'ident'].map((f) => join(dir, 'pg/data', `pg_${f}.conf`));
    const before = readFileSync(hba, 'utf8');
    writeFileSync(hba, 'local all all peer\n');
    writeFileSync(ident, '');
    pg.sql('select pg_reload_conf()', 'postgres');
    await until(() => assert.throws(() => pg.sql('select 1', 'postgres')) ?? true); // root is nobody to it
    const [, ...rest] = command({ ...good(), ...place() });
    const args = rest.slice(rest.indexOf('--') + 1);
    const said = run(args, { env: { PATH: process.env.PATH } });
    assert.match(said, /^logins +done/m);
    assert.equal(pg.sql('select count(*) from tenants'), '1', 'root is let in as postgres');
    const env = ['--env', at('etc/switchhook/switchhook.env')];
    run([program('switchhook'), ...env, 'key', 'add', '--name', 'crm']);
    assert.equal(statSync(hba).uid, statSync(join(dir, 'pg/data')).uid, "the server's files stay its own");
    assert.match(run(args, { env: { PATH: process.env.PATH } }), /^logins +as it was/m);
    writeFileSync(hba, before);
    run(['setpriv', ...as, '--', '/usr/lib/postgresql/15/bin/pg_ctl', 'reload', '-D', join(dir, 'pg/data')]);
    await until(() => pg.sql('select 1', 'postgres') === '1');
  });

  it('asks ten questions at a terminal, shows no secret, and asks again for what is none', async () => {
    fresh();
    const words = [
      [/Public address.*: $/, 'https://phone.example.org'],
      [/Name of the company: $/, 'Typed'],
      [/E-mail.*: $/, 'nonsense'],
      [/Expected one plain address[^]*E-mail.*: $/, 'boss@example.org'],
      [/account SID.*: $/, ACCOUNT],
      [/auth token: $/, TOKEN],
      [/API key.*: $/, ''],
      [/First phone number.*: $/, number],
      [/forwarded to.*: $/, ''],
      [/transcription.*: $/, ''],
    ];
    const quote = (w) => `'${w.replaceAll("'", `'\\''`)}'`;
    // What only an installation elsewhere needs stands in the environment.
    const env = { PATH: process.env.PATH, ...place(), TERM: 'dumb' };
    const c = spawn('script', ['-qec', command(null).map(quote).join(' '), '/dev/null'], { env });
    let said = '';
    let seen = 0;
    c.stdout.on('data', (d) => {
      said += d;
      if (words.length > 0 && words[0][0].test(said.slice(seen))) {
        seen = said.length;
        c.stdin.write(`${words.shift()[1]}\n`);
      }
    });
    const status = await new Promise((done) => c.on('close', done));
    assert.equal(status, 0, said);
    assert.deepEqual(words, []);
    assert.ok(!said.includes(TOKEN), 'typed and not shown');
    assert.match(said, /shown this once: boss@example\.org +[a-z-]{23}/);
    assert.equal(pg.sql('select name from tenants'), 'Typed');
  });
});
