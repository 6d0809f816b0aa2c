// A tenant as one would find it after two busy months: clients, numbers, campaigns, people, contacts and 400 calls in
// every outcome, some of them recorded, transcribed, analysed and annotated. Always the same calls, counted back from
// now; written through the tables' own triggers, so that figures and conversations follow from them.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peaks, speech } from './audio.mjs';
import { dice, heard, iso, makeCall, sid, tell, uuid } from './demo.calls.mjs';
import { campaigns, clients, names, numbers, people, places, scripts } from './demo.words.mjs';
import { passwordHash } from './person.mjs';

const DAY = 864e5;
export const PASSWORD = 'correct horse 7';

const dollar = (text) => `$demo$${text}$demo$`;
// Rows of objects with the same members, into a table.
const insert = (table, rows) =>
  rows.length === 0
    ? ''
    : `insert into ${table} (${Object.keys(rows[0]).map((k) => `"${k}"`)})
       select ${Object.keys(rows[0]).map((k) => `"${k}"`)} from json_populate_recordset(null::${table},
         ${dollar(JSON.stringify(rows))}) on conflict do nothing;\n`;

// The turns of a script in seconds: about fourteen letters a second, a breath between two.
function timed({ talk, voicemail }) {
  let at = 0.6;
  const turns = talk.map(([who, text]) => {
    const turn = {
      speaker: who === 'a' ? 'agent' : 'customer',
      start: Number(at.toFixed(2)),
      end: Number((at + text.length / 14).toFixed(2)),
      text,
    };
    at = turn.end + (voicemail ? 1.1 : 0.45);
    return turn;
  });
  return { turns, seconds: Math.ceil(at + 0.5) };
}

// Writes the sound of each script once; recordings of the same script share it.
function audio(rig, tenant) {
  const dir = join(rig.settings.RECORDINGS_DIR, tenant);
  mkdirSync(dir, { recursive: true });
  const all = scripts.map((script, i) => {
    const { turns, seconds } = timed(script);
    const channels = script.voicemail ? ['customer'] : ['customer', 'agent'];
    const bytes = speech({ turns, seconds, channels });
    const path = `${tenant}/${sid('RE', 0xa0d10, i)}.wav`;
    writeFileSync(join(rig.settings.RECORDINGS_DIR, path), bytes);
    const hash = `\\x${createHash('sha256').update(bytes).digest('hex')}`;
    const wave = `\\x${peaks(bytes, { channels: channels.length }).toString('hex')}`;
    return { turns, seconds, path, bytes: bytes.length, hash, wave };
  });
  rig.own(dir);
  return all;
}

// When calls come: n of them over the days before now, by day and hour of a working week; the last ones in three hours.
function moments(d, now, days, n) {
  const at = [];
  while (at.length < n - 14) {
    const ms = now - d.next() * days * DAY - 3 * 36e5;
    const when = new Date(ms);
    const busy = when.getUTCDay() % 6 === 0 ? 0.12 : 1;
    const hour = when.getUTCHours();
    if (d.next() < busy * (hour >= 8 && hour < 18 ? 1 : hour > 6 && hour < 21 ? 0.14 : 0.01)) at.push(ms);
  }
  for (let i = 0; i < 14; i++) at.push(now - 36e5 * 3 * ((i + 0.5) / 14) - 24e4);
  return at.sort((a, b) => a - b);
}

// demo(rig) -> { clients, campaigns, numbers, contacts, people: { admin: [...] }, calls: { played, missed, voicemail,
// live } }: ids, people as addPerson() gives them.
export function demo(rig, { tenant = rig.tenant.id, days = 60, n = 400, now = Date.now() } = {}) {
  const d = dice(20261120);
  const list = (kind, rows) => rows.map((_, i) => uuid(now - 70 * DAY, kind, i));
  const ids = {
    clients: list(0x10, clients),
    campaigns: list(0x11, campaigns),
    numbers: list(0x12, numbers),
    contacts: list(0x13, names),
  };
  const hash = passwordHash(PASSWORD);
  const staff = Object.entries(people).flatMap(([role, who], kind) =>
    who.map((name, i) => ({
      id: uuid(now - 70 * DAY, 0x20 + kind, i),
      tenant_id: tenant,
      role,
      name,
      email: `${role}${i + 1}.${tenant.slice(-6)}@northgate.example`,
      password_hash: hash,
    })),
  );
  ids.agents = staff.filter((s) => s.role === 'agent').map((s) => s.id);
  const base = { tenant_id: tenant };
  const created_at = iso(now - 70 * DAY);
  const phone = (i) => (i % 3 ? `+447700900${100 + i * 7}` : `+441632960${100 + i * 7}`);
  const callers = Array.from({ length: 75 }, (_, i) => ({
    number: phone(i),
    contact: ids.contacts[i] ?? null,
    place: places[i % places.length],
  }));
  const made = audio(rig, tenant);
  const calls = moments(d, now, days, n).map((at, i) => makeCall(d, i, at, { tenant, ids, callers }));
  const live = ['in-progress', 'in-progress', 'ringing'].map((status, i) =>
    makeCall(d, n + i, now - [200, 85, 12][i] * 1000, { tenant, ids, callers, live: status }),
  );
  const records = [];
  for (const [i, c] of calls.entries()) {
    const lost = c.outcome === 'missed' && i % 3 === 0 && c.missed_reason !== 'abandoned';
    if (!lost && (c.answered_at === null || i % 5 > 1)) continue;
    const at = lost ? 4 : c.direction === 'outbound' ? 3 : clients.findIndex((_, k) => ids.clients[k] === c.client_id);
    if (lost) c.voicemail = true;
    else {
      c.talk_seconds = made[at].seconds;
      c.ended_at = iso(Date.parse(c.answered_at) + made[at].seconds * 1000);
      c.duration_seconds = Math.round((Date.parse(c.ended_at) - Date.parse(c.created_at)) / 1000);
    }
    records.push(heard(c, i, scripts[at], made[at]));
    c.recording_url = `${rig.settings.PUBLIC_URL}/api/v1/recordings/${records.at(-1).recording.id}/audio`;
  }
  const spoken = 'This call may be recorded, so that we can help you better.';
  const digest = createHash('sha256').update(`en-GB\n${spoken}`).digest('hex').slice(0, 32);
  const taped = new Set(records.map((r) => r.recording.call_id));
  const all = [...calls, ...live].map((c) =>
    taped.has(c.id) && c.direction === 'inbound'
      ? { ...c, announcement_id: digest, announced_at: iso(Date.parse(c.created_at) + 900) }
      : { ...c, announcement_id: null, announced_at: null },
  );
  const told = all.map(tell);
  const costs = [
    ...told
      .flatMap((x) => x.legs)
      .filter((l) => l.price !== null)
      .map((l) => ['leg', l.sid, all.find((c) => c.id === l.call_id), l.price]),
    ...records.map(({ recording: r }) => ['recording', r.sid, all.find((c) => c.id === r.call_id), r.price]),
    ...records.map(({ recording: r }) => ['transcribe', r.id, all.find((c) => c.id === r.call_id), '-0.006']),
  ].map(([kind, ref, c, price]) => ({
    ...base,
    kind,
    ref,
    call_id: c.id,
    number_id: c.number_id,
    client_id: c.client_id,
    campaign_id: c.campaign_id,
    amount: String(-price),
    currency: 'USD',
    at: c.created_at,
  }));
  rig.sql(`begin;
    update tenants set name = 'Northgate', time_zone = 'Europe/London' where id = '${tenant}';
    ${insert('users', staff)}
    ${insert(
      'clients',
      clients.map((c, i) => ({
        id: ids.clients[i],
        ...base,
        name: c.name,
        time_zone: c.zone,
        forward_to: c.forward,
        external_id: `acct-${i + 1}`,
        created_at,
      })),
    )}
    ${insert(
      'campaigns',
      campaigns.map((c, i) => ({ id: ids.campaigns[i], ...base, ...c, created_at })),
    )}
    ${insert(
      'numbers',
      numbers.map((x, i) => ({
        id: ids.numbers[i],
        ...base,
        e164: x.e164,
        client_id: ids.clients[x.client],
        campaign_id: x.campaign === null ? null : ids.campaigns[x.campaign],
        number_type: x.type,
        twilio_sid: sid('PN', 0xde0, i),
        capabilities: 'voice sms',
        monthly_price: '1.15',
        currency: 'USD',
        fallback_name: `demo-${tenant.slice(-12)}-number-${i}`,
        record_mode: 'record-from-answer-dual',
        mask_caller: false,
        created_at,
      })),
    )}
    ${insert(
      'contacts',
      names.map((name, i) => ({
        id: ids.contacts[i],
        ...base,
        name,
        phone_number: phone(i),
        external_id: `crm-${1000 + i}`,
        created_at,
      })),
    )}
    insert into announcements (tenant_id, digest, spoken, language, since)
      values ('${tenant}', '${digest}', ${dollar(spoken)}, 'en-GB', '${created_at}') on conflict do nothing;
    ${insert('calls', all)}
    ${insert(
      'call_legs',
      told.flatMap((x) => x.legs),
    )}
    ${insert(
      'webhook_events',
      told.flatMap((x) => x.events),
    )}
    ${insert(
      'recordings',
      records.map((r) => r.recording),
    )}
    ${insert(
      'transcripts',
      records.map((r) => ({ version: 1, ...r.transcript })),
    )}
    ${insert(
      'analyses',
      records.map((r) => ({ version: 1, ...r.analysis })),
    )}
    ${insert('cost_entries', costs)}
    commit; analyze`);
  const of = (f) => calls.findLast(f)?.id;
  const mine = (role) =>
    staff
      .filter((s) => s.role === role)
      .map(({ id, email, name }) => ({ id, email, name, role, password: PASSWORD, tenant: rig.tenant }));
  return {
    ...ids,
    people: Object.fromEntries(Object.keys(people).map((role) => [role, mine(role)])),
    calls: {
      played: of((c) => c.outcome === 'answered' && taped.has(c.id) && c.client_id === ids.clients[1] && c.contact_id),
      missed: of((c) => c.outcome === 'missed' && c.customer_number),
      voicemail: of((c) => c.voicemail),
      silent: of((c) => c.outcome === 'answered' && !taped.has(c.id)),
      refused: of((c) => c.outcome === 'refused'),
      live: live.map((c) => c.id),
    },
  };
}
