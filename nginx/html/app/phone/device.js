// Twilio's Voice SDK behind one door: loaded when somebody goes available, spoken to nowhere else. Tones are our own.
import { t } from '../text.js';

const at = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const tones = ['incoming', 'outgoing', 'disconnect', ...[...'0123456789sh'].map((c) => `dtmf${c}`)];
const sounds = Object.fromEntries(tones.map((name) => [name, at(`tones/${name}.wav`)]));
const edges = { ie1: 'dublin', au1: 'sydney' }; // of us1: the nearest
const REFRESH_MS = 120000; // before a token ends, another is asked for

let loading = null;
function load() {
  loading ??= new Promise((done, fail) => {
    const script = document.createElement('script');
    script.src = at('vendor/twilio-voice.js');
    script.onload = () => done(globalThis.Twilio);
    script.onerror = () => {
      loading = null;
      script.remove();
      fail(Object.assign(new Error(t('The phone did not load')), { code: 'sdk' }));
    };
    document.head.append(script);
  });
  return loading;
}

// A call of the SDK as we use it.
const wrap = (call) => ({
  get sid() {
    return call.parameters?.CallSid || call.outboundConnectionId || null;
  },
  from: call.parameters?.From ?? '',
  id: call.customParameters?.get?.('callId') ?? null,
  accept: () => call.accept(),
  decline: () => call.reject(),
  hangUp: () => call.disconnect(),
  mute: (on) => call.mute(on),
  digits: (keys) => call.sendDigits(keys),
  // ringing, accept, disconnect, cancel, reject, error, reconnecting, reconnected, mute, warning, warning-cleared
  on: (name, f) => call.on(name, f),
});

// on: registered, lost, problem(error), incoming(call), expiring, devices(lost)
export async function openDevice({ token, region }, on) {
  const { Device } = await load();
  const device = new Device(token, {
    edge: edges[region] ?? 'roaming',
    codecPreferences: ['opus', 'pcmu'],
    logLevel: 'silent',
    tokenRefreshMs: REFRESH_MS,
    allowIncomingWhileBusy: false,
    sounds,
  });
  device.on('registered', on.registered);
  device.on('unregistered', on.lost);
  device.on('error', on.problem);
  device.on('incoming', (call) => on.incoming(wrap(call)));
  device.on('tokenWillExpire', on.expiring);
  device.audio?.on?.('deviceChange', (lost) => on.devices(lost ?? []));
  await device.register();
  return {
    connect: async (params) => wrap(await device.connect({ params })),
    renew: (text) => device.updateToken(text),
    again: () => device.register(),
    close: () => device.destroy(),
    list: () => ({
      mics: [...(device.audio?.availableInputDevices?.values() ?? [])].map(named),
      outs: [...(device.audio?.availableOutputDevices?.values() ?? [])].map(named),
    }),
    useMic: (id) => device.audio.setInputDevice(id),
    useOut: (id) => Promise.all([device.audio.speakerDevices.set(id), device.audio.ringtoneDevices.set(id)]),
  };
}
const named = (d) => ({ id: d.deviceId, name: d.label || t('Unnamed device') });

// The SDK's own test of the way to Twilio: { on('completed' | 'failed' | 'sample', f), stop() }
export async function preflight(token) {
  const { Device } = await load();
  return Device.runPreflight(token, { fakeMicInput: true });
}
