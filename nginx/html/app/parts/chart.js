// Charts: drawn by chart.js, which comes when the first one is shown; beside each stands the same as a table and as
// CSV.
import { theme } from '../store.js';
import { t } from '../text.js';
import { cls, html, useEffect, useRef, useState } from '../ui.js';
import { Button } from './basic.js';
import { Table } from './table.js';

let chartJs = null;
const load = () => (chartJs ??= import('../../vendor/chart.js').then(() => globalThis.Chart));

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// A colour as chart.js can draw it: tokens are light-dark() pairs, so an element has to say which one counts.
function colour(name) {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function options({ stacked, format, whole }) {
  const [line, soft] = [colour('line'), colour('soft')];
  const ticks = { color: soft, font: { size: 12, family: style('--font') }, maxRotation: 0, autoSkipPadding: 16 };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 200 },
    interaction: { mode: 'index', intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: { callbacks: { label: (c) => ` ${c.dataset.label}: ${format(c.parsed.y)}` } },
    },
    scales: {
      x: { stacked, ticks, grid: { display: false }, border: { color: line } },
      y: {
        stacked,
        beginAtZero: true,
        ticks: { ...ticks, callback: format, maxTicksLimit: 5, precision: whole ? 0 : undefined },
        grid: { color: line },
        border: { display: false },
      },
    },
  };
}

const dataset = (s, kind) => ({
  label: s.title,
  data: s.values,
  backgroundColor: colour(s.tone),
  borderColor: colour(s.tone),
  borderWidth: kind === 'line' ? 2 : 0,
  borderDash: s.dashed ? [4, 4] : undefined,
  borderRadius: 2,
  maxBarThickness: 28,
  pointRadius: 0,
  pointHoverRadius: 4,
  tension: 0.25,
});

// A cell that a spreadsheet would take for a formula begins with a quote.
const cell = (v) => {
  const text = v === null || v === undefined ? '' : String(v);
  const safe = typeof v === 'string' && /^[=+\-@\t\r]/.test(text) && !/^\+\d{7,15}$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

// columns: [{ name, title, value?: (row) => plain }]; the names of the API are the header.
export function saveCsv(name, columns, rows) {
  const value = (c, row) => (c.value ? c.value(row) : row[c.name]);
  const lines = [columns.map((c) => c.name), ...rows.map((row) => columns.map((c) => value(c, row)))];
  const text = lines.map((l) => l.map(cell).join(',')).join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${text}\r\n`], { type: 'text/csv' }));
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

// A card of a figure: what draws it, and its rows as a table. name: of the CSV file.
export function Figure({ title, name, columns, rows, children, tools, note }) {
  const [asTable, setAsTable] = useState(false);
  return html`<section class="card figure">
    <header><h2>${title}</h2><span class="space"></span>${tools}
      <${Button} kind="plain" icon=${asTable ? 'chart-column' : 'list'} aria-pressed=${asTable}
        label=${asTable ? t('{title}: as a picture', { title }) : t('{title}: as a table', { title })}
        onClick=${() => setAsTable(!asTable)} />
      <${Button} kind="plain" icon="download" label=${t('{title}: CSV', { title })}
        onClick=${() => saveCsv(name, columns, rows)} /></header>
    ${asTable ? html`<${Table} label=${title} columns=${columns} rows=${rows} tight cards=${false} />` : children}
    ${note && html`<p class="soft foot"><small>${note}</small></p>`}
  </section>`;
}

// Changes when the system goes from light to dark, or back.
function useScheme() {
  const [dark, setDark] = useState(matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const look = () => setDark(scheme.matches);
    scheme.addEventListener('change', look);
    return () => scheme.removeEventListener('change', look);
  }, []);
  return dark;
}

// series: [{ title, tone, values, dashed? }] over labels. text: what the picture says, for those who do not see it.
export function Chart({ kind = 'bar', labels, series, stacked, format = String, text, tall }) {
  const at = useRef(null);
  const dark = useScheme();
  useEffect(() => {
    let chart = null;
    let here = true;
    load().then((Chart) => {
      if (!here) return;
      chart = new Chart(at.current, {
        type: kind,
        data: { labels, datasets: series.map((s) => dataset(s, kind)) },
        options: options({ stacked, format, whole: series.every((s) => s.values.every(Number.isInteger)) }),
      });
    });
    return () => {
      here = false;
      chart?.destroy();
    };
  }, [labels, series, theme.value, dark]);
  return html`<div class="in">
    <ul class="legend">${series.map((s) => html`<li><i class=${`swatch ${s.tone}`}></i>${s.title}</li>`)}</ul>
    <div class=${cls('plot', tall && 'tall')}><canvas ref=${at} role="img" aria-label=${text}></canvas></div>
  </div>`;
}

// Shares of a whole as bars of text: [{ label, n }].
export function Bars({ rows, format = String, tone = 'accent' }) {
  const most = Math.max(...rows.map((r) => r.n), 1);
  return html`<dl class="bars">${rows.map(
    (r) => html`<div><dt>${r.label}</dt><dd><i class=${`swatch ${r.tone ?? tone}`}
      style=${{ inlineSize: `${(r.n / most) * 100}%` }}></i><b>${format(r.n)}</b></dd></div>`,
  )}</dl>`;
}
