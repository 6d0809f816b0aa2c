// Sections whose settings are members of one document: GET, then PATCH of what was changed.
import { Loaded } from '../../parts/basic.js';
import { changed, Form, loadTagged, sendChange, useFollowing } from '../../parts/form.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html } from '../../ui.js';

// names: members of the document; turn: { name: [to the form, to the API] } for those that are not text.
function Inner({ of, names, turn, set, children, label }) {
  const first = Object.fromEntries(names.map((n) => [n, turn[n] ? turn[n][0](of.doc[n]) : (of.doc[n] ?? '')]));
  const form = useFollowing(first, async (v) => {
    const body = changed(v, first);
    for (const name of Object.keys(body)) if (turn[name]) body[name] = turn[name][1](v[name]);
    if (Object.keys(body).length === 0) return note(t('Nothing was changed'));
    set(await sendChange(of, body));
    return note(t('Saved'));
  });
  return html`<${Form} of=${form} action=${t('Save')} label=${label} disabled=${!may('admin')}
    ends=${!may('admin') && html`<span class="soft">${t('An admin may change this.')}</span>`}>
    ${children(form, of.doc)}<//>`;
}

// load: of the document, where the page has more to do with it; else path says where it is.
export const SectionOf = ({ load, names, turn = {}, label, children }) =>
  html`<section class="card" aria-label=${label}><div class="in"><${Loaded} of=${load}>${(of) =>
    html`<${Inner} key=${names.join()} of=${of} names=${names} turn=${turn}
      set=${load.set} label=${label}>${children}<//>`}
      <//>
  </div></section>`;
export function Section({ path, ...rest }) {
  const load = useLoad(loadTagged(path), path);
  return html`<${SectionOf} load=${load} ...${rest} />`;
}

export const asNumber = [(v) => v ?? '', (v) => (String(v).trim() === '' ? null : Number(v))];
export const asFlag = [Boolean, Boolean];
export const words = (text) => text.split(/[\s,;]+/).filter(Boolean);
export const asWords = [(v) => (v ?? []).join(' '), words];
