// A FastCGI peer that is not nginx: half records, lies about lengths, noise. Nobody is wedged, nothing is stored.
// https://fastcgi-archives.github.io/FastCGI_Specification.html
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { form, inbound, Rig, sign, until } from '../lib/rig.mjs';

const status = '/api/twilio/voice/status';
const WEDGE_MS = 2500;
const [BEGIN, ABORT, PARAMS, STDIN, GET_VALUES] = [1, 2, 4, 5, 9];

function record(type, content = Buffer.alloc(0), { version = 1, id = 1, length = content.length } = {}) {
  const head = Buffer.from([version, type, id >> 8, id & 255, length >> 8, length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}
const begin = (role = 1, flags = 0, more = {}) => record(BEGIN, Buffer.from([0, role, flags, 0, 0, 0, 0, 0]), more);

function pairs(params) {
  const size = (n) => (n < 128 ? [n] : [(n >>> 24) | 128, (n >> 16) & 255, (n >> 8) & 255, n & 255]);
  return Buffer.concat(
    params.flatMap(([k, v]) => [Buffer.from([...size(k.length), ...size(v.length)]), Buffer.from(k + v)]),
  );
}

// What nginx would say of a genuine webhook; `more` replaces or adds parameters.
function request(key, more = {}) {
  const fields = inbound(key).completed;
  const body = form(fields);
  const params = {
    REQUEST_METHOD: 'POST',
    DOCUMENT_URI: status,
    REQUEST_URI: status,
    QUERY_STRING: '',
    CONTENT_TYPE: 'application/x-www-form-urlencoded',
    CONTENT_LENGTH: `${body.length}`,
    REMOTE_ADDR: '127.0.0.1',
    REQUEST_ID: '0',
    HTTP_X_TWILIO_SIGNATURE: sign(status, fields),
    ...more,
  };
  return { body: Buffer.from(body), params: Object.entries(params).filter(([, v]) => v !== null) };
}

const whole = (key, more, cut = 0) => {
  const { body, params } = request(key, more);
  const stdin = body.subarray(0, body.length - cut);
  return Buffer.concat([begin(), record(PARAMS, pairs(params)), record(PARAMS), record(STDIN, stdin)]);
};

// name: bytes to send, and whether the peer then closes its side or stays.
function kit() {
  const r = request('cut');
  const p = pairs(r.params);
  return {
    'nothing, and stays': [Buffer.alloc(0), false],
    'nothing, and goes': [Buffer.alloc(0), true],
    'one byte': [Buffer.from([1]), false],
    'half a header': [begin().subarray(0, 4), false],
    'half a header, and goes': [begin().subarray(0, 4), true],
    'a length without content': [record(BEGIN, Buffer.alloc(0), { length: 65535 }), false],
    'a begin alone': [begin(), false],
    'half the parameters': [Buffer.concat([begin(), record(PARAMS, p).subarray(0, 60)]), false],
    'half the parameters, and goes': [Buffer.concat([begin(), record(PARAMS, p).subarray(0, 60)]), true],
    'parameters cut between two records': [Buffer.concat([begin(), record(PARAMS, p)]), true],
    'a body that is too short, and goes': [Buffer.concat([whole('short', {}, 10), record(STDIN)]), true],
    'a body that is too short, and stays': [whole('slow', {}, 10), false],
    'a body without a length': [Buffer.concat([whole('no length', { CONTENT_LENGTH: null }), record(STDIN)]), true],
    'a length that is no number': [Buffer.concat([whole('word', { CONTENT_LENGTH: 'abc' }), record(STDIN)]), true],
    'a negative length': [Buffer.concat([whole('negative', { CONTENT_LENGTH: '-1' }), record(STDIN)]), true],
    'an enormous length': [whole('huge', { CONTENT_LENGTH: '99999999999999999999' }), true],
    'another version': [begin(1, 0, { version: 2 }), true],
    'an unknown type': [record(77, Buffer.from('noise')), true],
    'a question of management': [record(GET_VALUES, pairs([['FCGI_MAX_CONNS', '']]), { id: 0 }), false],
    'another role': [Buffer.concat([begin(2), record(PARAMS, p), record(PARAMS), record(STDIN)]), true],
    'an abort': [Buffer.concat([begin(), record(PARAMS, p), record(ABORT)]), true],
    'a name of 2 GiB': [Buffer.concat([begin(), record(PARAMS, Buffer.from('ffffffff7fffffff41', 'hex'))]), true],
    'parameters without end': [
      Buffer.concat([begin(), ...Array.from({ length: 160 }, () => record(PARAMS, Buffer.alloc(65000, 1)))]),
      true,
    ],
    'two requests in one connection': [Buffer.concat([begin(), begin(1, 0, { id: 2 }), record(PARAMS, p)]), true],
    noise: [Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 7919) & 255)), true],
  };
}

describe('a bad FastCGI peer', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 0 } });
  });
  after(() => rig.stop());

  // Sends and keeps the connection until it is told to let go.
  const attack = (pool, bytes, leave) =>
    new Promise((done) => {
      const s = connect(join(rig.dir, 'run', `${pool}.sock`), () => {
        s.write(bytes, () => done(() => s.destroy()));
        if (leave) s.end();
      });
      s.on('error', () => done(() => {})).resume();
    });
  const events = () => rig.sql('select count(*) from webhook_events');
  const genuine = {
    hooks: async (key) => (await rig.webhook(status, inbound(key).completed)).status,
    api: async () => (await rig.http('GET', '/api/health')).status,
  };

  for (const pool of ['hooks', 'api']) {
    for (const [name, [bytes, leave]] of Object.entries(kit())) {
      it(`that sends ${name} to ${pool} holds nobody up`, async () => {
        const before = Number(events());
        const letGo = await attack(pool, bytes, leave);
        const began = Date.now();
        assert.equal(await genuine[pool](`after ${name} ${pool}`), 200);
        const took = Date.now() - began;
        letGo();
        assert.ok(took <= WEDGE_MS, `${took} ms`);
        assert.equal(Number(events()), before + (pool === 'hooks' ? 1 : 0), 'only the genuine one is stored');
      });
    }
  }

  it('that comes four at a time holds nobody up for long', async () => {
    const letGo = await Promise.all(Array.from({ length: 4 }, () => attack('hooks', begin().subarray(0, 4), false)));
    const began = Date.now();
    const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => genuine.hooks(`crowd ${i}`)));
    for (const go of letGo) go();
    assert.deepEqual([...new Set(replies)], [200]);
    assert.ok(Date.now() - began <= WEDGE_MS);
    await until(() => rig.workers('hooks').length === 1 && rig.workers('api').length === 1);
  });

  it('a whole request in pieces of one byte is a request', async () => {
    const { body, params } = request('pieces');
    const bytes = Buffer.concat([
      begin(),
      record(PARAMS, pairs(params)),
      record(PARAMS),
      record(STDIN, body),
      record(STDIN),
    ]);
    const reply = await new Promise((done, failed) => {
      const parts = [];
      const s = connect(join(rig.dir, 'run', 'hooks.sock'), () => {
        // The last byte of the body comes with the record that ends it: the answer closes the connection.
        for (const byte of bytes.subarray(0, -9)) s.write(Buffer.from([byte]));
        s.write(bytes.subarray(-9));
      });
      s.on('data', (d) => parts.push(d))
        .on('close', () => done(Buffer.concat(parts).toString()))
        .on('error', failed);
    });
    assert.match(reply, /Status: 200/);
    assert.equal(rig.sql(`select count(*) from webhook_events where call_sid = '${inbound('pieces').sid}'`), '1');
  });
});
