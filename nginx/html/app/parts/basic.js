// The smallest parts: icons, buttons, badges, times, fields, states. All of them take what is outside as text.
import { fullTime, time } from '../fmt.js';
import { t } from '../text.js';
import { cls, html, useId } from '../ui.js';

const sprite = new URL('../../icons.svg', import.meta.url).pathname;

// An icon is decoration; what it means stands in words beside it, or in label.
export const Icon = ({ name, label }) => html`<svg class="icon" aria-hidden=${label ? undefined : 'true'}
  role=${label ? 'img' : undefined} aria-label=${label}><use href=${`${sprite}#${name}`} /></svg>`;

export const Button = ({ icon, kind, label, href, children, class: more, ...rest }) => {
  const look = cls('button', kind, more, !children && 'square');
  const inside = html`${icon && html`<${Icon} name=${icon} />`}${children}`;
  return href
    ? html`<a class=${look} href=${href} aria-label=${label} title=${label} ...${rest}>${inside}</a>`
    : html`<button type="button" class=${look} aria-label=${label} title=${label} ...${rest}>${inside}</button>`;
};

export const Badge = ({ kind, icon, children }) =>
  html`<span class=${cls('badge', kind)}>${icon && html`<${Icon} name=${icon} />`}${children}</span>`;

export const Time = ({ at }) => html`<time datetime=${at} title=${fullTime(at)}>${time(at)}</time>`;

// A labelled input with its hint and what the server has against it.
export function Field({ label, hint, error, children, as = 'input', class: more, ...rest }) {
  const id = useId();
  const about = cls(hint && `${id}-hint`, error && `${id}-wrong`) || undefined;
  const props = {
    id,
    class: cls('input', more),
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': about,
    ...rest,
  };
  const control =
    as === 'select'
      ? html`<select ...${props}>${children}</select>`
      : as === 'textarea'
        ? html`<textarea ...${props}></textarea>`
        : html`<input ...${props} />`;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${control}
    ${hint && html`<small id=${`${id}-hint`}>${hint}</small>`}
    ${error && html`<span class="wrong" id=${`${id}-wrong`}>${error}</span>`}
  </div>`;
}

export const Check = ({ label, hint, ...rest }) => {
  const id = useId();
  return html`<div class="check"><input type="checkbox" id=${id} aria-describedby=${hint && `${id}-hint`} ...${rest} />
    <span><label for=${id}>${label}</label>
      ${hint && html`<br /><small class="soft" id=${`${id}-hint`}>${hint}</small>`}</span></div>`;
};

export const Card = ({
  title,
  tools,
  children,
  plain,
}) => html`<section class="card" aria-label=${plain ? undefined : title}>
  ${title && html`<header><h2>${title}</h2><span class="space"></span>${tools}</header>`}
  ${plain ? children : html`<div class="in">${children}</div>`}
</section>`;

export const Head = ({ title, about, children }) => html`<div class="head">
  <h1>${title}</h1><span class="space"></span>${children}${about && html`<p>${about}</p>`}
</div>`;

// Nothing here yet, and what to do about it.
export const Empty = ({ icon = 'archive', title, children, action }) => html`<div class="state">
  <${Icon} name=${icon} /><h2>${title}</h2>${children && html`<p>${children}</p>`}${action}
</div>`;

// What went wrong in the server's words, what to do, and the number under which the log has it.
export const Failure = ({ error, retry }) => html`<div class="alert" role="alert">
  <${Icon} name=${error.code === 'offline' ? 'wifi-off' : 'triangle-alert'} />
  <div class="stack">
    <div><b>${error.message}</b>${error.detail && html`<p>${error.detail}</p>`}</div>
    ${error.hint && html`<p>${error.hint}</p>`}
    <div class="row">
      ${retry && html`<${Button} icon="refresh-cw" onClick=${retry}>${t('Retry')}<//>`}
      ${error.request_id && html`<small class="soft">${t('Request')} <code>${error.request_id}</code></small>`}
    </div>
  </div>
</div>`;

export const Bones = ({ lines = 6 }) => html`<div class="bones" role="status" aria-label=${t('Loading')}>
  ${Array.from({ length: lines }, () => html`<i></i>`)}</div>`;

// A load of store.js as a page shows it: bones, failure, or what it has brought.
export const Loaded = ({ of, lines, children }) =>
  of.error
    ? html`<${Failure} error=${of.error} retry=${of.reload} />`
    : of.data === null
      ? html`<${Bones} lines=${lines} />`
      : children(of.data);
