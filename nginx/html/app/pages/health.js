// Health: what the doctor found, the work of the sweep, and what waits or was given up.
import { get } from '../api.js';
import { Badge, Button, Card, Empty, Head, Icon, Loaded } from '../parts/basic.js';
import { Code } from '../parts/code.js';
import { Work } from './health/work.js';
import { count } from '../fmt.js';
import { useLoad } from '../store.js';
import { plural, t } from '../text.js';
import { html, useEffect, useState } from '../ui.js';

const looks = {
  error: { icon: 'circle-alert', kind: 'bad', word: () => t('Error') },
  warning: { icon: 'triangle-alert', kind: 'warn', word: () => t('Warning') },
  ok: { icon: 'circle-check', kind: 'good', word: () => t('Well') },
};
// Where a page cures it, the page is nearer than a command.
const cures = {
  C2: '/settings/twilio',
  T1: '/settings/twilio',
  T3: '/settings/twilio',
  T4: '/settings/twilio',
  T5: '/numbers',
  T6: '/numbers',
  T7: '/numbers',
  U1: '/people',
  U2: '/people',
  U3: '/numbers',
  U4: '/clients',
  R5: '/compliance/disclosures',
  X1: '/settings/ai',
  X3: '/health?state=parked',
  X4: '/health?state=dead',
  O1: '/settings/webhooks',
  M1: '/settings/mail',
  W5: '/numbers',
};

function Finding({ f }) {
  const look = looks[f.state];
  return html`<li class=${`finding ${f.state}`}>
    <span class=${look.kind}><${Icon} name=${look.icon} label=${look.word()} /></span>
    <div class="stack">
      <h3>${f.what} <code>${f.id}</code></h3>
      <ul class="found">${f.items.map((item) => html`<li>${item}</li>`)}
        ${
          f.count > f.items.length &&
          html`<li class="soft">
          ${t('and {n} more', { n: count(f.count - f.items.length) })}</li>`
        }
      </ul>
      <p>${f.consequence}</p>
      <p class="cure"><span class="soft">${t('What helps')}</span> <${Code} text=${f.fix} />
        ${
          cures[f.id] &&
          html`<${Button} href=${`/app${cures[f.id]}`} kind="plain" icon="chevron-right">
          ${t('Page')}<//>`
        }</p>
    </div></li>`;
}

function Doctor({ of }) {
  return html`<${Loaded} of=${of} lines=${8}>${(d) => {
    const bad = ['error', 'warning'].flatMap((s) => d.findings.filter((f) => f.state === s));
    const well = d.findings.filter((f) => f.state === 'ok');
    return html`<${Card} title=${t('Doctor')} plain tools=${html`
        ${d.errors > 0 && html`<${Badge} kind="bad">${plural(d.errors, { one: '{n} error', other: '{n} errors' })}<//>`}
        ${
          d.warnings > 0 &&
          html`<${Badge} kind="warn">
          ${plural(d.warnings, { one: '{n} warning', other: '{n} warnings' })}<//>`
        }
        <${Badge} kind="good">${t('{n} well', { n: d.ok })}<//>`}>
      ${
        bad.length
          ? html`<ul class="findings">${bad.map((f) => html`<${Finding} key=${f.id} f=${f} />`)}</ul>`
          : html`<${Empty} icon="shield-check" title=${t('Everything is as it should be')} />`
      }
      <details class="in"><summary>${t('What is well')}</summary>
        <ul class="well">${well.map(
          (f) => html`<li><${Icon} name="circle-check" />${f.what} <code>${f.id}</code>
          </li>`,
        )}</ul>
      </details><//>`;
  }}<//>`;
}

export default function Health({ query }) {
  const doctor = useLoad((signal) => get('/doctor', {}, { signal }), '');
  const [turn, setTurn] = useState(0);
  const again = () => {
    doctor.reload();
    setTurn((n) => n + 1);
  };
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), 30000);
    return () => clearInterval(timer);
  }, []);
  return html`<${Head} title=${t('Health')} about=${t('Looked at again every half minute.')}>
      <${Button} icon="refresh-cw" onClick=${again}>${t('Look again')}<//><//>
    <div class="stack wide"><${Doctor} of=${doctor} /><${Work} query=${query} turn=${turn} again=${again} /></div>`;
}
