// To whom a call is given: a colleague or a client found by name, or any number; at once, or after asking there.
import { get } from '../api.js';
import { Button } from '../parts/basic.js';
import { PickOne } from '../parts/pick.js';
import { me } from '../store.js';
import { t } from '../text.js';
import { html, useEffect, useRef, useState } from '../ui.js';
import { act } from './acts.js';
import { call } from './state.js';

const plain = (text) => text.replace(/[\s().-]/g, '').replace(/^00/, '+');
const isNumber = (text) => /^\+?\d{3,15}$/.test(plain(text));

// How somebody stands: the best first. dot, words, and whether anything rings there.
function standing(c) {
  if (c.rings === null) return { order: 4, dot: '', note: t('Cannot be reached'), off: true };
  if (c.in_call) return { order: 1, dot: 'live', note: t('In a call') };
  if (c.presence === 'available') return { order: 0, dot: 'good', note: t('Available') };
  if (c.presence === 'busy') return { order: 2, dot: 'warn', note: t('Busy') };
  if (c.presence === 'away')
    return { order: 2, dot: 'warn', note: c.away_reason ? t('Away: {why}', { why: c.away_reason }) : t('Away') };
  return { order: 3, dot: '', note: t('Offline') };
}

async function targets(q, signal) {
  const ask = (path, limit) => get(path, { q, limit }, { signal });
  const [people, clients] = await Promise.all([ask('/colleagues', 100), ask('/clients', 20)]);
  const colleagues = people.data
    .filter((c) => c.id !== me.value.user?.id)
    .map((c) => ({ value: c.id, label: c.name, to: { user_id: c.id }, ...standing(c) }))
    .sort((a, b) => a.order - b.order || a.label.localeCompare(b.label));
  const phones = clients.data
    .filter((c) => c.forward_to)
    .map((c) => ({ value: c.id, label: c.name, note: c.forward_to, icon: 'building-2', to: { client_id: c.id } }));
  return Object.assign([...colleagues, ...phones], {
    more: people.next_cursor !== null || clients.next_cursor !== null,
  });
}

export function Transfer({ done }) {
  const [to, setTo] = useState({ text: '', row: null });
  const [wrong, setWrong] = useState(null);
  const at = useRef(null);
  useEffect(() => at.current?.querySelector('input')?.focus(), []);
  const change = (text, row) => (setWrong(null), setTo({ text, row }));
  const go = (mode) => (e) => {
    e.preventDefault();
    const { text, row } = to;
    if (!row && !isNumber(text)) {
      setWrong(text.trim() ? t('Choose somebody of the list, or write a number.') : t('To whom?'));
      at.current?.querySelector('input')?.focus();
      return;
    }
    const target = row ? row.to : { to: plain(text) };
    Promise.resolve(act('transfer', target, mode, row?.label)).then((ok) => ok && mode === 'warm' && done());
  };
  return html`<form class="stack transfer" onSubmit=${go('warm')} ref=${at} noValidate>
    <${PickOne} label=${t('Transfer to')} hint=${t('A colleague, a client, or a number.')} find=${targets}
      error=${wrong} text=${to.text} onText=${(text) => change(text, null)}
      onPick=${(id, row) => change(row.label, row)} />
    <div class="pair"><${Button} type="submit" kind="main" icon="headphones" disabled=${call.value?.busy}>
      ${t('Ask first')}<//>
      <${Button} icon="phone-forwarded" disabled=${call.value?.busy}
        onClick=${go('blind')}>${t('Transfer now')}<//></div></form>`;
}
