// Audio files, and recordings of a call as they stand once the sweep has stored them.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// RIFF/WAVE of 16-bit samples that count up, so that every byte has a place of its own.
export function wav({ seconds = 1, channels = 2, rate = 8000 } = {}) {
  const data = Buffer.alloc(seconds * rate * channels * 2);
  for (let i = 0; i < data.length / 2; i++) data.writeInt16LE(((i * 7919) % 60000) - 30000, 2 * i);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

// The recording of a call { sid, recordingSid? } of a tenant, stored with these bytes: { id, sid, path, bytes }.
export function keep(rig, tenant, call, bytes, { channels = 2, seconds = 1 } = {}) {
  const dir = join(rig.settings.RECORDINGS_DIR, tenant.id);
  const where = call.recordingSid ? `sid = '${call.recordingSid}'` : `call_sid = '${call.sid}'`;
  const [id, sid] = rig.sql(`select id, sid from recordings where ${where} and tenant_id = '${tenant.id}'`).split('|');
  const path = `${tenant.id}/${sid}.wav`;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(rig.settings.RECORDINGS_DIR, path), bytes);
  rig.own(dir);
  const hash = createHash('sha256').update(bytes).digest('hex');
  rig.sql(
    `update recordings set status = 'stored', path = '${path}', bytes = ${bytes.length}, sha256 = '\\x${hash}',
            channels = ${channels}, duration_seconds = ${seconds}, stored_at = now(), peaks = '\\x0a14ff00'
      where id = '${id}'`,
  );
  return { id, sid, path, bytes };
}
