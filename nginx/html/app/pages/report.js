// One report: its figures as they were mailed, and the mail's text.
import { get } from '../api.js';
import { Badge, Button, Card, Head, Loaded } from '../parts/basic.js';
import { Chart, Figure } from '../parts/chart.js';
import { count } from '../fmt.js';
import { href } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useMemo } from '../ui.js';

const parts = [
  { name: 'answered', title: () => t('Answered'), tone: 'good' },
  { name: 'missed', title: () => t('Missed'), tone: 'bad' },
  { name: 'outbound', title: () => t('Outbound'), tone: 'live' },
];

function Days({ rows }) {
  const labels = useMemo(() => rows.map((r) => r.label), [rows]);
  const series = useMemo(
    () => parts.map((p) => ({ ...p, title: p.title(), values: rows.map((r) => r[p.name]) })),
    [rows],
  );
  const columns = [
    { name: 'label', title: t('Day'), show: (r) => r.label },
    ...parts.map((p) => ({ name: p.name, title: p.title(), num: true, show: (r) => count(r[p.name]) })),
  ];
  return html`<${Figure} title=${t('Day by day')} name="days" columns=${columns} rows=${rows}>
    <${Chart} labels=${labels} series=${series} stacked format=${count}
      text=${t('Calls by day; the table has them.')} /><//>`;
}

export default function Report({ params }) {
  const report = useLoad((signal) => get(`/reports/${params.id}`, {}, { signal }), params.id);
  return html`<${Loaded} of=${report}>${(r) => html`
    <${Head} title=${r.subject}><${Button} icon="chart-column"
      href=${href('/analytics', { from: r.from, to: r.to, client_id: r.client_id })}>${t('In Analytics')}<//><//>
    <div class="stack wide">
      <${Card} title=${t('Sent to')}><ul class="found">${r.mails.map(
        (m) => html`<li class="row">${m.recipient}
        <${Badge} kind=${{ sent: 'good', failed: 'bad' }[m.state] ?? 'warn'}>${m.state}<//>
        ${m.reason && html`<span class="soft">${m.reason}</span>`}</li>`,
      )}</ul><//>
      ${r.figures.timeline?.data && html`<${Days} rows=${r.figures.timeline.data} />`}
      ${r.text && html`<${Card} title=${t('As it was mailed')}><pre class="mail" tabindex="0">${r.text}</pre><//>`}
    </div>`}<//>`;
}
