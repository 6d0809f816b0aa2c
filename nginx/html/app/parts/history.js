// What became of a setting: who changed it when, and what it was before. For admins, who read the audit.
import { get } from '../api.js';
import { may, useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Button, Card, Loaded, Time } from './basic.js';
import { href } from '../router.js';

const text = (v) =>
  v === null || v === undefined || v === '' ? t('nothing') : typeof v === 'object' ? JSON.stringify(v) : String(v);

// Members of two documents that differ: [name, before, after]. key: what a row of a list goes by.
export function differences(old, now, key) {
  const rows = (doc) => (Array.isArray(doc) ? Object.fromEntries(doc.map((row) => [key(row), row])) : (doc ?? {}));
  const [was, is] = [rows(old), rows(now)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => [name, was[name], is[name]]);
}

// action: of the audit. turn: changes when there may be more. lines: (entry) -> [[name, before, after]]; name and show
// tell them in words.
function Changes({ action, turn, lines, name = String, show = text }) {
  const entries = useLoad((signal) => get('/audit', { action, limit: 10 }, { signal }), `${action} ${turn}`);
  const line = ([what, before, after]) =>
    show(before) !== show(after) && html`<li><b>${name(what)}</b>: ${show(before)} → ${show(after)}</li>`;
  if (!entries.error && !entries.data?.data.length) return null;
  return html`<${Card} title=${t('Who changed it')} plain tools=${html`<${Button} kind="plain"
      href=${href('/compliance/audit', { action })}>${t('Audit')}<//>`}><${Loaded} of=${entries} lines=${2}>${(page) =>
    html`<ul class="lines tall">${page.data.map(
      (e) => html`<li class="endpoint" key=${e.id}><div class="stack tightly">
        <span>${e.actor_name ?? e.actor} <span class="faint"><${Time} at=${e.created_at} /></span></span>
        <ul class="soft">${lines(e).map(line)}</ul></div></li>`,
    )}</ul>`}<//><//>`;
}

export const History = (props) => may('admin') && html`<${Changes} ...${props} />`;
