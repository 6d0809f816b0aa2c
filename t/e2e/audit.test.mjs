// The audit over HTTP and by command: who, when, from where, what was and what is; every access to a recording.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addKey, addSession } from '../lib/credentials.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

describe('the audit over HTTP', () => {
  let rig;
  let boss;
  let session;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, auth: 0 } });
    boss = rig.sql(`insert into users (tenant_id, email, role)
      values ('${rig.tenant.id}', 'boss@example.com', 'admin') returning id`);
    session = addSession(rig, rig.tenant, boss).headers;
  });
  after(() => rig.stop());
  const list = async (query = '') => {
    const res = await rig.api('GET', `/api/v1/audit${query}`);
    assert.equal(res.status, 200, res.text);
    return res.json();
  };
  const change = (name, headers = session) =>
    rig.api('PATCH', '/api/v1/settings', { name }, { ...(headers && { key: null, headers }) });

  it('tells who changed what when from where, with what was and what is', async () => {
    const was = rig.sql('select name from tenants');
    const began = Date.now();
    assert.equal((await change('First')).status, 200);
    assert.equal((await change('Second', null)).status, 200);
    const [second, first] = (await list('?action=settings')).data;
    assert.deepEqual([first.actor, first.actor_name], [`user:${boss}`, 'boss@example.com']);
    assert.deepEqual([first.old.name, first.new.name], [was, 'First']);
    assert.deepEqual([second.old.name, second.new.name], ['First', 'Second']);
    assert.match(second.actor, /^key:shk_test_/);
    assert.equal(second.actor_name, 'test');
    assert.equal(first.origin, '127.0.0.1');
    assert.deepEqual([first.action, first.object, first.detail], ['settings.change', 'settings', {}]);
    assert.ok(Date.parse(first.created_at) >= began - 1000);
    assert.equal(second.seq, first.seq + 1);
  });

  it('is found by actor, action, object and time', async () => {
    const made = (await rig.api('POST', '/api/v1/clients', { name: 'Found' })).json();
    const all = (await list('?limit=100')).data;
    const by = async (query) => (await list(`?limit=100&${query}`)).data.map((e) => e.seq);
    const want = (f) => all.filter(f).map((e) => e.seq);
    assert.deepEqual(await by(`actor=user:${boss}`), want((e) => e.actor === `user:${boss}`));
    assert.deepEqual(await by('action=client.add'), want((e) => e.action === 'client.add'));
    assert.deepEqual(await by('action=client'), want((e) => e.action.startsWith('client.')));
    assert.deepEqual(await by(`object=${made.id}`), want((e) => e.object === made.id));
    assert.deepEqual(await by('action=nothing.such'), []);
    const at = new Date(all[0].created_at).toISOString();
    assert.deepEqual(await by(`from=${at}`), want((e) => e.created_at >= at));
    assert.deepEqual(await by(`to=${at}`), want((e) => e.created_at < at));
    assert.deepEqual(await by('from=2099-01-01T00:00:00Z'), []);
    const times = ['from=yesterday', 'to=2026-11-20', 'to=2026-13-20T00:00:00Z'];
    for (const bad of [...times, 'cursor=x', 'cursor=0', 'limit=0', 'who=me'])
      assert.equal((await rig.api('GET', `/api/v1/audit?${bad}`)).status, 422, bad);
  });

  it('is read page by page, while more is entered', async () => {
    for (let i = 0; i < 7; i++) await change(`Name ${i}`);
    const all = (await list('?limit=100')).data.map((e) => e.seq);
    const seen = [];
    let cursor = '';
    for (let i = 0; i < 50 && cursor !== null; i++) {
      const page = await list(`?limit=3${cursor && `&cursor=${cursor}`}`);
      if (i === 1) await change('meanwhile');
      seen.push(...page.data.map((e) => e.seq));
      cursor = page.next_cursor;
    }
    assert.deepEqual(seen, all);
  });

  it('is for admins, and for keys that may read it', async () => {
    const asked = async (key) => (await rig.api('GET', '/api/v1/audit', undefined, { key })).status;
    for (const role of ['viewer', 'agent', 'manager'])
      assert.equal(await asked(addKey(rig, rig.tenant, { role })), 403);
    const words = ['--name', 'auditor', '--scopes', 'audit:read'];
    assert.equal(await asked(JSON.parse(rig.switchhook('key', 'add', ...words, '-o', 'json')).key), 200);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      assert.equal((await rig.api(method, '/api/v1/audit')).status, 405);
  });

  it('has an entry for every access to a recording', async () => {
    const c = inbound('listened');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    const file = `${rig.tenant.id}/${c.recordingSid}.wav`;
    mkdirSync(join(rig.settings.RECORDINGS_DIR, rig.tenant.id), { recursive: true });
    writeFileSync(join(rig.settings.RECORDINGS_DIR, file), 'RIFF----WAVE');
    rig.own(rig.settings.RECORDINGS_DIR);
    rig.sql(`update recordings set status = 'stored', sha256 = sha256(''), path = '${file}'`);
    const path = `/api/twilio/recording/${c.sid}.wav`;
    const plays = async () => (await list('?action=recording.play')).data;
    assert.deepEqual(await plays(), []);
    assert.equal((await rig.http('GET', path)).status, 401);
    assert.equal((await rig.api('GET', `/api/twilio/recording/CA${'0'.repeat(32)}.wav`)).status, 404);
    assert.deepEqual(await plays(), [], 'who heard nothing is not entered');
    assert.equal((await rig.http('GET', path, { headers: session })).status, 200);
    assert.equal((await rig.api('GET', path)).status, 200);
    assert.equal((await rig.api('GET', path, undefined, { headers: { range: 'bytes=0-3' } })).status, 206);
    const entries = await plays();
    assert.deepEqual(
      entries.map((e) => [e.actor_name, e.object]),
      [['test', c.recordingSid], ['test', c.recordingSid], ['boss@example.com', c.recordingSid]],
    );
  });

  it('is the same by command, and its chain holds', async () => {
    const rows = JSON.parse(rig.switchhook('audit', 'list', '--action', 'settings.change', '-o', 'json'));
    const data = (await list('?action=settings.change&limit=100')).data;
    assert.deepEqual(
      rows.map((r) => [r.seq, r.actor, JSON.parse(r.new).name]),
      data.map((e) => [`${e.seq}`, e.actor, e.new.name]),
    );
    rig.switchhook('audit', 'verify');
  });
});
