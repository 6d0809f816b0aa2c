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

// Speech for the eye: each turn { speaker, start, end } a run of syllables in its speaker's channel, silence between.
// channels: who is on which, ['customer', 'agent'] as Twilio records an inbound call.
function voice(turn, at, pitch) {
  const t = at - turn.start;
  const syllable = Math.abs(Math.sin(t * 9.2)) * (0.55 + 0.45 * Math.abs(Math.sin(t * 2.3 + turn.start)));
  const edge = Math.min(1, t * 12, (turn.end - at) * 12);
  return (
    edge * syllable * (Math.sin(at * pitch * 6.2832) + 0.4 * Math.sin(at * pitch * 15.7) + 0.2 * Math.sin(at * 9001))
  );
}
export function speech({ turns, seconds, channels = ['customer', 'agent'], rate = 8000 }) {
  const bytes = wav({ seconds, channels: channels.length, rate });
  bytes.fill(0, 44);
  for (const turn of turns) {
    const channel = channels.indexOf(turn.speaker);
    const pitch = turn.speaker === 'agent' ? 190 : 130;
    for (let i = Math.floor(turn.start * rate); i < turn.end * rate && i < seconds * rate; i++)
      bytes.writeInt16LE(Math.round(15000 * voice(turn, i / rate, pitch)), 44 + 2 * (i * channels.length + channel));
  }
  return bytes;
}

// What the product keeps of a file's sound: the loudest sample of each slice, a byte a channel, interleaved.
export function peaks(bytes, { channels = 2, slices = 600 } = {}) {
  const frames = (bytes.length - 44) / 2 / channels;
  const out = Buffer.alloc(slices * channels);
  for (let i = 0; i < frames; i++)
    for (let c = 0; c < channels; c++) {
      const at = Math.floor((i * slices) / frames) * channels + c;
      const loud = Math.abs(bytes.readInt16LE(44 + 2 * (i * channels + c))) >> 7;
      if (loud > out[at]) out[at] = loud;
    }
  return out;
}
