// The call log: looked through by every filter, page by page while calls come; noted in; exported as it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { seed } from '../lib/calls.mjs';
import { addKey, addSession } from '../lib/credentials.mjs';
import { holdLock } from '../lib/lock.mjs';
import { program } from '../lib/process.mjs';
import { Rig } from '../lib/rig.mjs';

const N = 4000;
const instrumented = /^SANITIZE:BOOL=ON$/m.test(
  readFileSync(join(dirname(program('switchhook')), 'CMakeCache.txt'), 'utf8'),
);

// RFC 4180 by another hand: rows of cells.
function parse(text) {
  const rows = [];
  let row = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (text[at] === '"' && text[at + 1] === '"') at++;
        else if (text[at] === '"') break;
        cell += text[at];
      }
      at++;
    } else while (at < text.length && !',\r'.includes(text[at])) cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n', `row ${rows.length}`);
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  assert.deepEqual(row, []);
  return rows;
}

describe('the call log', () => {
  let rig;
  let all;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0, api: 1 }, tenant: {} });
    rig.sql(seed(rig.tenant.id, { n: N, days: 300, from: '2025-02-01' }));
    rig.sql(`insert into recordings (tenant_id, sid, call_sid, call_id, status, duration_seconds)
      select tenant_id, 'RE' || right(twilio_call_sid, 32), twilio_call_sid, id, 'completed', 10
        from calls where twilio_call_sid is not null and right(id::text, 1) = '3';
      insert into transcripts (tenant_id, recording_id, model, text, segments)
      select tenant_id, id, 'm', case when right(sid, 2) = '03' then 'we would like a Quote please' else 'no' end, '[]'
        from recordings; analyze`);
    all = rig.rows(`select *, exists (select from recordings r where r.call_id = c.id) as has_recording,
      (extract(epoch from created_at) * 1000000)::bigint::text as us from calls c order by created_at desc, id desc`);
  });
  after(() => rig.stop());
  const get = (path) => rig.api('GET', `/api/v1${path}`);

  // All pages of a list, following Link as a client does.
  async function pages(query, limit = 100) {
    const ids = [];
    for (let path = `/api/v1/calls?${query}${query ? '&' : ''}limit=${limit}`; path;) {
      const res = await rig.api('GET', path);
      assert.equal(res.status, 200, res.text);
      ids.push(...res.json().data.map((c) => c.id));
      path = /<([^>]*)>; rel="next"/.exec(res.headers.link ?? '')?.[1];
      assert.equal(Boolean(path), res.json().next_cursor !== null);
    }
    return ids;
  }
  const zone = (day) => new Date(`${day}T00:00:00Z`).getTime();
  // Nobody has talked to that number since.
  const unreturned = (c) =>
    c.outcome === 'missed' && c.customer_number !== null &&
    !all.some((o) => o.customer_number === c.customer_number && BigInt(o.us) > BigInt(c.us) &&
      ['answered', 'connected'].includes(o.outcome));
  const filters = {
    'client_id=0b000000-0000-7000-8000-000000000002': (c) => c.client_id?.endsWith('2'),
    'user_id=0a000000-0000-7000-8000-000000000003': (c) => c.user_id?.endsWith('3'),
    'number_id=0d000000-0000-7000-8000-000000000001': (c) => c.number_id?.endsWith('1'),
    'campaign_id=0c000000-0000-7000-8000-000000000001': (c) => c.campaign_id?.endsWith('1'),
    'number=%2B442079461002': (c) => c.number_id?.endsWith('2'),
    'customer_number=%2B441632000007': (c) => c.customer_number === '+441632000007',
    'direction=inbound&outcome=missed': (c) => c.direction === 'inbound' && c.outcome === 'missed',
    'status=no-answer': (c) => c.status === 'no-answer',
    'missed_reason=abandoned': (c) => c.missed_reason === 'abandoned',
    'kind=message': (c) => c.kind === 'message',
    'source=radio': (c) => c.source === 'radio',
    'country=001': (c) => c.customer_country === '001',
    'tag=vip': (c) => c.tags.includes('vip'),
    'disposition=interested': (c) => c.disposition === 'interested',
    'lead_status=spam': (c) => c.lead_status === 'spam',
    'voicemail=true': (c) => c.voicemail,
    'test=true': (c) => c.test,
    'has_recording=true': (c) => c.has_recording,
    'has_recording=false&direction=outbound': (c) => !c.has_recording && c.direction === 'outbound',
    'unreturned=true': (c) => unreturned(c),
    'unreturned=false&outcome=missed': (c) => c.outcome === 'missed' && !unreturned(c),
    'min_talk=100&max_talk=120': (c) => c.talk_seconds >= 100 && c.talk_seconds <= 120,
    'from=2025-03-01&to=2025-04-01': (c) =>
      new Date(c.created_at) >= zone('2025-03-01') && new Date(c.created_at) < zone('2025-04-01'),
    'text=quote': (c) => c.has_recording && c.id.endsWith('03'),
    'text=nobody+said+this': () => false,
    'tag=%27%29%3B+drop+table+calls%3B+--': () => false,
  };
  it('names those whom a call concerns, and says how it went', async () => {
    rig.sql(`insert into contacts (tenant_id, name, phone_number) values
        ('${rig.tenant.id}', 'Ada Byron', '+441632000007');
      insert into analyses (tenant_id, transcript_id, model, sentiment, sentiment_score, summary, action_items, topics)
      select tenant_id, id, 'm', 'negative', -0.5, '', '[]', '[]' from transcripts`);
    const { data } = (await get('/calls?customer_number=%2B441632000007&limit=100')).json();
    assert.ok(data.length > 3 && data.every((c) => c.contact_name === 'Ada Byron'), 'by the number alone');
    for (const c of data) {
      assert.equal(c.client_name, c.client_id && `Client ${Number(c.client_id.slice(-2))}`);
      assert.equal(c.user_name, c.user_id && `Agent ${Number(c.user_id.slice(-2))}`);
      assert.equal(c.campaign_name, c.campaign_id && `Campaign ${Number(c.campaign_id.slice(-2))}`);
    }
    const heard = (await get('/calls?has_recording=true&limit=5')).json().data;
    assert.deepEqual(new Set(heard.map((c) => c.sentiment)), new Set(['negative']));
  });

  it('gives the tag that guards a change, and takes it for one', async () => {
    const { id } = all.find((c) => c.outcome === 'answered');
    const call = (await get(`/calls/${id}`)).json();
    const change = (etag) => rig.api('PATCH', `/api/v1/calls/${id}`, { notes: 'n' }, { headers: { 'if-match': etag } });
    assert.equal((await change(call.etag)).status, 200);
    assert.equal((await change(call.etag)).status, 412, 'it has another now');
    assert.equal((await change((await get(`/calls/${id}`)).json().etag)).status, 200);
  });

  for (const [query, wanted] of Object.entries(filters)) {
    it(`finds by ${query}`, async () => {
      const want = all.filter(wanted).map((c) => c.id);
      if (!/nobody|drop/.test(query)) assert.ok(want.length > 0 && want.length < N, 'the filter is a filter');
      assert.deepEqual(await pages(query), want);
    });
  }

  // As in a log of millions: whatever is asked for, a page looks at so many calls and no more.
  it('ends a page with the last call it looked at, repeats nothing and skips nothing', async () => {
    const reach = (n) =>
      rig.sql(`create or replace function calls_reach() returns integer language sql immutable parallel safe
        as 'select ${n}'`);
    reach(211);
    try {
      const few = (await get('/calls?status=queued&limit=100')).json();
      assert.deepEqual(few.data, [], 'nothing among the first');
      assert.equal(few.next_cursor.split('.')[1], all[210].id, 'and on from where it stopped');
      const some = /^(client|number|customer|status|tag=vip|unreturned=true|from|text=q)/;
      for (const [query, wanted] of Object.entries(filters).filter(([query]) => some.test(query)))
        assert.deepEqual(await pages(query), all.filter(wanted).map((c) => c.id), query);
      assert.deepEqual(await pages('sort=oldest&outcome=missed'),
        all.filter((c) => c.outcome === 'missed').map((c) => c.id).reverse());
      const busy = all.filter((c) => c.status === 'busy').map((c) => c.id);
      assert.deepEqual((await get('/exports/calls.json?status=busy')).json().data.map((c) => c.id), busy);
      const rows = (await get('/exports/calls.csv?status=busy')).text.split('\r\n').slice(1, -1);
      assert.deepEqual(rows.map((r) => r.slice(0, 36)), busy);
      assert.deepEqual((await get('/exports/calls.json?status=queued')).json(), { data: [], next_cursor: null });
    } finally {
      reach(20000);
    }
  });

  it('counts and sorts by length the newest calls alone where there are many, and says so', async () => {
    const most = (n) =>
      rig.sql(`create or replace function calls_most() returns integer language sql immutable parallel safe
        as 'select ${n}'`);
    const talk = (c) => c.talk_seconds ?? 0;
    const longest = (some) => [...some].sort((a, b) => talk(b) - talk(a) || (a.id < b.id ? 1 : -1)).map((c) => c.id);
    const newest = all.slice(0, 300);
    const missed = all.filter((c) => c.outcome === 'missed');
    const client = all.find((c) => c.client_id).client_id;
    const theirs = all.filter((c) => c.client_id === client);
    most(300);
    try {
      const told = async (query) => {
        const { total, complete } = (await get(`/calls?limit=1&count=true${query}`)).json();
        return [total, complete];
      };
      assert.deepEqual(await told(''), [300, false]);
      assert.deepEqual(await told('&sort=oldest&outcome=missed'),
        [newest.filter((c) => c.outcome === 'missed').length, false]);
      assert.deepEqual(await told(`&client_id=${client}`), [Math.min(theirs.length, 300), theirs.length <= 300]);
      assert.deepEqual(await pages('sort=longest'), longest(newest));
      assert.deepEqual(await pages('sort=longest&outcome=missed'),
        longest(newest.filter((c) => c.outcome === 'missed')));
      assert.deepEqual(await pages(`sort=shortest&client_id=${client}`), longest(theirs.slice(0, 300)).reverse());
      assert.equal((await get('/calls?sort=longest&limit=5')).json().complete, false);
      most(all.length);
      assert.deepEqual(await told(''), [all.length, true], 'all of them, and no more');
      assert.deepEqual(await told('&outcome=missed'), [missed.length, true]);
      assert.equal((await get('/calls?sort=longest&limit=5')).json().complete, true);
    } finally {
      most(200000);
    }
  });

  it('refuses what is no filter and what is no value', async () => {
    for (const query of [
      'colour=red',
      'direction=up',
      'from=2025-02-30',
      'client_id=1',
      'min_talk=-1',
      'sort=best',
      'cursor=x',
    ]) {
      const res = await get(`/calls?${query}`);
      assert.equal(res.status, 422, query);
      assert.equal(res.json().errors[0].pointer, `?${query.split('=')[0]}`);
    }
  });

  it('stands as it is asked to', async () => {
    const by = (key, way) =>
      [...all].sort((a, b) => way * (key(a) - key(b)) || way * (a.id < b.id ? -1 : 1)).map((c) => c.id);
    assert.deepEqual(
      await pages('sort=oldest'),
      [...all].reverse().map((c) => c.id),
    );
    assert.deepEqual(
      await pages('sort=longest'),
      by((c) => c.talk_seconds ?? 0, -1),
    );
    assert.deepEqual(
      await pages('sort=shortest&direction=inbound'),
      by((c) => c.talk_seconds ?? 0, 1).filter((id) => all.find((c) => c.id === id).direction === 'inbound'),
    );
  });

  it('neither repeats nor skips a call while others come', async () => {
    const seen = [];
    for (let path = '/api/v1/calls?limit=100&direction=inbound', i = 0; path; i++) {
      rig.sql(seed(rig.tenant.id, { n: 50, days: 1, from: '2026-06-01', ahead: 100000 + 50 * i }));
      const res = await rig.api('GET', path);
      seen.push(...res.json().data.map((c) => c.id));
      path = /<([^>]*)>; rel="next"/.exec(res.headers.link ?? '')?.[1];
    }
    const old = all.filter((c) => c.direction === 'inbound').map((c) => c.id);
    assert.deepEqual(seen.slice(-old.length), old);
    assert.equal(new Set(seen).size, seen.length);
    rig.sql("delete from calls where created_at >= '2026-01-01'");
  });

  it("keeps looks at it: own, shared, and nobody else's", async () => {
    const other = rig.sql(`insert into users (tenant_id, email, name, role)
      values ('${rig.tenant.id}', 'o@example.com', 'O', 'agent') returning id`);
    const me = addSession(rig, rig.tenant, rig.tenant.user);
    const you = addSession(rig, rig.tenant, other);
    const send = (who, method, path, body) =>
      rig.api(method, `/api/v1/views${path}`, body, { key: null, headers: who.headers });
    const own = await send(me, 'POST', '', {
      name: 'Missed',
      query: 'outcome=missed',
      columns: ['created_at', 'talk'],
    });
    const shared = await send(me, 'POST', '', { name: 'Everybody', shared: true });
    assert.deepEqual([own.status, shared.status], [201, 201], own.text);
    const names = async (who) => (await send(who, 'GET', '')).json().data.map((v) => v.name);
    assert.deepEqual(await names(me), ['Everybody', 'Missed']);
    assert.deepEqual(await names(you), ['Everybody']);
    assert.equal((await send(you, 'DELETE', `/${own.json().id}`)).status, 404);
    assert.equal((await send(you, 'DELETE', `/${shared.json().id}`)).status, 404);
    assert.equal((await send(me, 'DELETE', `/${shared.json().id}`)).status, 204);
    assert.deepEqual(await names(you), []);
  });

  describe('a call', () => {
    let id;
    const patch = (body, headers) => rig.api('PATCH', `/api/v1/calls/${id}`, body, { headers });
    before(() => {
      id = all.find(
        (c) => c.direction === 'inbound' && c.outcome === 'answered' && c.customer_number && !c.lead_status,
      ).id;
    });

    it('takes notes, tags, value and lead status, guarded by its tag', async () => {
      const one = await patch({
        notes: 'Call\nback',
        tags: ['b', 'a', 'b'],
        value: '12.50',
        value_currency: 'GBP',
        lead_status: 'qualified',
      });
      assert.equal(one.status, 200, one.text);
      const doc = one.json();
      assert.deepEqual(
        [doc.notes, doc.tags, doc.value, doc.value_currency, doc.lead_status, doc.lead_set_by],
        ['Call\nback', ['a', 'b'], '12.50', 'GBP', 'qualified', 'person'],
      );
      assert.equal((await patch({ notes: 'x' }, { 'if-match': '"0"' })).status, 412);
      assert.equal((await patch({ notes: null }, { 'if-match': one.headers.etag })).json().notes, null);
      assert.equal((await patch({ value_currency: null })).status, 422);
      assert.equal((await patch({ value: '1e5' })).status, 422);
      assert.equal((await patch({ status: 'completed' })).status, 422, "states are Twilio's");
      assert.equal(
        rig.sql(`select count(*) from audit_entries where action = 'call.note' and object = '${id}'`),
        '2',
      );
    });

    it('takes a disposition of the list, which may ask for a time and make a lead', async () => {
      assert.equal((await patch({ disposition: 'sold the moon' })).json().errors[0].pointer, '/disposition');
      assert.equal((await patch({ disposition: 'callback requested' })).json().errors[0].pointer, '/follow_up_at');
      const timed = await patch({ disposition: 'callback requested', follow_up_at: '2026-03-01T09:00:00Z' });
      assert.equal(timed.json().follow_up_at, '2026-03-01T09:00:00.000Z');
      assert.equal(
        (await patch({ disposition: 'not interested' })).json().lead_status,
        'qualified',
        'a person has said so',
      );
      await patch({ lead_status: null });
      assert.equal((await patch({ disposition: 'not interested' })).json().lead_status, 'unqualified');
      assert.equal((await patch({ disposition: 'interested' })).json().lead_set_by, 'rule');
    });

    it('puts its caller on the do-not-call list when that is what came of it', async () => {
      rig.sql(`do $$ begin if to_regclass('dnc_entries') is null then
        create table dnc_lists (id uuid primary key default uuid7(), tenant_id uuid, name text,
                                unique (tenant_id, name));
        create table dnc_entries (tenant_id uuid, number text, list_id uuid, reason text, added_by text,
                                  primary key (tenant_id, number, list_id));
        grant all on dnc_lists, dnc_entries to switchhook_app; end if; end $$`);
      assert.equal((await patch({ disposition: 'do not call' })).status, 200);
      await patch({ disposition: 'do not call' });
      assert.equal(
        rig.sql("select count(*) || ' ' || min(number) from dnc_entries"),
        `1 ${all.find((c) => c.id === id).customer_number}`,
      );
    });

    it('is led by rules where no person has spoken', async () => {
      const rules = [
        { status: 'spam', max_talk_seconds: 5 },
        { status: 'duplicate', min_prior_calls: 1 },
        { status: 'qualified', min_talk_seconds: 60 },
      ];
      const set = await rig.api('PUT', '/api/v1/lead-rules', { rules });
      assert.equal(set.status, 200, set.text);
      assert.equal(set.json().rules.length, 3);
      assert.equal((await rig.api('PUT', '/api/v1/lead-rules', { rules: [{ status: 'nonsense' }] })).status, 422);
      const rows = rig.rows(`select c.id, lead_rule(c) as word, talk_seconds as talk, prior_calls(c) as prior
        from calls c where direction = 'inbound' and ended_at is not null limit 500`);
      for (const r of rows)
        assert.equal(r.word, r.talk < 5 ? 'spam' : r.prior >= 1 ? 'duplicate' : r.talk >= 60 ? 'qualified' : null);
    });
  });

  describe('as a file', () => {
    it('is RFC 4180, whole, and harmless to spreadsheets', async () => {
      rig.sql(`update calls set notes = '=HYPERLINK("http://x","y")' where id = '${all[0].id}';
        update calls set notes = E'two\\nlines, "quoted"' where id = '${all[1].id}';
        update calls set notes = '-1+2' where id = '${all[2].id}'`);
      const res = await get('/exports/calls.csv');
      assert.equal(res.status, 200);
      assert.match(res.headers['content-type'], /^text\/csv; charset=utf-8/);
      const [head, ...rows] = parse(res.text);
      assert.equal(rows.length, N);
      assert.deepEqual(
        rows.map((r) => r[0]),
        all.map((c) => c.id),
      );
      assert.ok(rows.every((r) => r.length === head.length));
      const cell = (i, name) => rows[i][head.indexOf(name)];
      assert.equal(cell(0, 'notes'), '\'=HYPERLINK("http://x","y")');
      assert.equal(cell(1, 'notes'), 'two\nlines, "quoted"');
      assert.equal(cell(2, 'notes'), "'-1+2");
      all.forEach((c, i) => {
        assert.equal(cell(i, 'from_number'), c.from_number);
        assert.equal(cell(i, 'talk_seconds'), c.talk_seconds === null ? '' : String(c.talk_seconds));
      });
      assert.equal(
        new Date(cell(5, 'created_at')).toISOString().slice(0, 19),
        new Date(all[5].created_at).toISOString().slice(0, 19),
      );
    });

    it('wraps numbers for Excel when told to, and takes filters', async () => {
      const [head, ...rows] = parse((await get('/exports/calls.csv?dialect=excel&direction=outbound')).text);
      assert.equal(rows.length, all.filter((c) => c.direction === 'outbound').length);
      assert.match(rows[0][head.indexOf('to_number')], /^="\+44\d+"$/);
      assert.equal((await get('/exports/calls.csv?limit=5')).status, 422);
      assert.equal((await get('/exports/calls.csv?text=nobody+said')).text.split('\r\n').length, 2, 'the head alone');
    });

    it('is one JSON document with the calls of the list', async () => {
      const doc = (await get('/exports/calls.json?tag=vip')).json();
      assert.deepEqual(
        doc.data.map((c) => c.id),
        all.filter((c) => c.tags.includes('vip')).map((c) => c.id),
      );
      assert.deepEqual((await get('/exports/calls.json?text=nobody+said')).json(), { data: [], next_cursor: null });
      assert.deepEqual(doc.data[0], (await get(`/calls?tag=vip&limit=1`)).json().data[0]);
    });

    it('leaves the worker as small as it was, and unhurt by a reader who goes', async () => {
      const rss = () =>
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${rig.workers('api')[0]}/status`, 'utf8'))[1]);
      rig.sql(seed(rig.tenant.id, { n: 30000, days: 30, from: '2026-01-01', ahead: 200000 }));
      await get('/exports/calls.csv?from=2025-02-01&to=2025-02-20');
      const small = rss();
      const own = `tenant_id = '${rig.tenant.id}'`;
      const ids = rig.sql(`select id from calls where ${own} order by created_at desc, id desc`);
      const [, ...rows] = parse((await get('/exports/calls.csv')).text);
      assert.ok(rows.map((r) => r[0]).join('\n') === ids && rows.length === N + 30000, 'each call once, in order');
      const { data } = (await get('/exports/calls.json')).json();
      assert.ok(data.map((c) => c.id).join('\n') === ids, 'each call once, in order');
      // A sanitiser keeps what was freed for a while.
      if (!instrumented) assert.ok(rss() - small < 8 * 1024, `${small} kB, then ${rss()} kB`);
      await new Promise((done) => {
        const req = request(
          {
            host: '127.0.0.1',
            port: rig.port,
            path: '/api/v1/exports/calls.json',
            headers: { authorization: `Bearer ${rig.tenant.key}` },
          },
          (res) => res.once('data', () => req.destroy()),
        );
        req
          .on('close', done)
          .on('error', () => {})
          .end();
      });
      assert.equal((await get('/calls?limit=1')).status, 200);
      assert.equal(rig.workers('api').length, 1);
    });

    // How a file ends for whom something happens to at its first bytes.
    const ending = (path, happens) =>
      new Promise((done) => {
        const to = { host: '127.0.0.1', port: rig.port, path, headers: { authorization: `Bearer ${rig.tenant.key}` } };
        request(to, (res) => {
          res.once('data', happens);
          res.on('data', () => {});
          res
            .on('end', () => done('whole'))
            .on('error', () => done('cut'))
            .on('aborted', () => done('cut'));
        })
          .on('error', () => done('cut'))
          .end();
      });

    it('is cut, not ended, when the database goes away in between', async () => {
      const kill = () =>
        rig.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'switchhook_app'");
      assert.equal(await ending('/api/v1/exports/calls.csv', kill), 'cut');
      await rig.until(async () => (await get('/calls?limit=1')).status === 200);
    });

    it('is cut, not ended, when the pool is told to take new settings', async () => {
      const before = rig.workers('api');
      const reload = async () => {
        const lock = holdLock(rig, 'lock table campaigns in access exclusive mode');
        await lock.locked;
        process.kill(rig.pools.api.pid, 'SIGHUP');
        await rig.until(() => /worker is replaced.*SIGHUP/.test(rig.pools.api.log()));
        await lock.release();
      };
      assert.equal(await ending('/api/v1/exports/calls.json', reload), 'cut');
      await rig.until(() => rig.workers('api').length === 1 && !before.includes(rig.workers('api')[0]));
      assert.match(rig.pools.api.log(), /a download was cut/);
      assert.equal((await get('/calls?limit=1')).status, 200);
    });
  });

  it("shows nobody another tenant's calls, in no list and no file", async () => {
    const b = rig.addTenant('Other', {
      account: `AC${'0'.repeat(31)}2`,
      token: 'f'.repeat(32),
      number: '+442079460957',
      forward: '+442079460998',
    });
    const key = addKey(rig, b);
    for (const path of ['/calls', '/exports/calls.json', '/stats/callers', '/views', '/conversions'])
      assert.deepEqual((await rig.api('GET', `/api/v1${path}`, undefined, { key })).json().data, [], path);
    assert.equal((await rig.api('GET', '/api/v1/calls?text=quote', undefined, { key })).json().data.length, 0);
  });
});
