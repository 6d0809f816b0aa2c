// Forms: what was typed, how sending it went, and what the server has against which field.
import { ask } from '../api.js';
import { t } from '../text.js';
import { html, useLayoutEffect, useRef, useState } from '../ui.js';
import { Button, Check, Failure, Field } from './basic.js';

// '' as the API has it: absent where something is made, null where something is changed.
const bare = (value) => (typeof value === 'string' && value.trim() === '' ? null : value);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const given = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => bare(v) !== null && v !== undefined));
export const changed = (values, was) =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([k, v]) => !same(bare(v), bare(was[k] ?? null)))
      .map(([k, v]) => [k, bare(v)]),
  );

// useForm(values, send): send(values) does it and may throw an ApiError. field() and check() are the properties of
// Field and Check; key is one for each thing that is asked for, so that a second click does not do it twice.
export function useForm(first, send, follow) {
  const [values, setValues] = useState(first);
  const [state, setState] = useState({ busy: false, error: null });
  const running = useRef(false);
  const was = useRef(first);
  const sent = useRef({});
  useLayoutEffect(() => {
    const [old, out] = [was.current, sent.current];
    was.current = first;
    const kept = (k, v) => [old, out].some((of) => k in of && same(v, of[k]));
    const fresh = ([k, v]) => [k, kept(k, v) ? first[k] : v];
    if (follow && !same(old, first)) setValues((v) => Object.fromEntries(Object.entries(v).map(fresh)));
  });
  const key = useRef(crypto.randomUUID());
  const form = useRef(null);
  const named = useRef(new Set());
  const set = (name, value) => {
    key.current = crypto.randomUUID();
    setValues((v) => ({ ...v, [name]: value }));
  };
  const about = (name) =>
    state.error?.errors?.find((e) => e.pointer === `/${name}` || e.pointer.startsWith(`/${name}/`));
  const of = (name) => {
    named.current.add(name);
    return about(name)?.detail;
  };
  const submit = async (e) => {
    e?.preventDefault();
    if (running.current) return;
    running.current = true;
    setState({ busy: true, error: null });
    sent.current = values;
    try {
      await send(values, key.current);
      setState({ busy: false, error: null });
    } catch (error) {
      sent.current = {};
      if (error.status >= 400 && error.status < 500) key.current = crypto.randomUUID();
      setState({ busy: false, error });
      setTimeout(() => form.current?.querySelector('[aria-invalid="true"]')?.focus());
    } finally {
      running.current = false;
    }
  };
  return {
    values,
    set,
    reset: (v = first) => (setValues(v), setState({ busy: false, error: null })),
    submit,
    form,
    ...state,
    // An error that no field of the form can show.
    loose: state.error && ![...named.current].some(about) ? state.error : null,
    field: (name) => ({
      name,
      value: values[name] ?? '',
      error: of(name),
      onInput: (e) => set(name, e.target.value),
    }),
    check: (name) => ({ name, checked: Boolean(values[name]), onChange: (e) => set(name, e.target.checked) }),
  };
}

// A form of what is there already: what that becomes, by this form or by others, is shown in the fields, and wipes
// nothing that was typed since.
export const useFollowing = (first, send) => useForm(first, send, true);

// The frame: failures on top, the button that says what it does at the end.
export const Form = ({ of, action, busyText, cancel, disabled, danger, children, ends, label }) => html`
  <form class="form" ref=${of.form} onSubmit=${of.submit} aria-label=${label} novalidate>
    ${
      of.loose &&
      html`<${Failure} error=${of.loose} retry=${of.loose.status === 412 ? () => location.reload() : undefined} />`
    }
    ${children}
    <div class="ends">${ends}${cancel && html`<${Button} onClick=${cancel}>${t('Cancel')}<//>`}
      <${Button} type="submit" kind=${danger ? 'main bad' : 'main'} disabled=${of.busy || disabled}>
        ${of.busy ? (busyText ?? t('Saving…')) : action}<//></div>
  </form>`;

// A field and a tick of a form by name: <Input of=${form} name="name" label="…" />
export const Input = ({ of, name, ...rest }) => html`<${Field} ...${of.field(name)} ...${rest} />`;
export const Tick = ({ of, name, ...rest }) => html`<${Check} ...${of.check(name)} ...${rest} />`;

// One of some words: rows of [value, text]; empty: what stands for nothing chosen.
export const Pick = ({ of, name, rows, empty, ...rest }) => {
  const own = of ? of.field(name) : {};
  const value = (of ? own.value : rest.value) ?? '';
  return html`<${Field} as="select" ...${own} onChange=${own.onInput} ...${rest}>
    ${empty !== undefined && html`<option value="" selected=${value === ''}>${empty}</option>`}
    ${rows.map(([v, text]) => html`<option value=${v} selected=${v === value}>${text}</option>`)}<//>`;
};

// Yes, no, or as it is set elsewhere.
export const ternary = (usual) => [
  ['', usual],
  ['yes', t('Yes')],
  ['no', t('No')],
];
export const toTernary = (v) => (v === null || v === undefined ? '' : v ? 'yes' : 'no');
export const fromTernary = (v) => (v === '' ? null : v === 'yes');

// A document with the tag that guards its change against another's.
export const loadTagged = (path) => (signal) =>
  ask('GET', path, { signal }).then((r) => ({ doc: r.data, etag: r.etag, path }));
export const sendChange = async (was, body, method = 'PATCH') => {
  const r = await ask(method, was.path, { body, etag: was.etag });
  return { doc: r.data, etag: r.etag, path: was.path };
};
