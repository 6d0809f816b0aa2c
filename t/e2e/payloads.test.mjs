// Every webhook body of the reference collection, as Twilio signs it for the guides' paths, and re-signed for ours.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixtures } from '../lib/process.mjs';
import { Rig, sign } from '../lib/rig.mjs';
import { routes } from '../lib/routes.mjs';

const index = JSON.parse(readFileSync(join(fixtures, 'webhooks', 'INDEX.json'), 'utf8'));
const base = 'https://crm.example.com';
const known = new Set(routes.filter((r) => r.auth === 'TWILIO' && r.method === 'POST').map((r) => r.path));
// What a payload is about, by its name: the route of ours that must understand it.
const ours = [
  [/^(voice-|client-)/, '/api/twilio/voice/answer'],
  [/^client-/, '/api/twilio/twiml'],
  [/^status-/, '/api/twilio/voice/status'],
  [/^dial-action-/, '/api/twilio/voice/dial'],
  [/^recording-(in-progress|completed|completed-mono|absent)$/, '/api/twilio/voice/recording'],
];

describe('the collected webhooks', () => {
  let rig;
  before(async () => {
    const { AccountSid } = index.requests[0].params;
    rig = await Rig.start({
      workers: { api: 0, auth: 0 },
      settings: { PUBLIC_URL: base },
      tenant: { account: AccountSid, token: index.auth_token, number: '+18005550100' },
    });
  });
  after(() => rig.stop());
  const body = (file) => readFileSync(join(fixtures, 'webhooks', file), 'latin1');
  const text = (r) => body(r.file).replace(/\n$/, '');
  const stored = () => Number(rig.sql('select count(*) from webhook_events'));

  it('are all here', () => assert.equal(index.requests.length, 67));

  for (const r of index.requests) {
    const path = r.url.slice(base.length);
    const aliases = ours.filter(([name]) => name.test(r.id)).map(([, to]) => to);
    it(`${r.id}: ${r.description}`, async () => {
      const headers = Object.fromEntries(Object.entries(r.headers).map(([k, v]) => [k.toLowerCase(), v]));
      const res = await rig.http(r.method, path, { headers, body: Buffer.from(text(r), 'latin1') });
      if (known.has(path)) assert.equal(res.status, 200, `${path}: ${res.text}`);
      else assert.ok(res.status >= 400 && res.status < 500, `${path} is no route of ours: ${res.status}`);

      for (const to of aliases) {
        const before = stored();
        const again = await rig.http(r.method, to, {
          headers: { ...headers, 'x-twilio-signature': sign(to, r.params, { token: index.auth_token, base }) },
          body: Buffer.from(text(r), 'latin1'),
        });
        assert.equal(again.status, 200, `${to}: ${again.text}`);
        assert.ok(stored() >= before, 'kept');
        const forged = await rig.http(r.method, to, { headers, body: Buffer.from(text(r), 'latin1') });
        assert.equal(
          forged.status,
          known.has(path) && path === to ? 200 : 403,
          'a signature for one path is none for another',
        );
      }
    });
  }

  it('each understood kind left its event', () => {
    const kinds = rig.rows(
      `select kind, count(*)::int as n, count(*) filter (where event_type = 'malformed')::int as malformed
        from webhook_events group by kind`,
    );
    const n = Object.fromEntries(kinds.map((k) => [k.kind, k.n]));
    assert.ok(
      n['voice.answer'] > 5 && n['voice.status'] > 8 && n['voice.recording'] > 2 && n['voice.dial'] > 5,
      JSON.stringify(kinds),
    );
    assert.deepEqual(
      kinds.filter((k) => k.malformed > 0 && k.kind !== 'voice.recording'),
      [],
      'and was understood',
    );
  });

  it('withheld and odd callers have no number', () => {
    assert.equal(rig.sql("select count(*) from calls where customer_number !~ '^[+][1-9][0-9]+$'"), '0');
  });
});
