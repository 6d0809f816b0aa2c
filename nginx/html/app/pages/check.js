// Before the first call: nine things that a browser's phone needs, each tried, each with what to do when it fails.
import { post } from '../api.js';
import { Badge, Button, Card, Head, Icon } from '../parts/basic.js';
import { preflight } from '../phone/device.js';
import { problemOf } from '../phone/sentences.js';
import { t } from '../text.js';
import { html, useEffect, useRef, useState } from '../ui.js';

const wait = (ms) => new Promise((go) => setTimeout(go, ms));

// How loud the microphone is over two seconds, 0 to 1; show: as it goes.
async function loudness(stream, show) {
  const context = new AudioContext();
  const meter = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(meter);
  const data = new Float32Array(meter.fftSize);
  let most = 0;
  for (let i = 0; i < 20; i += 1) {
    await wait(100);
    meter.getFloatTimeDomainData(data);
    const now = Math.min(1, Math.sqrt(data.reduce((s, x) => s + x * x, 0) / data.length) * 4);
    most = Math.max(most, now);
    show(now);
  }
  await context.close();
  return most;
}

const socket = (url) =>
  new Promise((done, fail) => {
    const ws = new WebSocket(url);
    const late = setTimeout(() => (ws.close(), fail(new Error(t('No answer in 5 seconds')))), 5000);
    ws.onopen = () => (clearTimeout(late), ws.close(), done());
    ws.onerror = () => (clearTimeout(late), fail(new Error(t('The connection was refused or blocked'))));
  });

const line = (token) =>
  preflight(token).then(
    (test) =>
      new Promise((done, fail) => {
        test.on('completed', done);
        test.on('failed', fail);
      }),
  );

async function bell(id) {
  const audio = new Audio(new URL('../../tones/incoming.wav', import.meta.url).pathname);
  if (id && audio.setSinkId) await audio.setSinkId(id);
  await audio.play();
  return audio;
}

// run(found, show) says what it found, or throws. gesture: only after a press of the person.
const checks = [
  {
    id: 'B1',
    name: () => t('Secure page'),
    fix: () => t('Open this address with https://.'),
    run: async () => {
      if (!isSecureContext) throw new Error(t('The page is not secure, so the browser gives it no microphone'));
      return t('Yes');
    },
  },
  {
    id: 'B2',
    name: () => t('Browser can carry calls'),
    fix: () => t('Use a current Chrome, Edge, Firefox or Safari.'),
    run: async () => {
      if (!globalThis.RTCPeerConnection || !navigator.mediaDevices)
        throw new Error(t('WebRTC is missing or switched off'));
      return 'WebRTC';
    },
  },
  {
    id: 'B3',
    name: () => t('Microphone allowed'),
    fix: () => t('Allow the microphone in the address bar, then try again.'),
    run: async (found) => {
      found.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      return found.stream.getAudioTracks()[0]?.label || t('Yes');
    },
  },
  {
    id: 'B4',
    name: () => t('Microphone hears you'),
    fix: () => t('Say something while it listens; check that the microphone is not muted.'),
    run: async (found, show) => {
      if (!found.stream) throw new Error(t('There is no microphone to listen to'));
      const level = await loudness(found.stream, show);
      for (const track of found.stream.getTracks()) track.stop();
      if (level < 0.01) throw new Error(t('It hears nothing'));
      return t('Yes');
    },
  },
  {
    id: 'B5',
    name: () => t('Pass for the phone'),
    fix: () => t('What is missing stands beside it; an admin can cure it.'),
    run: async (found) => {
      found.token = await post('/tokens', {});
      return found.token.caller_id;
    },
  },
  {
    id: 'B6',
    name: () => t('Way to Twilio'),
    fix: () => t('Let wss://*.twilio.com, port 443, through the firewall.'),
    run: async () => {
      await socket('wss://voice-js.roaming.twilio.com/signal');
      return t('Open');
    },
  },
  {
    id: 'B7',
    name: () => t('Quality of the line'),
    fix: () => t('Use a cable instead of Wi-Fi, close downloads, switch a VPN off.'),
    run: async (found) => {
      if (!found.token)
        throw Object.assign(new Error(t('Without a pass it cannot be tried')), {
          hint: t('Mend what is above first.'),
        });
      const report = await line(found.token.token);
      const mos = report.stats?.mos?.average;
      const said = t('MOS {mos}, jitter {jitter} ms, loss {loss} %', {
        mos: mos?.toFixed(1) ?? '–',
        jitter: report.stats?.jitter?.average?.toFixed(0) ?? '–',
        loss: report.totals?.packetsLostFraction?.toFixed(1) ?? '–',
      });
      if (mos !== undefined && mos < 3.5) throw new Error(said);
      return said;
    },
  },
  {
    id: 'B8',
    name: () => t('You hear the bell'),
    fix: () => t('Choose another speaker, or turn it up.'),
    run: async (found) => {
      const outs = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === 'audiooutput');
      if (outs.length === 0 && 'setSinkId' in Audio.prototype) throw new Error(t('No speaker was found'));
      const audio = await bell(found.out);
      await wait(600);
      audio.pause();
      return outs[0]?.label || t('Played');
    },
  },
  {
    id: 'B9',
    name: () => t('Sound may start by itself'),
    fix: () => t('Allow sound for this page in the browser’s settings.'),
    run: async () => {
      const context = new AudioContext();
      const { state } = context;
      await context.close();
      if (state === 'suspended' && !navigator.userActivation?.hasBeenActive)
        throw new Error(t('The browser keeps the page silent until you press something'));
      return t('Yes');
    },
  },
];

const looks = {
  ok: ['good', 'circle-check', () => t('OK')],
  bad: ['bad', 'circle-alert', () => t('Failed')],
  now: ['live', 'clock', () => t('Trying…')],
  wait: ['', 'clock', () => t('Not tried')],
};

function Row({ check, state }) {
  const [kind, icon, word] = looks[state?.is ?? 'wait'];
  return html`<li class="check-row" data-check=${check.id} data-state=${state?.is ?? 'wait'}>
    <${Badge} kind=${kind} icon=${icon}>${word()}<//>
    <div><b>${check.name()}</b> <small class="faint">${check.id}</small>
      ${
        state?.is === 'now' &&
        state.level !== undefined &&
        html`<meter min="0" max="1" value=${state.level}
        aria-label=${t('Loudness')}></meter>`
      }
      ${state?.is === 'ok' && html`<p class="soft">${state.text}</p>`}
      ${state?.is === 'bad' && html`<p class="bad">${state.text}</p><p>${state.hint ?? check.fix()}</p>`}</div></li>`;
}

export default function Check() {
  const [states, setStates] = useState({});
  const [busy, setBusy] = useState(false);
  const gone = useRef(false);
  useEffect(() => () => (gone.current = true), []);
  const put = (id, state) => gone.current || setStates((all) => ({ ...all, [id]: state }));
  const run = async () => {
    setBusy(true);
    setStates({});
    const found = {};
    for (const check of checks) {
      put(check.id, { is: 'now' });
      await check
        .run(found, (level) => put(check.id, { is: 'now', level }))
        .then(
          (text) => put(check.id, { is: 'ok', text }),
          (e) => put(check.id, { is: 'bad', text: e.name === 'Error' ? e.message : problemOf(e).title, hint: e.hint }),
        );
    }
    setBusy(false);
  };
  const done = Object.values(states).filter((s) => ['ok', 'bad'].includes(s.is)).length;
  const bad = Object.values(states).filter((s) => s.is === 'bad').length;
  return html`<${Head} title=${t('Check my phone')}
      about=${t('Nine things that calls in a browser need. It takes ten seconds, calls nobody and costs nothing.')}>
      <${Button} kind="main" icon="play" disabled=${busy} onClick=${run}>${busy ? t('Trying…') : t('Start')}<//><//>
    <p role="status" class="soft">${
      done === checks.length ? (bad ? t('{n} of 9 need a look.', { n: bad }) : t('Everything works.')) : ''
    }</p>
    <${Card} title=${t('Checks')}><ul class="stack">${checks.map(
      (c) => html`<${Row} key=${c.id} check=${c} state=${states[c.id]} />`,
    )}</ul>
      ${
        bad > 0 && html`<p class="soft"><${Icon} name="info" /> ${t('Send your admin this page if it stays so.')}</p>`
      }<//>`;
}
