// Who did and saw what, when and from where, with what was and what is.
import { get } from '../../api.js';
import { Button, Empty, Field, Time } from '../../parts/basic.js';
import { Dialog } from '../../parts/dialog.js';
import { List } from '../../parts/table.js';
import { setQuery } from '../../router.js';
import { useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const text = (v) => (v === null || v === undefined ? '–' : typeof v === 'string' ? v : JSON.stringify(v, null, 2));

// The members that differ, old and new side by side; else the whole.
function Difference({ entry }) {
  const { old, new: now } = entry;
  const both = old && now && typeof old === 'object' && typeof now === 'object';
  const names = both ? [...new Set([...Object.keys(old), ...Object.keys(now)])] : [];
  const changed = names.filter((n) => JSON.stringify(old[n]) !== JSON.stringify(now[n]));
  if (!both)
    return html`<h3>${t('Before')}</h3><pre tabindex="0">${text(old)}</pre>
    <h3>${t('After')}</h3><pre tabindex="0">${text(now)}</pre>`;
  return html`<table class="difference"><thead><tr><th scope="col">${t('What')}</th><th scope="col">${t('Before')}</th>
      <th scope="col">${t('After')}</th></tr></thead>
    <tbody>${changed.map(
      (n) => html`<tr><th scope="row">${n}</th><td>${text(old[n])}</td><td>${text(now[n])}</td>
      </tr>`,
    )}
    </tbody></table>`;
}

export function Audit({ query }) {
  const names = ['actor', 'action', 'object', 'from', 'to', 'cursor'];
  const asked = Object.fromEntries(names.map((n) => [n, query[n]]));
  const all = useLoad((signal) => get('/audit', { limit: 50, ...asked }, { signal }), JSON.stringify(asked));
  const [open, setOpen] = useState(null);
  const columns = [
    { name: 'when', title: t('When'), show: (e) => html`<${Time} at=${e.created_at} />` },
    { name: 'who', title: t('Who'), show: (e) => e.actor_name ?? e.actor },
    { name: 'what', title: t('What'), show: (e) => html`<code>${e.action}</code>` },
    { name: 'object', title: t('Of'), minor: true, show: (e) => html`<code class="soft">${e.object}</code>` },
    { name: 'from', title: t('From'), minor: true, show: (e) => e.origin ?? '–' },
    {
      name: 'do',
      title: '',
      num: true,
      show: (e) => html`<${Button} onClick=${() => setOpen(e)}
      label=${t('What changed, entry {n}', { n: e.seq })} kind="plain" icon="eye" />`,
    },
  ];
  const field = (name, label, rest) => html`<${Field} label=${label} key=${`${name} ${query[name]}`}
      defaultValue=${query[name] ?? ''} ...${rest}
    onChange=${(e) => setQuery({ [name]: e.target.value })} />`;
  const day = (name, label, end) => html`<${Field} type="date" label=${label} value=${query[name]?.slice(0, 10) ?? ''}
    onChange=${(e) => setQuery({ [name]: e.target.value && `${e.target.value}${end}` })} />`;
  return html`<div class="filters" role="search" aria-label=${t('Filters')}>
      ${field('action', t('What'), { type: 'search', placeholder: 'settings, user.change…' })}
      ${field('actor', t('Who'), { type: 'search', placeholder: 'user:…, key:…' })}
      ${field('object', t('Of'), { type: 'search' })}
      ${day('from', t('From'), 'T00:00:00Z')}${day('to', t('To'), 'T23:59:59Z')}</div>
    <${List} of=${all} label=${t('Audit')} columns=${columns} tight
      empty=${html`<${Empty} icon="file-text" title=${t('Nothing fits')} />`} />
    ${
      open &&
      html`<${Dialog} title=${open.action} close=${() => setOpen(null)}>
      <dl class="facts"><dt>${t('Who')}</dt><dd>${open.actor_name} <code>${open.actor}</code></dd>
        <dt>${t('When')}</dt><dd><${Time} at=${open.created_at} /></dd>
        <dt>${t('From')}</dt><dd>${open.origin ?? '–'}</dd>
        <dt>${t('Of')}</dt><dd><code>${open.object}</code></dd></dl>
      <${Difference} entry=${open} /><//>`
    }`;
}
