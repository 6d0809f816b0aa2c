// For whoever watches: what is alive, what is ready, what is set; and who may ask.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addKey } from '../lib/credentials.mjs';
import { Rig } from '../lib/rig.mjs';
import { source } from '../lib/process.mjs';

describe('health', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 } });
  });
  after(() => rig.stop({ clean: false }));
  const newest = Math.max(...readdirSync(join(source, 'migrations')).map((f) => Number(f.slice(0, 4)) || 0));

  it('/readyz tells what is applied and what waits on disk', async () => {
    const res = await rig.http('GET', '/readyz');
    assert.equal(res.status, 200, res.text);
    assert.deepEqual(res.json(), { status: 'ok', schema: { applied: newest, needed: newest }, spool_bytes: 0 });
    assert.deepEqual((await rig.http('GET', '/healthz')).json(), { status: 'ok' });
  });

  it('/healthz and /readyz are for this machine, by its first address', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const req = request({ host: '127.0.0.1', port: rig.port, path, localAddress: '127.0.0.2' });
      req.end();
      const [res] = await once(req, 'response');
      res.resume();
      assert.equal(res.statusCode, 403, path);
    }
  });

  it('/readyz is 503 on a database that is older than the program', async () => {
    rig.sql(`create table kept as select * from schema_migrations where version = ${newest};
             delete from schema_migrations where version = ${newest}`);
    const res = await rig.http('GET', '/readyz');
    assert.deepEqual([res.status, res.json().code], [503, 'not_migrated']);
    rig.sql('insert into schema_migrations select * from kept');
    assert.equal((await rig.http('GET', '/readyz')).status, 200);
  });

  it('the environment check tells admins what is set, and nobody any value', async () => {
    const path = '/api/webhook/clerk/test';
    const res = await rig.api('GET', path);
    assert.equal(res.status, 200, res.text);
    const { success, settings, tenant } = res.json();
    assert.equal(success, true);
    assert.deepEqual([settings.PUBLIC_URL, settings.OPENAI_API_KEY, settings.TWILIO_AUTH_TOKEN], [true, true, false]);
    assert.deepEqual(tenant, { twilio: true, twilioApiKey: false, twimlApp: false, numbers: 1, users: 1 });
    for (const value of Object.values(rig.settings).filter((v) => v.length > 4))
      assert.ok(!res.text.includes(value), `${value} in ${res.text}`);
    assert.ok(Object.values(settings).every((v) => typeof v === 'boolean'));
    for (const role of ['viewer', 'agent', 'manager'])
      assert.equal((await rig.api('GET', path, undefined, { key: addKey(rig, rig.tenant, { role }) })).status, 403);
    assert.equal((await rig.api('GET', path, undefined, { key: null })).status, 401);
  });

  it('without its database is alive but not ready', async () => {
    rig.sql('alter role switchhook_app connection limit 0');
    rig.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'switchhook_app'");
    assert.equal((await rig.http('GET', '/healthz')).status, 200);
    assert.equal((await rig.http('GET', '/readyz')).status, 503);
    assert.equal((await rig.http('GET', '/api/health')).status, 503);
    rig.sql('alter role switchhook_app connection limit -1');
    await rig.until(() => rig.http('GET', '/readyz').then((res) => res.status === 200));
  });
});
