// What people say of a call: notes, tags, disposition, follow-up, value, lead. Shown at once, taken back if the server
// does not take it; what was typed is never lost.
import { ask, get } from '../api.js';
import { time } from '../fmt.js';
import { may, note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useId, useRef, useState } from '../ui.js';
import { Badge, Button, Card, Failure, Field, Icon } from './basic.js';
import { leadWords } from './call.js';
import { Confirm } from './dialog.js';

// { now, save, error, busy }: now is the call as it will be.
export function useNotes(call, changed) {
  const [now, setNow] = useState(call);
  const [state, setState] = useState({ busy: false, error: null });
  const etag = useRef(call.etag);
  const turn = useRef(Promise.resolve()); // one change after the other, each with the tag of the one before
  const again = async (error) => {
    error.hint = t('Somebody else has changed this call meanwhile. What stands there now is shown: do it once more.');
    const fresh = await get(`/calls/${call.id}`).catch(() => null);
    if (fresh) (setNow(as(fresh)), (etag.current = fresh.etag));
  };
  const waiting = useRef([]); // changes that the server has not answered yet, which its older answers do not undo
  const as = (doc) => (c) => Object.assign({ ...c, ...doc }, ...waiting.current);
  const save = (patch) => {
    const before = Object.fromEntries(Object.keys(patch).map((k) => [k, now[k]]));
    waiting.current = [...waiting.current, patch];
    setNow((c) => ({ ...c, ...patch }));
    setState({ busy: true, error: null });
    const run = async () => {
      try {
        const res = await ask('PATCH', `/calls/${call.id}`, { body: patch, etag: etag.current });
        etag.current = res.etag;
        waiting.current = waiting.current.filter((p) => p !== patch);
        setNow(as(res.data));
        setState({ busy: false, error: null });
        changed?.();
        return true;
      } catch (error) {
        waiting.current = waiting.current.filter((p) => p !== patch);
        setNow(as(before));
        if (error.status === 412) await again(error);
        setState({ busy: false, error });
        return false;
      }
    };
    turn.current = turn.current.then(run, run);
    return turn.current;
  };
  return { now, save, ...state };
}

function Notes({ now, save }) {
  const [text, setText] = useState(now.notes ?? '');
  const dirty = text.trim() !== (now.notes ?? '').trim();
  const [told, setTold] = useState('');
  const send = async (e) => {
    e.preventDefault();
    setTold(t('Saving…'));
    setTold((await save({ notes: text.trim() || null })) ? t('Saved') : t('Not saved: your text is still here'));
  };
  const keys = (e) => e.key === 'Enter' && (e.metaKey || e.ctrlKey) && dirty && send(e);
  return html`<form class="stack" onSubmit=${send}>
    <${Field} as="textarea" label=${t('Note')} name="notes" rows="4" maxlength="20000" value=${text} dir="auto"
      onInput=${(e) => (setText(e.target.value), setTold(''))} onKeyDown=${keys} />
    <div class="row"><${Button} type="submit" kind=${dirty ? 'main' : ''} disabled=${!dirty}>${t('Save the note')}<//>
      <span class="soft" role="status">${told}</span></div></form>`;
}

function Tags({ now, save }) {
  const id = useId();
  const add = (e) => {
    e.preventDefault();
    const input = e.target.elements.tag;
    const tag = input.value.trim();
    input.value = '';
    if (tag && !now.tags.includes(tag)) save({ tags: [...now.tags, tag] });
  };
  return html`<div class="field"><label for=${id}>${t('Tags')}</label>
    ${
      now.tags.length > 0 &&
      html`<ul class="chips" aria-label=${t('Tags')}>${now.tags.map(
        (tag) => html`<li key=${tag}><span dir="auto">${tag}</span><button type="button"
        aria-label=${t('Take {tag} away', { tag })} onClick=${() => save({ tags: now.tags.filter((x) => x !== tag) })}>
        <${Icon} name="x" /></button></li>`,
      )}</ul>`
    }
    <form class="row" onSubmit=${add}><input class="input grow" id=${id} name="tag" maxlength="100" autocomplete="off"
      placeholder=${t('Add a tag')} /><${Button} type="submit" icon="plus" label=${t('Add')} /></form></div>`;
}

const local = (iso) => {
  if (!iso) return '';
  const d = new Date(iso);
  return new Date(d - d.getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
};

function Disposition({ now, save }) {
  const words = useLoad(() => get('/dispositions'), '').data?.dispositions ?? [];
  const [wish, setWish] = useState(null); // a word that needs a time or a second thought
  const [typed, setTyped] = useState(null); // a time that is not saved yet
  const pick = (e) => {
    const word = words.find((w) => w.word === e.target.value);
    if (word?.asks_time || word?.do_not_call) setWish(word);
    else (setWish(null), save({ disposition: e.target.value || null }));
  };
  const shown = wish?.word ?? now.disposition ?? '';
  const sendTime = (e) => {
    e.preventDefault();
    const at = new FormData(e.target).get('at');
    save({ disposition: wish.word, follow_up_at: new Date(at).toISOString() }).then(
      (ok) => ok && (setWish(null), setTyped(null)),
    );
  };
  return html`<${Field} as="select" label=${t('Disposition')} value=${shown} onChange=${pick}>
      <option value="" selected=${!shown}>${t('None')}</option>
      ${words.map((w) => html`<option value=${w.word} selected=${w.word === shown}>${w.word}</option>`)}
      ${shown && !words.some((w) => w.word === shown) && html`<option value=${shown} selected>${shown}</option>`}<//>
    ${
      wish?.asks_time &&
      html`<form class="row end" onSubmit=${sendTime}>
        <${Field} label=${t('When to call back')} type="datetime-local" name="at" required
          value=${typed ?? local(now.follow_up_at)} onInput=${(e) => setTyped(e.target.value)} /><${Button}
            type="submit" kind="main">${t('Save')}<//>
        <${Button} onClick=${() => setWish(null)}>${t('Cancel')}<//></form>`
    }
    ${
      !wish &&
      now.follow_up_at &&
      html`<p class="soft"><${Icon} name="clock" /> ${t('Call back on {when}', { when: time(now.follow_up_at) })}</p>`
    }
    ${
      wish?.do_not_call &&
      html`<${Confirm} title=${t('Never call this number again?')} action=${t('Put it on the list')} danger
        close=${() => setWish(null)} run=${() => (save({ disposition: wish.word }), setWish(null))}>
        <p>${t('“{word}” puts the customer’s number on the do-not-call list: nobody here can dial it any more.', {
          word: wish.word,
        })}</p><//>`
    }`;
}

function Value({ now, save, error }) {
  const send = (e) => {
    e.preventDefault();
    const form = new FormData(e.target);
    const value = form.get('value').trim();
    save({ value: value || null, value_currency: value ? form.get('currency').trim().toUpperCase() : null }).then(
      (ok) => ok && note(t('The value is saved.')),
    );
  };
  return html`<form class="value" onSubmit=${send}>
    <${Field} label=${t('Value')} name="value" inputmode="decimal" pattern="-?[0-9]+([.][0-9]+)?"
      key=${`value ${now.value}`} defaultValue=${now.value ?? ''} error=${error?.of?.('value')}
      autocomplete="off" />
    <${Field} label=${t('Currency')} name="currency" maxlength="3" key=${`currency ${now.value_currency}`}
      defaultValue=${now.value_currency ?? 'GBP'}
      error=${error?.of?.('value_currency')} autocomplete="off" />
    <${Button} type="submit">${t('Set')}<//></form>`;
}

export function CallNotes({ call, changed }) {
  const { now, save, error } = useNotes(call, changed);
  if (!may('agent'))
    return html`<${Card} title=${t('Notes')}><div class="stack">
      <p dir="auto" class=${now.notes ? 'pre' : 'soft'}>${now.notes ?? t('Nobody has noted anything.')}</p>
      <div class="row">${now.tags.map((x) => html`<${Badge}>${x}<//>`)}${
        now.disposition &&
        html`<${Badge}
        kind="accent">${now.disposition}<//>`
      }</div></div><//>`;
  return html`<${Card} title=${t('Notes')}><div class="form">
    ${error && html`<${Failure} error=${error} />`}
    <${Notes} now=${now} save=${save} />
    <${Tags} now=${now} save=${save} />
    <div class="pair"><div class="stack"><${Disposition} now=${now} save=${save} /></div>
      <${Field} as="select" label=${t('Lead')} value=${now.lead_status ?? ''}
        hint=${now.lead_set_by === 'rule' ? t('Set by a rule') : undefined}
        onChange=${(e) => save({ lead_status: e.target.value || null })}>
        <option value="" selected=${!now.lead_status}>${t('Not said')}</option>
        ${leadWords().map(
          ([v, text]) => html`<option value=${v} selected=${v === now.lead_status}>
          ${text}</option>`,
        )}<//></div>
    <${Value} now=${now} save=${save} error=${error} />
  </div><//>`;
}
