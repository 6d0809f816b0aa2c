// A pool that is told to end while more wait than it can serve: it ends after the request it is at.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inbound, Rig } from '../lib/rig.mjs';

const crowd = 24;

describe('a busy pool', () => {
  let rig;
  before(async () => {
    rig = await Rig.start({ workers: { hooks: 1, api: 1, auth: 1 }, nginx: { limits: false } });
  });
  after(() => rig.stop());

  let guesses = 0; // at another account each, which costs a third of a second
  const asks = {
    auth: () =>
      rig.http('POST', '/api/v1/sessions', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: `guess-${guesses++}@example.com`, password: 'correct horse 7' }),
      }),
    api: () => rig.http('GET', '/api/health'),
    hooks: (i) => rig.webhook('/api/twilio/voice/status', inbound(`crowd ${i}`).completed),
  };
  for (const name of Object.keys(asks)) {
    it(`${name} hears the signal though somebody always waits`, async () => {
      const pool = rig.pools[name];
      const [worker] = rig.workers(name);
      let served = 0;
      let over = false;
      const clients = Array.from({ length: crowd }, async (_, i) => {
        while (!over) {
          const res = await asks[name](i).catch(() => ({ status: 0 }));
          served += [200, 204, 401].includes(res.status);
        }
      });
      try {
        await rig.until(() => served > 4);
        assert.equal(await rig.stopPool(name), 0);
      } finally {
        over = true;
        await Promise.all(clients);
      }
      const [end] = pool
        .log()
        .split('\n')
        .filter((l) => l.includes('worker ended') && l.includes(`"pid":${worker},`))
        .map((l) => JSON.parse(l));
      assert.ok(!end || end.status === 0, `it was killed: ${JSON.stringify(end)}`);
      assert.doesNotMatch(pool.log(), /"signal":9/);
    });
  }
});
