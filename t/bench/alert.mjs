// Missed calls, one after the other, and the mails about them.
import { join } from 'node:path';
import { child, end, program, root } from '../lib/process.mjs';
import { inbound, Rig } from '../lib/rig.mjs';
import { Smtp } from '../lib/smtp.mjs';

const CALLS = Number(process.argv[2] ?? 50);
const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const smtp = await Smtp.start();
const rig = await Rig.start({
  durable: true,
  sweep: true,
  settings: { SMTP_URL: smtp.url, MAIL_FROM: 'calls@example.com' },
});
const cmd = [program('switchhook-sweep'), '--env', rig.env, '--loop', '60', '--kinds', 'notify alert mail report'];
const courier = child(join(rig.dir, 'log'), 'courier', cmd, { as });
try {
  const rule = { kinds: ['missed_call'], channel: 'mail', target: 'desk@example.com' };
  const made = await rig.api('POST', '/api/v1/alert-rules', rule);
  if (made.status !== 201) throw new Error(made.text);
  const took = [];
  for (let i = 0; i < CALLS; i++) {
    const c = inbound(`alert ${i}`);
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    const began = performance.now();
    await rig.webhook('/api/twilio/voice/status', { ...c.completed, CallStatus: 'no-answer', CallDuration: '0' });
    await rig.until(() => smtp.mails.some((m) => m.text.includes(c.sid)), 10000);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const at = (p) => Math.round(took[Math.min(took.length - 1, Math.floor(p * took.length))]);
  console.log(`${CALLS} missed calls: from the terminal webhook to the mail, median ${at(0.5)} ms, `
    + `p90 ${at(0.9)} ms, maximum ${at(1)} ms (5000 ms are promised)`);
} finally {
  await end(courier);
  await rig.stop();
  smtp.stop();
}
