// Numbers: searched, bought once each, assigned, watched and given back; what Twilio hears of it, byte by byte.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { child, program, root } from '../lib/process.mjs';
import { inbound, PUBLIC_URL, Rig } from '../lib/rig.mjs';

const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const overrides = '#rc=5&rp=all&ct=2000&rt=5000&tt=15000';
const voice = `${PUBLIC_URL}/api/twilio/voice/answer${overrides}`;
const status = `${PUBLIC_URL}/api/twilio/voice/status${overrides}`;

describe('numbers', () => {
  let rig;
  let n = 0;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 3, auth: 0 }, sim: { speed: 100 } });
    await rig.sim.number(rig.tenant.number);
    rig.sql(`update tenants set number_rent_cap = null, country = 'US'`);
    rig.sql(`insert into clients (tenant_id, external_id, name, forward_to)
               values ('${rig.tenant.id}', 'client-1', 'One', '+442079460777');
             insert into campaigns (tenant_id, external_id, name) values ('${rig.tenant.id}', 'spring', 'Spring')`);
  });
  after(() => rig.stop());
  let from = 0; // what the simulator had heard before the test
  const heard = async () => (await rig.sim.ledger()).numbers;
  beforeEach(async () => {
    from = (await heard()).length;
  });
  const said = async (method, match) =>
    (await heard()).slice(from).filter((r) => r.method === method && match.test(r.path));
  const bought = () => said('POST', /IncomingPhoneNumbers\.json$/);
  const fields = (r) => Object.fromEntries(new URLSearchParams(r.params));
  const fresh = () => ({ 'idempotency-key': `key-${(n += 1)}` });
  const buy = (json, headers = fresh()) => rig.api('POST', '/api/v1/numbers', json, { headers });
  const code = (res) => [res.status, res.json().code];
  const sweep = async () => {
    const args = [program('switchhook-sweep'), '--env', rig.env, '--once-kind', 'number'];
    const c = child(join(rig.dir, 'log'), `sweep-${(n += 1)}`, args, { as });
    assert.equal(await c.ended, 0, c.log());
    return c.log();
  };
  const owned = async () => {
    const res = await fetch(`${rig.sim.url}/sim/numbers`);
    return (await res.json()).numbers;
  };
  const row = (e164, what) => rig.sql(`select ${what} from numbers n where e164 = '${e164}' and released_at is null`);
  const price = '1.15';

  describe('for sale', () => {
    const offers = async (query) => (await rig.api('GET', `/api/v1/available-numbers?${query}`)).json();

    it('are asked for by AreaCode in the United States, with price and requirements', async () => {
      const doc = await offers('area_code=415&limit=3');
      assert.deepEqual([doc.country, doc.pattern, doc.area_code, doc.numbers.length], ['US', null, '415', 3]);
      const [first] = doc.numbers;
      assert.match(first.phone_number, /^\+1415/);
      assert.deepEqual(
        { ...first, phone_number: '', friendly_name: '' },
        {
          phone_number: '',
          friendly_name: '',
          locality: 'San Francisco',
          region: 'CA',
          type: 'local',
          capabilities: { voice: true, sms: true, mms: true },
          monthly_price: price,
          currency: 'USD',
          address_requirement: 'none',
          bundle_required: false,
        },
      );
      const lines = (await heard()).slice(from).map((r) => [r.path.replace(/Accounts\/\w+/, 'Accounts/AC'), r.params]);
      assert.deepEqual(lines, [
        [
          '/2010-04-01/Accounts/AC/AvailablePhoneNumbers/US/Local.json',
          'AreaCode=415&VoiceEnabled=true&PageSize=3',
        ],
        ['/v1/PhoneNumbers/Countries/US', ''],
        ['/v2/RegulatoryCompliance/Regulations', 'IsoCountry=US&NumberType=local'],
      ]);
    });

    it('are asked for by pattern elsewhere: 20 in Britain is 4420*', async () => {
      const doc = await offers('country=GB&area_code=20&limit=5');
      assert.equal(doc.pattern, '4420*');
      assert.ok(doc.numbers.length > 0 && doc.numbers.every((x) => x.phone_number.startsWith('+4420')));
      assert.deepEqual([doc.numbers[0].address_requirement, doc.numbers[0].bundle_required], ['any', true]);
      const [asked] = await said('GET', /AvailablePhoneNumbers/);
      assert.equal(fields(asked).Contains, '4420*');
      assert.equal(fields(asked).AreaCode, undefined);
      assert.equal((await offers('country=GB&area_code=020&limit=1')).pattern, '4420*', 'with the trunk prefix too');
    });

    it('are of every type', async () => {
      for (const [type, path] of [
        ['mobile', 'Mobile'],
        ['toll-free', 'TollFree'],
        ['national', 'National'],
      ]) {
        const doc = await offers(`country=GB&type=${type}&limit=1`);
        assert.deepEqual([doc.numbers.length, doc.numbers[0].type], [1, type]);
        assert.ok((await said('GET', /AvailablePhoneNumbers/)).at(-1).path.endsWith(`/GB/${path}.json`));
      }
      assert.equal((await offers('country=GB&type=mobile&limit=1')).numbers[0].monthly_price, '1.25');
    });

    it('can be none, and are refused in words', async () => {
      assert.deepEqual((await offers('country=ZA')).numbers, []);
      for (const query of ['area_code=41', 'area_code=4x5', 'contains=!', 'area_code=415&contains=415', 'country=usa'])
        assert.equal((await rig.api('GET', `/api/v1/available-numbers?${query}`)).status, 422, query);
      assert.equal((await rig.api('GET', '/api/v1/available-numbers', undefined, { key: null })).status, 401);
    });
  });

  describe('bought', () => {
    it('are told all their URLs in the same request, which is read back', async () => {
      const res = await buy({ area_code: '415', client_id: 'client-1', forward_to: '+442079460778' });
      assert.equal(res.status, 201, res.text);
      const doc = res.json();
      assert.match(doc.sid, /^PN[0-9a-f]{32}$/);
      assert.deepEqual([doc.status, doc.number.state, doc.number.healthy], ['purchased', 'assigned', true]);
      assert.deepEqual(
        [doc.number.monthly_price, doc.number.currency, doc.number.type, doc.number.capabilities],
        ['1.1500', 'USD', 'local', ['voice', 'sms', 'mms']],
      );
      const [asked, ...more] = await bought();
      assert.equal(more.length, 0);
      assert.deepEqual(fields(asked), {
        PhoneNumber: doc.phone_number,
        VoiceUrl: voice,
        VoiceMethod: 'POST',
        VoiceFallbackUrl: `${PUBLIC_URL}/fallback/${row(doc.phone_number, 'fallback_name')}.xml`,
        VoiceFallbackMethod: 'GET',
        StatusCallback: status,
        StatusCallbackMethod: 'POST',
      });
      assert.equal(res.headers.location, `/api/v1/numbers/${doc.number.id}`);
      const audit = rig.sql(`select string_agg(action, ' ' order by seq) from audit_entries
                              where object = '${doc.phone_number}'`);
      assert.equal(audit, 'number.buy number.bought');
    });

    it('ring where they were bought for with the next call', async () => {
      const e164 = rig.sql('select e164 from numbers where client_id is not null limit 1');
      const res = await rig.webhook('/api/twilio/voice/answer', inbound('next', { to: e164 }).answer);
      assert.match(res.text, />\+442079460778</);
    });

    it('need an Idempotency-Key in the API, and are one for each', async () => {
      assert.deepEqual(code(await buy({ area_code: '415' }, {})), [400, 'bad_request']);
      const key = fresh();
      const [one, two] = [await buy({ area_code: '415' }, key), await buy({ area_code: '415' }, key)];
      assert.equal(one.status, 201, one.text);
      assert.equal(two.text, one.text);
      assert.equal(two.headers['idempotency-replayed'], 'true');
      assert.equal((await bought()).length, 1);
      assert.deepEqual(code(await buy({ area_code: '212' }, key)), [422, 'idempotency_key_reused']);
    });

    it('are one for a double click without a key, and for clicks at the same moment', async () => {
      const click = () => rig.api('POST', '/api/twilio/purchase-number', { areaCode: '512' });
      const all = await Promise.all(Array.from({ length: 6 }, click));
      const good = all.filter((r) => r.status === 200);
      const codes = all.map((r) => r.status);
      assert.ok(good.length >= 1 && codes.every((x) => x === 200 || x === 409), codes.join());
      const later = await click();
      assert.deepEqual([later.status, later.headers['idempotency-replayed']], [200, 'true'], later.text);
      assert.equal(new Set(good.concat(later).map((r) => r.json().phoneNumber)).size, 1);
      assert.equal((await bought()).length, 1);
    });

    it('are a number by name, if Twilio sells it', async () => {
      const offer = (await rig.api('GET', '/api/v1/available-numbers?area_code=212&limit=2')).json().numbers[1];
      const res = await buy({ phone_number: offer.phone_number });
      assert.equal(res.json().phone_number, offer.phone_number, res.text);
      const again = await buy({ phone_number: offer.phone_number });
      assert.deepEqual(code(again), [409, 'conflict']);
      assert.deepEqual(code(await buy({ phone_number: '+14155550123' })), [409, 'no_numbers_found']);
      assert.deepEqual(code(await buy({ area_code: '999' })), [409, 'no_numbers_found']);
      assert.equal((await bought()).length, 1);
    });

    it('belong to the user they were bought for, as the printed SQL would say it', async () => {
      const user = rig.sql(`insert into users (tenant_id, email, name, role, forward_to)
        values ('${rig.tenant.id}', 'buyer@example.com', 'B', 'agent', '+442079460779') returning id`);
      const res = await buy({ area_code: '212', user_id: user });
      assert.equal(res.status, 201, res.text);
      assert.equal(
        rig.sql(`select assigned_phone_number = caller_id_number, assigned_phone_number from user_voip_settings
                  where user_id = '${user}'`),
        `t|${res.json().phone_number}`,
      );
    });
  });

  describe('not bought', () => {
    it('are those over the cap, and Twilio is not asked', async () => {
      const limits = (...args) =>
        JSON.parse(rig.switchhook('tenant', 'limits', '--tenant', rig.tenant.id, ...args, '-o', 'json'));
      assert.equal(limits('--number-rent', '1').number_rent, '1.00');
      const res = await buy({ area_code: '415' });
      assert.deepEqual(code(res), [403, 'spend_cap']);
      assert.match(res.json().detail, /1\.15 USD a month.*cap of 1\.00/);
      assert.equal(limits('--number-rent', 'none').number_rent, null);
      assert.deepEqual(code(await buy({ area_code: '415', max_monthly_price: '1.14' })), [403, 'spend_cap']);
      limits('--stop');
      assert.deepEqual(code(await buy({ area_code: '415' })), [403, 'calling_stopped']);
      limits('--resume');
      assert.deepEqual(await bought(), []);
      assert.equal((await buy({ area_code: '415', max_monthly_price: '1.15' })).status, 201);
    });

    it('are those that a stolen key asks for at once: only what the cap leaves is sold', async () => {
      const { numbers } = (await rig.api('GET', '/api/v1/available-numbers?area_code=512&limit=8')).json();
      rig.sql(`update tenants set number_rent_cap = 2.50 + (select sum(monthly_price) from numbers
                where released_at is null)`);
      const all = await Promise.all(numbers.map((x) => buy({ phone_number: x.phone_number })));
      assert.deepEqual(
        all.map((r) => r.status).sort(),
        [201, 201, 403, 403, 403, 403, 403, 403],
        all.map((r) => r.text).join('\n'),
      );
      assert.equal((await bought()).length, 2);
      rig.sql('update tenants set number_rent_cap = null');
    });

    it('are those for nobody, by nobody, or with nonsense', async () => {
      assert.deepEqual(code(await buy({ area_code: '415', client_id: 'nobody' })), [404, 'not_found']);
      for (const json of [
        { bundle_sid: `BU${'x'.repeat(32)}` },
        { address_sid: `BU${'0'.repeat(32)}` },
        { max_monthly_price: '1,5' },
        { max_monthly_price: '-1' },
        { colour: 'red' },
      ])
        assert.equal((await buy({ area_code: '415', ...json })).status, 422, JSON.stringify(json));
      assert.deepEqual(await bought(), []);
    });

    it("are those that Twilio refuses, said with Twilio's code and a cure", async () => {
      for (const [twilio, expected, cure] of [
        ['21631', [409, 'bundle_required'], /addressSid/],
        ['21613', [409, 'bundle_required'], /addressSid/],
        ['21615', [409, 'bundle_required'], /addressSid/],
        ['21649', [409, 'bundle_required'], /bundleSid/],
        ['21421', [400, 'invalid_number'], /could sell/],
        ['21422', [409, 'conflict'], /search again/],
        ['21404', [502, 'twilio_rejected'], /upgrade/],
      ]) {
        await rig.sim.fault({ fault: 'number_status', status: 400, code: twilio });
        const res = await buy({ area_code: '415' });
        assert.deepEqual(code(res), expected, res.text);
        assert.ok(res.json().detail.includes(twilio) && cure.test(res.json().hint), res.text);
      }
      const open = `select count(*) from number_purchases where state in ('looking', 'sending', 'unknown')`;
      assert.equal(rig.sql(open), '0');
    });
  });

  describe('in Britain', () => {
    const paper = (how) => fetch(`${rig.sim.url}/sim/papers`, { method: 'POST', body: JSON.stringify(how) });
    const british = (more = {}) => buy({ country: 'GB', area_code: '20', ...more });
    before(() => paper({ strict: true }));

    it('need a bundle: without an approved one Twilio is not asked, and the cure names the way', async () => {
      await paper({ kind: 'bundle', status: 'pending-review' });
      await paper({ kind: 'bundle', type: 'mobile' });
      const res = await british();
      assert.deepEqual(code(res), [409, 'bundle_required']);
      assert.match(res.json().detail, /GB asks for a regulatory bundle/);
      assert.match(res.json().hint, /bundleSid/);
      assert.deepEqual(await bought(), []);
    });

    it('need an address as well', async () => {
      await paper({ kind: 'bundle' });
      const res = await british();
      assert.deepEqual(code(res), [409, 'bundle_required']);
      assert.match(res.json().detail, /address/);
      assert.match(res.json().hint, /addressSid/);
      assert.deepEqual(await bought(), []);
    });

    it('are bought with what the account has', async () => {
      await paper({ kind: 'address', country: 'FR' });
      const { sid } = await (await paper({ kind: 'address', country: 'GB' })).json();
      const res = await british();
      assert.equal(res.status, 201, res.text);
      const [asked] = await bought();
      assert.match(fields(asked).BundleSid, /^BU/);
      assert.equal(fields(asked).AddressSid, sid, 'one in the country is preferred');
      assert.equal(row(res.json().phone_number, 'address_sid'), sid);
    });
  });

  describe('whose reply is lost', () => {
    const open = (e164) =>
      rig.sql(`select state from number_purchases where e164 = '${e164}' order by id desc limit 1`);
    for (const at of [0, 1, 2, 12, 64, 100, 200, 300, 400, 600, 900]) {
      it(`after ${at} bytes is unknown, is not bought twice, and is found by the sweep`, async () => {
        await rig.sim.fault({ fault: 'number_cut', kind: 'POST', at_byte: at });
        const key = fresh();
        const res = await buy({ area_code: '512' }, key);
        assert.equal(res.status, 202, res.text);
        const { phone_number: e164, ...rest } = res.json();
        assert.deepEqual(rest, { sid: null, status: 'unknown', number: null });
        const again = await buy({ area_code: '512' }, key);
        assert.deepEqual([again.status, again.json().phone_number], [202, e164]);
        assert.equal((await bought()).length, 1);
        await sweep();
        assert.equal(open(e164), 'unknown', 'too young to be asked about');
        rig.sql(`update number_purchases set created_at = created_at - interval '1 minute' where e164 = '${e164}'`);
        await sweep();
        assert.equal(open(e164), 'bought');
        assert.equal((await owned()).filter((x) => x.phone_number === e164).length, 1);
        assert.match(row(e164, 'twilio_sid'), /^PN/);
        assert.equal(row(e164, `number_health_json(n) ->> 'status'`), 'ok');
        const known = await buy({ area_code: '512' }, key);
        assert.deepEqual([known.status, known.json().sid], [201, row(e164, 'twilio_sid')], 'its key tells the end');
        assert.equal((await bought()).length, 1, 'one number');
      });
    }

    it('and that Twilio has not sold failed after ten minutes, and may be tried again', async () => {
      await rig.sim.fault({ fault: 'number_status', status: 503 });
      const key = fresh();
      const res = await buy({ area_code: '512' }, key);
      assert.equal(res.status, 202, res.text);
      const e164 = res.json().phone_number;
      rig.sql(`update number_purchases set created_at = created_at - interval '11 minutes' where e164 = '${e164}'`);
      await sweep();
      assert.equal(open(e164), 'failed');
      assert.equal((await owned()).filter((x) => x.phone_number === e164).length, 0);
    });

    it('because the worker died over it, is found too', async () => {
      const e164 = '+15125550199';
      await fetch(`${rig.sim.url}/sim/numbers`, {
        method: 'POST',
        body: JSON.stringify({ phone_number: e164, voice_url: voice }),
      });
      rig.sql(`insert into number_purchases (tenant_id, state, e164, request_hash, actor, created_at)
               values ('${rig.tenant.id}', 'sending', '${e164}', sha256('x'), 'key:x', now() - interval '1 minute')`);
      await sweep();
      assert.equal(open(e164), 'bought');
    });
  });

  describe('assigned', () => {
    let id;
    let e164;
    before(() => {
      [id, e164] = rig.sql(`select id || ' ' || e164 from numbers where client_id is not null limit 1`).split(' ');
    });
    const assign = (json) => rig.api('POST', `/api/v1/numbers/${id}/assignment`, json);
    let calls = 0;
    const next = async () =>
      (await rig.webhook('/api/twilio/voice/answer', inbound(`c${(calls += 1)}`, { to: e164 }).answer)).text;

    it('to a client ring its phone with the next call; to a user, that one', async () => {
      assert.equal((await assign({ client_id: 'client-1' })).json().state, 'assigned');
      assert.match(await next(), />\+442079460777</);
      const res = await assign({ user_id: rig.tenant.user });
      assert.deepEqual([res.json().user_id, res.json().client_id], [rig.tenant.user, null], res.text);
      assert.match(await next(), new RegExp(`>\\${rig.tenant.forward}<`));
      assert.equal(
        rig.sql(`select assigned_phone_number from user_voip_settings where user_id = '${rig.tenant.user}'`),
        e164,
      );
      assert.match((await assign({ client_id: 'client-1', forward_to: '+442079460770' })).text, /"state"/);
      assert.match(await next(), />\+442079460770</);
      assert.equal(
        rig.sql(`select assigned_phone_number is null from user_voip_settings where user_id = '${rig.tenant.user}'`),
        't',
        'whoever had it has it no more',
      );
    });

    it('by the printed SQL are the same', async () => {
      rig.sql(`INSERT INTO user_voip_settings (user_id, assigned_phone_number, caller_id_number, auto_record,
                                               auto_transcribe)
        SELECT id, '${e164}', '${e164}', true, true FROM users WHERE email = 'buyer@example.com'
        ON CONFLICT (user_id) DO UPDATE SET assigned_phone_number = EXCLUDED.assigned_phone_number,
          caller_id_number = EXCLUDED.caller_id_number;`);
      const doc = (await rig.api('GET', `/api/v1/numbers/${id}`)).json();
      assert.equal(doc.user_id, rig.sql(`select id from users where email = 'buyer@example.com'`));
    });

    it('in the shape of the guides', async () => {
      const give = (json) => rig.api('POST', '/api/admin/twilio/assign-number', json);
      const res = await give({ phoneNumber: e164, clientId: 'client-1' });
      assert.equal(res.status, 200, res.text);
      assert.deepEqual([res.json().success, res.json().assignment.phone_number], [true, e164]);
      const none = await give({ phoneNumber: '+15005550006', clientId: 'x' });
      assert.deepEqual([none.status, none.json().code], [404, 'not_found']);
    });

    it('to nobody, to strangers, or to themselves are refused', async () => {
      assert.equal((await assign({})).status, 422);
      assert.equal((await assign({ client_id: 'nobody' })).status, 404);
      assert.equal((await assign({ campaign_id: 'nobody' })).status, 404);
      assert.equal((await assign({ client_id: 'client-1', forward_to: e164 })).status, 422);
    });

    it('to a pool are free in it, until somebody has them; their history tells', async () => {
      assert.deepEqual(
        await Promise.all([(await assign({ client_id: 'client-1', pool: 'spring' })).json().state]),
        ['available'],
      );
      assert.equal((await assign({ pool: 'spring', campaign_id: 'spring' })).json().state, 'assigned');
      const { data } = (await rig.api('GET', `/api/v1/numbers/${id}/assignments`)).json();
      assert.deepEqual([data[0].pool, data[0].to_at, data[1].pool], ['spring', null, 'spring']);
      assert.ok(data.length >= 5 && data.slice(1).every((x) => x.to_at !== null));
    });

    it('that are disabled are given to nobody', async () => {
      assert.equal((await rig.api('PATCH', `/api/v1/numbers/${id}`, { disabled: true })).json().state, 'disabled');
      assert.equal((await assign({ client_id: 'client-1' })).status, 409);
      assert.equal((await rig.api('PATCH', `/api/v1/numbers/${id}`, { disabled: false })).json().disabled, false);
    });

    it('are not given back while somebody holds them, and the refusal names who', async () => {
      const res = await rig.api('DELETE', `/api/v1/numbers/${id}`);
      assert.deepEqual(code(res), [409, 'number_held']);
      assert.match(res.json().detail, /campaign Spring, pool spring/);
      const main = rig.sql(`select id from numbers where e164 = '${rig.tenant.number}'`);
      assert.match((await rig.api('DELETE', `/api/v1/numbers/${main}`)).json().detail, /default number of the tenant/);
      assert.deepEqual(await said('DELETE', /./), []);
    });

    it('cool down, answer meanwhile, and go back to Twilio when they have cooled and somebody has asked', async () => {
      const free = await rig.api('DELETE', `/api/v1/numbers/${id}/assignment`);
      assert.deepEqual([free.status, free.json().state], [200, 'cooling'], free.text);
      assert.match(await next(), /<Say/);
      rig.sql(`update numbers set cooling_until = now() - interval '1 second' where id = '${id}'`);
      await sweep();
      assert.deepEqual(await said('DELETE', /./), [], 'cooled, but nobody has asked');
      assert.equal((await rig.api('GET', `/api/v1/numbers/${id}`)).json().state, 'available');
      rig.sql(`update numbers set cooling_until = now() + interval '1 hour' where id = '${id}'`);
      const asked = await rig.api('DELETE', `/api/v1/numbers/${id}`);
      assert.deepEqual([asked.status, asked.json().state], [202, 'cooling'], asked.text);
      await sweep();
      assert.deepEqual(await said('DELETE', /./), [], 'asked, but it has not cooled');
      const sid = row(e164, 'twilio_sid');
      assert.equal((await rig.api('DELETE', `/api/v1/numbers/${id}?now=true`)).status, 202);
      await rig.sim.fault({ fault: 'number_cut', kind: 'DELETE', at_byte: 3 });
      await sweep();
      await sweep();
      const gone = await said('DELETE', /./);
      assert.ok(gone.length >= 1 && gone.every((r) => r.path.endsWith(`/IncomingPhoneNumbers/${sid}.json`)));
      assert.equal((await rig.api('GET', `/api/v1/numbers/${id}`)).status, 404);
      assert.equal((await owned()).some((x) => x.phone_number === e164), false);
      assert.equal(rig.sql(`select count(*) from number_assignments where number_id = '${id}' and to_at is null`), '0');
      assert.match(rig.sql(`select string_agg(action, ' ' order by seq) from audit_entries
        where object = '${e164}'`), /number.unassign number.release number.release number.give_back number.released/);
    });
  });

  describe('at Twilio', () => {
    const put = async (e164, more) =>
      (
        await fetch(`${rig.sim.url}/sim/numbers`, {
          method: 'POST',
          body: JSON.stringify({ phone_number: e164, ...more }),
        })
      ).json();
    const id = (e164) => row(e164, 'id');
    const at = async (e164) => (await owned()).find((x) => x.phone_number === e164);
    const wild = '+14155550777';

    it('are adopted and rewired, one or all', async () => {
      const { sid } = await put(wild, { voice_url: 'https://demo.twilio.com/welcome/voice/' });
      const res = await rig.api('POST', '/api/v1/number-adoptions', { phone_number: wild });
      assert.deepEqual([res.status, res.json()], [200, { adopted: 1, waiting: 0 }], res.text);
      assert.equal(row(wild, "twilio_sid || ' ' || monthly_price || ' ' || number_type"), `${sid} 1.1500 local`);
      const [set] = await said('POST', new RegExp(sid));
      assert.deepEqual(fields(set), {
        VoiceUrl: voice,
        VoiceMethod: 'POST',
        VoiceFallbackUrl: `${PUBLIC_URL}/fallback/${row(wild, 'fallback_name')}.xml`,
        VoiceFallbackMethod: 'GET',
        StatusCallback: status,
        StatusCallbackMethod: 'POST',
        VoiceApplicationSid: '',
        TrunkSid: '',
      });
      const none = await rig.api('POST', '/api/v1/number-adoptions', { phone_number: '+14155550778' });
      assert.deepEqual(code(none), [404, 'not_found']);
      await put('+14155550779', {});
      assert.ok((await rig.api('POST', '/api/v1/number-checks')).json().not_adopted >= 1);
      const all = await rig.api('POST', '/api/v1/number-adoptions', {});
      assert.equal(all.status, 200, all.text);
      assert.equal(all.json().adopted, (await owned()).length);
      assert.equal(all.json().waiting, 0);
      assert.equal((await rig.api('POST', '/api/v1/number-checks')).json().not_adopted, 0);
      assert.equal((await at(rig.tenant.number)).VoiceUrl, voice);
    });

    it('are found where they differ, and set right again', async () => {
      await put(wild, {
        voice_url: 'https://elsewhere.example/voice',
        voice_method: 'GET',
        voice_application_sid: `AP${'1'.repeat(32)}`,
        trunk_sid: `TK${'1'.repeat(32)}`,
        status_callback: `${PUBLIC_URL}/api/webhooks/twilio/status`,
      });
      const path = `/api/v1/numbers/${id(wild)}`;
      assert.equal((await rig.api('GET', `${path}/health`)).json().status, 'ok', 'as of the last look');
      const found = (await rig.api('POST', `${path}/check`)).json();
      assert.equal(found.status, 'drift');
      assert.deepEqual(
        found.drift.map((d) => d.what),
        ['voice_url', 'voice_method', 'voice_fallback_url', 'voice_application_sid', 'trunk_sid'],
        'an alias of ours is ours',
      );
      assert.equal(found.drift[0].is, 'https://elsewhere.example/voice');
      assert.equal((await rig.api('GET', path)).json().healthy, false);
      const fixed = await rig.api('POST', `${path}/apply`);
      assert.deepEqual([fixed.status, fixed.json().status, fixed.json().drift], [200, 'ok', []], fixed.text);
      assert.equal((await at(wild)).VoiceUrl, voice);
    });

    it('are looked at once a day by the sweep, and those that vanished are marked', async () => {
      const { VoiceUrl, sid } = await at(wild);
      assert.equal(VoiceUrl, voice);
      await rig.sim.number(wild, '/elsewhere'); // another sid, another path
      rig.sql(`update tenants set numbers_checked_at = now() - interval '23 hours'`);
      await sweep();
      assert.equal(row(wild, `number_health_json(n) ->> 'status'`), 'ok');
      rig.sql(`update tenants set numbers_checked_at = now() - interval '25 hours'`);
      assert.match(await sweep(), /not as they should be/);
      assert.equal(row(wild, `number_health_json(n) ->> 'status'`), 'drift');
      assert.notEqual(row(wild, 'twilio_sid'), sid, 'its new sid is known');
      const basic = `Basic ${btoa(`${rig.tenant.account}:${rig.tenant.token}`)}`;
      const res = await fetch(
        `${rig.sim.url}/2010-04-01/Accounts/${rig.tenant.account}/IncomingPhoneNumbers/${row(wild, 'twilio_sid')}.json`,
        { method: 'DELETE', headers: { authorization: basic } },
      );
      assert.equal(res.status, 204);
      await rig.api('POST', '/api/v1/number-checks');
      assert.equal((await rig.api('GET', `/api/v1/numbers/${id(wild)}/health`)).json().status, 'vanished');
      const told = `select count(*) from audit_entries where action = 'number.vanished' and object = '${wild}'`;
      assert.equal(rig.sql(told), '1');
      await rig.api('POST', '/api/v1/number-checks');
      assert.equal(rig.sql(told), '1');
    });

    it('that cannot be told now are told later by the sweep', async () => {
      const path = `/api/v1/numbers/${id(rig.tenant.number)}`;
      await rig.sim.number(rig.tenant.number, '/elsewhere');
      await rig.api('POST', `${path}/check`);
      await rig.sim.fault({ fault: 'number_status', status: 503 });
      assert.equal((await rig.api('POST', `${path}/apply`)).status, 504);
      await sweep();
      assert.equal((await at(rig.tenant.number)).VoiceUrl, voice);
      assert.equal((await rig.api('GET', `${path}/health`)).json().status, 'ok');
    });

    it('have a document for the time when we are away, which follows what they are set to', async () => {
      const folder = join(rig.settings.STATE_DIR, 'fallback');
      const run = async () => {
        const args = [program('switchhook-sweep'), '--env', rig.env, '--once-kind', 'snapshot'];
        assert.equal(await child(join(rig.dir, 'log'), `snap-${(n += 1)}`, args, { as }).ended, 0);
      };
      await run();
      const name = row(rig.tenant.number, 'fallback_name');
      const count = rig.sql('select count(*) from numbers where released_at is null');
      assert.equal(readdirSync(folder).length, Number(count));
      const read = () => readFileSync(join(folder, `${name}.xml`), 'utf8');
      assert.match(read(), new RegExp(`<Dial[^>]*><Number>\\${rig.tenant.forward}</Number></Dial></Response>`));
      assert.doesNotMatch(read(), /record|action|http/i);
      rig.sql(`update numbers set forward_to = '+442079460771' where e164 = '${rig.tenant.number}'`);
      await run();
      assert.match(read(), />\+442079460771</);
      for (const method of ['GET', 'POST']) {
        const res = await rig.http(method, `/fallback/${name}.xml`);
        assert.deepEqual([res.status, res.text], [200, read()], method);
      }
      const other = rig.sql(`update numbers set released_at = now() where e164 = '${wild}' returning fallback_name`);
      await run();
      assert.equal(readdirSync(folder).includes(`${other}.xml`), false);
    });
  });

  it('whose voice URL cannot be reached still ring, by that document', async () => {
    const e164 = '+442079460957';
    rig.sql(`insert into numbers (tenant_id, e164, forward_to)
               values ('${rig.tenant.id}', '${e164}', '+442079460772')`);
    const args = [program('switchhook-sweep'), '--env', rig.env, '--once-kind', 'snapshot'];
    assert.equal(await child(join(rig.dir, 'log'), 'snap-call', args, { as }).ended, 0);
    await fetch(`${rig.sim.url}/sim/numbers`, {
      method: 'POST',
      body: JSON.stringify({
        phone_number: e164,
        voice_url: `${PUBLIC_URL}/nowhere`,
        voice_fallback_url: `${PUBLIC_URL}/fallback/${row(e164, 'fallback_name')}.xml`,
      }),
    });
    await rig.sim.call({ from: '+447700900123', to: e164 });
    const { calls } = await rig.sim.idle();
    assert.ok(calls.some((c) => c.to === '+442079460772' && c.status === 'completed'), JSON.stringify(calls));
    rig.sql(`delete from numbers where e164 = '${e164}'`);
  });

  describe('by the command', () => {
    const run = (...args) => JSON.parse(rig.switchhook('number', ...args, '-o', 'json'));
    const fails = (...args) => {
      try {
        rig.switchhook('number', ...args);
      } catch (e) {
        return `${e.status} ${e.stderr}`;
      }
      return 'it did not fail';
    };

    it('are searched, bought, assigned, listed, released', async () => {
      const [offer] = run('search', '--area-code', '416', '--country', 'CA', '--limit', '1');
      assert.deepEqual([offer.place, offer.monthly_price, offer.bundle], ['Toronto', '1.15', 'none']);
      assert.match(fails('buy', '--number', offer.number), /^1 .*--yes/s);
      assert.deepEqual(await bought(), []);
      const made = run('buy', '--number', offer.number, '--yes');
      assert.deepEqual([made.number, made.status], [offer.number, 'purchased']);
      const [mine] = run('assign', '--number', offer.number, '--client', 'client-1');
      assert.deepEqual([mine.state, mine.held_by, mine.at_twilio], ['assigned', 'client One', 'ok']);
      assert.match(fails('release', '--number', offer.number, '--yes'), /client One/);
      assert.equal(run('assign', '--number', offer.number, '--none')[0].state, 'cooling');
      assert.match(fails('release', '--number', offer.number), /--yes/);
      run('release', '--number', offer.number, '--now', '--yes');
      await sweep();
      assert.equal(run('list').some((x) => x.number === offer.number), false);
    });

    it('are compared and set anew', async () => {
      rig.sql(`update numbers set released_at = now()
                where id in (select number_id from number_health where vanished_at is not null)`);
      assert.equal(run('adopt').waiting, '0');
      assert.deepEqual(run('check'), []);
      await rig.sim.number(rig.tenant.number, '/elsewhere');
      assert.match(fails('check'), /^1 .*1 numbers are not.*apply/s);
      assert.equal(run('apply', '--number', rig.tenant.number)[0].at_twilio, 'ok');
      assert.deepEqual(run('check'), []);
    });
  });

  it('leave a whole chain of audit entries', () => {
    rig.switchhook('audit', 'verify');
    assert.equal(rig.sql(`select count(*) from audit_entries where action like 'number.%' and actor = ''`), '0');
  });
});
