// Every list of the API, read page by page while 10,000 rows come in: nothing twice, nothing left out. The lists are
// those of fcgi/routes*.c that take a cursor; an export is no page of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { Rig } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const THERE = 2000; // before the first page
const COMING = 10000; // while pages are read

// Columns and values of the n-th row of a list, in SQL. Moments are shared, so that the id must decide too.
const at = `now() - (n % 50) * interval '1 second'`;
const one = "(select id from dnc_lists where name = 'one')";
const rows = {
  calls: [
    'from_number, to_number, direction, root_role, status, created_at',
    `'+442079460123', '+442079460958', 'inbound', 'customer', 'ringing', ${at}`,
  ],
  contacts: ['name, created_at', `'c' || n, ${at}`],
  clients: ['name, created_at', `'c' || n, ${at}`],
  campaigns: ['name, created_at', `'c' || n, ${at}`],
  users: ['email, role, created_at', `'u' || n || '@example.com', 'agent', ${at}`],
  colleagues: ['email, role, created_at', `'u' || n || '@example.com', 'agent', ${at}`],
  numbers: ['e164, created_at', `'+4420' || 10000000 + n, ${at}`],
  recordings: [
    'sid, call_sid, call_id, status, created_at',
    `'RE' || md5(n::text), 'CA' || md5(''), (select id from calls where client_id is not null limit 1),
     'completed', ${at}`,
  ],
  erasures: ['contact_ids, asked_by, asked_at', `array[gen_random_uuid()], 'user:1', ${at}`],
  holds: ['kind, ref, reason, placed_by, placed_at', `'call', gen_random_uuid(), 'a case', 'user:1', ${at}`],
  conversations: ['customer_number, created_at', `'+4420' || 10000000 + n, ${at}`],
  keys: [
    'name, prefix, secret_hash, created_at',
    `'k' || n, 'shk_live_' || lpad(n::text, 12, '0'), sha256(n::text::bytea), ${at}`,
  ],
  audit: ['seq, actor, action, object, hash', `0, 'user:1', 'user.change', n::text, ''`],
  'dnc-lists': ['name, created_at', `'l' || n, ${at}`],
  entries: ['number, list_id, added_by, created_at', `'+4420' || 10000000 + n, ${one}, 'user:1', ${at}`],
  'dnc-entries': ['number, list_id, added_by, created_at', `'+4420' || 10000000 + n, ${one}, 'user:1', ${at}`],
  consents: [
    'number, purpose, decision, method, created_by, created_at',
    `'+442079460123', 'call', 'granted', 'api', 'user:1', ${at}`,
  ],
  disclosures: [
    'client_id, language, disclosure, created_at',
    `null, 'en-' || lpad((n % 100000)::text, 5, '0'), 'd', ${at}`,
  ],
  keywords: ['phrase, tag, created_at', `'p' || n, 't', ${at}`],
  jobs: ['kind, ref, created_at', `'fetch', 'r' || n, ${at}`],
  transcripts: [
    'recording_id, version, model, text, segments, created_at',
    `(select id from recordings order by id limit 1), n, 'm', '', '[]', ${at}`,
  ],
  conversions: [
    'call_id, currency, created_at',
    `(select id from calls where client_id is not null limit 1), 'GBP', ${at}`,
  ],
  budgets: ['amount, currency, created_at', `1, 'GBP', ${at}`],
  'webhook-endpoints': [
    'url, events, secret, created_at',
    `'https://crm.example/' || n, '{call.missed}', 'enc2|x|y', ${at}`,
  ],
  'alert-rules': ['kinds, channel, target, created_at', `'{missed_call}', 'mail', 'a' || n || '@example.com', ${at}`],
  'report-schedules': ['every, recipients, created_at', `'week', '{a@example.com}', ${at}`],
  'webhook-deliveries': [
    'endpoint_id, message_id, created_at',
    `'01890000-0000-7000-8000-0000000000e1', '01890000-0000-7000-8000-0000000000f1', ${at}`,
  ],
  alerts: [
    'notice_id, channel, target, due_at, created_at',
    `'01890000-0000-7000-8000-0000000000f2', 'mail', 'a@example.com', now(), ${at}`,
  ],
  reports: [
    'schedule_id, every, from_date, to_date, figures, created_at',
    `'01890000-0000-7000-8000-0000000000f3', 'week', date '2000-01-01' + n, date '2000-01-02' + n, '{}', ${at}`,
  ],
  'retention-runs': ['day, asked_by, state, finished_at, started_at', `'2026-01-05', 'user:1', 'done', now(), ${at}`],
  events: [
    'digest, kind, event_type, call_sid, received_at, raw',
    `md5(n::text)::uuid, 'voice.status', 'ringing', '', now(), ''`,
  ],
};
const table = {
  colleagues: 'users',
  events: 'webhook_events',
  holds: 'legal_holds',
  keys: 'api_keys',
  audit: 'audit_entries',
  'dnc-lists': 'dnc_lists',
  entries: 'dnc_entries',
  'dnc-entries': 'dnc_entries',
  consents: 'consent_records',
  'webhook-endpoints': 'webhook_endpoints',
  'webhook-deliveries': 'webhook_deliveries',
  'alert-rules': 'alert_rules',
  'report-schedules': 'report_schedules',
  'retention-runs': 'retention_runs',
};
// What a row is known by, where it has no id.
const key = { entries: 'number', 'dnc-entries': 'number' };

describe('a list while 10,000 rows come in', () => {
  let rig;
  let client;
  let list;
  let used = 0; // numbers of rows that earlier lists have used
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, auth: 0 } });
    client = rig.sql(`insert into clients (tenant_id, name) values ('${rig.tenant.id}', 'c') returning id`);
    rig.sql(`insert into calls (tenant_id, client_id, from_number, to_number, direction, root_role, status)
             values ('${rig.tenant.id}', '${client}', '+442079460123', '+442079460958', 'inbound', 'customer',
                     'ringing')`);
    rig.sql(`insert into recordings (tenant_id, sid, call_sid, call_id, status)
             select tenant_id, 'RE' || md5(''), 'CA' || md5(''), id, 'completed' from calls`);
    list = rig.sql(`insert into dnc_lists (tenant_id, name) values ('${rig.tenant.id}', 'one') returning id`);
    const { id } = rig.tenant;
    rig.sql(`insert into webhook_endpoints (id, tenant_id, url, events, secret)
        values ('01890000-0000-7000-8000-0000000000e1', '${id}', 'https://crm.example/', '{call.missed}', 'enc2|x|y');
      insert into webhook_messages (id, tenant_id, type, body)
        values ('01890000-0000-7000-8000-0000000000f1', '${id}', 'test.ping', '{}');
      insert into notices (id, tenant_id, kind, ref)
        values ('01890000-0000-7000-8000-0000000000f2', '${id}', 'spend', 'x');
      insert into report_schedules (id, tenant_id, every, recipients)
        values ('01890000-0000-7000-8000-0000000000f3', '${id}', 'week', '{a@example.com}')`);
  });
  after(() => rig.stop());

  const paged = (r) => r.method === 'GET' && r.query && !/exports/.test(r.path);
  const lists = routes.filter((r) => /^\[\w+\]$/.test(r.reply) && paged(r));
  it('each of them has its rows here', () => {
    assert.ok(lists.length >= Object.keys(rows).length, `${lists.length}`);
    for (const r of lists) assert.ok(rows[r.path.split('/').at(-1)], `no rows for ${r.path}`);
  });

  const insert = (noun, from, to) =>
    `insert into ${table[noun] ?? noun} (tenant_id, ${rows[noun][0]})
     select '${rig.tenant.id}', ${rows[noun][1]} from generate_series(${used + from}, ${used + to}) n;`;

  // Twenty transactions of their own, one after the other, beside the reader. Resolves when all are committed.
  function pour(noun) {
    const login = ['-h', rig.pg.host, '-U', 'postgres', '-d', 'switchhook'];
    const psql = spawn('psql', [...login, '-qAtX', '-v', 'ON_ERROR_STOP=1']);
    const step = COMING / 20;
    let said = '';
    psql.stderr.on('data', (d) => {
      said += d;
    });
    for (let i = 0; i < 20; i++) psql.stdin.write(insert(noun, THERE + 1 + i * step, THERE + (i + 1) * step));
    psql.stdin.end();
    return once(psql, 'exit').then(([code]) => assert.equal(code, 0, said));
  }

  const count = (noun) => Number(rig.sql(`select count(*) from ${table[noun] ?? noun}`));
  const eachOnce = (seen) => assert.equal(new Set(seen).size, seen.length, 'nothing twice');

  for (const r of lists.filter((x) => !/events$/.test(x.path))) {
    const noun = r.path.split('/').at(-1);
    it(`${r.path} repeats nothing and skips nothing that was there`, async () => {
      used += THERE + COMING;
      rig.sql(insert(noun, 1, THERE));
      const name = key[noun] ?? 'id';
      const all = `select ${name} as id from ${table[noun] ?? noun} where tenant_id = '${rig.tenant.id}'`;
      const there = rig.rows(all).map((x) => x.id);
      const more = pour(noun);
      const seen = [];
      let cursor = '';
      const path = r.path.replace(':id', /dnc/.test(r.path) ? list : client);
      for (let page = 0; page < 8 * ((THERE + COMING) / 100) && cursor !== null; page++) {
        const res = await rig.api('GET', `${path}?limit=100${cursor && `&cursor=${cursor}`}`);
        assert.equal(res.status, 200, res.text);
        seen.push(...res.json().data.map((x) => x[name]));
        cursor = res.json().next_cursor;
      }
      await more;
      assert.equal(cursor, null, 'the list ends');
      eachOnce(seen);
      const got = new Set(seen);
      assert.deepEqual(
        there.filter((x) => !got.has(x)),
        [],
        'nothing skipped',
      );
      assert.ok(count(noun) >= THERE + COMING);
    });
  }

  it('/api/v1/events tells everything that came, once', async () => {
    const start = (await rig.api('GET', '/api/v1/events')).json().next_cursor;
    rig.sql(insert('events', 1, THERE));
    let pouring = true;
    const all = pour('events').then(() => {
      pouring = false;
    });
    const seen = [];
    let cursor = start;
    for (let quiet = 0; quiet < 2; ) {
      const last = !pouring;
      const res = await rig.api('GET', `/api/v1/events?limit=100&after=${cursor}`);
      assert.ok([200, 304].includes(res.status), res.text);
      if (res.status === 304) {
        quiet += last ? 1 : 0;
        continue;
      }
      quiet = 0;
      seen.push(...res.json().data.map((e) => e.id));
      cursor = res.json().next_cursor;
    }
    await all;
    eachOnce(seen);
    assert.equal(seen.length, THERE + COMING, 'nothing skipped');
  });
});
