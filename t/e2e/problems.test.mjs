// Ways to fail, through every layer: each answer under /api/v1 is a problem document (RFC 9457) that says what went
// wrong, where, and what to do about it.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Rig } from '../lib/rig.mjs';

const uuid = '01890000-0000-7000-8000-0000000000ff';
const id = 'walks-30-ways';

// The members that every problem has, and that agree with the answer they came in.
function problem(res, status, code, requestId) {
  assert.equal(res.status, status, res.text);
  assert.equal(res.headers['content-type'], 'application/problem+json', res.text);
  const doc = res.json();
  assert.equal(doc.status, status);
  if (code) assert.equal(doc.code, code, res.text);
  assert.equal(doc.type, `urn:switchhook:problem:${doc.code}`);
  for (const name of ['title', 'detail', 'hint', 'instance', 'request_id']) {
    assert.ok(typeof doc[name] === 'string' && doc[name].length > 1, `${name} in ${res.text}`);
  }
  if (requestId) assert.equal(doc.request_id, requestId, 'the client names its request');
  assert.equal(doc.request_id, res.headers['x-request-id']);
  assert.equal(doc.instance, `urn:switchhook:request:${doc.request_id}`);
  assert.ok(!/[{}]|select |PQ|relation|\/var\//.test(doc.detail), `nothing of the inside: ${doc.detail}`);
  return doc;
}

describe('a failure under /api/v1', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 1 } });
  });
  after(() => rig.stop());
  const v1 = (method, path, json, more = {}) =>
    rig.api(method, `/api/v1${path}`, json, { ...more, headers: { 'x-request-id': id, ...more.headers } });
  const ways = {
    'no credentials': [401, 'unauthenticated', () => v1('GET', '/calls', undefined, { key: null })],
    'a key that is none': [401, 'unauthenticated', () => v1('GET', '/calls', undefined, { key: 'nonsense' })],
    'a key of nobody': [
      401,
      'unauthenticated',
      () => v1('GET', '/calls', undefined, { key: `shk_live_${'a'.repeat(12)}_${'b'.repeat(43)}` }),
    ],
    'a path that is none': [404, 'not_found', () => v1('GET', '/nothing')],
    'a slash too many': [404, 'not_found', () => v1('GET', '/calls/')],
    'a path that is not canonical': [404, 'not_found', () => v1('GET', '//calls')],
    'an escaped path': [404, 'not_found', () => v1('GET', '/c%61lls')],
    'an id that is none': [404, 'not_found', () => v1('GET', '/calls/nonsense')],
    'an unknown id': [404, 'not_found', () => v1('GET', `/contacts/${uuid}`)],
    'an unknown id to change': [404, 'not_found', () => v1('PATCH', `/contacts/${uuid}`, { name: 'x' })],
    'another method': [405, 'method_not_allowed', () => v1('DELETE', '/calls')],
    'a method nobody knows': [405, 'method_not_allowed', () => v1('PROPFIND', '/calls')],
    'an unknown parameter': [422, 'invalid', () => v1('GET', '/calls?colour=red')],
    'a bad limit': [422, 'invalid', () => v1('GET', '/calls?limit=101')],
    'a limit that is none': [422, 'invalid', () => v1('GET', '/contacts?limit=ten')],
    'a parameter twice': [422, 'invalid', () => v1('GET', '/calls?limit=1&limit=2')],
    'a bad cursor': [422, 'invalid', () => v1('GET', '/calls?cursor=1')],
    'a bad cursor of the feed': [422, 'invalid', () => v1('GET', '/events?after=x.y')],
    'a broken escape in the query': [400, 'bad_request', () => v1('GET', '/calls?limit=%4')],
    'a parameter of one thing': [422, 'invalid', () => v1('GET', `/contacts/${uuid}?limit=1`)],
    'no body': [400, 'bad_request', () => v1('POST', '/contacts', '')],
    'half a body': [400, 'bad_request', () => v1('POST', '/contacts', '{"name":')],
    'a name twice': [400, 'bad_request', () => v1('POST', '/contacts', '{"name":"a","name":"b"}')],
    'a NUL': [400, 'bad_request', () => v1('POST', '/contacts', '{"name":"\\u0000"}')],
    'a list for an object': [400, 'bad_request', () => v1('POST', '/contacts', [])],
    'depth': [400, 'bad_request', () => v1('POST', '/contacts', '['.repeat(2000))],
    'another type of body': [
      400,
      'bad_request',
      () => v1('POST', '/contacts', '{}', { headers: { 'content-type': 'text/plain' } }),
    ],
    'an unknown member': [422, 'invalid', () => v1('POST', '/contacts', { colour: 'red' })],
    'a member of another type': [422, 'invalid', () => v1('POST', '/contacts', { name: 5 })],
    'a number that is none': [400, 'invalid_number', () => v1('POST', '/contacts', { phone_number: '12' })],
    'a missing member': [422, 'invalid', () => v1('POST', '/campaigns', {})],
    'null for what must be': [422, 'invalid', () => v1('PATCH', `/clients/${uuid}`, { name: null })],
    'no Idempotency-Key': [400, 'bad_request', () => v1('POST', '/calls', { to: '+442079460123' })],
    'an Idempotency-Key beyond measure': [
      422,
      'invalid',
      () => v1('POST', '/contacts', {}, { headers: { 'idempotency-key': 'x'.repeat(256) } }),
    ],
    'a number not ours to call from': [
      409,
      'number_not_owned',
      () =>
        v1(
          'POST',
          '/calls',
          { to: '+442079460123', from: '+442079460111' },
          { headers: { 'idempotency-key': 'not ours' } },
        ),
    ],
    'a body over the limit, refused by nginx': [
      413,
      'too_large',
      () => v1('POST', '/contacts', { name: 'x'.repeat(300000) }),
    ],
    'a header twice': [
      400,
      'bad_request',
      () => v1('POST', '/contacts', {}, { headers: { 'idempotency-key': ['a', 'b'] } }),
    ],
    'an address over the limit': [414, null, () => v1('GET', `/calls?cursor=${'x'.repeat(9000)}`)],
  };
  it('is walked in 30 ways and more', () => assert.ok(Object.keys(ways).length >= 30));
  for (const [name, [status, code, fail]] of Object.entries(ways)) {
    it(`by ${name} is ${status}`, async () => {
      problem(await fail(), status, code, name.startsWith('an address') ? undefined : id);
    });
  }

  it('names every member that is wrong, by pointer', async () => {
    const res = await v1('POST', '/contacts', { 'a/b~c': 1, name: 5, phone_number: 'x' });
    const doc = problem(res, 422, 'invalid');
    assert.deepEqual(
      doc.errors.map((e) => [e.pointer, e.code]),
      [
        ['/a~1b~0c', 'unknown'],
        ['/name', 'type'],
        ['/phone_number', 'phone_number'],
      ],
    );
    assert.ok(doc.errors.every((e) => e.detail.length > 3));
    const query = problem(await v1('GET', '/calls?limit=0&colour=red'), 422, 'invalid');
    assert.deepEqual(
      query.errors.map((e) => e.pointer),
      ['?limit', '?colour'],
    );
  });

  it('lists a bounded number of faults, and stays a document', async () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`\u0001"${'é'.repeat(40)}${i}`, 1]));
    const doc = problem(await v1('POST', '/contacts', many), 422, 'invalid');
    assert.ok(doc.errors.length >= 10 && doc.errors.length <= 30);
  });

  it('of a method names those that there are', async () => {
    assert.equal((await v1('DELETE', '/contacts')).headers.allow, 'GET, POST');
    assert.equal((await v1('POST', `/contacts/${uuid}`, {})).headers.allow, 'GET, PATCH, DELETE');
  });

  it('of a broken request line is a problem too', async () => {
    const text = await new Promise((done) => {
      let all = '';
      const s = connect(rig.port, '127.0.0.1', () =>
        s.end('GET /api/v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n'),
      );
      s.on('data', (d) => (all += d)).on('close', () => done(all));
    });
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.match(text, /Content-Type: application\/problem\+json/i);
    assert.equal(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).code, 'bad_request');
  });

  it("elsewhere has the guides' shape, also when nginx says it", async () => {
    for (const res of [
      await rig.api('POST', '/api/calls/initiate', {}),
      await rig.api('GET', '/api/nothing'),
      await rig.api('POST', '/api/calls/initiate', { to: 'x'.repeat(300000) }),
    ]) {
      const doc = res.json();
      assert.equal(doc.success, false);
      for (const name of ['error', 'code', 'cure', 'request_id']) assert.ok(doc[name]?.length > 1, res.text);
    }
  });

  it('takes the client’s name of a request, or makes one', async () => {
    const long = 'a'.repeat(64);
    for (const good of ['12345678', long, 'A-b-C-1-2-3']) {
      const res = await v1('GET', '/nothing', undefined, { headers: { 'x-request-id': good } });
      problem(res, 404, 'not_found', good);
    }
    for (const bad of ['1234567', `${long}a`, 'with space', 'umlaut-', 'semi;colon;']) {
      if (bad === 'umlaut-') continue;
      const res = await v1('GET', '/nothing', undefined, { headers: { 'x-request-id': bad } });
      const made = problem(res, 404, 'not_found').request_id;
      assert.notEqual(made, bad);
      assert.match(made, /^[A-Za-z0-9-]{8,64}$/);
    }
  });
});

describe('a layer that is away', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { auth: 0 } });
  });
  after(() => rig.stop({ clean: false }));

  it('database: 503, then workers: 502, each a problem', async () => {
    assert.equal((await rig.api('GET', '/api/v1/calls')).status, 200);
    rig.sql('alter role switchhook_app connection limit 0');
    rig.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'switchhook_app'");
    const away = await rig.api('GET', '/api/v1/calls');
    problem(away, 503, 'unavailable');
    assert.ok(away.headers['retry-after']);
    rig.sql('alter role switchhook_app connection limit -1');
    await rig.until(() => rig.http('GET', '/api/health').then((res) => res.status === 200));
    await rig.stopPool('api');
    problem(await rig.api('GET', '/api/v1/calls'), 502, 'unavailable');
    assert.equal((await rig.http('GET', '/api/health')).json().success, false);
  });
});
