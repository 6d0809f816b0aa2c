// A box for somebody's number, as a filter in the address: typed, or found by the contact's name.
import { setQuery } from '../router.js';
import { t } from '../text.js';
import { html, useEffect, useState } from '../ui.js';
import { PickOne, seek } from './pick.js';

const contacts = async (text, signal) => {
  const rows = await seek('contacts')(text, signal);
  return Object.assign(
    rows.filter((r) => r.note).map((r) => ({ ...r, value: r.note })),
    { more: rows.more },
  );
};
const bare = (text) => text.replace(/[^\d+]/g, '');

export function Who({ label, value = '', name = 'number' }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const look = (number) => (setText(number), setQuery({ [name]: number }));
  const done = (e) => {
    e.preventDefault();
    if (bare(text) !== value && (bare(text) || !text.trim())) look(bare(text));
  };
  const leave = (e) => e.currentTarget.contains(e.relatedTarget) || done(e);
  return html`<form class="who" onSubmit=${done} onFocusOut=${leave}>
    <${PickOne} label=${label} find=${contacts} least=${2} text=${text} onText=${setText}
      placeholder=${t('Name or +44…')} onPick=${(number) => number && look(number)} /></form>`;
}
