// In the place of Twilio's Voice SDK: the members that app/phone/device.js uses, over the simulator's telephones
// (t/lib/exchange.mjs), which hold real calls of our server.
(() => {
  const devices = new Map();
  const calls = new Map();
  const ask = (what, ...args) => globalThis.exchange(what, ...args);

  class Emitter {
    #of = {};
    on(name, f) {
      (this.#of[name] ??= []).push(f);
      return this;
    }
    emit(name, ...args) {
      for (const f of this.#of[name] ?? []) f(...args);
    }
  }

  class Call extends Emitter {
    customParameters = new Map();
    constructor(parameters, more = {}) {
      super();
      this.parameters = parameters;
      for (const [k, v] of Object.entries(more)) this.customParameters.set(k, v);
      calls.set(parameters.CallSid, this);
    }
    accept() {
      ask('answer', this.parameters.CallSid);
    }
    reject() {
      ask('reject', this.parameters.CallSid);
      this.emit('reject');
    }
    disconnect() {
      ask('hangUp', this.parameters.CallSid);
    }
    mute(on) {
      this.emit('mute', on, this);
    }
    sendDigits(keys) {
      ask('keys', this.parameters.CallSid, keys);
    }
  }

  const input = (deviceId, label) => [deviceId, { deviceId, label, kind: 'audioinput' }];
  class Device extends Emitter {
    static runPreflight() {
      const test = new Emitter();
      setTimeout(() => test.emit('completed', globalThis.preflightReport ?? { stats: { mos: { average: 4.2 } } }));
      return test;
    }
    audio = Object.assign(new Emitter(), {
      availableInputDevices: new Map([input('one', 'Headset'), input('two', 'Built-in microphone')]),
      availableOutputDevices: new Map([['three', { deviceId: 'three', label: 'Headset', kind: 'audiooutput' }]]),
      setInputDevice: async (id) => void (this.audio.chosen = id),
      speakerDevices: { set: async () => {} },
      ringtoneDevices: { set: async () => {} },
    });
    constructor(token, options) {
      super();
      this.token = token;
      this.options = options;
      this.identity = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).grants.identity;
    }
    async register() {
      await ask('register', this.identity, this.token);
      devices.set(this.identity, this);
      this.emit('registered');
    }
    updateToken(token) {
      this.token = token;
      ask('token', token);
    }
    async connect({ params }) {
      return new Call({ CallSid: await ask('connect', this.identity, params) });
    }
    destroy() {
      devices.delete(this.identity);
      ask('leave', this.identity);
    }
  }

  globalThis.standin = {
    device: (name, ...args) => [...devices.values()].forEach((d) => d.emit(name, ...args)),
    audio: (name, ...args) => [...devices.values()].forEach((d) => d.audio.emit(name, ...args)),
    call: (sid, name, ...args) => calls.get(sid)?.emit(name, ...args),
    incoming: (identity, parameters, more) => devices.get(identity)?.emit('incoming', new Call(parameters, more)),
    tokens: () => [...devices.values()].map((d) => d.token),
    chosen: () => [...devices.values()].map((d) => d.audio.chosen),
    options: () => [...devices.values()].map((d) => d.options),
    calls: () => [...calls.keys()],
  };
  globalThis.Twilio = { Device, Call };
})();
