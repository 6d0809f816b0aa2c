// Signed webhooks in a file, and t/bench/load that sends them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixtures, home } from '../lib/process.mjs';
import { ACCOUNT, PUBLIC_URL, TOKEN } from '../lib/rig.mjs';

const exec = promisify(execFile);

export const CLIENTS = 64;
export const SECONDS = 2;
export const median = (v) => v.slice().sort((a, b) => a - b)[Math.floor((v.length - 1) / 2)];

// The fields of a call to the rig's number.
export const inbound = {
  ...JSON.parse(readFileSync(join(fixtures, 'webhooks', 'INDEX.json'), 'utf8')).requests[0].params,
  AccountSid: ACCOUNT,
  To: '+442079460958',
  Called: '+442079460958',
};

// A fixture's fields with holes: the text before, between and after them, sorted and signed as Twilio does.
export function template(fields, holes) {
  const names = Object.keys(fields).sort();
  const body = new URLSearchParams(Object.entries(fields)).toString();
  const text = names.map((n) => n + fields[n]).join('');
  return (path, values) => {
    let b = body;
    let t = text;
    for (const h of holes) {
      b = b.replace(`@${h}@`, encodeURIComponent(values[h])).replace(`%40${h}%40`, encodeURIComponent(values[h]));
      t = t.replace(`@${h}@`, values[h]);
    }
    return {
      body: b,
      signature: createHmac('sha1', TOKEN)
        .update(PUBLIC_URL + path + t)
        .digest('base64'),
    };
  };
}

export function requests(file, n, path, make, signature) {
  const fd = openSync(file, 'w');
  let batch = [];
  const flush = () => {
    writeSync(fd, Buffer.concat(batch));
    batch = [];
  };
  for (let i = 0; i < n; i++) {
    const r = make(i);
    const text =
      `POST ${path} HTTP/1.1\r\nHost: voice.example.com\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n` +
      'Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n' +
      `X-Twilio-Signature: ${signature ?? r.signature}\r\n` +
      `Content-Length: ${r.body.length}\r\n\r\n${r.body}`;
    const bytes = Buffer.from(`0000${text}`);
    bytes.writeUInt32LE(bytes.length - 4, 0);
    batch.push(bytes);
    if (batch.length === 4096) flush();
  }
  flush();
  closeSync(fd);
}

export async function load(port, file, { seconds = SECONDS, clients = CLIENTS, count = 0, expect = '200' } = {}) {
  const { stdout } = await exec(join(home, 'load'), [
    `${port}`,
    `${clients}`,
    `${seconds}`,
    file,
    `${count}`,
    expect,
  ]);
  const got = JSON.parse(stdout);
  assert.equal(got.bad, 0, `${file}: ${got.bad} of ${got.n} were wrong, first: ${got.first_bad}`);
  assert.equal(got.stuck, 0, `${file}: ${got.stuck} clients never heard back`);
  return got;
}
