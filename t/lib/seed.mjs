// Tenants as the product's command makes them, with secrets sealed the documented way (lib/seal.h) by independent code.
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const box = (key, place, plain) => {
  const nonce = randomBytes(12);
  const c = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, c.update(plain), c.final(), c.getAuthTag()]);
};

// enc1|<key id>|<wrapped data key>|<nonce, ciphertext, tag>
export function seal({ id, key }, place, text) {
  const data = randomBytes(32);
  return [
    'enc1',
    id,
    box(key, place, data).toString('base64'),
    box(data, place, Buffer.from(text)).toString('base64'),
  ].join('|');
}

// An API key and what the database keeps of it.
export function apiKey() {
  const letters = (n, set) => Array.from(randomBytes(n), (b) => set[b % set.length]).join('');
  const small = '0123456789abcdefghijklmnopqrstuvwxyz';
  const prefix = `shk_test_${letters(12, small)}`;
  const text = `${prefix}_${letters(43, `${small}ABCDEFGHIJKLMNOPQRSTUVWXYZ`)}`;
  return { text, prefix, hash: createHash('sha256').update(text).digest('hex') };
}

const quote = (text) => `'${String(text).replaceAll("'", "''")}'`;

// SQL for a tenant with an account, a forwarded number, a user and an admin's API key, without the limits that a test
// would run into; and what tests must know of it.
export function tenant(master, name, { account, token, number, forward, api }) {
  const bytes = createHash('sha256').update(account).digest();
  const id = `01890000-0000-7000-8000-${bytes.toString('hex', 0, 6)}`;
  const user = `01890000-0000-7000-8000-${bytes.toString('hex', 6, 12)}`;
  const key = apiKey();
  const sql = `
    insert into tenants (id, name, default_number, requests_per_minute, key_requests_per_minute, dial_per_second)
      values ('${id}', ${quote(name)}, '${number}', 1000000, 1000000, null);
    insert into twilio_configurations (tenant_id, account_sid, auth_token, api_base_url)
      values ('${id}', '${account}', ${quote(seal(master, `twilio_configurations.auth_token:${id}`, token))}, '${api}');
    insert into users (id, tenant_id, email, name, role, forward_to)
      values ('${user}', '${id}', 'agent-${id.slice(-12)}@example.com', 'Agent', 'agent', '${forward}');
    insert into user_voip_settings (user_id, assigned_phone_number, caller_id_number)
      values ('${user}', '${number}', '${number}');
    insert into numbers (tenant_id, e164, user_id, forward_to) values ('${id}', '${number}', '${user}', '${forward}');
    insert into api_keys (tenant_id, name, prefix, secret_hash)
      values ('${id}', 'test', '${key.prefix}', '\\x${key.hash}')`;
  return { id, user, account, token, number, forward, key: key.text, sql };
}
