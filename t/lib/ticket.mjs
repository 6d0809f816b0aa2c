// Signed links by independent code, as lib/ticket.h says they are made.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

// The address of path with a link of a viewer { kind, id, role } of the rig's tenant, until a unix second.
export function ticket(rig, path, { tenant = rig.tenant.id, kind, id, role }, until) {
  const [name, hex] = readFileSync(rig.settings.KEY_FILE, 'utf8').trim().split('\n').at(-1).split(' ');
  const words = [name, until, tenant, kind, id, role].join('.');
  const key = hmac(Buffer.from(hex, 'hex'), 'switchhook link 1');
  return `${path}?link=${words}.${hmac(key, `${path}\n${words}`).toString('hex')}`;
}
