// Writes the phone's tones: node tones.mjs DIR. Ring and tones of keys as they are defined, 8 kHz, 16 bits, mono.
// https://www.itu.int/rec/T-REC-Q.23 (keys)
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 8000;
const [rows, columns] = [
  [697, 770, 852, 941],
  [1209, 1336, 1477],
];
const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 's', '0', 'h'];

// parts: [seconds, frequencies]; each begins and ends softly.
function wave(parts, loudness = 0.22) {
  const samples = parts.flatMap(([seconds, hertz]) => {
    const n = Math.round(seconds * RATE);
    const edge = Math.min(80, n / 2);
    return Array.from({ length: n }, (_, i) => {
      const soft = Math.min(1, i / edge, (n - i) / edge);
      return hertz.reduce((sum, f) => sum + Math.sin((2 * Math.PI * f * i) / RATE), 0) * soft * loudness;
    });
  });
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(RATE, 24);
  data.writeUInt32LE(RATE * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((s, i) => data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, s)) * 32767), 44 + i * 2));
  return data;
}

const tones = {
  incoming: wave([
    [0.4, [523, 659]],
    [0.2, []],
    [0.4, [523, 659]],
    [2, []],
  ]),
  outgoing: wave([[0.12, [440]]]),
  disconnect: wave([
    [0.12, [480]],
    [0.08, []],
    [0.12, [380]],
  ]),
};
keys.forEach((k, i) => (tones[`dtmf${k}`] = wave([[0.16, [rows[Math.floor(i / 3)], columns[i % 3]]]])));
const [dir] = process.argv.slice(2);
mkdirSync(dir, { recursive: true });
for (const [name, data] of Object.entries(tones)) writeFileSync(join(dir, `${name}.wav`), data);
