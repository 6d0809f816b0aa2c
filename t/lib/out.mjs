// What a tenant tells others: one of each, for tests that need it to be there. Each returns its id.
const add = (rig, table, tenant, columns, values) =>
  rig.sql(`insert into ${table} (tenant_id, ${columns}) values ('${tenant.id}', ${values}) returning id`);

// Its secret opens nowhere: what goes to it waits for a cure.
export const endpoint = (rig, tenant, id, url = 'https://crm.example/hook') =>
  add(rig, 'webhook_endpoints', tenant, 'id, url, events, secret', `'${id}', '${url}', '{call.missed}', 'enc2|x|y'`);

export function delivery(rig, tenant, to, call) {
  const message = add(rig, 'webhook_messages', tenant, 'type, call_id, body',
    `'call.missed', '${call}', '{"type": "call.missed", "data": {}}'`);
  const id = add(rig, 'webhook_deliveries', tenant, 'endpoint_id, message_id', `'${to}', '${message}'`);
  rig.sql(`insert into webhook_attempts (delivery_id, tenant_id, n, status, duration_ms, response)
    values ('${id}', '${tenant.id}', 1, 500, 12, 'broken')`);
  return id;
}

export const rule = (rig, tenant, target = 'desk@example.com') =>
  add(rig, 'alert_rules', tenant, 'kinds, channel, target', `'{missed_call}', 'mail', '${target}'`);

export function alert(rig, tenant, call, target = 'desk@example.com') {
  const notice = add(rig, 'notices', tenant, 'kind, ref, call_id', `'missed_call', '${call}', '${call}'`);
  return add(rig, 'alerts', tenant, 'notice_id, channel, target, due_at', `'${notice}', 'mail', '${target}', now()`);
}

export const schedule = (rig, tenant, recipient = 'client@example.com') =>
  add(rig, 'report_schedules', tenant, 'every, recipients', `'week', '{${recipient}}'`);

// A run of retention that is over.
export function retention(rig, tenant, word = 'user:1') {
  const id = add(rig, 'retention_runs', tenant, 'day, asked_by, state, finished_at, reason',
    `'2026-01-05', '${word}', 'failed', now(), '${word}'`);
  rig.sql(`insert into retention_counts (tenant_id, run_id, kind, items, bytes, oldest_at)
    values ('${tenant.id}', '${id}', 'audio', 1, 1, now())`);
  return id;
}

export function report(rig, tenant, of) {
  const id = add(rig, 'reports', tenant, 'schedule_id, every, from_date, to_date, figures',
    `'${of}', 'week', '2026-01-05', '2026-01-12', '{}'`);
  rig.sql(`insert into report_mails (tenant_id, report_id, recipient)
    values ('${tenant.id}', '${id}', 'client@example.com')`);
  return id;
}
