// The doctor: each check is broken by itself and turns red alone, is said with what it means and what cures it, and is
// green again after the cure. The command and the API say the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Rig } from '../lib/rig.mjs';
import { source } from '../lib/process.mjs';

describe('the doctor', () => {
  let rig;
  let t;
  let healthy;
  let other;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 0, auth: 0 } });
    t = rig.tenant.id;
    rig.sql("insert into sweeps (host, started_at, seen_at) values ('here', now(), now())");
    rig.sql(`update twilio_configurations set api_key_sid = 'SK' || repeat('0', 32),
                     twiml_app_sid = 'AP' || repeat('0', 32)
              where tenant_id = '${t}'`);
    other = rig.sql("insert into tenants (name) values ('Other') returning id");
    healthy = await find();
  });
  after(() => rig.stop());
  const find = async () => {
    const res = await rig.api('GET', '/api/v1/doctor');
    assert.equal(res.status, 200, res.text);
    return res.json();
  };
  const red = (doc) => doc.findings.filter((f) => f.state !== 'ok').map((f) => `${f.id} ${f.state}`);
  const command = (...args) => {
    try {
      return { status: 0, stdout: rig.switchhook('doctor', '--tenant', t, ...args), stderr: '' };
    } catch (e) {
      return e;
    }
  };

  it('finds nothing but the address of a trial in a healthy set-up', () => {
    assert.deepEqual(red(healthy), []);
    assert.deepEqual([healthy.errors, healthy.warnings, healthy.ok], [0, 0, healthy.findings.length]);
  });

  const number = '(select id from numbers order by created_at limit 1)';
  const call = (more, values) => `insert into calls (tenant_id, twilio_call_sid, from_number, to_number, direction,
      root_role, status, created_at ${more}) values ('TENANT', 'CA' || md5(random()::text), '+442079460001',
      '+442079460002', 'inbound', 'customer', ${values})`;
  const job = (
    state,
    more = '',
  ) => `insert into jobs (tenant_id, kind, ref, state, reason, created_at, due_at, attempts)
      values ('TENANT', 'fetch', 'x', '${state}', 'no more', now() - interval '1 hour', now() + interval '1 hour', 3)`;
  const alarm = (cause) =>
    `insert into alarms (tenant_id, cause, reason) values ('TENANT', '${cause}', 'refused: 401')`;
  // id, state, what breaks it, what cures it, what is said
  const rows = [
    [
      'C2',
      'error',
      "update twilio_configurations set tenant_id = 'OTHER'",
      "update twilio_configurations set tenant_id = 'TENANT'",
      /no Twilio account/,
    ],
    [
      'T3',
      'warning',
      'update twilio_configurations set api_key_sid = null',
      "update twilio_configurations set api_key_sid = 'SK' || repeat('0', 32)",
      /no API key/,
    ],
    [
      'T4',
      'warning',
      'update twilio_configurations set twiml_app_sid = null',
      "update twilio_configurations set twiml_app_sid = 'AP' || repeat('0', 32)",
      /no TwiML App/,
    ],
    ['T1', 'error', alarm('twilio:key'), 'delete from alarms', /refused: 401: since /],
    ['X1', 'error', alarm('model:quota'), 'update alarms set cleared_at = now()', /refused: 401/],
    ['M1', 'error', alarm('mail:key'), 'delete from alarms', /refused: 401/],
    [
      'T6',
      'error',
      `insert into number_health (number_id, tenant_id, checked_at, drift) values (${number}, 'TENANT',
        now(), '[{"what":"voice_url","is":"https://old.example/","wanted":"https://us.example/"}]')`,
      "update number_health set drift = '[]'",
      /voice url is https:\/\/old\.example\//,
    ],
    ['T7', 'error', 'update number_health set vanished_at = now()', 'delete from number_health', /not in the Twilio/],
    [
      'U1',
      'warning',
      `update tenants set default_number = null;
       insert into users (tenant_id, email, role) values ('TENANT', 'a@example.com', 'agent')`,
      `update tenants set default_number = '+442079460958' where id = 'TENANT';
       update users set disabled_at = now() where email = 'a@example.com'`,
      /a@example\.com has no number/,
    ],
    [
      'T5',
      'warning',
      `update user_voip_settings set assigned_phone_number = null, caller_id_number = null;
       update numbers set released_at = now()`,
      'update numbers set released_at = null',
      /there is no number/,
    ],
    [
      'U2',
      'error',
      `update users set disabled_at = null where email = 'a@example.com';
        insert into user_voip_settings (user_id, assigned_phone_number)
        select id, '+442079460999' from users where email = 'a@example.com'`,
      "delete from users where email = 'a@example.com'",
      /\+442079460999, which is not/,
    ],
    [
      'U3',
      'error',
      'update numbers set forward_to = null; update users set forward_to = null',
      "update numbers set forward_to = '+442079460123'",
      /rings nowhere/,
    ],
    [
      'U4',
      'warning',
      "insert into clients (tenant_id, name) values ('TENANT', 'Acme')",
      'delete from clients',
      /Acme has no number/,
    ],
    ['W5', 'warning', call('', "'in-progress', now() - interval '6 hours'"), 'delete from calls', /never ended/],
    [
      'R2',
      'error',
      call(
        ', ended_at, talk_seconds, record',
        "'completed', now() - interval '1 hour', now() - interval '50 minutes', 60, true",
      ),
      'delete from calls',
      /has no recording/,
    ],
    [
      'R5',
      'warning',
      "update tenants set disclosure_mode = 'off' where id = 'TENANT'",
      "update tenants set disclosure_mode = 'announce' where id = 'TENANT'",
      /nobody is told/,
    ],
    [
      'X2',
      'error',
      "update sweeps set seen_at = now() - interval '6 minutes'",
      'update sweeps set seen_at = now()',
      /no sweep has run/,
    ],
    ['X3', 'warning', job('parked'), 'delete from jobs', /1 of fetch: no more/],
    ['X4', 'error', job('dead'), 'delete from jobs', /1 of fetch: no more/],
    [
      'O1',
      'error',
      `insert into webhook_endpoints (tenant_id, url, events, secret, enabled, disabled_reason,
        disabled_at)
        values ('TENANT', 'https://crm.example/hook?key=1', '{call.completed}', 'enc2|x', false, 'answered 410',
        now())`,
      'delete from webhook_endpoints',
      /^https:\/\/crm\.example\/hook: answered 410$/,
    ],
    [
      'D3',
      'error',
      'alter table contacts no force row level security',
      'alter table contacts force row level security',
      /contacts lets rows/,
    ],
    [
      'D2',
      'error',
      'update schema_migrations set version = version + 1 where version = (select max(version) from schema_migrations)',
      'update schema_migrations set version = version - 1 where version = (select max(version) from schema_migrations)',
      /is the newest here/,
    ],
  ];
  for (const [id, state, harm, cure, said] of rows)
    it(`${id} turns red alone, and green again`, async () => {
      const sql = (text) => rig.sql(text.replaceAll('TENANT', t).replaceAll('OTHER', other));
      sql(harm);
      const doc = await find();
      const f = doc.findings.find((x) => x.id === id);
      assert.deepEqual([red(doc).join(), f.count], [`${id} ${state}`, 1]);
      assert.match(f.items[0], said);
      assert.ok(f.consequence && f.fix && f.what);
      const told = command('--only', id);
      assert.equal(told.status, state === 'error' ? 1 : 0, told.stderr);
      for (const part of [f.items[0], f.consequence, f.fix]) assert.ok(told.stdout.includes(part), told.stdout);
      sql(cure);
      assert.deepEqual(red(await find()), []);
    });

  it('says ten of many and how many there are', async () => {
    rig.sql(`insert into clients (tenant_id, name) select '${t}', 'Client ' || i from generate_series(1, 37) i`);
    const f = (await find()).findings.find((x) => x.id === 'U4');
    assert.deepEqual([f.count, f.items.length], [37, 10]);
    assert.match(command('--only', 'U4').stdout, /and 27 more/);
    rig.sql('delete from clients');
  });

  it('shows nothing of another tenant, and is for admins', async () => {
    rig.sql(`insert into clients (tenant_id, name) select id, 'Secret' from tenants where id = '${other}'`);
    assert.deepEqual(red(await find()), []);
    assert.equal((await rig.api('GET', '/api/v1/doctor', undefined, { key: null })).status, 401);
  });

  it('has the same checks in the command, the API and the manual', async () => {
    const ids = healthy.findings.map((f) => f.id);
    assert.deepEqual(
      JSON.parse(command('-o', 'json').stdout).map((f) => f.id),
      ids,
    );
    const manual = readFileSync(join(source, 'cli', 'switchhook-doctor.7'), 'utf8');
    assert.deepEqual(
      [...manual.matchAll(/^\.It Cm ([A-Z]\d+)$/gm)].map((m) => m[1]),
      ids,
    );
    const broken = rows.map((r) => r[0]);
    assert.deepEqual(
      ids.filter((id) => !broken.includes(id)),
      ['H3', 'C5'],
      'every other check is broken above',
    );
  });
});
