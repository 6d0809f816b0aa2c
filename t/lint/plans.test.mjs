// How rows are found: by the hooks pool through whole keys, on a database that was never analysed; by the call log
// through an index, whatever is looked for, under row level security.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { seed } from '../lib/calls.mjs';
import { databaseEnv, Postgres } from '../lib/postgres.mjs';
import { directory } from '../lib/process.mjs';
import { generated } from './generated.mjs';
import { build, files, read } from './source.mjs';

describe('plans of ingest', () => {
  let cluster;
  let dir;
  let sql;
  before(async () => {
    dir = directory('plans');
    cluster = await Postgres.start(dir, { settings: { autovacuum: 'off' } });
    cluster.migrate(databaseEnv(cluster, join(dir, 'switchhook.env')));
    sql = readFileSync(join(build, 'sql.c'), 'utf8');
  });
  after(async () => {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const path of files(/^lib\/sql\/ingest_\w+\.sql$/)) {
    const name = path.slice('lib/sql/'.length, -'.sql'.length);
    it(`${name} scans nothing whole and nothing by tenant alone`, () => {
      const text = generated(sql, name);
      const n = Math.max(...[...text.matchAll(/\$(\d+)/g)].map((m) => Number(m[1])));
      assert.ok(read(path).includes('batch'));
      const plan = cluster.sql(
        `set plan_cache_mode = force_generic_plan; prepare s as ${text.trim().replace(/;$/, '')};
        explain (costs off, verbose off) execute s(${Array(n).fill('null').join()});`,
        'switchhook',
        'switchhook_ingest',
      );
      const lines = plan.split('\n').map((l) => l.trim());
      assert.deepEqual(
        lines.filter((l) => /Seq Scan on/.test(l)),
        [],
        plan,
      );
      const alone = lines.filter((l) => /^Index Cond: \(\(?tenant_id = [^()]*\)?\)$/.test(l));
      assert.deepEqual(alone, [], plan);
    });
  }
});

describe('plans of the call log', () => {
  const mine = '0f000000-0000-7000-8000-000000000001';
  const theirs = '0f000000-0000-7000-8000-000000000002';
  let cluster;
  let dir;
  before(async () => {
    dir = directory('plans');
    cluster = await Postgres.start(dir);
    cluster.migrate(databaseEnv(cluster, join(dir, 'switchhook.env')));
    cluster.sql(`insert into tenants (id, name) values ('${mine}', 'Mine'), ('${theirs}', 'Theirs')`);
    cluster.sql(seed(mine, { n: 30000, callers: 3000 }));
    cluster.sql(seed(theirs, { n: 10000, ahead: 100000 }).replaceAll("'0b0", "'1b0"));
    cluster.sql(`insert into recordings (tenant_id, sid, call_sid, call_id, status, created_at, transcription_status)
        select tenant_id, 'RE' || md5(id::text), 'CA' || md5(id::text), id, 'completed', created_at, 'completed'
          from calls;
      insert into transcripts (tenant_id, recording_id, model, text, segments)
        select tenant_id, id, 'm', '', '[]' from recordings;
      insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
        select tenant_id, id, 'voice.status', 'completed', '', id, created_at, '' from calls`);
    cluster.sql('vacuum (analyze)');
  });
  after(async () => {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const id = (letter) => `0${letter}000000-0000-7000-8000-000000000002`;
  const looks = {
    everything: {},
    client_id: { client_id: id('b') },
    user_id: { user_id: id('a') },
    number_id: { number_id: id('d') },
    number: { number: '+442079461002' },
    campaign_id: { campaign_id: id('c') },
    customer_number: { customer_number: '+441632000077' },
    direction: { direction: 'outbound' },
    status: { status: 'busy' },
    outcome: { outcome: 'missed' },
    tag: { tag: 'vip' },
    disposition: { disposition: 'interested' },
    lead_status: { lead_status: 'spam' },
    source: { source: 'radio' },
    days: { from: '2025-03-01', to: '2025-03-02' },
    talk: { min_talk: 200 },
    recording: { has_recording: false },
    'two at once': { client_id: id('b'), outcome: 'missed' },
  };
  for (const [name, filter] of Object.entries(looks)) {
    it(`of ${name} read no call log whole`, () => {
      const where = cluster.sql(`select calls_where('${JSON.stringify(filter)}')`);
      const plan = cluster.sql(
        `set app.tenant = '${mine}'; set plan_cache_mode = force_generic_plan;
        explain (costs off) select c.id from calls c where c.tenant_id = current_tenant()${where}
         order by c.created_at desc, c.id desc limit 51`,
        'switchhook',
        'switchhook_app',
      );
      assert.doesNotMatch(plan, /Seq Scan on calls/, plan);
      assert.match(plan, /Index (Only )?Scan|Bitmap Index Scan/, plan);
    });
  }

  it('of attribution look for each caller by number, as far as the touch and no further', () => {
    const plan = cluster.sql(
      `set app.tenant = '${mine}'; set plan_cache_mode = force_generic_plan; set enable_seqscan = off;
      set enable_bitmapscan = off;
      explain (costs off) select array[m.first_touch, m.last_touch, m.lead_touch] from call_touches m
        where m.tenant_id = current_tenant() and m.created_at >= '2025-03-01' and m.created_at < '2025-03-08'`,
      'switchhook',
      'switchhook_app',
    );
    assert.doesNotMatch(plan, /Seq Scan|Sort/, plan);
    assert.match(plan, /using calls_newest on calls/, plan);
    const lines = plan.split('\n');
    const looks = lines.filter((l, i) => /Index Cond/.test(l) && /using calls_customer/.test(lines[i - 1]));
    assert.equal(looks.length, 3, plan);
    for (const look of looks) assert.match(look, /customer_number = .*tenant_id = .*ROW\(.*created_at, .*id\) </, plan);
    assert.equal(looks.filter((l) => /created_at >= /.test(l)).length, 2, 'of 90 days');
  });

  // What retention looks at: from the oldest, as far as a step goes, each kind through its own index.
  for (const [what, index] of [
    ['audio', 'recordings_kept'],
    ['text', 'transcripts_said'],
    ['metadata', 'calls_newest'],
  ]) {
    it(`of retention, ${what}, go along ${index}`, () => {
      const plan = cluster.sql(
        `insert into retention_rules (tenant_id, kind, days) values ('${mine}', '${what}', 300) on conflict do nothing;
        set role switchhook_sweep; set app.tenant = '${mine}'; set plan_cache_mode = force_generic_plan;
        prepare s (date, jsonb, timestamptz, uuid, integer) as
          select * from retention_${what}($1, $2, $3, $4, $5);
        explain (costs off) execute s ('2026-01-01', null, '-infinity', '${mine}', 200)`,
      );
      assert.match(plan, new RegExp(`Index Scan.* using ${index}`), plan);
      assert.doesNotMatch(plan, /Seq Scan on (calls|recordings|transcripts|webhook_events)/, plan);
      assert.doesNotMatch(plan, /Sort Key: \w+\.(at|id)/, plan);
      assert.doesNotMatch(plan, /Function Scan on retention/, 'the whole plan is seen');
    });
  }

  it('of what belongs to no call read that alone', () => {
    const plan = cluster.sql(
      `set role switchhook_sweep; set app.tenant = '${mine}'; set plan_cache_mode = force_generic_plan;
      prepare s (date, jsonb, integer) as select * from retention_stray($1, $2, $3);
      explain (costs off) execute s ('2026-01-01', null, 200)`,
    );
    for (const index of ['webhook_events_orphans', 'recordings_orphans']) assert.ok(plan.includes(index), plan);
  });

  it('of a caller and of a client read their own calls alone', () => {
    for (const [filter, index] of [
      [{ customer_number: '+441632000077' }, 'calls_customer'],
      [{ disposition: 'nobody chose it' }, 'calls_disposed'],
    ]) {
      const where = cluster.sql(`select calls_where('${JSON.stringify(filter)}')`);
      const plan = cluster.sql(
        `set app.tenant = '${mine}'; explain (costs off) select c.id from calls c
          where c.tenant_id = current_tenant()${where} order by c.created_at desc, c.id desc limit 51`,
        'switchhook',
        'switchhook_app',
      );
      assert.ok(plan.includes(index), plan);
    }
  });
});
