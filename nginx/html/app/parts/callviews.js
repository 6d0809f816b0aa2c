// Looks at the call log that are kept: those of the product, one's own, and what the team shares.
import { del, get, post } from '../api.js';
import { go, href } from '../router.js';
import { may, me, note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { Button, Check, Failure } from './basic.js';
import { columns, filtersOf, look, setLook, shown } from './calllook.js';
import { Dialog } from './dialog.js';
import { Form, Input, Tick, useForm } from './form.js';
import { Menu } from './menu.js';

const given = () => [
  [t('All calls'), {}],
  [t('Missed, not returned'), { unreturned: 'true', range: '7d' }],
  [t('Voicemails'), { voicemail: 'true', range: '30d' }],
  [t('Recorded conversations'), { has_recording: 'true', range: '7d' }],
];

// A view's query is what the API understands; a period that moves with the days stands beside the columns.
const RANGE = 'range=';
export const kept = (name, values, shared) => {
  const { range, ...rest } = filtersOf(values);
  return {
    name,
    shared,
    query: new URLSearchParams(rest).toString(),
    columns: [...shown().map((c) => c.name), ...(range ? [RANGE + range] : [])],
  };
};
function use(view) {
  const names = columns().map((c) => c.name);
  const wanted = view.columns.filter((c) => names.includes(c));
  const range = view.columns.find((c) => typeof c === 'string' && c.startsWith(RANGE))?.slice(RANGE.length);
  setLook({ columns: wanted.length ? wanted : null });
  go(href('/calls', { ...Object.fromEntries(new URLSearchParams(view.query)), range }));
}

function Save({ values, close, done }) {
  const form = useForm({ name: '', shared: false }, async (v, key) => {
    await post('/views', kept(v.name.trim(), values, v.shared), { key });
    note(t('The view is saved.'));
    done();
  });
  return html`<${Dialog} title=${t('Save this view')} close=${close}><${Form} of=${form} action=${t('Save')}
    cancel=${close}>
    <${Input} of=${form} name="name" label=${t('Name')} required maxlength="100" autofocus autocomplete="off"
      hint=${t('Filters and columns are kept under it.')} />
    ${may('agent') && html`<${Tick} of=${form} name="shared" label=${t('Everybody here may use it')} />`}<//><//>`;
}

function Tidy({ views, close, gone }) {
  const [error, setError] = useState(null);
  const mine = views.filter((v) => v.user_id === me.value.user?.id || may('admin'));
  const drop = (v) => del(`/views/${v.id}`).then(() => gone(v), setError);
  return html`<${Dialog} title=${t('Saved views')} close=${close}><div class="stack">
    ${error && html`<${Failure} error=${error} />`}
    ${mine.length === 0 && html`<p class="soft">${t('There is none of yours.')}</p>`}
    <ul class="stack">${mine.map(
      (v) => html`<li class="row" key=${v.id}><span class="grow">${v.name}</span>
        <${Button} kind="bad" icon="trash-2" label=${t('Delete {name}', { name: v.name })}
          onClick=${() => drop(v)} /></li>`,
    )}</ul></div><//>`;
}

export function Views({ values }) {
  const views = useLoad(() => get('/views').catch(() => ({ data: [] })), '');
  const [open, setOpen] = useState(null);
  const list = views.data?.data ?? [];
  const done = () => (setOpen(null), views.reload());
  return html`<${Menu} label=${t('Views')} icon="bookmark" kind="" rows=${[
    ...given().map(([label, q]) => ({ label, href: href('/calls', q) })),
    ...(list.length ? [null] : []),
    ...list.map((v) => ({ label: v.name, icon: v.shared ? 'users' : 'user', run: () => use(v) })),
    null,
    ...(may('agent') ? [{ label: t('Save this view…'), icon: 'plus', run: () => setOpen('save') }] : []),
    ...(list.length ? [{ label: t('Tidy up…'), icon: 'trash-2', run: () => setOpen('tidy') }] : []),
  ]}>${t('Views')}<//>
  ${open === 'save' && html`<${Save} values=${values} close=${() => setOpen(null)} done=${done} />`}
  ${open === 'tidy' && html`<${Tidy} views=${list} close=${() => setOpen(null)} gone=${views.reload} />`}`;
}

export function Columns({ close }) {
  const names = shown().map((c) => c.name);
  const flip = (c) => (e) =>
    setLook({ columns: e.target.checked ? [...names, c.name] : names.filter((x) => x !== c.name) });
  return html`<${Dialog} title=${t('Columns')} close=${close}><div class="stack">
    <div class="pair-list">${columns()
      .filter((c) => !c.fixed)
      .map(
        (c) => html`<${Check} key=${c.name} label=${c.title || c.label} checked=${names.includes(c.name)}
        onChange=${flip(c)} />`,
      )}</div>
    <${Check} label=${t('Tight rows')} checked=${Boolean(look.value.tight)}
      onChange=${(e) => setLook({ tight: e.target.checked })} />
    <div class="row"><${Button} onClick=${() => setLook({ columns: null, tight: false })}>${t('As it was')}<//></div>
  </div><//>`;
}
