// Guesses passwords without end: node guesses.mjs PORT. Each from another address of 127.0.0.0/8 and at another
// account, so that no limit of addresses or accounts stops it: what is left is what a login costs. Told to end, it
// prints how often it heard what.
import { Agent, request } from 'node:http';

const port = Number(process.argv[2]);
const AT_ONCE = 16;
const heard = {};
const agent = new Agent({ keepAlive: false, maxSockets: AT_ONCE });
let n = 0;
let over = false;

function guess() {
  if (over) return;
  const i = n++;
  const body = JSON.stringify({ email: `guess-${process.pid}-${i}@example.com`, password: 'correct horse 8' });
  const again = (word) => {
    heard[word] = (heard[word] ?? 0) + 1;
    guess();
  };
  request({
    host: '127.0.0.1',
    port,
    localAddress: `127.${1 + (i % 200)}.${Math.floor(i / 200) % 250}.2`,
    agent,
    method: 'POST',
    path: '/api/v1/sessions',
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  })
    .on('response', (res) => res.resume().on('end', () => again(res.statusCode)))
    .on('error', (e) => again(e.code))
    .end(body);
}

process.on('SIGTERM', () => {
  over = true;
  process.stdout.write(`${JSON.stringify(heard)}\n`, () => process.exit(0));
});
for (let i = 0; i < AT_ONCE; i++) guess();
