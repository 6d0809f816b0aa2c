// Whom to call, for whom, from which number.
import { Button, Field, Icon } from '../parts/basic.js';
import { phone as spaced } from '../parts/number-text.js';
import { PickOne, seek } from '../parts/pick.js';
import { t } from '../text.js';
import { cls, html, useEffect, useRef, useState } from '../ui.js';
import { act } from './acts.js';
import { Pad } from './pad.js';
import { phone, setup, wish } from './state.js';

const plain = (text) => text.replace(/[\s().-]/g, '').replace(/^00/, '+');
const isNumber = (text) => /^\+?\d{3,15}$/.test(plain(text));
const nothing = { number: '', name: '', contact_id: null, campaign_id: '' };

const contacts = seek('contacts');
const called = async (text, signal) => (await contacts(text, signal)).filter((c) => c.note);

export function Dial({ focus }) {
  const [form, setForm] = useState(nothing);
  const [from, setFrom] = useState(setup.value.caller_id ?? '');
  const [wrong, setWrong] = useState(null);
  const [pad, setPad] = useState(false);
  const at = useRef(null);
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
    <div class="to"><${PickOne} label=${t('Number or name')} name="to" least=${2} find=${called} autofocus=${focus}
      error=${wrong} text=${form.number} onText=${(v) => change({ number: v, name: '', contact_id: null })}
      onPick=${(id, c) => change({ number: c.note, name: c.label, contact_id: id })} />
      <${Button} icon="keyboard" label=${t('Keypad')} aria-pressed=${pad} onClick=${() => setPad(!pad)} /></div>
    ${known && html`<p class="who"><${Icon} name="user" /><span>${form.name}</span></p>`}
    ${pad && html`<${Pad} label=${t('Number keys')} press=${(k) => change({ number: form.number + k })} />`}
    <div class="pair">
      <${Field} as="select" label=${t('Show as')} value=${from} onChange=${(e) => setFrom(e.target.value)}>
        ${setup.value.caller_ids.length === 0 && html`<option value="">${t('No number assigned')}</option>`}
        ${setup.value.caller_ids.map((n) => html`<option value=${n}>${spaced(n)}</option>`)}<//>
      <${PickOne} kind="campaigns" label=${t('Campaign')} empty=${t('None')} value=${form.campaign_id}
        onPick=${(id) => change({ campaign_id: id })} />
    </div>
    <${Button} type="submit" icon="phone"
      kind=${cls('tall go', phone.value.stage === 'ready' && 'main')}>${t('Call')}<//>
  </form>`;
}
