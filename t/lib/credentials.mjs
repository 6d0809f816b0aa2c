// Whatever somebody may hold: API keys of every role and state, sessions with and without their token.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { apiKey } from './seed.mjs';
import { PUBLIC_URL } from './twilio.mjs';

// A key of a tenant, as text.
export function addKey(rig, tenant, { role = 'admin', expires = null, revoked = null } = {}) {
  const key = apiKey();
  const time = (t) => (t === null ? 'null' : `now() + interval '${t}'`);
  rig.sql(`insert into api_keys (tenant_id, name, prefix, secret_hash, role, expires_at, revoked_at)
    values ('${tenant.id}', '${role}', '${key.prefix}', '\\x${key.hash}', '${role}', ${time(expires)},
            ${time(revoked)})`);
  return key.text;
}

export const bearer = (key) => ({ authorization: `Bearer ${key}` });

// A session of a user: its id, and the headers of a request from our own pages.
// idle, left: how long ago it was used, how long it lives, as intervals.
export function addSession(rig, tenant, user, { idle = '0 s', left = '1 hour' } = {}) {
  const token = createHash('sha256').update(randomBytes(32)).digest('hex').slice(0, 43);
  const hash = createHash('sha256').update(token).digest('hex');
  const id = rig.sql(`insert into sessions (token_hash, tenant_id, user_id, expires_at, seen_at)
    values ('\\x${hash}', '${tenant.id}', '${user}', now() + interval '${left}', now() - interval '${idle}')
    returning id`);
  const cookie = { cookie: `__Host-switchhook=${token}` };
  const csrf = { 'x-csrf-token': createHmac('sha256', token).update('switchhook csrf 1').digest('hex') };
  return { id, cookie, csrf, headers: { ...cookie, ...csrf, origin: PUBLIC_URL } };
}
