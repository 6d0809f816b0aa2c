// Whom to call, for whom, from which number.
import { get } from '../api.js';
import { Button, Field, Icon } from '../parts/basic.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { cls, html, useEffect, useRef, useState } from '../ui.js';
import { act } from './acts.js';
import { Pad } from './pad.js';
import { phone, setup, wish } from './state.js';

const plain = (text) => text.replace(/[\s().-]/g, '').replace(/^00/, '+');
const isNumber = (text) => /^\+?\d{3,15}$/.test(plain(text));
const nothing = { number: '', name: '', contact_id: null, campaign_id: '' };

const useBook = () =>
  useLoad(async (signal) => {
    const [contacts, campaigns] = await Promise.all(
      ['/contacts', '/campaigns'].map((p) => get(p, { limit: 100 }, { signal })),
    );
    return { contacts: contacts.data.filter((c) => c.phone_number), campaigns: campaigns.data };
  }, 'book');

function Found({ rows, pick }) {
  return html`<ul class="found" aria-label=${t('Contacts')}>${rows.map(
    (c) => html`<li><button type="button" onClick=${() => pick(c)}>
      <${Icon} name="user" /><span>${c.name}</span><small class="num">${c.phone_number}</small></button></li>`,
  )}</ul>`;
}

export function Dial({ focus }) {
  const [form, setForm] = useState(nothing);
  const [from, setFrom] = useState(setup.value.caller_id ?? '');
  const [wrong, setWrong] = useState(null);
  const [pad, setPad] = useState(false);
  const at = useRef(null);
  const book = useBook();
  const change = (more) => (setWrong(null), setForm((f) => ({ ...f, ...more })));
  useEffect(() => {
    const w = wish.value;
    if (!w) return;
    wish.value = null;
    change({ ...nothing, ...w, number: w.number ?? '' });
    if (w.now) act('dial', { ...w, from });
    else at.current?.querySelector('input')?.focus();
  }, [wish.value]);
  const text = form.number.trim();
  const known = form.contact_id !== null;
  const found =
    text.length > 1 && !known && book.data
      ? book.data.contacts
          .filter(
            (c) =>
              c.name?.toLowerCase().includes(text.toLowerCase()) ||
              (isNumber(text) && c.phone_number.includes(plain(text).replace(/^0/, ''))),
          )
          .slice(0, 4)
      : [];
  const go = (e) => {
    e.preventDefault();
    if (!isNumber(text)) {
      setWrong(
        text === '' ? t('Whom shall it call?') : t('Choose a contact, or write a number such as +44 20 7946 0123.'),
      );
      at.current?.querySelector('input')?.focus();
      return;
    }
    act('dial', {
      number: plain(text),
      name: form.name || undefined,
      contact_id: form.contact_id ?? undefined,
      campaign_id: form.campaign_id || undefined,
      from: from || undefined,
    });
    setForm(nothing);
  };
  return html`<form class="dial" onSubmit=${go} ref=${at} noValidate>
    <div class="to"><${Field} label=${t('Number or name')} name="to" type="text" inputmode="tel" autocomplete="off"
      dir="auto" autofocus=${focus} error=${wrong} value=${form.number}
      onInput=${(e) => change({ number: e.target.value, name: '', contact_id: null })} />
      <${Button} icon="keyboard" label=${t('Keypad')} aria-pressed=${pad} onClick=${() => setPad(!pad)} /></div>
    ${known && html`<p class="who"><${Icon} name="user" /><span>${form.name}</span></p>`}
    ${
      found.length > 0 &&
      html`<${Found} rows=${found}
      pick=${(c) => change({ number: c.phone_number, name: c.name, contact_id: c.id })} />`
    }
    ${pad && html`<${Pad} label=${t('Number keys')} press=${(k) => change({ number: form.number + k })} />`}
    <div class="pair">
      <${Field} as="select" label=${t('Show as')} value=${from} onChange=${(e) => setFrom(e.target.value)}>
        ${setup.value.caller_ids.length === 0 && html`<option value="">${t('No number assigned')}</option>`}
        ${setup.value.caller_ids.map((n) => html`<option value=${n}>${n}</option>`)}<//>
      <${Field} as="select" label=${t('Campaign')} value=${form.campaign_id}
        onChange=${(e) => change({ campaign_id: e.target.value })}>
        <option value="">${t('None')}</option>
        ${(book.data?.campaigns ?? []).map((c) => html`<option value=${c.id}>${c.name}</option>`)}<//>
    </div>
    <${Button} type="submit" kind=${cls('tall go', phone.value.stage !== 'off' && 'main')} icon="phone">${t('Call')}<//>
  </form>`;
}
