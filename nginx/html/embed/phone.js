// Our phone in a frame of your page. Both sides hear only the other's origin, with the word of this mount.
(() => {
  const base = new URL(document.currentScript.src).origin;
  const looks = {
    auto: 'width:100%;height:100%',
    dock: 'position:fixed;right:1em;bottom:1em;width:376px;height:min(666px,90vh);z-index:9999',
  };
  const fail = ({ code, message = code }) => Object.assign(new Error(message), { code });
  const verbs = 'dial prefill hangup mute hold sendDigits transfer setStatus'.split(' ');

  function phone({ mount, size = '376x666', ticket }) {
    const word = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('');
    const frame = document.createElement('iframe');
    const waits = new Map();
    const heard = {};
    const self = { state: 'loading', frame };
    let n = 0;
    let ready;
    self.ready = new Promise((ok, no) => (ready = { ok, no }));
    self.ready.catch(() => {});

    self.on = (name, f) => {
      (heard[name] ??= new Set()).add(f);
      return () => heard[name].delete(f);
    };
    const tell = (name, data) => heard[name]?.forEach((f) => f(data));
    const send = (message) => frame.contentWindow.postMessage({ switchhook: word, ...message }, base);
    const lost = (e) => {
      self.state = 'error';
      tell('error', e);
      ready.no(e);
    };

    function hear({ origin, source, data }) {
      if (origin !== base || source !== frame.contentWindow || data?.switchhook !== word) return;
      const { hello, re, value, error, fatal, event } = data;
      if (hello) first.then((login) => send({ login }));
      else if (re) {
        if (error) waits.get(re)?.no(fail(error));
        else waits.get(re)?.ok(value);
        waits.delete(re);
      } else if (fatal) lost(fail(fatal));
      else {
        if (event === 'ready') ready.ok((self.state = event));
        tell(event, data.data);
      }
    }
    self.close = () => {
      removeEventListener('message', hear);
      frame.remove();
      self.state = 'closed';
    };
    verbs.forEach((name) => {
      self[name] = (...args) =>
        self.state === 'ready'
          ? new Promise((ok, no) => {
              waits.set((n += 1), { ok, no });
              send({ id: n, do: name, args });
            })
          : Promise.reject(fail({ code: 'not_ready' }));
    });

    const [w, h] = size.split('x');
    frame.allow = 'microphone;autoplay;clipboard-read;clipboard-write;hid';
    frame.title = 'Phone';
    frame.style.cssText = `border:0;${looks[size] || `width:${w}px;height:${h}px`}`;
    addEventListener('message', hear);
    const first = Promise.resolve(typeof ticket === 'function' ? ticket() : ticket);
    first.then((t) => {
      const query = new URLSearchParams({ tenant: `${t}`.split('.')[0], origin: location.origin });
      frame.src = `${base}/embed/phone?${query}#${word}`;
      (mount?.append ? mount : document.querySelector(mount || 'body')).append(frame);
    }, lost);
    return (Switchhook.current = self);
  }

  customElements.define(
    'switchhook-phone',
    class extends HTMLElement {
      connectedCallback() {
        const at = (name) => this.getAttribute(name) ?? undefined;
        this.phone ??= phone({ mount: this, size: at('size'), ticket: at('ticket') });
      }
    },
  );
  globalThis.Switchhook = { ...globalThis.Switchhook, phone };
})();
