// The database behind scenarios: serves `switchhook-sim play --facts`, which asks for given, change, stored and later.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

const PATIENCE_MS = 20000;
const PAUSE_MS = 150;
const quote = (text) => (text === 'null' ? 'null' : `'${String(text).replaceAll("'", "''")}'`);
const name = (text) => {
  if (!/^[a-z_][a-z0-9_]*$/.test(text)) throw new Error(`no name: ${text}`);
  return text;
};
const among = (column, list) => (list.length ? `${column} in (${list.map(quote).join()})` : 'false');

// What `stored` may ask about, each as far as it belongs to the calls and numbers of one scenario.
const views = {
  calls: (s) =>
    `select c.* from calls c where ${among('from_number', s.numbers)} or ${among('to_number', s.numbers)}`,
  legs: (s) => `select l.* from call_legs l where ${among('sid', s.calls)}`,
  events: (s) => `select e.*, e.call_id is not null as known from call_events e where ${among('call_sid', s.calls)}`,
  recordings: (s) => `select r.* from recordings r where ${among('call_sid', s.calls)}`,
  texts: (s) =>
    `select t.* from transcripts t join recordings r on r.id = t.recording_id where ${among('r.call_sid', s.calls)}`,
  analyses: (s) => `select a.* from analyses a join transcripts t on t.id = a.transcript_id
    join recordings r on r.id = t.recording_id where ${among('r.call_sid', s.calls)}`,
  report: (s) => `select r.* from call_recordings r where ${among('twilio_call_sid', s.calls)}`,
  intents: (s) => `select i.* from call_intents i join (${views.calls(s)}) c on c.id = i.call_id`,
  commands: (s) => `select m.* from call_commands m join (${views.calls(s)}) c on c.id = m.call_id`,
  consents: (s) => `select k.* from consent_records k join (${views.calls(s)}) c on c.id = k.call_id`,
  controls: (s) => `select x.* from call_controls x join (${views.calls(s)}) c on c.id = x.call_id`,
  jobs: (s) => `select j.* from jobs j where ref in (
    select id::text from recordings where ${among('call_sid', s.calls)}
    union all
    select t.id::text from transcripts t join recordings r on r.id = t.recording_id
     where ${among('r.call_sid', s.calls)})`,
};

function condition([column, op, value]) {
  const c = `${name(column)}::text`;
  if (op === '=') return `${c} is not distinct from ${quote(value)}`;
  if (op === '!=') return `${c} is distinct from ${quote(value)}`;
  if (op === '~') return `strpos(coalesce(${c}, ''), ${quote(value)}) > 0`;
  if (op === '!~') return `strpos(coalesce(${c}, ''), ${quote(value)}) = 0`;
  return `${c}::numeric ${op === '>' ? '>' : '<'} ${Number(value)}`;
}

// One psql that stays: a query a line, its answer ends with a mark.
class Sql {
  #waiting = [];
  #out = '';
  #err = '';

  constructor(command) {
    this.psql = spawn(command[0], command.slice(1), { stdio: 'pipe', cwd: '/' });
    this.psql.stderr.on('data', (d) => {
      this.#err += d;
    });
    this.psql.stdout.on('data', (d) => {
      this.#out += d;
      for (let at; (at = this.#out.indexOf('\u0001\n')) >= 0;) {
        const text = this.#out.slice(0, at).trim();
        this.#out = this.#out.slice(at + 2);
        const { done, failed } = this.#waiting.shift();
        if (this.#err) failed(new Error(this.#err));
        else done(text);
        this.#err = '';
      }
    });
  }

  // Errors travel on another pipe than the mark: each query says itself how it went.
  query(text) {
    return new Promise((done, failed) => {
      this.#waiting.push({ done, failed });
      this.psql.stdin.write(
        `${text.replace(/\s*\n\s*/g, ' ')};\n\\echo :ERROR :LAST_ERROR_MESSAGE\n\\echo '\u0001'\n`,
      );
    }).then((answer) => {
      const lines = answer.split('\n');
      const how = lines.pop();
      if (how.startsWith('true')) throw new Error(how);
      return lines.join('\n');
    });
  }

  async end() {
    this.psql.stdin.end();
    await once(this.psql, 'close');
  }
}

export class Facts {
  failed = new Set();

  // command: of a psql that may do everything; later: makes time pass for the sweep.
  static async start({ command, tenant, later }) {
    const facts = new Facts();
    Object.assign(facts, { sql: new Sql(command), tenant, later });
    facts.server = createServer((q, r) => {
      facts.#serve(q, r);
    });
    facts.server.listen(0, '127.0.0.1');
    await once(facts.server, 'listening');
    facts.url = `http://127.0.0.1:${facts.server.address().port}`;
    return facts;
  }

  async #serve(q, r) {
    let body = '';
    for await (const part of q) body += part;
    let reply;
    try {
      reply = await this.#do(q.url.slice(1), JSON.parse(body));
    } catch (e) {
      reply = { ok: false, why: e.message.slice(0, 600) };
    }
    r.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  }

  async #do(word, { args: [what, count], terms, calls, numbers }) {
    if (word === 'stored') return this.#stored(what, count, terms, { calls, numbers });
    const set = (list) => list.map(([column, , value]) => [name(column), quote(value)]);
    if (word === 'given') {
      const row = set([['tenant_id', '=', this.tenant], ...terms]);
      await this.sql.query(`insert into ${name(what)} (${row.map(([c]) => c)}) values (${row.map(([, v]) => v)})`);
    } else if (word === 'change') {
      const [key, ...rest] = terms;
      await this.sql.query(`update ${name(what)} set ${set(rest).map((p) => p.join(' = '))} where ${condition(key)}`);
    } else if (word === 'later') await this.later();
    return { ok: true };
  }

  // As soon as it is so: webhooks and jobs need their time.
  async #stored(what, count, terms, scope) {
    if (!views[what]) return { ok: false, why: `${what}: there are ${Object.keys(views)}` };
    const from = `from (${views[what](scope)}) v`;
    const where = terms.map(condition).join(' and ') || 'true';
    const who = scope.numbers.join();
    for (const end = Date.now() + (this.failed.has(who) ? PAUSE_MS : PATIENCE_MS); ;) {
      const n = Number(await this.sql.query(`select count(*) ${from} where ${where}`));
      if (count === undefined ? n > 0 : n === Number(count)) return { ok: true, why: `found ${n}` };
      if (Date.now() > end) {
        this.failed.add(who); // the rest of its file is not worth waiting for
        const seen = await this.sql.query(`select coalesce(json_agg(v), '[]') ${from}`);
        return { ok: false, why: `found ${n} among ${seen.replaceAll('\n', ' ').slice(0, 700)}` };
      }
      await new Promise((go) => {
        setTimeout(go, PAUSE_MS);
      });
    }
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    await this.sql.end();
  }
}
