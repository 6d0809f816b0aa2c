// Deleting recordings: at once for whoever listens, durably here and at Twilio, and not while a legal hold stands.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keep, wav } from '../lib/audio.mjs';
import { addKey } from '../lib/credentials.mjs';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';

describe('deleting a recording', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
  });
  after(() => rig.stop({ clean: false })); // sweeps are killed on purpose
  const path = (r) => join(rig.settings.RECORDINGS_DIR, r.path);
  const erase = (r, options) => rig.api('DELETE', `/api/v1/recordings/${r.id}`, undefined, options);
  const row = (r, columns) => rig.sql(`select ${columns} from recordings where id = '${r.id}'`);
  const job = (r) => rig.sql(`select state from jobs where kind = 'erase' and ref = '${r.id}'`);
  async function recorded(name) {
    const c = inbound(name);
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
    rig.sql(`update jobs set state = 'done' where kind = 'fetch'`);
    rig.sql(`update calls set recording_url = 'x' where twilio_call_sid = '${c.sid}'`);
    return { ...c, ...keep(rig, rig.tenant, c, wav()) };
  }
  const held = (r) => async (noun, id) => {
    const place = await rig.api('PUT', `/api/v1/${noun}/${id}/hold`, { reason: `Case 7 of ${noun}` });
    assert.equal(place.status, 200, place.text);
    const hold = place.json();
    assert.deepEqual(
      [hold.kind, hold.ref, hold.reason, hold.lifted_at],
      [noun.slice(0, -1), id, `Case 7 of ${noun}`, null],
    );
    assert.match(hold.placed_by, /^key:shk_/);
    const again = await rig.api('PUT', `/api/v1/${noun}/${id}/hold`, { reason: 'another' });
    assert.deepEqual(again.json(), hold, 'what stands stays as it is');
    const res = await erase(r);
    assert.deepEqual([res.status, res.json().code], [409, 'legal_hold']);
    assert.match(res.json().detail, new RegExp(`Case 7 of ${noun}`));
    assert.equal((await rig.api('GET', `/api/v1/recordings/${r.id}`)).json().hold.id, hold.id);
    assert.equal(row(r, 'status'), 'stored');
    for (const sql of [
      `update recordings set status = 'erased' where id = '${r.id}'`,
      `delete from recordings where id = '${r.id}'`,
    ])
      assert.throws(() => rig.sql(sql), /a legal hold on the .* stands since/, 'whoever tries');
    assert.equal((await rig.api('DELETE', `/api/v1/${noun}/${id}/hold`)).status, 204);
    assert.equal((await rig.api('DELETE', `/api/v1/${noun}/${id}/hold`)).status, 404);
    assert.equal(
      rig.sql(`select string_agg(action || ' ' || coalesce(detail ->> 'new', detail ->> 'old'), ', ' order by seq)
                 from audit_entries
                where object = '${id}' and action like 'hold.%'`),
      `hold.place Case 7 of ${noun}, hold.lift Case 7 of ${noun}`,
    );
  };

  it('is refused while a hold stands on its call, contact or client', async () => {
    const r = await recorded('held');
    const client = (await rig.api('POST', '/api/v1/clients', { name: 'C' })).json().id;
    const contact = (await rig.api('POST', '/api/v1/contacts', { name: 'P' })).json().id;
    const call = rig.sql(
      `update calls set client_id = '${client}', contact_id = '${contact}'
        where twilio_call_sid = '${inbound('held').sid}' returning id`,
    );
    const check = held(r);
    await check('calls', call);
    await check('contacts', contact);
    await check('clients', client);
    const list = (await rig.api('GET', '/api/v1/holds?count=true')).json();
    assert.deepEqual([list.total, list.data.map((h) => h.kind)], [3, ['client', 'contact', 'call']]);
    assert.ok(list.data.every((h) => h.lifted_at && h.lifted_by));
    assert.equal((await erase(r)).status, 204);
  });

  it('is for managers', async () => {
    const r = await recorded('rank');
    assert.equal((await erase(r, { key: addKey(rig, rig.tenant, { role: 'agent' }) })).status, 403);
    assert.equal((await erase(r, { key: addKey(rig, rig.tenant, { role: 'manager' }) })).status, 204);
  });

  it('takes it from everybody at once, and from the disk and Twilio by and by', async () => {
    const r = await recorded('gone');
    const { url } = (await rig.api('POST', `/api/v1/recordings/${r.id}/links`, {})).json();
    const open = () => rig.http('GET', url.slice(PUBLIC_URL.length));
    assert.equal((await open()).status, 200);
    assert.equal((await erase(r)).status, 204);
    assert.equal((await open()).status, 404, 'no link opens it');
    for (const at of [`v1/recordings/${r.id}/audio`, `v1/recordings/${r.id}/waveform`, `twilio/recording/${r.sid}.wav`])
      assert.equal((await rig.api('GET', `/api/${at}`)).status, 404);
    const entry = (await rig.api('GET', `/api/twilio/recording/${inbound('gone').sid}`)).json().recordings[0];
    assert.deepEqual([entry.status, entry.url], ['erased', null]);
    const { sid } = inbound('gone');
    assert.equal(rig.sql(`select recording_url is null from calls where twilio_call_sid = '${sid}'`), 't');
    assert.equal((await erase(r)).status, 204, 'again: nothing more happens');
    assert.equal(
      rig.sql(`select count(*) from audit_entries where action = 'recording.delete' and object = '${r.sid}'`),
      '1',
    );
    assert.ok(existsSync(path(r)));
    rig.startSweep();
    await rig.until(() => job(r) === 'done');
    assert.ok(!existsSync(path(r)));
    assert.equal(row(r, 'status, path is null, sha256 is null, peaks is null'), 'erased|t|t|t');
    assert.equal(
      rig.sql(`select actor from audit_entries where action = 'recording.erase' and object = '${r.sid}'`),
      'sweep',
    );
  });

  it('waits, with the reason on the recording, while Twilio is away', async () => {
    const r = await recorded('away');
    await rig.sim.fault({ fault: 'rest_status', status: 503, kind: 'DELETE', count: 1 });
    assert.equal((await erase(r)).status, 204);
    const why = () => row(r, 'status_reason');
    await rig.until(() => /^it is being deleted: Twilio \d+: /.test(why()));
    assert.ok(!existsSync(path(r)), 'here it is gone already');
    rig.sql(`update jobs set due_at = now() where kind = 'erase' and state = 'waiting'`);
    await rig.until(() => job(r) === 'done');
    assert.equal(why(), 'it was deleted');
  });

  it('also takes the file that a dead sweep had just brought', async () => {
    const r = await recorded('late');
    assert.equal((await erase(r)).status, 204);
    await rig.until(() => job(r) === 'done');
    keep(rig, rig.tenant, r, wav());
    rig.sql(`update recordings set status = 'erased', path = null where id = '${r.id}';
      update jobs set state = 'running', leased_until = now() where kind = 'fetch' and ref = '${r.id}'`);
    await rig.until(() => rig.sql(`select state from jobs where kind = 'fetch' and ref = '${r.id}'`) === 'done');
    assert.ok(!existsSync(path(r)));
  });

  it('leaves nothing half when the sweep is killed again and again', async () => {
    rig.sweep.kill('SIGKILL');
    await rig.sweep.ended;
    const all = [];
    for (let i = 0; i < 40; i++) all.push(await recorded(`kill ${i}`));
    for (const r of all) assert.equal((await erase(r)).status, 204);
    const open = () => Number(rig.sql(`select count(*) from jobs where kind = 'erase' and state <> 'done'`));
    for (let last = open(); last > 0; ) {
      rig.sql(`update jobs set leased_until = now() where kind = 'erase' and state = 'running'`);
      rig.startSweep();
      await rig.until(() => open() < last);
      rig.sweep.kill('SIGKILL');
      await rig.sweep.ended;
      last = open();
      // What is done has no file any more; what has a file is not done.
      for (const r of all) if (job(r) === 'done') assert.ok(!existsSync(path(r)), r.sid);
    }
    assert.deepEqual(all.filter((r) => existsSync(path(r))), []);
    assert.equal(rig.sql(`select count(*) from recordings where status = 'erased' and path is not null`), '0');
  });
});
