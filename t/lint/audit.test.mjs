// What is set, by whom: every statement that changes what a tenant has set writes its entry in the audit itself, or is
// run together with one by a command.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files, read } from './source.mjs';

const set = [
  'tenants', 'users', 'api_keys', 'numbers', 'clients', 'contacts', 'campaigns', 'identity_providers',
  'tenant_origins', 'twilio_configurations',
];
const changes = new RegExp(`\\b(insert into|update|delete from) (${set.join('|')})\\b`);
const entered = /\b(audit_entries|audit_add)\b/;
// Not a change of what is set: a secret is sealed again with a newer key, what is stored becomes its token, a login or
// a look at Twilio notes its time.
const besides = new Set(['sealed_store', 'metadata_store', 'session_open', 'numbers_later']);

describe('the audit', () => {
  const cli = files(/^cli\/.*\.c$/).map(read).join('\n');
  const all = files(/^lib\/sql\/.*\.sql$/);
  const changing = all.filter((path) => changes.test(read(path)));
  it('sees the statements that change something', () => assert.ok(changing.length >= 8, `${changing}`));
  for (const path of changing) {
    const name = path.slice('lib/sql/'.length, -'.sql'.length);
    it(`tells of ${name}`, () => {
      const together = new RegExp(`command_change\\(c, &sql_${name}_stmt|&sql_${name}_stmt, [^;]*&sql_audit_add_stmt`);
      assert.ok(
        besides.has(name) || entered.test(read(path)) || together.test(cli) ||
          new RegExp(`&sql_audit_add_stmt[^;]*&sql_${name}_stmt`).test(cli),
      );
    });
  }
});
