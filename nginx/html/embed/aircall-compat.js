// For pages written for aircall-everywhere: its class, methods and events, over Switchhook.phone().
(() => {
  class Workspace {
    #on = {};
    #phone;
    #in = false;

    constructor({ domToLoadWorkspace, domToLoadPhone, size, onLogin, onLogout, ticket }) {
      const sizes = { small: '300x600', big: '376x666', auto: 'auto' };
      const mount = domToLoadWorkspace ?? domToLoadPhone;
      this.#phone = globalThis.Switchhook.phone({ mount, size: sizes[size] ?? sizes.big, ticket });
      this.#phone.ready.then(
        () => {
          this.#in = true;
          onLogin?.({ user: {}, settings: {} });
        },
        () => onLogout?.(),
      );
      const of = (c) => ({ call_id: c.id ?? c.call_sid });
      const both = (c) => ({ ...of(c), from: c.from_number, to: c.to_number });
      const say = (name, data) => this.#on[name]?.(data);
      const live = new Map(); // calls that are not over: were they answered?
      this.#phone.on('call.ringing', (c) => {
        live.set(of(c).call_id, false);
        say(c.direction === 'inbound' ? 'incoming_call' : 'outgoing_call', both(c));
      });
      this.#phone.on('call.answered', (c) => {
        live.set(of(c).call_id, true);
        if (c.direction === 'inbound') say('call_end_ringtone', { ...of(c), answer_status: 'answered' });
        else say('outgoing_answered', { ...of(c), answer_date: c.answered_at });
      });
      this.#phone.on('call.ended', (c) => {
        const answered = live.get(of(c).call_id);
        live.delete(of(c).call_id);
        if (c.direction === 'inbound' && !answered)
          say('call_end_ringtone', { ...of(c), answer_status: c.declined ? 'refused' : 'disconnected' });
        say('call_ended', { ...of(c), duration: c.duration_seconds ?? 0 });
      });
      this.#phone.on('call.logged', (c) => c.notes && say('comment_saved', { ...of(c), comment: c.notes }));
    }

    isLoggedIn(answer) {
      answer(this.#in);
    }

    on(name, f) {
      if (name && f) this.#on[name] = f;
    }

    removeListener(name) {
      return delete this.#on[name];
    }

    // send('dial_number', { phone_number }, (done, answer) => …)
    send(name, data, answer) {
      const back = typeof data === 'function' ? data : (answer ?? (() => {}));
      const no = (code) => back(false, { code, message: code });
      if (!name) return no('no_event_name');
      if (name !== 'dial_number') return no('does_not_exist');
      if (!this.#in) return no('not_ready');
      return this.#phone.dial(data?.phone_number).then(
        (c) => back(true, c),
        (e) => no(e.code === 'network' ? 'no_answer' : e.code),
      );
    }
  }
  Object.assign(globalThis, { AircallWorkspace: Workspace, AircallPhone: Workspace });
})();
